"""Ctrl-C and SIGTERM: first a polite stop where a command can make one, then the end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

_LISTENED = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 3
"""The signal of this number ends the process at once, whatever it is doing."""


class Interrupted(BaseException):  # not an error: it passes ``except Exception``
    """A signal asked for the end of the command."""


class Stopping:
    """Listens for signals while a command works; a context manager, on the main thread.

    A signal raises ``Interrupted`` where the command stands. Inside ``politely()`` the first one is
    only noted, for the work to ask ``asked()``; the second one raises; the third kills.
    """

    def __init__(self) -> None:
        self._received: list[int] = []
        self._polite = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _LISTENED:
                # Who starts us with a signal ignored (nohup, a background job) means it.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # it is what signal gave us
        self._before.clear()

    @contextmanager
    def politely(self) -> Iterator[None]:
        """Let the work inside end by itself after the first signal."""
        self._polite = True
        try:
            yield
        finally:
            self._polite = False

    def asked(self) -> bool:
        """Whether a signal has come."""
        return bool(self._received)

    @property
    def exit_code(self) -> int:
        """What the process says at its end: 130 after Ctrl-C, 143 after SIGTERM, 0 without either."""
        return 128 + self._received[0] if self._received else 0

    @property
    def signal_name(self) -> str:
        """The first signal that came, such as ``SIGINT``; empty without one."""
        return signal.Signals(self._received[0]).name if self._received else ""

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._received.append(number)
        if len(self._received) >= _PATIENCE:
            os._exit(128 + number)
        if not (self._polite and len(self._received) == 1):
            raise Interrupted(number)
