# ruff: noqa: PLC0415 - torch is imported when a slow test runs, not when tests are collected
"""The runtime against the library itself, on tiny models with random weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Json, Progress
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    DeviceUnavailableError,
    HeyGenError,
    InvalidParameterError,
    PromptTooLongError,
    RunCancelledError,
)
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.inference.worker.runtime import Control, Outcome, Refused
from heygen_desktop.infrastructure.inference.worker.runtimes import runtime_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

GREEDY: Mapping[str, Json] = {"max_tokens": 24, "temperature": 0.0, "top_p": 1.0}
PROMPT = "It is a truth universally acknowledged"
KINDS = ("llama", "gpt2", "qwen2", "gpt_neox")


class Collected:
    """An output that keeps all."""

    def __init__(self, *, cancel_after: int = 0, control: Control | None = None) -> None:
        self.pieces: list[str] = []
        self.prompt_tokens = 0
        self.limit = 0
        self.tokens = 0
        self._cancel_after = cancel_after
        self._control = control

    def started(self, prompt_tokens: int, limit: int) -> None:
        self.prompt_tokens, self.limit = prompt_tokens, limit

    def progressed(self, progress: Progress) -> None:
        raise AssertionError("text is told by its tokens")

    def produced(self, text: str) -> None:
        self.tokens += 1
        self.pieces.append(text)
        if self._control is not None and self.tokens == self._cancel_after:
            self._control.cancel()

    def ended(self, text: str) -> None:
        self.pieces.append(text)


def loaded(folder: Path, *, dtype: str = "auto", device: str = "cpu") -> Any:
    request = load_request(folder, dtype=dtype, device=device)
    runtime = runtime_for(request, lambda stage, fraction: None)
    return runtime.load(request, lambda stage, fraction: None)


def load_request(folder: Path, *, dtype: str = "auto", device: str = "cpu") -> LoadRequest:
    return LoadRequest(
        ModelId("m1"), "tiny", "1.0.0", folder, ArtifactFormat.SAFETENSORS, device, dtype, threads=1
    )


def order(
    prompt: str = PROMPT, params: Mapping[str, Json] = GREEDY, *, seed: int = 1, task: str = ""
) -> TaskRequest:
    return TaskRequest("r1", task or "text-generation", {"prompt": prompt}, params, seed)


def outcome(model: Any, run: TaskRequest, output: Collected | None = None) -> Outcome:
    result = model.run(run, output or Collected(), Control())
    assert isinstance(result, Outcome)
    return result


def generated(folder: Path, prompt: str, limit: int) -> tuple[list[int], str]:
    """What the library itself generates, greedily, from the same folder."""
    import torch
    import transformers

    tokeniser = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ids = tokeniser(prompt, return_tensors="pt")["input_ids"]
    tokens = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=limit,
        pad_token_id=0,
    )[0, ids.shape[1] :].tolist()
    return tokens, tokeniser.decode(
        tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
    )


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.integration.inference.tiny_models import configuration, save

    folder = tmp_path_factory.mktemp("llama")
    save(folder, configuration("llama"))
    return folder


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("shard_size", ["5GB", "40KB"])
@pytest.mark.parametrize("kind", KINDS)
def test_greedy_output_is_that_of_the_library_token_for_token(
    kind: str, shard_size: str, tied: bool, tmp_path: Path
) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration(kind, tie_word_embeddings=tied), shard_size=shard_size)
    assert (len(list(tmp_path.glob("*.safetensors"))) > 1) == (shard_size == "40KB")
    for prompt in (PROMPT, PROMPT * 8):  # the second passes through several pieces of prefill
        tokens, text = generated(tmp_path, prompt, 24)
        model = loaded(tmp_path)

        ours = list(
            model.generate(model._tokeniser.encode(prompt), 24, lambda logits: int(logits.argmax()))
        )

        assert ours == tokens
        assert outcome(model, order(prompt)).output == {"text": text}


def test_the_pieces_joined_are_the_output_and_no_character_is_cut(llama: Path) -> None:
    output = Collected()

    result = outcome(loaded(llama), order("naïve 日本 🙂", {**GREEDY, "max_tokens": 120}), output)

    assert "".join(output.pieces) == result.output["text"]
    assert result.finish_reason == "length"
    assert output.tokens == 120


def test_the_same_seed_gives_the_same_text_and_another_seed_another(llama: Path) -> None:
    model = loaded(llama)
    warm: Mapping[str, Json] = {"max_tokens": 30, "temperature": 1.5, "top_p": 0.95}

    first = outcome(model, order(params=warm, seed=5)).output
    again = outcome(model, order(params=warm, seed=5)).output
    other = outcome(model, order(params=warm, seed=6)).output

    assert first == again
    assert first != other


def test_a_repetition_penalty_is_the_librarys(llama: Path) -> None:
    import torch
    import transformers

    tokeniser = transformers.AutoTokenizer.from_pretrained(llama)
    library = transformers.AutoModelForCausalLM.from_pretrained(llama, dtype=torch.float32)
    ids = tokeniser(PROMPT, return_tensors="pt")["input_ids"]
    theirs = library.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=24,
        pad_token_id=0,
        repetition_penalty=1.5,
    )[0, ids.shape[1] :].tolist()

    text = outcome(loaded(llama), order(params={**GREEDY, "repetition_penalty": 1.5})).output

    decoded = tokeniser.decode(theirs, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    assert text == {"text": decoded}


@pytest.mark.parametrize(
    "cuts",
    [
        {"top_k": 5},
        {"top_k": 5000},
        {"min_p": 0.2},
        {"top_k": 20, "top_p": 0.7},
        {"top_p": 0.9, "min_p": 0.05},
    ],
)
def test_what_is_drawn_from_is_what_the_library_draws_from(
    cuts: Mapping[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from heygen_desktop.application.tasks.text_generation import TextGenerationParams
    from heygen_desktop.infrastructure.inference.worker.runtimes.sampling import Sampler
    from transformers import generation

    logits = torch.randn(200, generator=torch.Generator().manual_seed(1)) * 3
    drawn_from: list[torch.Tensor] = []

    def draw(chances: torch.Tensor, *_count: int, **_generator: object) -> int:
        drawn_from.append(chances)
        return 0

    monkeypatch.setattr(torch, "multinomial", draw)
    params = TextGenerationParams.model_validate({"temperature": 0.7, "top_p": 1.0, **cuts})
    Sampler(params, seed=1, device=torch.device("cpu")).choose(logits)

    steps: list[Any] = [generation.TemperatureLogitsWarper(0.7)]
    makers: Mapping[str, Any] = {
        "top_k": generation.TopKLogitsWarper,
        "top_p": generation.TopPLogitsWarper,
        "min_p": generation.MinPLogitsWarper,
    }
    steps += [make(cuts[name]) for name, make in makers.items() if name in cuts]
    scores = logits[None]
    for step in steps:
        scores = step(None, scores)
    theirs = torch.softmax(scores[0], dim=-1).sort(descending=True).values
    ours = torch.zeros_like(theirs)
    ours[: len(drawn_from[0])] = drawn_from[0] / drawn_from[0].sum()
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_the_tokens_that_are_counted_before_a_run_are_those_that_it_reads(llama: Path) -> None:
    from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

    readers, output = ArtifactReaders(), Collected()

    counted = readers.tokens(readers.inspect(llama), PROMPT)
    outcome(loaded(llama), order(), output)

    assert counted == output.prompt_tokens


def test_a_stop_string_ends_the_output_before_it(llama: Path) -> None:
    model = loaded(llama)
    whole = str(outcome(model, order()).output["text"])
    stop = whole[9:13]
    output = Collected()

    result = outcome(model, order(params={**GREEDY, "stop": [stop]}), output)

    assert result.output == {"text": whole[: whole.index(stop)]}
    assert "".join(output.pieces) == result.output["text"]
    assert result.finish_reason == "stop_string"


def test_an_end_token_ends_the_output_and_is_no_part_of_it(llama: Path) -> None:
    tokens, _ = generated(llama, PROMPT, 6)
    model = loaded(llama)
    model._ends = frozenset({tokens[3]})
    first = tokens.index(tokens[3])
    output = Collected()

    result = outcome(model, order(), output)

    assert result.finish_reason == "stop"
    assert output.tokens == first


def test_an_answer_is_cut_where_the_context_ends(tmp_path: Path) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama", max_position_embeddings=20))
    model = loaded(tmp_path)
    output = Collected()

    result = outcome(model, order("It is", {**GREEDY, "max_tokens": 500}), output)

    assert result.finish_reason == "length"
    assert output.prompt_tokens + output.tokens == 20
    assert output.limit == output.tokens
    with pytest.raises(PromptTooLongError, match="at most 20"):
        outcome(model, order(PROMPT * 20))


def test_an_empty_prompt_begins_at_the_beginning(llama: Path) -> None:
    output = Collected()

    result = outcome(loaded(llama), order(""), output)

    assert output.prompt_tokens == 1
    assert result.output["text"]


@pytest.mark.parametrize("phase", ["prefill", "layer", "token"])
def test_a_stop_is_obeyed_in_the_middle(llama: Path, phase: str) -> None:
    model = loaded(llama)
    control = Control()
    output = Collected(cancel_after=3, control=control)
    if phase != "token":
        control.cancel()
    if phase == "layer":
        model._forward = lambda tokens, cache: model._model(
            input_ids=__import__("torch").tensor([list(tokens)]), past_key_values=cache
        ).logits[0, -1]

    with pytest.raises(RunCancelledError):
        model.run(order(), output, control)

    assert output.tokens == (3 if phase == "token" else 0)
    assert outcome(model, order()).finish_reason == "length"


@pytest.mark.parametrize(
    "params",
    [
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"max_tokens": True},
        {"temperature": -1},
        {"temperature": "hot"},
        {"temperature": float("nan")},
        {"top_p": 0},
        {"top_p": 1.1},
    ],
)
def test_a_parameter_out_of_its_range_is_refused(llama: Path, params: Mapping[str, Json]) -> None:
    with pytest.raises(InvalidParameterError, match=next(iter(params))):
        outcome(loaded(llama), order(params=params))


def test_another_task_and_a_prompt_that_is_no_text_are_refused(llama: Path) -> None:
    model = loaded(llama)

    with pytest.raises(Refused, match="not text-to-speech"):
        outcome(model, order(task="text-to-speech"))
    with pytest.raises(InvalidParameterError, match="prompt"):
        outcome(model, TaskRequest("r1", "text-generation", {"prompt": 5}, GREEDY, 1))


def test_weights_that_are_no_numbers_are_told(llama: Path) -> None:
    model = loaded(llama)
    model._model.lm_head.weight.data.fill_(float("nan"))

    for params in (GREEDY, {**GREEDY, "temperature": 1.0}):
        with pytest.raises(Refused, match="not a number"):
            outcome(model, order(params=params))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_the_precision_asked_for_is_the_precision_used(llama: Path, dtype: str) -> None:
    model = loaded(llama, dtype=dtype)

    assert model.dtype == dtype
    assert str(model._model.dtype) == f"torch.{dtype}"
    assert outcome(model, order()).finish_reason == "length"


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [({"dtype": "int3"}, InvalidParameterError), ({"device": "cuda:99"}, DeviceUnavailableError)],
)
def test_a_device_or_precision_that_is_not_here_is_refused(
    llama: Path, wanted: Mapping[str, str], kind: type[HeyGenError]
) -> None:
    with pytest.raises(kind):
        loaded(llama, **wanted)


def test_the_load_tells_its_progress(llama: Path) -> None:
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import (
        TransformersRuntime,
    )

    told: list[tuple[str, float | None]] = []

    TransformersRuntime().load(
        load_request(llama),
        lambda stage, fraction: told.append((stage, fraction)),
    )

    fractions = [fraction for stage, fraction in told if stage == "reading weights"]
    assert len(fractions) > 3
    assert fractions == sorted(fractions, key=lambda f: f or 0.0)
    assert told[-1] == ("preparing", None)


def _change(folder: Path, name: str, **changes: Json) -> None:
    file = folder / name
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, **changes}), encoding="utf-8")


def test_no_code_from_the_folder_runs_and_its_files_stay_as_they_are(tmp_path: Path) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama"))
    marker = tmp_path / "ran"
    evil = f"open({str(marker)!r}, 'w').write('x')\n"
    for name in ("modeling_evil.py", "configuration_evil.py", "tokenization_evil.py"):
        (tmp_path / name).write_text(evil, encoding="utf-8")
    (tmp_path / "custom_generate").mkdir()
    (tmp_path / "custom_generate" / "generate.py").write_text(evil, encoding="utf-8")
    auto_map: Json = {
        "AutoConfig": "configuration_evil.Evil",
        "AutoModelForCausalLM": "modeling_evil.Evil",
    }
    _change(
        tmp_path,
        "config.json",
        auto_map=auto_map,
        trust_remote_code=True,
        _attn_implementation_internal="evil/kernel",
        attn_implementation="evil/kernel",
        nested={"trust_remote_code": True, "_attn_implementation_internal": "evil/kernel"},
    )
    before = (tmp_path / "config.json").read_bytes()

    result = outcome(loaded(tmp_path), order())

    assert result.finish_reason == "length"
    assert not marker.exists()
    assert (tmp_path / "config.json").read_bytes() == before


def test_a_tokeniser_that_wants_code_runs_none(tmp_path: Path) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama"))
    marker = tmp_path / "ran"
    (tmp_path / "tokenization_evil.py").write_text(
        f"open({str(marker)!r}, 'w').write('x')\n", encoding="utf-8"
    )
    _change(
        tmp_path,
        "tokenizer_config.json",
        auto_map={"AutoTokenizer": ["tokenization_evil.Evil", None]},
        tokenizer_class="Evil",
        trust_remote_code=True,
    )

    try:
        loaded(tmp_path)
    except (ValueError, TypeError) as error:
        assert "remote" in str(error) or "trust" in str(error) or "Evil" in str(error)
    assert not marker.exists()


def test_pickled_weights_are_never_opened(tmp_path: Path) -> None:
    import pickle

    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama"))
    marker = tmp_path / "ran"
    (tmp_path / "model.safetensors").unlink()

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path(marker).touch, ())

    (tmp_path / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))

    with pytest.raises(OSError, match="safetensors"):
        loaded(tmp_path)

    assert not marker.exists()


def test_missing_weights_are_told_and_not_made_up(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama"))
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, file, metadata={"format": "pt"})

    with pytest.raises(Refused, match="1 weights are missing"):
        loaded(tmp_path)


def test_a_description_of_a_far_larger_model_is_refused_before_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("llama"))
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", pytest.fail)

    with pytest.raises(Refused, match="describes a model of 6,738,415,616"):
        loaded(tmp_path)


@pytest.mark.parametrize("kind", ["brainwave", None, "vit"])
def test_an_architecture_that_cannot_be_run_is_refused(tmp_path: Path, kind: str | None) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}), encoding="utf-8")

    with pytest.raises(ArtifactUnsupportedError):
        loaded(tmp_path)


def test_the_precision_of_files_that_do_not_name_it_is_read_from_them(tmp_path: Path) -> None:
    import torch
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import (
        _stored_dtype,
    )

    from tests.integration.inference.tiny_models import configuration, save

    model = save(tmp_path, configuration("llama"))
    model.to(torch.bfloat16).save_pretrained(tmp_path)

    unnamed = configuration("llama")
    unnamed.dtype = None
    assert _stored_dtype(unnamed, tmp_path) is torch.bfloat16
    assert _stored_dtype(unnamed, tmp_path / "nowhere") is None
    assert loaded(tmp_path).dtype in ("float32", "bfloat16")


def test_a_model_on_the_cpu_holds_nothing_on_a_gpu(llama: Path) -> None:
    model = loaded(llama, device="auto")

    model.relieve()

    assert model.device.startswith(("cpu", "cuda"))
    assert (model.gpu_memory_bytes() is None) == (model.device == "cpu")
    assert (model.gpu_peak_bytes() is None) == (model.device == "cpu")


@pytest.mark.parametrize(
    ("generation", "config", "ends"),
    [
        ([3, 4], 5, {3, 4}),
        (6, 5, {6}),
        (None, 5, {5}),
        (None, None, set()),
    ],
)
def test_the_ends_are_those_of_the_generation_settings_or_else_of_the_model(
    generation: Json, config: int | None, ends: set[int], llama: Path
) -> None:
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import _ends

    model = loaded(llama)._model
    model.generation_config.eos_token_id = generation
    model.config.eos_token_id = config

    assert _ends(model) == ends


def test_an_architecture_without_a_key_value_cache_is_refused(tmp_path: Path) -> None:
    from tests.integration.inference.tiny_models import configuration, save

    save(tmp_path, configuration("mamba"))

    with pytest.raises(ArtifactUnsupportedError) as caught:
        loaded(tmp_path)

    assert "remembers" in caught.value.cause


def test_a_model_that_names_no_context_has_no_limit(llama: Path) -> None:
    import transformers
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import _context

    from tests.integration.inference.tiny_models import configuration

    assert _context(configuration("llama", max_position_embeddings=77)) == 77
    assert _context(configuration("gpt2", n_positions=33)) == 33
    assert _context(transformers.AutoConfig.for_model("mamba")) is None

    model = loaded(llama)
    model._context = None
    assert outcome(model, order()).finish_reason == "length"


def test_a_library_without_a_hook_for_progress_loads_as_well(
    llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.utils import logging as library_logging

    monkeypatch.delattr(library_logging, "set_tqdm_hook")

    assert outcome(loaded(llama), order()).finish_reason == "length"


@pytest.mark.parametrize(
    ("wanted", "stored", "device", "native", "chosen"),
    [
        ("auto", "bfloat16", "cpu", True, "bfloat16"),
        ("auto", "bfloat16", "cpu", False, "float32"),
        ("auto", "float16", "cpu", True, "float32"),
        ("auto", "float32", "cpu", True, "float32"),
        ("float16", "float32", "cpu", False, "float16"),
        ("auto", "bfloat16", "cuda", True, "bfloat16"),
        ("auto", "bfloat16", "cuda", False, "float16"),
        ("auto", "float16", "cuda", True, "float16"),
        ("auto", "float32", "cuda", True, "float32"),
    ],
)
def test_the_precision_follows_from_the_files_and_the_device(
    wanted: str,
    stored: str,
    device: str,
    native: bool,
    chosen: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch
    from heygen_desktop.infrastructure.inference.worker import devices

    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: native)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native)

    dtype = devices.choose_dtype(wanted, devices.dtype_named(stored), torch.device(device))

    assert devices.name_of(dtype) == chosen


@pytest.mark.parametrize(("gpus", "chosen"), [(0, "cpu"), (2, "cuda:0")])
def test_the_device_is_the_first_gpu_that_torch_sees_or_else_the_cpu(
    gpus: int, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from heygen_desktop.infrastructure.inference.worker import devices

    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)

    assert str(devices.choose_device("auto")) == chosen
    assert str(devices.choose_device("cpu")) == "cpu"
    with pytest.raises(DeviceUnavailableError, match="cuda:2"):
        devices.choose_device("cuda:2")
