from __future__ import annotations

from datetime import timedelta

import pytest
from heygen_desktop.application.ports.clock import Clock, Ids
from heygen_desktop.infrastructure.system.clock import RandomIds, SystemClock

from tests.fakes.clock import FakeClock
from tests.fakes.ids import FakeIds


@pytest.fixture(params=[FakeClock, SystemClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


@pytest.fixture(params=[FakeIds, RandomIds])
def ids(request: pytest.FixtureRequest) -> Ids:
    made: Ids = request.param()
    return made


class TestClockContract:
    def test_now_is_told_in_utc(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_measured_time_never_shrinks(self, clock: Clock) -> None:
        readings = [clock.monotonic() for _ in range(100)]

        assert readings == sorted(readings)


class TestIdsContract:
    def test_an_id_is_twelve_lower_case_hex_digits(self, ids: Ids) -> None:
        new = ids.new()

        assert len(new) == 12
        assert set(new) <= set("0123456789abcdef")

    def test_ids_do_not_repeat(self, ids: Ids) -> None:
        assert len({ids.new() for _ in range(5_000)}) == 5_000


def test_the_fake_clock_moves_only_when_told_to() -> None:
    clock = FakeClock()
    before, measured = clock.now(), clock.monotonic()

    clock.advance(90)

    assert clock.now() - before == timedelta(seconds=90)
    assert clock.monotonic() - measured == 90


def test_the_fake_clock_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match="only grows"):
        FakeClock().advance(-1)


def test_the_fake_ids_count() -> None:
    ids = FakeIds()

    assert [ids.new(), ids.new()] == ["000000000001", "000000000002"]
