"""Batches of output: tokens come one by one, messages leave at most 30 times a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from heygen_desktop.infrastructure.inference.messages import Chunk, FromWorker

_INTERVAL_S = 0.033


class Emitter:
    """Collects what a task makes, sends it in batches, and keeps its times.

    Args:
        run_id: Whose output it is.
        send: Takes the messages.
        peaks: Asked, with each batch, for the highest resident and GPU bytes so far.
        now: Seconds that only grow. Times count from the making of this object.
    """

    def __init__(
        self,
        run_id: str,
        send: Callable[[FromWorker], None],
        peaks: Callable[[], tuple[int, int | None]],
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._run_id = run_id
        self._send = send
        self._peaks = peaks
        self._now = now
        self._began = now()
        self._first: float | None = None
        self._last = self._began
        self._sent: float | None = None
        self._waiting: list[str] = []
        self._limit = 0
        self.prompt_tokens = 0
        self.tokens = 0

    def started(self, prompt_tokens: int, limit: int) -> None:
        """Note how many tokens the input has, and the output at most."""
        self.prompt_tokens, self._limit = prompt_tokens, limit

    def produced(self, text: str) -> None:
        """Note one more token and its text; sends where the last batch is long enough ago."""
        self.tokens += 1
        self._last = self._now()
        if self._first is None:
            self._first = self._last
        if text:
            self._waiting.append(text)
        if self._waiting and (self._sent is None or self._last - self._sent >= _INTERVAL_S):
            self.flush()

    def ended(self, text: str) -> None:
        """Send text that belongs to no further token, and all that waits."""
        if text:
            self._waiting.append(text)
        if self._waiting:
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        host, device = self._peaks()
        self._sent = self._now()
        text, self._waiting = "".join(self._waiting), []
        self._send(
            Chunk(
                self._run_id,
                text,
                self.tokens,
                self._limit,
                self.prompt_tokens,
                self.tokens_per_second,
                self.time_to_first_token_s,
                host,
                device,
            )
        )

    @property
    def time_to_first_token_s(self) -> float | None:
        """From the making of this object to the first token."""
        return None if self._first is None else self._first - self._began

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens after the first, over the time after the first; None before the second."""
        if self._first is None or self.tokens < 2 or self._last <= self._first:
            return None
        return (self.tokens - 1) / (self._last - self._first)
