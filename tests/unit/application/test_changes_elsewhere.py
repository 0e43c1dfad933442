"""What another program on the same home changes is told within a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from heygen_desktop.application.use_cases.changes_elsewhere import LOOK_EVERY_S
from heygen_desktop.domain.errors import DatabaseBusyError
from heygen_desktop.domain.events import ChangedElsewhere
from heygen_desktop.domain.repositories import Topic

from tests.contracts.stored import a_model
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.unit_of_work import FakeUnitsOfWork


def _change(units: FakeUnitsOfWork) -> None:
    with FakeUnitsOfWork(beside=units)() as unit:
        unit.models.add(a_model())
        unit.commit()


def _told(parts: FakeParts) -> list[ChangedElsewhere]:
    return [each for each in parts.events.events if isinstance(each, ChangedElsewhere)]


def test_a_change_of_another_program_is_published_at_the_next_look() -> None:
    parts = FakeParts()

    def wait(seconds: float) -> bool:
        assert seconds == LOOK_EVERY_S < 1.0
        if not parts.units.state.models:
            _change(parts.units)
            return False
        return bool(_told(parts))

    fake_application(parts).tell_changes_elsewhere(wait)

    assert [each.topics for each in _told(parts)] == [{Topic.MODELS}]


def test_a_database_that_is_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = FakeParts()
    looks: Iterator[set[Topic] | DatabaseBusyError] = iter(
        (set(), DatabaseBusyError("home", 5.0), {Topic.RUNS})
    )

    def look() -> set[Topic]:
        found = next(looks)
        if isinstance(found, DatabaseBusyError):
            raise found
        return found

    monkeypatch.setattr(parts.units, "changed_elsewhere", look)

    fake_application(parts).tell_changes_elsewhere(lambda _seconds: bool(_told(parts)))

    assert [each.topics for each in _told(parts)] == [{Topic.RUNS}]
