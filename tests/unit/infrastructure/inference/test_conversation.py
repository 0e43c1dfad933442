"""Small rules of the talk with a worker that real processes show too rarely."""

from __future__ import annotations

import pytest
from heygen_desktop.domain.errors import HeyGenError, ModelLoadError, RunFailedError
from heygen_desktop.infrastructure.inference.conversation import Silence, error_of
from heygen_desktop.infrastructure.inference.messages import Failed

from tests.fakes.clock import FakeClock
from tests.integration.inference.support import request


class Process:
    """The two counts that silence is measured by."""

    def __init__(self) -> None:
        self.step = 0
        self.signs = 0


def silence_of(process: Process, clock: FakeClock, *, progress_counts: bool) -> Silence:
    return Silence(process, clock, progress_counts=progress_counts)


def test_silence_grows_until_a_sign_of_life() -> None:
    process, clock = Process(), FakeClock()
    silence = silence_of(process, clock, progress_counts=False)
    silence.measure()
    for _ in range(3):
        clock.advance(0.5)
        silence.measure()
    assert silence.seconds == 1.5

    process.signs += 1

    assert silence.measure() == 0.0


def test_a_sign_of_life_without_progress_is_silence_while_running() -> None:
    process, clock = Process(), FakeClock()
    silence = silence_of(process, clock, progress_counts=True)
    silence.measure()
    process.signs += 1
    clock.advance(0.5)
    assert silence.measure() == 0.5

    process.step += 1

    assert silence.measure() == 0.0


def test_a_pause_of_our_own_is_not_held_against_the_worker() -> None:
    clock = FakeClock()
    silence = silence_of(Process(), clock, progress_counts=False)
    silence.measure()

    clock.advance(3600)

    assert silence.measure() == 1.0


def test_a_message_ends_the_silence() -> None:
    clock = FakeClock()
    silence = silence_of(Process(), clock, progress_counts=True)
    silence.measure()
    clock.advance(0.9)
    silence.measure()

    silence.reset()
    clock.advance(0.9)

    assert silence.measure() == 0.0


@pytest.mark.parametrize(
    ("kind", "error"),
    [("load", ModelLoadError), ("run", RunFailedError), ("cancelled", RunFailedError)],
)
def test_a_report_becomes_an_error_with_its_evidence(kind: str, error: type[HeyGenError]) -> None:
    failed = Failed("r1", kind, "it broke", evidence="line 7", tokens=3)

    made = error_of(failed, request(), phase="running", device="cpu")

    assert isinstance(made, error)
    assert made.details["evidence"] == "line 7"
    assert made.details["tokens"] == 3
