"""Batches, and the figures that are taken on the way."""

from __future__ import annotations

from heygen_desktop.domain.entities.run import Produced, Progress, RunFigures
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter

from tests.fakes.clock import FakeClock


class Desk:
    """An emitter, its clock, and what it sent."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sent: list[Produced] = []
        self.emitter = Emitter(self.sent.append, lambda: (100, 7), self.clock.monotonic)

    def token(self, text: str, after_s: float) -> None:
        self.clock.advance(after_s)
        self.emitter.produced(text)


def test_the_first_token_leaves_at_once() -> None:
    desk = Desk()

    desk.emitter.started(5, 9)
    desk.token("a", 0.25)

    [batch] = desk.sent
    assert (batch.text, batch.progress) == ("a", Progress("tokens", 1, 9))
    assert batch.figures == RunFigures(0.25, None, 1, 5, 107, None, 100, 7)


def test_tokens_leave_at_most_thirty_times_a_second_and_none_is_lost() -> None:
    desk = Desk()

    for _ in range(1000):
        desk.token("x", 0.001)
    desk.emitter.ended("end")

    assert len(desk.sent) <= 32
    assert "".join(chunk.text for chunk in desk.sent) == "x" * 1000 + "end"
    assert desk.sent[-1].figures.tokens == 1000


def test_the_speed_is_that_of_the_tokens_after_the_first() -> None:
    desk = Desk()

    desk.token("a", 2.0)
    desk.token("b", 0.1)
    desk.token("c", 0.1)

    figures = desk.emitter.figures()
    assert figures.time_to_first_token_s == 2.0
    speed = figures.tokens_per_second
    assert speed is not None
    assert abs(speed - 10) < 0.01


def test_without_tokens_there_are_no_figures_and_nothing_leaves() -> None:
    desk = Desk()

    desk.emitter.started(5, 9)
    desk.emitter.ended("")

    assert desk.sent == []
    figures = desk.emitter.figures()
    assert figures.prompt_tokens == 5
    assert figures.time_to_first_token_s is None
    assert figures.tokens_per_second is None


def test_a_task_without_tokens_tells_how_far_it_is_in_its_own_unit() -> None:
    desk = Desk()

    for step in range(1, 101):
        desk.clock.advance(0.01)
        desk.emitter.progressed(Progress("steps", step, 100))

    assert 20 <= len(desk.sent) <= 32
    assert {(batch.text, batch.progress.unit) for batch in desk.sent} == {("", "steps")}
    assert desk.sent[0].progress.fraction == 0.01


def test_a_token_without_text_counts_and_sends_nothing() -> None:
    desk = Desk()

    desk.token("", 0.1)

    assert desk.sent == []
    assert desk.emitter.tokens == 1
