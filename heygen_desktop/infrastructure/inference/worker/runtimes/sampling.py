"""The choice of the next token."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from heygen_desktop.application.tasks.text_generation import TextGenerationParams
from heygen_desktop.infrastructure.inference.worker.runtime import Refused


class Sampler:
    """Chooses tokens; the same seed, parameters, logits and device give the same tokens.

    The parameters mean what they mean to the library, and are applied in its order.

    Args:
        params: Temperature 0 always takes the most likely token; the rest says what is drawn from.
        seed: A 64-bit number.
        device: Where the logits are.
        prompt: Its tokens, which count as there before.
    """

    def __init__(
        self,
        params: TextGenerationParams,
        *,
        seed: int,
        device: torch.device,
        prompt: Sequence[int] = (),
    ) -> None:
        self._params = params
        self._generator = torch.Generator(device=device)
        self._generator.manual_seed(seed)
        self._prompt = prompt
        self._was_there: torch.Tensor | None = None
        """Of each token, shape (vocabulary,)."""

    def choose(self, logits: torch.Tensor) -> int:
        """Return the next token.

        Args:
            logits: Shape (vocabulary,), any float type.

        Raises:
            Refused: They hold no number.
        """
        if self._params.repetition_penalty == 1:
            return self._choose(logits)
        if self._was_there is None:
            self._was_there = torch.zeros_like(logits, dtype=torch.bool)
            self._was_there[list(self._prompt)] = True
        token = self._choose(self._penalised(logits.float(), self._was_there))
        self._was_there[token] = True
        return token

    def _penalised(self, logits: torch.Tensor, was_there: torch.Tensor) -> torch.Tensor:
        penalty = self._params.repetition_penalty
        less_likely = torch.where(logits < 0, logits * penalty, logits / penalty)
        return torch.where(was_there, less_likely, logits)

    def _choose(self, logits: torch.Tensor) -> int:
        highest, best = logits.max(dim=-1)
        if not torch.isfinite(highest):
            raise Refused(
                "The model's output is not a number; its weights are damaged, or the precision is "
                "too small for it.",
            )
        if self._params.temperature <= 0:
            return int(best)
        # The highest is taken off first, so that no temperature, however small, overflows.
        scores = (logits.float() - highest.float()) / self._params.temperature
        return self._draw(torch.softmax(scores, dim=-1))

    def _draw(self, chances: torch.Tensor) -> int:
        top_k, top_p, min_p = self._params.top_k, self._params.top_p, self._params.min_p
        if not top_k and top_p >= 1 and not min_p:
            return int(torch.multinomial(chances, 1, generator=self._generator))
        ordered, tokens = _most_likely(chances, top_k)
        # Kept is what begins before the sum is reached: at least the first.
        ordered[ordered.cumsum(dim=-1) - ordered >= top_p] = 0
        if min_p:
            ordered[ordered < min_p * ordered[0]] = 0
        return int(tokens[torch.multinomial(ordered, 1, generator=self._generator)])


def _most_likely(chances: torch.Tensor, top_k: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the chances, the highest first, and their tokens; a few are found sooner than all are sorted."""
    if not top_k:
        return chances.sort(descending=True)
    ordered, tokens = chances.topk(min(top_k, len(chances)))
    return ordered / ordered.sum(), tokens
