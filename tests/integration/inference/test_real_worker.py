# ruff: noqa: PLC0415 - torch is imported when a slow test runs, not when tests are collected
"""A real model in a real worker, started as the program starts it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.ports.inference import Update
from heygen_desktop.domain.entities.run import Loading, Produced
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    ModelLoadError,
    PromptTooLongError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.inference.environment import default_command
from heygen_desktop.infrastructure.inference.supervisor import Supervisor

from tests.fakes.devices import FakeDevices
from tests.fakes.events import RecordingEventStream
from tests.integration.inference.support import (
    RealClock,
    children,
    ignore,
    never,
    request,
    task,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.shares_a_worker]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.integration.inference.tiny_models import configuration, save

    folder = tmp_path_factory.mktemp("model")
    # Deep, so that a prompt takes long enough to be stopped in its middle; no end, so that it goes on.
    save(
        folder,
        configuration(
            "llama",
            num_hidden_layers=24,
            hidden_size=64,
            max_position_embeddings=8192,
            eos_token_id=None,
        ),
    )
    return folder


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor(
        default_command(),
        events=RecordingEventStream(),
        clock=RealClock(),
        devices=FakeDevices(),
        host=Host(),
    )
    yield supervisor
    supervisor.close()
    assert children() == []


def test_a_model_loads_runs_and_tells_what_it_cost(supervisor: Supervisor, folder: Path) -> None:
    told: list[Update] = []
    model = replace(request(start_timeout_s=120), path=folder)

    result = supervisor.run(
        model,
        task("It is a truth", params={"max_tokens": 40, "temperature": 0.0}),
        on_update=told.append,
        should_stop=never,
    )

    stages = [update.stage for update in told if isinstance(update, Loading)]
    assert list(dict.fromkeys(stages)) == [
        "starting",
        "starting the runtime",
        "reading weights",
        "preparing",
    ]
    produced = [update for update in told if isinstance(update, Produced)]
    assert "".join(update.text for update in produced) == result.output["text"]
    figures = result.figures
    assert (result.finish_reason, figures.tokens) == ("length", 40)
    assert figures.prompt_tokens > 0
    assert figures.time_to_first_token_s is not None
    assert figures.tokens_per_second is not None
    assert figures.tokens_per_second > 1
    assert figures.peak_memory_bytes is not None
    assert figures.peak_memory_bytes > 100_000_000
    assert figures.load_s is not None
    assert figures.load_s > 0.5
    (worker,) = supervisor.workers()
    assert (worker.device, worker.dtype) == ("cpu", "float32")


def test_a_stop_in_a_long_prompt_and_in_the_output_keeps_the_worker(
    supervisor: Supervisor, folder: Path
) -> None:
    model = replace(request(), path=folder)
    worker = supervisor.load(model, on_update=ignore, should_stop=never)
    for prompt in ("It is", "It is a truth universally acknowledged " * 250):
        began = time.monotonic()

        with pytest.raises(RunCancelledError):
            supervisor.run(
                model,
                task(prompt, params={"max_tokens": 6000}),
                on_update=ignore,
                should_stop=lambda began=began: time.monotonic() - began > 0.3,  # type: ignore[misc] # mypy cannot type a default in a lambda
            )

        assert time.monotonic() - began < 2
        assert [w.process for w in supervisor.workers()] == [worker.process]


def test_a_prompt_past_the_context_is_refused_with_its_length(
    supervisor: Supervisor, folder: Path
) -> None:
    with pytest.raises(PromptTooLongError) as caught:
        supervisor.run(
            replace(request(), path=folder),
            task("It is a truth " * 9000),
            on_update=ignore,
            should_stop=never,
        )

    assert caught.value.details["context_tokens"] == 8192


def test_files_that_cannot_be_loaded_are_told_with_the_reason(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    model = replace(request("broken"), path=tmp_path)

    with pytest.raises(ModelLoadError) as caught:
        supervisor.load(model, on_update=ignore, should_stop=never)

    assert "config.json" in caught.value.cause


def test_a_format_without_a_runtime_is_refused(supervisor: Supervisor, tmp_path: Path) -> None:
    model = replace(request("other"), path=tmp_path, format=ArtifactFormat.ONNX)

    with pytest.raises(ArtifactUnsupportedError, match="cannot be used"):
        supervisor.load(model, on_update=ignore, should_stop=never)
