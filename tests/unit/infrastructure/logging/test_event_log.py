"""What the log says of what happened, and what it never says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain import events
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Loading, Owner, Run, RunFigures, RunId, RunState
from heygen_desktop.domain.errors import RunFailedError
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.infrastructure.logging.event_log import EventLog
from heygen_desktop.infrastructure.logging.pipeline import LogPipeline
from loguru import logger

from tests.factories.updates import produced
from tests.fakes.events import RecordingEventStream

Lines = Callable[[], list[dict[str, Any]]]
AT = datetime(2026, 1, 1, tzinfo=UTC)
RUN = Run(
    id=RunId("r1"),
    model_id=ModelId("m1"),
    model="tiny",
    version="1.0.0",
    task="text-generation",
    params={"temperature": 0.5, "system": "my deepest wish"},
    inputs={"prompt": "my deepest prompt"},
    seed=7,
    device="cpu",
    environment="development",
    owner=Owner(1, 2.0),
    queued_at=AT,
    figures=RunFigures(tokens=12, tokens_per_second=30.0, load_s=1.5),
    output={"text": "my deepest output"},
)


@pytest.fixture
def stream(pipeline: LogPipeline) -> Iterator[RecordingEventStream]:
    made = RecordingEventStream()
    log = EventLog(made, lambda: logger, lambda: pipeline.set_level(LogLevel.ERROR))
    yield made
    log.close()
    assert made.listeners == 0
    assert made.listener_errors == []


def run_in(state: RunState) -> events.RunChanged:
    return events.RunChanged(AT, replace(RUN, state=state))


ALL: list[tuple[events.Event, str, str, str]] = [
    (events.HistoryChanged(AT), "runs", "INFO", "History changed"),
    (
        events.ModelRegistered(AT, "tiny", "1.0.0", "/home/me/deepest", 5, 6),
        "models",
        "INFO",
        "Model registered",
    ),
    (
        events.ModelVerified(AT, "tiny", "1.0.0", was_changed=False),
        "models",
        "INFO",
        "Model verified",
    ),
    (
        events.ModelVerified(AT, "tiny", "1.0.0", was_changed=True),
        "models",
        "INFO",
        "Changed files taken",
    ),
    (events.ModelChanged(AT, "tiny"), "models", "INFO", "Model changed"),
    (events.ModelRemoved(AT, "tiny", ""), "models", "INFO", "Model removed"),
    (
        events.WorkerStarted(AT, "tiny", "1.0.0", 9, "cpu", 1.5, 100),
        "workers",
        "INFO",
        "Worker started",
    ),
    (
        events.WorkerStopped(AT, "tiny", "1.0.0", 9, "unloaded", True),
        "workers",
        "INFO",
        "Worker stopped",
    ),
    (
        events.WorkerStopped(AT, "tiny", "1.0.0", 9, "signal 11", False),
        "workers",
        "ERROR",
        "Worker died",
    ),
    (
        events.SettingChanged(AT, "development", "run.seed", 3),
        "settings",
        "INFO",
        "Setting changed",
    ),
    (
        events.EnvironmentChanged(AT, "testing", "development"),
        "settings",
        "INFO",
        "Environment changed",
    ),
    (events.SecretChanged(AT, "development", "openai", False), "secrets", "INFO", "Secret set"),
    (
        events.SecretChanged(AT, "development", "openai", True),
        "secrets",
        "INFO",
        "Secret deleted",
    ),
    (events.ProgramStarted(AT, "cli", "1.0", "staging"), "program", "INFO", "Program started"),
    (run_in(RunState.QUEUED), "runs", "INFO", "Run queued"),
    (run_in(RunState.LOADING), "runs", "INFO", "Run waits for its model to load"),
    (run_in(RunState.RUNNING), "runs", "INFO", "Run started"),
    (run_in(RunState.SUCCEEDED), "runs", "INFO", "Run succeeded"),
    (run_in(RunState.FAILED), "runs", "ERROR", "Run failed"),
    (run_in(RunState.CANCELLED), "runs", "INFO", "Run stopped"),
    (run_in(RunState.INTERRUPTED), "runs", "WARNING", "Run interrupted"),
]
SILENT = (
    events.ChangedElsewhere,
    events.RunUpdate,
)


@pytest.mark.parametrize(("event", "category", "level", "message"), ALL)
def test_each_event_is_one_record_of_its_category_and_level(
    stream: RecordingEventStream,
    lines: Lines,
    pipeline: LogPipeline,
    event: events.Event,
    category: str,
    level: str,
    message: str,
) -> None:
    pipeline.set_level(LogLevel.INFO)

    stream.publish(event)

    (line,) = lines()
    assert (line["category"], line["level"], line["message"]) == (category, level, message)
    assert "deepest" not in str(line)


def test_a_record_says_who_is_behind_it_and_through_which_front(
    stream: RecordingEventStream, lines: Lines
) -> None:
    jane = Actor("jane", "desktop", "chawton")
    stream.publish(events.ModelRemoved(AT, "tiny", "", actor=jane))
    stream.publish(events.ModelRemoved(AT, "tiny", ""))

    told, not_told = lines()
    assert (told["user"], told["extra"]["front"]) == ("jane", "desktop")
    assert "user" not in not_told


def test_a_changed_level_holds_for_all_that_happens_after_it(
    stream: RecordingEventStream, lines: Lines
) -> None:
    stream.publish(events.SettingChanged(AT, "development", "logging.level", 1))
    stream.publish(events.ModelRemoved(AT, "tiny", ""))

    assert [line["message"] for line in lines()] == ["Setting changed"]


def test_what_another_program_changed_is_in_its_own_log_and_its_level_holds_here_too(
    stream: RecordingEventStream, lines: Lines
) -> None:
    stream.publish(events.ChangedElsewhere(AT, {Topic.MODELS}))
    stream.publish(events.ModelRemoved(AT, "tiny", ""))
    stream.publish(events.ChangedElsewhere(AT, {Topic.SETTINGS}))
    stream.publish(events.ModelRemoved(AT, "tiny", ""))

    assert [line["message"] for line in lines()] == ["Model removed"]


def test_every_kind_of_event_is_covered() -> None:
    covered = {type(event) for event, *_ in ALL} | set(SILENT)

    kinds = {*events.Event.__subclasses__(), *events.SettingsChanged.__subclasses__()}
    assert covered == {
        kind for kind in kinds - {events.SettingsChanged} if kind.__module__ == events.__name__
    }


def test_batches_of_output_are_not_logged(stream: RecordingEventStream, lines: Lines) -> None:
    stream.publish(events.RunProduced(AT, "r1", produced("my deepest output", 1)))
    stream.publish(events.RunLoading(AT, "r1", Loading("reading weights", 0.5)))
    stream.publish(events.ModelVerified(AT, "tiny", "1.0.0", was_changed=False))

    assert [line["message"] for line in lines()] == ["Model verified"]


def test_a_runs_record_has_its_id_settings_and_figures(
    stream: RecordingEventStream, lines: Lines
) -> None:
    stream.publish(run_in(RunState.QUEUED))
    stream.publish(
        events.RunChanged(AT, replace(RUN, state=RunState.SUCCEEDED, finish_reason="stop"))
    )

    queued, succeeded = lines()
    assert queued["run_id"] == succeeded["run_id"] == "r1"
    assert (queued["extra"]["seed"], queued["extra"]["params"]) == (7, {"temperature": 0.5})
    assert (succeeded["extra"]["tokens"], succeeded["extra"]["load_s"]) == (12, 1.5)
    assert succeeded["extra"]["finish_reason"] == "stop"


def test_a_run_that_begins_tells_what_parts_it_from_others(
    stream: RecordingEventStream, lines: Lines
) -> None:
    began = replace(RUN, state=RunState.RUNNING, started_at=AT + timedelta(seconds=2))

    stream.publish(events.RunChanged(AT, began))

    (line,) = lines()
    assert (line["extra"]["seed"], line["extra"]["waited_s"]) == (7, 2.0)


def test_a_failed_run_tells_its_code_and_cause(stream: RecordingEventStream, lines: Lines) -> None:
    failure = RunFailedError("the tensor was empty")
    loading = RUN.become(RunState.LOADING, at=AT)

    stream.publish(events.RunChanged(AT, loading.fail(failure, at=AT)))

    (line,) = lines()
    assert line["extra"]["code"] == "run_failed"
    assert line["extra"]["cause"] == failure.cause


def test_the_path_of_a_model_is_told_at_debug_only(
    stream: RecordingEventStream, lines: Lines
) -> None:
    stream.publish(events.ModelRegistered(AT, "tiny", "1.0.0", "/home/me/x", 5, 6))

    with_path = [line for line in lines() if "/home/me/x" in str(line)]
    assert [line["level"] for line in with_path] == ["DEBUG"]


def test_an_event_of_a_later_version_is_told_by_its_name(
    stream: RecordingEventStream, lines: Lines
) -> None:
    class KeyRevoked(events.Event):
        pass

    stream.publish(KeyRevoked(AT))

    assert [line["message"] for line in lines()] == ["Key revoked"]
