"""Batches of output: tokens come one by one, messages leave at most 30 times a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from heygen_desktop.domain.entities.run import Produced, Progress, RunFigures

_INTERVAL_S = 0.033


class Emitter:
    """Collects what a task makes, sends it in batches, and keeps its times.

    Args:
        send: Takes the batches.
        peaks: Asked, with each batch, for the highest resident and GPU bytes so far.
        now: Seconds that only grow. Times count from the making of this object.
    """

    def __init__(
        self,
        send: Callable[[Produced], None],
        peaks: Callable[[], tuple[int, int | None]],
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._send = send
        self._peaks = peaks
        self._now = now
        self._began = now()
        self._first: float | None = None
        self._last = self._began
        self._sent: float | None = None
        self._waiting: list[str] = []
        self._progress = Progress("tokens", 0)
        self._prompt_tokens = 0
        self.tokens = 0

    def started(self, prompt_tokens: int, limit: int) -> None:
        """Note how many tokens the input has, and how many the output has at most."""
        self._prompt_tokens = prompt_tokens
        self._progress = Progress("tokens", 0, limit)

    def produced(self, text: str) -> None:
        """Note one more token and the text that became certain with it (may be empty).

        Sends where the last batch is long enough ago.
        """
        self.tokens += 1
        self._last = self._now()
        if self._first is None:
            self._first = self._last
        if text:
            self._waiting.append(text)
        if self._waiting and self._is_due():
            self._flush()

    def progressed(self, progress: Progress) -> None:
        """Note how far a task is that makes no tokens: steps, frames. Sends where it is time to."""
        self._progress = progress
        self._last = self._now()
        if self._is_due():
            self._flush()

    def ended(self, text: str) -> None:
        """Send text that belongs to no further token, and all that waits."""
        if text:
            self._waiting.append(text)
        if self._waiting:
            self._flush()

    def figures(self) -> RunFigures:
        """Return what the task has cost so far."""
        host, device = self._peaks()
        return RunFigures(
            time_to_first_token_s=None if self._first is None else self._first - self._began,
            tokens_per_second=self._tokens_per_second(),
            tokens=self.tokens,
            prompt_tokens=self._prompt_tokens,
            peak_memory_bytes=host + (device or 0),
            peak_host_bytes=host,
            peak_device_bytes=device,
        )

    def _is_due(self) -> bool:
        return self._sent is None or self._last - self._sent >= _INTERVAL_S

    def _flush(self) -> None:
        self._sent = self._now()
        text, self._waiting = "".join(self._waiting), []
        progress = self._progress
        if progress.unit == "tokens":
            progress = Progress("tokens", self.tokens, progress.total)
        self._send(Produced(text, progress, self.figures()))

    def _tokens_per_second(self) -> float | None:
        """Tokens after the first, over the time after the first; None before the second."""
        if self._first is None or self.tokens < 2 or self._last <= self._first:
            return None
        return (self.tokens - 1) / (self._last - self._first)
