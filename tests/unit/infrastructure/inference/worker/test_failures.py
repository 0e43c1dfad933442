"""What exceptions of a runtime mean."""

from __future__ import annotations

import pytest
from heygen_desktop.domain.errors import (
    HeyGenError,
    ModelLoadError,
    PromptTooLongError,
    RunCancelledError,
    RunFailedError,
    WorkerOutOfMemoryError,
)
from heygen_desktop.infrastructure.inference.messages import Failed, encode
from heygen_desktop.infrastructure.inference.worker.failures import (
    failure_of,
    is_out_of_memory,
    is_poisoned,
)
from heygen_desktop.infrastructure.inference.worker.runtime import Refused


class OutOfMemoryError(RuntimeError):
    """Named as torch names its own."""


class AcceleratorError(RuntimeError):
    """Named as torch names its own."""


def told(error: Exception, phase: str = "running") -> Failed:
    return failure_of(error, model="tiny", phase=phase, device="cpu", tokens=4)


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
    assert told(error).fatal == poisoned


@pytest.mark.parametrize(
    ("error", "phase", "kind"),
    [
        (MemoryError(), "loading", WorkerOutOfMemoryError),
        (MemoryError(), "running", WorkerOutOfMemoryError),
        (OSError("no such file"), "loading", ModelLoadError),
        (OSError("no such file"), "running", RunFailedError),
        (Refused("No."), "loading", ModelLoadError),
        (Refused("No."), "running", RunFailedError),
        (RunCancelledError("running"), "running", RunCancelledError),
        (PromptTooLongError(9, 8), "running", PromptTooLongError),
    ],
)
def test_the_error_that_is_told_follows_from_what_was_raised_and_the_phase(
    error: Exception, phase: str, kind: type[HeyGenError]
) -> None:
    assert type(told(error, phase).error()) is kind


def test_an_error_of_our_own_is_told_whole() -> None:
    error = PromptTooLongError(9, 8)

    arrived = told(error).error()

    assert arrived.message == error.message
    assert arrived.details == {**error.details, "tokens": 4}


def test_stray_bytes_in_a_message_are_written_out() -> None:
    failed = told(OSError("cannot read stray-\udcff"), "loading")
    refused = told(Refused("stray-\udcff"), "loading")

    assert failed.failure.cause == "OSError: cannot read stray-\\udcff."
    assert refused.failure.cause == "stray-\\udcff."
    assert encode(failed)


def test_a_reason_is_one_bounded_line_and_the_evidence_the_end_of_the_trace() -> None:
    try:
        raise ValueError("first line\nsecond line " + "x" * 9000)
    except ValueError as error:
        failed = told(error)

    assert failed.failure.cause == "ValueError: first line."
    assert len(str(failed.failure.details["evidence"])) == 4000
    assert failed.failure.details["tokens"] == 4
    assert told(ValueError()).failure.cause == "ValueError."
