"""Readings of the machine are taken whoever looks, as often as the settings say now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.domain.errors import DatabaseBusyError

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts

KEY = "monitoring.interval_s"


class Watch:
    """A wait that moves the clock, until a test has seen so many seconds pass."""

    def __init__(self, parts: FakeParts, seconds: float) -> None:
        self.naps: list[float] = []
        self.at: dict[float, Callable[[], object]] = {}
        """What happens once so many seconds have passed."""
        self._parts = parts
        self._left = seconds
        self._passed = 0.0

    def __call__(self, seconds: float) -> bool:
        self.naps.append(seconds)
        self._parts.clock.advance(seconds)
        self._left -= seconds
        self._passed += seconds
        for moment in [moment for moment in self.at if moment <= self._passed]:
            self.at.pop(moment)()
        return self._left <= 0


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    return fake_application(parts)


@pytest.mark.parametrize(("interval_s", "readings"), [(0.25, 40), (1.0, 10), (4.0, 3)])
def test_a_reading_is_taken_at_once_and_then_at_the_interval_of_the_settings(
    application: Application, parts: FakeParts, interval_s: float, readings: int
) -> None:
    application.change_setting.set("development", KEY, interval_s)

    application.keep_sampling(Watch(parts, 10))

    assert len(parts.series.samples) == readings
    assert application.watch_machine.latest() == parts.series.samples[-1]


def test_a_changed_interval_holds_within_a_second(
    application: Application, parts: FakeParts
) -> None:
    application.change_setting.set("development", KEY, 60)
    watch = Watch(parts, 20)
    watch.at[10] = lambda: application.change_setting.set("development", KEY, 2)

    application.keep_sampling(watch)

    assert max(watch.naps) <= 1
    assert len(parts.series.samples) == 1 + 5


def test_a_reading_that_fails_is_left_out_and_the_next_one_is_taken(
    application: Application, parts: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    real = parts.metrics.sample

    def fail_first(workers: object) -> object:
        taken.append(1)
        if len(taken) == 1:
            raise DatabaseBusyError("heygen.db", 5.0)
        return real([])

    monkeypatch.setattr(parts.metrics, "sample", fail_first)

    application.keep_sampling(Watch(parts, 3))

    assert len(parts.series.samples) == len(taken) - 1 == 2


def test_nobody_listens_once_it_has_ended(application: Application, parts: FakeParts) -> None:
    application.keep_sampling(Watch(parts, 2))

    assert parts.events.listeners == 0
    assert application.watch_machine.latest() is not None


def test_before_the_first_reading_there_is_none(application: Application) -> None:
    assert application.watch_machine.latest() is None
