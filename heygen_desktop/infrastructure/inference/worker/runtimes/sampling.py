"""The choice of the next token."""

from __future__ import annotations

import torch

from heygen_desktop.infrastructure.inference.worker.runtime import Refused


class Sampler:
    """Chooses tokens; the same seed, logits and device give the same tokens.

    Args:
        temperature: 0 always takes the most likely token; higher is more surprising.
        top_p: In (0, 1]; draws from the most likely tokens whose probabilities add up to this.
        seed: A 64-bit number.
        device: Where the logits are.
    """

    def __init__(
        self, *, temperature: float, top_p: float, seed: int, device: torch.device
    ) -> None:
        self._temperature = temperature
        self._top_p = top_p
        self._generator = torch.Generator(device=device)
        self._generator.manual_seed(seed)

    def choose(self, logits: torch.Tensor) -> int:
        """Return the next token.

        Args:
            logits: Shape (vocabulary,), any float type.

        Raises:
            Refused: They hold no number.
        """
        highest, best = logits.max(dim=-1)
        if not torch.isfinite(highest):
            raise Refused(
                "The model's output is not a number; its weights are damaged, or the precision is "
                "too small for it.",
            )
        if self._temperature <= 0:
            return int(best)
        # The highest is taken off first, so that no temperature, however small, overflows.
        scores = (logits.float() - highest.float()) / self._temperature
        return self._draw(torch.softmax(scores, dim=-1))

    def _draw(self, chances: torch.Tensor) -> int:
        if self._top_p >= 1:
            return int(torch.multinomial(chances, 1, generator=self._generator))
        ordered, tokens = chances.sort(descending=True)
        # Kept is what begins before the sum is reached: at least the first.
        ordered[ordered.cumsum(dim=-1) - ordered >= self._top_p] = 0
        return int(tokens[torch.multinomial(ordered, 1, generator=self._generator)])
