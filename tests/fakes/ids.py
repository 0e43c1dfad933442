"""Ids that a test can foretell."""

from __future__ import annotations

import threading


class FakeIds:
    """Fulfils ``Ids``: ``000000000001``, ``000000000002``, and so on."""

    def __init__(self, first: int = 1) -> None:
        self._next = first
        self._lock = threading.Lock()

    def new(self) -> str:
        with self._lock:
            number = self._next
            self._next += 1
        return f"{number:012x}"
