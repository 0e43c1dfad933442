"""The driver, its cards, and every way in which they fail."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heygen_desktop.application.ports.metrics import GpuSample
from heygen_desktop.infrastructure.devices.nvidia import (
    NO_DRIVER,
    NO_GPU,
    NO_LIBRARY,
    Card,
    NvidiaDriver,
    import_nvml,
)

from tests.fakes.clock import FakeClock
from tests.fakes.nvml import (
    ANSWERS,
    GIB,
    LOST,
    NOT_FOUND,
    NOT_INITIALISED,
    NOT_LOADED,
    NOT_SUPPORTED,
    FakeNvml,
)


class Bench:
    def __init__(self, nvml: FakeNvml) -> None:
        self.nvml = nvml
        self.clock = FakeClock()
        self.driver = NvidiaDriver(load=lambda: nvml, monotonic=self.clock.monotonic)


@pytest.fixture
def bench() -> Bench:
    return Bench(FakeNvml())


def test_each_card_is_described_with_its_memory(bench: Bench) -> None:
    big, small = bench.driver.cards()

    assert big == Card(0, "Big GPU", "GPU-0a0b-77", 8 * GIB, 7 * GIB, has_bfloat16=True)
    assert (small.name, small.has_bfloat16) == ("Small GPU", False)
    assert bench.driver.problem() == ""


def test_each_card_is_read_for_the_monitor(bench: Bench) -> None:
    big, small = bench.driver.samples()

    assert big == GpuSample(0, "Big GPU", 50.0, GIB, 8 * GIB, 45.0, 70.5)
    assert small.index == 1


def test_what_a_card_does_not_tell_is_none(bench: Bench) -> None:
    for name in ("UtilizationRates", "Temperature", "PowerUsage"):
        bench.nvml.refusals[f"nvmlDeviceGet{name}"] = NOT_SUPPORTED

    gpu = bench.driver.samples()[0]

    assert (gpu.utilisation_percent, gpu.temperature_c, gpu.power_w) == (None, None, None)
    assert gpu.memory_used_bytes == GIB


def test_a_card_without_a_name_still_can_be_used(bench: Bench) -> None:
    for name in ("Name", "UUID", "CudaComputeCapability"):
        bench.nvml.refusals[f"nvmlDeviceGet{name}"] = NOT_SUPPORTED

    card = bench.driver.cards()[1]

    assert card == Card(1, "GPU 1", "", 8 * GIB, 7 * GIB)


def test_the_memory_of_a_process_is_summed_over_the_cards(bench: Bench) -> None:
    bench.driver.cards()

    assert bench.driver.memory_by_pid() == {7: 2 * GIB}


def test_processes_that_may_not_be_seen_are_none(bench: Bench) -> None:
    bench.driver.cards()
    bench.nvml.refusals["nvmlDeviceGetComputeRunningProcesses"] = 4

    assert bench.driver.memory_by_pid() == {}


def test_the_newest_cuda_that_the_driver_serves_is_told(bench: Bench) -> None:
    assert bench.driver.cuda_version() == (12, 8)


def test_a_part_of_a_card_is_found_by_its_name(bench: Bench) -> None:
    part = bench.driver.part("MIG-7")

    assert part is not None and part.free_bytes == 7 * GIB


def test_a_part_that_is_not_there_is_none(bench: Bench) -> None:
    bench.nvml.refusals["nvmlDeviceGetHandleByUUID"] = 6

    assert bench.driver.part("MIG-7") is None


class TestWithoutADriver:
    @pytest.mark.parametrize("code", [NOT_LOADED, NOT_FOUND])
    def test_one_plain_sentence_says_so(self, bench: Bench, code: int) -> None:
        bench.nvml.refusals["nvmlInit"] = code

        assert bench.driver.cards() == ()
        assert bench.driver.problem() == NO_DRIVER
        assert bench.driver.memory_by_pid() == {}
        assert bench.driver.cuda_version() is None
        assert bench.driver.part("MIG-7") is None

    @pytest.mark.parametrize("step", ["nvmlInit", "nvmlDeviceGetCount"])
    def test_another_trouble_is_told_in_the_drivers_words(self, bench: Bench, step: str) -> None:
        bench.nvml.refusals[step] = 18

        bench.driver.cards()

        assert bench.driver.problem() == "The NVIDIA driver does not answer: Unknown Error."

    def test_a_driver_without_a_card_says_so(self) -> None:
        driver = Bench(FakeNvml(count=0)).driver

        assert driver.cards() == ()
        assert driver.problem() == NO_GPU

    @pytest.mark.parametrize(
        ("trouble", "sentence"),
        [(ImportError("no pynvml"), NO_LIBRARY), (OSError("no"), NO_DRIVER)],
    )
    def test_a_missing_library_says_so(self, trouble: Exception, sentence: str) -> None:
        def load() -> Any:
            raise trouble

        driver = NvidiaDriver(load=load, monotonic=FakeClock().monotonic)

        assert driver.cards() == ()
        assert driver.problem() == sentence
        driver.close()

    def test_it_is_asked_for_again_after_thirty_seconds(self, bench: Bench) -> None:
        bench.nvml.refusals["nvmlInit"] = NOT_LOADED
        bench.driver.cards()
        bench.nvml.refusals.clear()

        bench.clock.advance(29)
        too_early = bench.driver.cards()
        bench.clock.advance(1)
        in_time = bench.driver.cards()

        assert too_early == ()
        assert len(in_time) == 2
        assert bench.driver.problem() == ""

    def test_the_module_is_not_imported_where_there_is_no_driver(self, no_libraries: None) -> None:
        with pytest.raises(OSError, match="libnvidia-ml"):
            import_nvml()

    def test_a_module_in_its_place_is_asked_all_the_same(
        self, no_libraries: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "pynvml.py").write_text("STAND_IN = True\n")
        monkeypatch.syspath_prepend(tmp_path)

        assert import_nvml().STAND_IN


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Linux without a driver, on which the module was not imported yet."""

    def missing(name: str) -> Any:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    imported = sys.modules.pop("pynvml", None)
    yield
    sys.modules.pop("pynvml", None)
    if imported is not None:
        sys.modules["pynvml"] = imported


