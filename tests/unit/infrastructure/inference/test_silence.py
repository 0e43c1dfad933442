"""How silence is measured, which real processes show too rarely."""

from __future__ import annotations

from heygen_desktop.infrastructure.inference.silence import Silence

from tests.fakes.clock import FakeClock


def test_silence_grows_until_a_sign_of_life() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)
    for _ in range(3):
        clock.advance(0.5)
        silence.measure(0)
    assert silence.seconds == 1.5

    assert silence.measure(1) == 0.0


def test_a_pause_of_our_own_is_not_held_against_the_other_side() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)

    clock.advance(3600)

    assert silence.measure(0) == 1.0


def test_a_message_ends_the_silence() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    silence.measure(0)
    clock.advance(0.9)
    silence.measure(0)

    silence.reset()
    clock.advance(0.9)

    assert silence.measure(0) == 0.0
