"""What every store of environments, secrets and workers promises."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker

from tests.contracts.stored import JANE, NOON, InMemory, OnSqlite, at


def a_secret(name: str = "token", environment: str = "production") -> Secret:
    return Secret(name, environment, "vault", NOON, at(1), JANE)


def a_worker(pid: int = 7) -> Worker:
    return Worker(
        process=Owner(pid, 1_772_000_123.456789, "chawton"),
        owner=Owner(6, 1_772_000_000.1, "elsewhere"),
        model_id=ModelId("id-of-tiny"),
        model="tiny",
        version="1.0.0",
        device="cuda:0",
        dtype="bfloat16",
        load_s=1.25,
        loaded_at=at(pid),
        memory_bytes=2**33,
        peak_memory_bytes=2**34,
        gpu_memory_bytes=2**32,
        busy=True,
    )


class EnvironmentsContract:
    def test_an_environment_in_which_nothing_was_set_is_at_number_0(
        self, units: UnitsOfWork
    ) -> None:
        with units(read_only=True) as unit:
            assert unit.environments.current("staging") == Revision("staging", 0)

    def test_the_newest_revision_is_the_one_that_holds(self, units: UnitsOfWork) -> None:
        first = Revision("staging", 0).with_value("logging.level", "debug", at=at(1), actor=JANE)
        second = first.with_value(
            "inference.memory", [1, 2.0, None, {"a": True}], at=at(2), actor=JANE
        )
        third = second.without("logging.level", at=at(3), actor=JANE)

        with units() as unit:
            for revision in (first, second, third):
                unit.environments.add(revision)
            unit.environments.add(Revision("testing", 1, {"x.y": "z"}, None))
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.environments.current("staging") == third
            assert unit.environments.current("testing") == Revision("testing", 1, {"x.y": "z"})

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_a_number_that_does_not_follow_is_refused(
        self, units: UnitsOfWork, number: int
    ) -> None:
        with units() as unit:
            unit.environments.add(Revision("staging", 1, {}, NOON))

            with pytest.raises(ValueError, match="where 2 follows"):
                unit.environments.add(Revision("staging", number, {}, NOON))


class SecretsContract:
    def test_a_secret_comes_back_whole_from_its_environment(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.secrets.save(a_secret())
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.secrets.by_name("token", "production") == a_secret()
            assert unit.secrets.by_name("token", "testing") is None
            assert unit.secrets.by_name("Token", "production") is None

    def test_what_was_known_is_replaced(self, units: UnitsOfWork) -> None:
        newer = replace(a_secret(), store="keyring", updated_at=at(9))

        with units() as unit:
            unit.secrets.save(a_secret())
            unit.secrets.save(newer)

            assert unit.secrets.all("production") == [newer]

    def test_secrets_are_listed_by_name_within_their_environment(self, units: UnitsOfWork) -> None:
        with units() as unit:
            for name in ("b", "c", "a"):
                unit.secrets.save(a_secret(name))
            unit.secrets.save(a_secret("z", "testing"))

            assert [secret.name for secret in unit.secrets.all("production")] == ["a", "b", "c"]

    def test_a_removed_secret_is_gone_from_its_environment_only(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.secrets.save(a_secret())
            unit.secrets.save(a_secret(environment="testing"))
            unit.secrets.remove("token", "production")
            unit.secrets.remove("never", "production")

            assert unit.secrets.all("production") == []
            assert unit.secrets.all("testing") == [a_secret(environment="testing")]


class WorkersContract:
    def test_a_worker_comes_back_whole(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.workers.save(a_worker())
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.workers.all() == [a_worker()]

    def test_no_field_of_the_sample_has_its_default(self) -> None:
        worker = a_worker()

        stored = [f for f in fields(worker) if f.name != "is_loading"]  # such a one is not stored
        assert [f.name for f in stored if getattr(worker, f.name) == f.default] == []

    def test_what_was_known_of_a_process_is_replaced(self, units: UnitsOfWork) -> None:
        idle = replace(a_worker(), busy=False, gpu_memory_bytes=None, memory_bytes=5)

        with units() as unit:
            unit.workers.save(a_worker())
            unit.workers.save(idle)

            assert unit.workers.all() == [idle]

    def test_a_process_id_that_was_used_before_is_another_worker(self, units: UnitsOfWork) -> None:
        later = replace(a_worker(), process=Owner(7, 1_772_000_999.0), loaded_at=at(30))

        with units() as unit:
            unit.workers.save(a_worker())
            unit.workers.save(later)
            assert unit.workers.all() == [a_worker(), later]

            unit.workers.remove(a_worker().process)
            assert unit.workers.all() == [later]

    def test_workers_are_listed_as_they_were_loaded(self, units: UnitsOfWork) -> None:
        with units() as unit:
            for pid in (9, 3, 5):
                unit.workers.save(a_worker(pid))
            unit.workers.remove(Owner(1, 1.0))

            assert [worker.process.pid for worker in unit.workers.all()] == [3, 5, 9]


class RegistersContract(EnvironmentsContract, SecretsContract, WorkersContract):
    pass


class TestInMemory(InMemory, RegistersContract):
    pass


class TestOnSqlite(OnSqlite, RegistersContract):
    pass
