"""The fake application does the main job, so that a front's test may rely on it."""

from __future__ import annotations

from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.events import RunProduced

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts


def test_the_starter_model_registers_and_runs() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()

    done = ended(application.start_run(RunRequest("starter", {"prompt": "It is"})))

    assert done.state is RunState.SUCCEEDED
    assert done.output == {"text": "It is a truth."}
    assert "".join(event.update.text for event in parts.events.of(RunProduced)) == "It is a truth."
    assert [worker.model for worker in application.list_loaded()] == ["starter"]


def test_a_stop_asked_for_between_two_words_keeps_the_first() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    parts.executor.is_busy = True
    handle = application.start_run(RunRequest("starter", {"prompt": "It is"}))
    parts.inference.before_word = lambda number: handle.cancel() if number == 2 else None

    parts.executor.let_go()
    done = ended(handle)

    assert done.state is RunState.CANCELLED
    assert done.output == {"text": "It "}
