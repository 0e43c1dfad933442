"""What exceptions of a runtime mean."""

from __future__ import annotations

import pytest
from heygen_desktop.infrastructure.inference.messages import encode
from heygen_desktop.infrastructure.inference.worker.failures import (
    failure_of,
    is_out_of_memory,
    is_poisoned,
)
from heygen_desktop.infrastructure.inference.worker.runtime import Cancelled, TaskRefused


class OutOfMemoryError(RuntimeError):
    """Named as torch names its own."""


class AcceleratorError(RuntimeError):
    """Named as torch names its own."""


ALLOCATOR = "[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"


@pytest.mark.parametrize(
    ("error", "memory", "poisoned"),
    [
        (MemoryError(), True, False),
        (OutOfMemoryError("CUDA out of memory. Tried to allocate"), True, False),
        (RuntimeError(ALLOCATOR), True, False),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False, True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), False, True),
        (AcceleratorError("device-side assert"), False, True),
        (RuntimeError("shapes do not match"), False, False),
        (ValueError("CUDA error"), False, False),
    ],
)
def test_memory_and_lost_devices_are_told_from_other_errors(
    error: Exception, memory: bool, poisoned: bool
) -> None:
    assert is_out_of_memory(error) == memory
    assert is_poisoned(error) == poisoned
    assert failure_of(error, run_id="r1").fatal == poisoned


@pytest.mark.parametrize(
    ("error", "run_id", "kind"),
    [
        (MemoryError(), "", "oom"),
        (MemoryError(), "r1", "oom"),
        (OSError("no such file"), "", "load"),
        (OSError("no such file"), "r1", "run"),
        (Cancelled(), "r1", "cancelled"),
        (
            TaskRefused("prompt_too_long", "x", prompt_tokens=9, context_tokens=8),
            "r1",
            "prompt_too_long",
        ),
    ],
)
def test_the_kind_of_a_failure_follows_from_the_error_and_the_phase(
    error: Exception, run_id: str, kind: str
) -> None:
    assert failure_of(error, run_id=run_id).kind == kind


def test_stray_bytes_in_a_message_are_written_out() -> None:
    failed = failure_of(OSError("cannot read stray-\udcff"), run_id="")
    refused = failure_of(TaskRefused("load", "stray-\udcff"), run_id="")

    assert failed.reason == "OSError: cannot read stray-\\udcff"
    assert refused.reason == "stray-\\udcff"
    assert encode(failed)


def test_a_reason_is_one_bounded_line_and_the_evidence_the_end_of_the_trace() -> None:
    try:
        raise ValueError("first line\nsecond line " + "x" * 9000)
    except ValueError as error:
        failed = failure_of(error, run_id="r1", tokens=4, prompt_tokens=2)

    assert failed.reason == "ValueError: first line"
    assert len(failed.evidence) == 4000
    assert (failed.tokens, failed.prompt_tokens) == (4, 2)
    assert failure_of(ValueError(), run_id="r1").reason == "ValueError"
