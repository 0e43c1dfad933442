"""The processor, by the file in which Linux describes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.infrastructure.devices.host import Host, Processor

CORES = """processor\t: 0
model name\t: AMD EPYC 9004
flags\t\t: fpu avx512f {flag}

processor\t: 1
model name\t: Another
flags\t\t: fpu amx_tile
"""


def described(folder: Path, text: str) -> Processor:
    (folder / "proc").mkdir()
    (folder / "proc/cpuinfo").write_text(text, encoding="utf-8")
    return Host(folder).processor


@pytest.mark.parametrize(
    ("flag", "has_bfloat16"), [("avx512_bf16", True), ("amx_tile", True), ("avx512_fp16", False)]
)
def test_the_first_core_describes_the_processor(
    tmp_path: Path, flag: str, has_bfloat16: bool
) -> None:
    assert described(tmp_path, CORES.format(flag=flag)) == Processor("AMD EPYC 9004", has_bfloat16)


def test_a_system_without_a_description_has_a_processor_all_the_same(tmp_path: Path) -> None:
    processor = Host(tmp_path).processor

    assert processor.name
    assert not processor.has_bfloat16


def test_a_description_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    assert described(tmp_path, "\x00: :\x00 no colon").name


@pytest.mark.slow
def test_a_worker_finds_the_same_instructions() -> None:
    from heygen_desktop.infrastructure.inference.worker import devices  # noqa: PLC0415  needs torch

    assert Host().processor.has_bfloat16 == devices._cpu_has_bf16()
