"""Loading a Hugging Face style folder: local files, safetensors only, never code from the folder."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import safe_open
from transformers.utils import logging as library_logging

from heygen_desktop.application.ports.inference import LoadRequest
from heygen_desktop.application.runtimes import TransformersOptions
from heygen_desktop.domain.errors import ArtifactUnsupportedError
from heygen_desktop.infrastructure.inference.worker.devices import (
    choose_device,
    choose_dtype,
    dtype_named,
    name_of,
)
from heygen_desktop.infrastructure.inference.worker.runtime import Refused, Report
from heygen_desktop.infrastructure.inference.worker.runtimes.causal import CausalModel, Tokeniser
from heygen_desktop.infrastructure.inference.worker.runtimes.configuration import (
    read_configuration,
)

_OURS = {"local_files_only": True, "trust_remote_code": False}
_STORED = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}
_MOST_TIMES_STORED = 2
"""A model whose output shares the numbers of its input has nearly twice as many as its files, not more."""
_CONTEXT_NAMES = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len")


class TransformersRuntime:
    """Runs causal language models from folders of safetensors."""

    def load(self, request: LoadRequest, report: Report) -> CausalModel:
        """Return the model in memory."""
        torch.set_num_threads(request.threads)
        library_logging.set_verbosity_error()
        library_logging.disable_progress_bar()
        folder = request.path
        options = TransformersOptions.model_validate(request.options)
        configuration = _configuration(folder)
        device = choose_device(request.device)
        dtype = choose_dtype(request.dtype, _stored_dtype(configuration, folder), device)
        report("reading weights", 0.0)
        with _told(report):
            model = _read_model(folder, configuration, dtype)
        report("preparing", None)
        loaded = CausalModel(
            model.to(device).eval(),
            _tokeniser(folder, configuration),
            device=device,
            dtype=name_of(dtype),
            context=_context(configuration),
            ends=_ends(model),
            prefill_tokens=options.prefill_tokens,
        )
        loaded.warm_up()
        return loaded


def _configuration(folder: Path) -> Any:  # Any: the library is untyped
    raw = read_configuration(folder)
    kind = raw.pop("model_type", None)
    if not isinstance(kind, str):
        raise ArtifactUnsupportedError(str(folder), "config.json does not name its model_type.")
    try:
        return transformers.AutoConfig.for_model(kind, **raw)
    except ValueError as error:
        why = f"The runtime does not know the architecture {kind[:80]!r}."
        raise ArtifactUnsupportedError(str(folder), why) from error


def _read_model(folder: Path, configuration: Any, dtype: torch.dtype) -> Any:
    if type(configuration) not in transformers.AutoModelForCausalLM._model_mapping:
        why = f"The architecture {configuration.model_type} does not generate text this way."
        raise ArtifactUnsupportedError(str(folder), why)
    _check_size(folder, configuration)
    model, found = transformers.AutoModelForCausalLM.from_pretrained(
        folder,
        config=configuration,
        dtype=dtype,
        use_safetensors=True,
        output_loading_info=True,
        **_OURS,
    )
    if "past_key_values" not in inspect.signature(model.forward).parameters:
        why = f"The architecture {configuration.model_type} remembers in a way that this version "
        raise ArtifactUnsupportedError(str(folder), f"{why}does not handle.")
    missing = sorted(found["missing_keys"])
    if missing:
        # The library would fill them with random numbers, and the model would talk nonsense.
        raise Refused(f"{len(missing)} weights are missing from the files, such as {missing[0]}.")
    return model


def _check_size(folder: Path, configuration: Any) -> None:
    """Refuse files that hold a small part of what config.json describes, before memory is taken for it.

    A config.json without its dimensions describes the library's default, often of 7 billion numbers.
    Packed weights are fewer numbers than parameters, and are left to their own checks.
    """
    if getattr(configuration, "quantization_config", None) is not None:
        return
    with torch.device("meta"):  # shapes alone
        skeleton = transformers.AutoModelForCausalLM.from_config(configuration)
    described = sum(parameter.numel() for parameter in skeleton.parameters())
    stored = sum(
        math.prod(tensors.get_slice(name).get_shape())
        for tensors in _open(folder)
        for name in tensors.keys()  # noqa: SIM118 - it is no mapping
    )
    if stored and described > _MOST_TIMES_STORED * stored:
        raise Refused(
            f"The files hold {stored:,} numbers, and config.json describes a model of {described:,}."
        )


def _open(folder: Path) -> Iterator[Any]:
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="pt") as tensors:
            yield tensors


def _tokeniser(folder: Path, configuration: Any) -> Tokeniser:
    return Tokeniser(
        transformers.AutoTokenizer.from_pretrained(folder, config=configuration, **_OURS)
    )


def _stored_dtype(configuration: Any, folder: Path) -> torch.dtype | None:
    named = dtype_named(getattr(configuration, "dtype", None))
    if named is not None:
        return named
    for tensors in _open(folder):
        for name in tensors.keys():  # noqa: SIM118 - it is no mapping
            return _STORED.get(tensors.get_slice(name).get_dtype())
    return None


def _context(configuration: Any) -> int | None:
    text = configuration.get_text_config()
    for name in _CONTEXT_NAMES:
        value = getattr(text, name, None)
        if isinstance(value, int) and value > 0:
            return value
    return None


def _ends(model: Any) -> frozenset[int]:
    named = model.generation_config.eos_token_id
    if named is None:
        named = getattr(model.config.get_text_config(), "eos_token_id", None)
    if named is None:
        return frozenset()
    return frozenset([named] if isinstance(named, int) else named)


@contextmanager
def _told(report: Report) -> Iterator[None]:
    """Tell how many of the weights are read, by way of the library's progress bar."""
    hook = getattr(library_logging, "set_tqdm_hook", None)
    if hook is None:  # older releases have no such way; the stage is then told without a fraction
        yield
        return

    def count(factory: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if kwargs.get("desc") == "Loading weights" and args:
            return _counted(args[0], report)
        return factory(*args, **kwargs)

    previous = hook(count)
    try:
        yield
    finally:
        hook(previous)


def _counted(items: Iterable[Any], report: Report) -> Iterator[Any]:
    every = list(items)
    told = 0.0
    for index, item in enumerate(every):
        done = index / len(every)
        if done - told >= 0.02:
            told = done
            report("reading weights", done)
        yield item
