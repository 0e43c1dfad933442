"""Text generation with a causal language model: our own loop, so that it can be stopped anywhere.

The library's ``generate`` asks for the stop between tokens only, and costs a seventh of the speed
of a small model. Greedy output is the same, token for token; a test holds that.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from transformers import DynamicCache

from heygen_desktop.application.forms import checked_params
from heygen_desktop.application.ports.inference import TaskRequest
from heygen_desktop.application.tasks.text_generation import TextGenerationParams
from heygen_desktop.domain.errors import InvalidParameterError, PromptTooLongError
from heygen_desktop.infrastructure.inference.worker.detokeniser import Detokeniser
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    Outcome,
    Refused,
)
from heygen_desktop.infrastructure.inference.worker.runtimes.sampling import Sampler
from heygen_desktop.infrastructure.inference.worker.stops import Stops


class Tokeniser:
    """What this room needs of the library's tokeniser, with types."""

    def __init__(self, inner: Any) -> None:  # Any: the library is untyped
        self._inner = inner

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a prompt, with those that the model wants before it."""
        return [int(token) for token in self._inner(text)["input_ids"]]

    def decode(self, tokens: list[int]) -> str:
        """Return the text of tokens, special ones left out."""
        return str(
            self._inner.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        )

    @property
    def first_token(self) -> int:
        """What stands for an empty prompt: the token of a beginning, else that of an end, else 0."""
        first = self._inner.bos_token_id
        return int(first if first is not None else self._inner.eos_token_id or 0)


class CausalModel:
    """A loaded causal language model.

    Args:
        model: The library's model, in evaluation mode and on its device.
        context: How many tokens it reads at most; None where it says none.
        ends: Tokens that end the output.
        prefill_tokens: How many of a prompt are read at once.
    """

    def __init__(
        self,
        model: Any,  # Any: the library is untyped
        tokeniser: Tokeniser,
        *,
        device: torch.device,
        dtype: str,
        context: int | None,
        ends: frozenset[int],
        prefill_tokens: int,
    ) -> None:
        self._model = model
        self._tokeniser = tokeniser
        self._device = device
        self._dtype = dtype
        self._context = context
        self._ends = ends
        self._prefill_tokens = prefill_tokens
        self._control = Control()
        accepted = inspect.signature(model.forward).parameters
        # A few older architectures always return all logits; those cost memory, not correctness.
        self._options = {"logits_to_keep": 1} if "logits_to_keep" in accepted else {}
        self._watch_layers()

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda:N``."""
        return str(self._device)

    @property
    def dtype(self) -> str:
        """The precision that it computes in."""
        return self._dtype

    def run(self, task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        """Continue the prompt."""
        if task.task != "text-generation":
            raise Refused(f"This model does text-generation, not {task.task}.")
        params = TextGenerationParams.model_validate(
            checked_params(TextGenerationParams, task.params)
        )
        prompt = self._prompt(task)
        limit = self._limit(len(prompt), params.max_tokens)
        output.started(len(prompt), limit)
        self._begin(control)
        sampler = Sampler(params, seed=task.seed, device=self._device, prompt=prompt)
        tokens = self.generate(prompt, limit, sampler.choose)
        return self._told(tokens, prompt, Stops(params.stop), output)

    def generate(
        self, prompt: Sequence[int], limit: int, choose: Callable[[torch.Tensor], int]
    ) -> Iterator[int]:
        """Yield token after token, the one that ends the output included, at most ``limit``."""
        with torch.inference_mode():
            cache = DynamicCache(config=self._model.config)
            logits = self._read(prompt, cache)
            for count in range(1, limit + 1):
                token = choose(logits)
                yield token
                if token in self._ends or count == limit:
                    return
                logits = self._forward([token], cache)

    def warm_up(self) -> None:
        """Compute once, so that the first run does not pay for it, and a broken device shows now."""
        for _ in self.generate([0, 0], 1, lambda logits: int(logits.argmax())):
            pass

    def gpu_memory_bytes(self) -> int | None:
        """Return what tensors hold on the GPU."""
        if self._device.type != "cuda":
            return None
        return int(torch.cuda.memory_allocated(self._device))

    def gpu_peak_bytes(self) -> int | None:
        """Return the highest of this task."""
        if self._device.type != "cuda":
            return None
        return int(torch.cuda.max_memory_allocated(self._device))

    def relieve(self) -> None:
        """Give the GPU's cached blocks back."""
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _begin(self, control: Control) -> None:
        self._control = control
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)

    def _told(
        self, tokens: Iterator[int], prompt: list[int], stops: Stops, output: Emitter
    ) -> Outcome:
        text: list[str] = []
        reason = "length"
        detokeniser = Detokeniser(self._tokeniser.decode, prompt)
        for token in tokens:
            if token in self._ends:
                reason = "stop"
                break
            text.append(stops.add(detokeniser.add(token)))
            output.produced(text[-1])
            if stops.reached:
                break
        text.append(stops.add(detokeniser.rest()) + stops.rest())
        output.ended(text[-1])
        return Outcome({"text": "".join(text)}, "stop_string" if stops.reached else reason)

    def _prompt(self, task: TaskRequest) -> list[int]:
        text = task.inputs.get("prompt")
        if not isinstance(text, str):
            raise InvalidParameterError("prompt", text, "a text")
        tokens = self._tokeniser.encode(text) or [self._tokeniser.first_token]
        if self._context is not None and len(tokens) >= self._context:
            raise PromptTooLongError(len(tokens), self._context)
        return tokens

    def _limit(self, prompt_tokens: int, max_tokens: int) -> int:
        return (
            max_tokens if self._context is None else min(max_tokens, self._context - prompt_tokens)
        )

    def _read(self, prompt: Sequence[int], cache: DynamicCache) -> torch.Tensor:
        for start in range(0, len(prompt), self._prefill_tokens):
            logits = self._forward(prompt[start : start + self._prefill_tokens], cache)
        return logits

    def _forward(self, tokens: Sequence[int], cache: DynamicCache) -> torch.Tensor:
        """Return the logits after the last token, shape (vocabulary,)."""
        self._control.check()
        ids = torch.tensor([list(tokens)], device=self._device)
        result = self._model(input_ids=ids, past_key_values=cache, use_cache=True, **self._options)
        logits: torch.Tensor = result.logits[0, -1]
        return logits

    def _watch_layers(self) -> None:
        """Ask for the stop before each layer: in a large model one pass can take seconds."""
        for module in self._model.modules():
            if isinstance(module, torch.nn.ModuleList):
                for layer in module:
                    layer.register_forward_pre_hook(self._check)

    def _check(self, module: torch.nn.Module, inputs: object) -> None:
        self._control.check()
