"""What a runtime declares, and what follows from it before a worker is started."""

from __future__ import annotations

from dataclasses import replace

import pytest
from heygen_desktop.application.runtimes import (
    RUNTIMES,
    TRANSFORMERS,
    Options,
    RuntimeDeclaration,
    Runtimes,
    TransformersOptions,
)
from heygen_desktop.application.settings.schema import Settings, TransformersSettings
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import ArtifactUnsupportedError, InvalidParameterError
from heygen_desktop.domain.values.artifact import ArtifactFormat

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts

ON_CPU = RuntimeDeclaration(
    "toy", formats=(ArtifactFormat.SAFETENSORS,), tasks=("text-generation",)
)


def test_a_format_is_executed_by_one_runtime() -> None:
    with pytest.raises(ValueError, match="two runtimes execute safetensors"):
        Runtimes([TRANSFORMERS, ON_CPU])


def test_a_runtime_of_several_formats_is_one() -> None:
    both = replace(ON_CPU, formats=(ArtifactFormat.GGUF, ArtifactFormat.ONNX))

    assert list(Runtimes([both])) == [both]


def test_a_format_that_nothing_executes_is_refused_with_those_that_are() -> None:
    with pytest.raises(ArtifactUnsupportedError) as caught:
        RUNTIMES.of(ArtifactFormat.GGUF, model="tiny")

    assert caught.value.cause == "This version runs safetensors; there is no runtime for gguf."
    assert RUNTIMES.find(ArtifactFormat.GGUF) is None


def test_a_task_that_its_runtime_does_not_do_is_refused_before_a_run_is_queued() -> None:
    with pytest.raises(ArtifactUnsupportedError) as caught:
        RUNTIMES.of(ArtifactFormat.SAFETENSORS, model="tiny", task="text-to-speech")

    assert "transformers does text-generation on safetensors" in caught.value.cause


def test_a_runtime_without_gpu_takes_the_processor_unless_a_gpu_was_asked_for_by_name() -> None:
    assert ON_CPU.device("", "cuda:0") == "cpu"
    assert ON_CPU.device("auto", "cuda:0") == "cpu"
    with pytest.raises(InvalidParameterError, match="cuda:0"):
        ON_CPU.device("cuda:0", "auto")
    assert TRANSFORMERS.device("", "cuda:0") == "cuda:0"
    assert TRANSFORMERS.device("auto", "cuda:0") == "auto"


def test_a_precision_that_a_runtime_does_not_have_is_left_to_the_files() -> None:
    assert ON_CPU.dtype("float16") == "auto"
    assert TRANSFORMERS.dtype("float16") == "float16"


def test_the_options_of_a_runtime_are_those_of_its_settings() -> None:
    settings = Settings(transformers=TransformersSettings(prefill_tokens=64))

    assert TRANSFORMERS.chosen_options(settings) == {"prefill_tokens": 64}
    assert TRANSFORMERS.chosen_options(Settings()) == TransformersOptions().model_dump()
    assert ON_CPU.chosen_options(settings) == Options().model_dump() == {}


def test_a_load_carries_device_precision_and_options_as_its_runtime_declares() -> None:
    parts = FakeParts()
    application = fake_application(parts, runtimes=Runtimes([ON_CPU]))
    application.ensure_starter_model()
    application.change_setting.set("development", "inference.dtype", "float16")
    application.change_setting.set("development", "inference.device", "cuda:0")

    done = ended(application.start_run(RunRequest("starter", {"prompt": "x"})))

    [(request, _)] = parts.inference.requests
    assert (request.device, request.dtype, request.options) == ("cpu", "auto", {})
    assert done.device == "cpu"


def test_what_cannot_run_here_is_not_queued() -> None:
    gguf = replace(ON_CPU, formats=(ArtifactFormat.GGUF,))
    application = fake_application(FakeParts(), runtimes=Runtimes([gguf]))
    application.ensure_starter_model()

    with pytest.raises(ArtifactUnsupportedError):
        application.start_run(RunRequest("starter", {"prompt": "x"}))

    assert list(application.list_runs().runs) == []