class TestALostCard:
    def test_it_is_a_sentence_and_the_others_go_on(self, bench: Bench) -> None:
        bench.driver.cards()
        bench.nvml.lost.add(0)

        lost, other = bench.driver.cards()

        assert lost.problem == "Big GPU (GPU 0) does not answer: GPU is lost."
        assert (lost.total_bytes, lost.free_bytes) == (0, 0)
        assert (other.problem, other.free_bytes) == ("", 7 * GIB)
        assert bench.driver.problem() == lost.problem
        assert [gpu.index for gpu in bench.driver.samples()] == [1]

    def test_one_that_was_lost_from_the_start_is_told_too(self, bench: Bench) -> None:
        bench.nvml.lost.add(1)

        _, lost = bench.driver.cards()

        assert lost == Card(1, "GPU 1", "", problem="GPU 1 does not answer: GPU is lost.")
        assert bench.driver.memory_by_pid() == {7: GIB}

    def test_it_is_not_asked_again_before_the_driver_is_opened_anew(self, bench: Bench) -> None:
        bench.nvml.lost.update({0, 1})
        bench.driver.cards()
        bench.nvml.calls.clear()

        bench.clock.advance(29)
        bench.driver.cards()

        assert bench.nvml.calls == []

    def test_it_comes_back_when_the_driver_is_opened_anew(self, bench: Bench) -> None:
        bench.driver.cards()
        bench.nvml.lost.add(0)
        bench.driver.cards()
        bench.nvml.lost.clear()

        bench.clock.advance(30)

        assert [card.problem for card in bench.driver.cards()] == ["", ""]
        assert bench.nvml.calls.count("nvmlShutdown") == 1

    def test_the_driver_is_opened_anew_every_thirty_seconds_while_it_is_lost(
        self, bench: Bench
    ) -> None:
        bench.nvml.lost.add(0)

        for _ in range(5):
            bench.driver.cards()
            bench.clock.advance(15)

        assert bench.nvml.calls.count("nvmlInit") == 3


@pytest.mark.parametrize("function", sorted(set(ANSWERS) - {"nvmlInit"}))
@pytest.mark.parametrize("code", [NOT_INITIALISED, LOST, 999])
def test_a_driver_that_dies_in_any_call_raises_nothing(
    bench: Bench, function: str, code: int
) -> None:
    bench.driver.cards()
    bench.nvml.refusals[function] = code

    for _ in range(3):
        bench.driver.cards()
        bench.driver.samples()
        bench.driver.memory_by_pid()
        bench.driver.cuda_version()
        bench.driver.part("MIG-7")
        bench.driver.problem()
        bench.clock.advance(30)
    bench.driver.close()

    assert bench.driver.problem() is not None


def test_the_driver_is_let_go_once_and_taken_again(bench: Bench) -> None:
    bench.driver.cards()

    bench.driver.close()
    bench.driver.close()
    calls = bench.nvml.calls.count("nvmlShutdown")

    assert calls == 1
    assert len(bench.driver.cards()) == 2


def test_the_script_is_true_to_nvidias_own_module() -> None:
    nvml = __import__("pynvml")

    assert issubclass(nvml.NVMLError, Exception)
    assert all(callable(getattr(nvml, name)) for name in ANSWERS)
    for name in ("NVML_ERROR_LIBRARY_NOT_FOUND", "NVML_ERROR_DRIVER_NOT_LOADED"):
        assert getattr(nvml, name) == getattr(FakeNvml, name)
    assert nvml.NVML_TEMPERATURE_GPU == FakeNvml.NVML_TEMPERATURE_GPU
    assert nvml.NVMLError(LOST).value == nvml.NVML_ERROR_GPU_IS_LOST


def test_on_this_machine_the_driver_answers_or_says_why_not() -> None:
    driver = NvidiaDriver(monotonic=FakeClock().monotonic)

    cards = driver.cards()

    assert bool(driver.problem()) == (not cards or any(card.problem for card in cards))
    driver.close()
