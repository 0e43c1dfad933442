"""State everything that decides what the starter model becomes.

One value holds it all, counted in steps and not in minutes, so that the same machine with the same
number of threads makes the same weights, and so that the model card can print what was done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """The shape of the model and the course of its training."""

    seed: int = 20_260
    threads: int = 2
    steps: int = 2_000
    tokens_per_step: int = 4_096

    vocabulary: int = 2_048
    hidden: int = 192
    feed_forward: int = 512
    layers: int = 5
    heads: int = 6
    key_value_heads: int = 2
    longest: int = 512
    """The most tokens the model can attend to."""

    short_sequence: int = 256
    long_share: float = 0.25
    """The last share of the steps, which read sequences of the longest length: the far positions
    need to be learned, but cost a seventh more time."""

    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    weight_decay: float = 0.1
    warm_up_steps: int = 40
    last_rate: float = 0.02
    """The share of the learning rate that is left at the last step."""

    def sequence_at(self, step: int) -> int:
        """Return how many tokens a sequence has at a step (from 0)."""
        return self.longest if step >= self.steps * (1 - self.long_share) else self.short_sequence

    def rate_at(self, step: int) -> float:
        """Return the share of the full learning rate at a step: warm-up, then half a cosine."""
        warm = min(1.0, (step + 1) / self.warm_up_steps)
        cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, step / self.steps))
        return warm * (self.last_rate + (1 - self.last_rate) * cosine)
