"""The fake application does the main job, so that a front's test may rely on it."""

from __future__ import annotations

from heygen_desktop.application.use_cases.runs.queue_run import RunRequest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.events import RunProduced

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts


def test_the_starter_model_registers_and_runs() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()

    run = application.queue_run(RunRequest("starter", {"prompt": "It is"}))
    done = application.execute_run(run.id)

    assert done.state is RunState.SUCCEEDED
    assert done.output == {"text": "It is a truth."}
    assert "".join(event.update.text for event in parts.events.of(RunProduced)) == "It is a truth."
    assert [worker.model for worker in application.list_loaded()] == ["starter"]


def test_a_stop_asked_for_between_two_words_keeps_the_first() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    asked: list[int] = []
    parts.inference.before_word = asked.append
    run = application.queue_run(RunRequest("starter", {"prompt": "It is"}))

    done = application.execute_run(run.id, should_stop=lambda: len(asked) == 2)

    assert done.state is RunState.CANCELLED
    assert done.output == {"text": "It "}
