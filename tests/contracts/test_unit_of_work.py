"""What every unit of work promises, whatever it stores in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from heygen_desktop.application.ports.unit_of_work import UnitOfWork, UnitsOfWork
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Json, Owner
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import DatabaseBusyError
from heygen_desktop.domain.repositories import ModelFilter, Topic

from tests.contracts.stored import JANE, NOON, InMemory, OnSqlite, a_model, a_run

READS: list[Callable[[UnitOfWork], object]] = [
    lambda unit: unit.models.find(ModelFilter()),
    lambda unit: unit.runs.active(),
    lambda unit: unit.environments.current("production"),
    lambda unit: unit.secrets.all("production"),
    lambda unit: unit.workers.all(),
]
CHANGES: list[Callable[[UnitOfWork], object]] = [
    lambda unit: unit.models.add(a_model()),
    lambda unit: unit.runs.add(a_run()),
    lambda unit: unit.environments.add(Revision("production", 1, {}, NOON)),
    lambda unit: unit.secrets.save(Secret("token", "production", "vault", NOON, NOON)),
    lambda unit: unit.workers.save(a_worker()),
    lambda unit: unit.commit(),
]


def a_worker() -> Worker:
    run = a_run()
    process = Owner(99, 5.5)
    return Worker(
        process, run.owner, run.model_id, "tiny", "1.0.0", "cpu", "float32", 1.5, NOON, 10, 20
    )


class UnitOfWorkContract:
    def test_what_was_committed_is_there_afterwards(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.models.add(a_model())
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.models.by_name("tiny") == a_model()

    @pytest.mark.parametrize("topic", Topic)
    def test_what_another_program_changed_is_told_once(
        self, units: UnitsOfWork, of_another: UnitsOfWork, topic: Topic
    ) -> None:
        before = units.changed_elsewhere()

        with of_another() as unit:
            CHANGES[list(Topic).index(topic)](unit)
            unit.commit()

        told = units.changed_elsewhere(), units.changed_elsewhere()
        assert (before, *told) == (set(), {topic}, set())

    def test_its_own_changes_and_those_undone_elsewhere_are_not_told(
        self, units: UnitsOfWork, of_another: UnitsOfWork
    ) -> None:
        units.changed_elsewhere()

        with of_another() as unit:
            unit.models.add(a_model())
        with units() as unit:
            unit.runs.add(a_run())
            unit.commit()

        assert units.changed_elsewhere() == set()

    def test_what_was_not_committed_is_gone(self, units: UnitsOfWork) -> None:
        with units() as unit:
            for change in CHANGES[:-1]:
                change(unit)

        with units() as unit:
            assert unit.models.find(ModelFilter()) == []
            assert unit.runs.active() == []
            assert unit.environments.current("production").number == 0
            assert unit.secrets.all("production") == []
            assert unit.workers.all() == []

    def test_an_error_inside_undoes_everything_and_goes_on_its_way(
        self, units: UnitsOfWork
    ) -> None:
        with pytest.raises(KeyError), units() as unit:
            unit.runs.add(a_run())
            raise KeyError("trouble")

        with units() as unit:
            assert unit.runs.by_id("0123456789ab") is None

    def test_changes_after_the_last_commit_are_undone(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.runs.add(a_run("aaa"))
            unit.commit()
            unit.runs.add(a_run("bbb"))

        with units() as unit:
            assert [run.id for run in unit.runs.active()] == ["aaa"]

    def test_a_second_commit_stores_what_came_after_the_first(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.runs.add(a_run("aaa"))
            unit.commit()
            unit.runs.add(a_run("bbb"))
            unit.commit()

        with units() as unit:
            assert len(unit.runs.active()) == 2

    def test_a_unit_sees_its_own_changes(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.models.add(a_model())

            assert unit.models.by_name("tiny") is not None

    @pytest.mark.parametrize("change", CHANGES)
    def test_a_read_only_unit_changes_nothing(
        self, units: UnitsOfWork, change: Callable[[UnitOfWork], object]
    ) -> None:
        with units(read_only=True) as unit, pytest.raises(RuntimeError, match="read-only"):
            change(unit)

    def test_a_read_only_unit_does_not_wait_for_a_writer(self, units: UnitsOfWork) -> None:
        with units() as writer:
            writer.runs.add(a_run())

            with units(read_only=True) as reader:
                assert reader.runs.active() == []

    def test_a_read_only_unit_sees_one_state_throughout(self, units: UnitsOfWork) -> None:
        with units(read_only=True) as reader:
            before = reader.runs.active()
            with units() as writer:
                writer.runs.add(a_run())
                writer.commit()

            assert reader.runs.active() == before

    def test_a_second_writer_is_told_that_the_database_is_busy(self, units: UnitsOfWork) -> None:
        def write() -> None:
            with units() as unit:
                unit.commit()

        with units(), ThreadPoolExecutor(1) as other:
            refused = other.submit(write)
            with pytest.raises(DatabaseBusyError):
                refused.result(timeout=10)

        write()

    def test_threads_that_write_at_once_lose_nothing(self, units: UnitsOfWork) -> None:
        turns = threading.Semaphore(1)  # the limit of these stores is short: take turns politely

        def count() -> None:
            with turns, units() as unit:
                current = unit.environments.current("testing")
                seen = int(str(current.values.get("count", 0)))
                unit.environments.add(current.with_value("count", seen + 1, at=NOON, actor=JANE))
                unit.commit()

        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(count) for _ in range(24)]:
                done.result(timeout=30)

        with units(read_only=True) as unit:
            assert unit.environments.current("testing").values == {"count": 24}

    @pytest.mark.parametrize("use", [*READS, *CHANGES])
    def test_a_unit_is_used_inside_its_block_only(
        self, units: UnitsOfWork, use: Callable[[UnitOfWork], object]
    ) -> None:
        unit = units()

        with pytest.raises(RuntimeError, match="with block"):
            use(unit)
        with unit:
            pass
        with pytest.raises(RuntimeError, match="with block"):
            use(unit)

    def test_a_repository_kept_after_the_block_is_of_no_use(self, units: UnitsOfWork) -> None:
        with units() as unit:
            kept = unit.runs

        with pytest.raises(RuntimeError, match="with block"):
            kept.active()

    def test_a_unit_is_not_entered_twice(self, units: UnitsOfWork) -> None:
        with units() as unit, pytest.raises(RuntimeError, match="in use already"):
            unit.__enter__()

    def test_a_unit_stays_on_its_thread(self, units: UnitsOfWork) -> None:
        with (
            units() as unit,
            ThreadPoolExecutor(1) as other,
            pytest.raises(RuntimeError, match="its thread"),
        ):
            other.submit(unit.runs.active).result(timeout=10)

    def test_what_is_stored_is_a_copy(self, units: UnitsOfWork) -> None:
        prompt: dict[str, Json] = {"prompt": "before"}
        run = replace(a_run(), inputs=prompt)
        with units() as unit:
            unit.runs.add(run)
            prompt["prompt"] = "after"
            unit.commit()

        with units() as unit:
            stored = unit.runs.by_id(run.id)

        assert stored is not None
        assert stored.inputs == {"prompt": "before"}


class TestInMemory(InMemory, UnitOfWorkContract):
    pass


class TestOnSqlite(OnSqlite, UnitOfWorkContract):
    pass
