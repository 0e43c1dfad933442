"""What every store of readings promises."""

from __future__ import annotations

from dataclasses import replace

from heygen_desktop.application.ports.metrics import GpuSample, WorkerSample
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork

from tests.contracts.stored import InMemory, OnSqlite, at
from tests.fakes.metrics import a_sample

A_GPU = GpuSample(0, "H200", 40.5, 2**33, 2**37, None, 300.0)
A_WORKER = WorkerSample(4242, "tiny@1.0.0", 80.5, 2**31, None)


class ReadingsContract:
    def test_a_reading_comes_back_as_it_was_taken(self, units: UnitsOfWork) -> None:
        sample = replace(a_sample(at(0)), gpus=(A_GPU,), workers=(A_WORKER,))
        with units() as unit:
            unit.readings.add([sample])
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.readings.since(at(0)) == [sample]

    def test_readings_are_told_from_a_moment_on_oldest_first(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.readings.add([a_sample(at(minute)) for minute in (2, 0, 1)])
            unit.commit()

        with units(read_only=True) as unit:
            assert [sample.at for sample in unit.readings.since(at(0.5))] == [at(1), at(2)]

    def test_another_reading_of_a_moment_takes_its_place(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.readings.add([a_sample(at(0), cpu_percent=1.0)])
            unit.readings.add([a_sample(at(0), cpu_percent=2.0)])
            unit.commit()

        with units(read_only=True) as unit:
            assert [sample.cpu_percent for sample in unit.readings.since(at(0))] == [2.0]

    def test_what_is_older_is_let_go(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.readings.add([a_sample(at(minute)) for minute in range(3)])
            unit.readings.forget_before(at(1))
            unit.commit()

        with units(read_only=True) as unit:
            assert [sample.at for sample in unit.readings.since(at(-9))] == [at(1), at(2)]


class TestReadingsInMemory(InMemory, ReadingsContract): ...


class TestReadingsOnSqlite(OnSqlite, ReadingsContract): ...
