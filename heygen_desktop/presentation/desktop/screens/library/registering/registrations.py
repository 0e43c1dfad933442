"""Registers several candidates, one after the other, and says how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.application.use_cases.models.register_model import (
    Registered,
    RegisterModel,
    Registration,
)
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.screens.library.registering.rows import Candidate
from heygen_desktop.presentation.desktop.wording import bytes_text
from heygen_desktop.presentation.desktop.work import Work

_SETTLED_S = 0.2
"""Before that a speed is a guess."""


@dataclass(frozen=True)
class Progress:
    """How far a checksum is, in words."""

    what: str
    fraction: float | None
    speed: str
    left_s: float | None


class Listener(Protocol):
    """Who is told. All calls come on the UI thread."""

    def registering(self, progress: Progress) -> None: ...

    def registered(self, candidate: Candidate, reference: str) -> None: ...

    def not_registered(self, candidate: Candidate, error: HeyGenError) -> None: ...

    def all_done(self) -> None:
        """None is left, registered or not."""


@dataclass(frozen=True)
class _Hashed:
    done: int
    total: int


class Registrations:
    """The candidates that still wait, and the one that is registered now."""

    def __init__(
        self,
        register: RegisterModel,
        work: Work,
        listener: Listener,
        now_s: Callable[[], float],
    ) -> None:
        """Take what registering needs.

        Args:
            now_s: Seconds that only grow, for speed and time left.
        """
        self._register = register
        self._work = work
        self._listener = listener
        self._now_s = now_s
        self._waiting: list[Candidate] = []
        self._began_s = 0.0

    def start(self, candidates: Sequence[Candidate]) -> None:
        """Register these, in order."""
        self._waiting = list(candidates)
        self._next()

    def cancel(self) -> None:
        """Stop; the one that is registered now is not, those before it stay."""
        self._waiting = []
        self._work.take_back("register")

    def _next(self) -> None:
        if not self._waiting:
            self._listener.all_done()
            return
        candidate = self._waiting.pop(0)
        draft = candidate.draft
        wanted = Registration(
            candidate.path, draft.name, draft.version, tags=draft.tag_list, note=draft.note
        )
        self._began_s = self._now_s()
        # Asked, not changed: a checksum of many gigabytes can be stopped, and holds up no change.
        self._work.ask(
            "register",
            lambda context: self._register(
                wanted,
                on_progress=lambda done, total: context.progress(_Hashed(done, total)),
                should_stop=lambda: context.is_cancelled,
            ),
            lambda made: self._succeeded(candidate, made),
            failed=lambda error: self._failed(candidate, error),
            on_progress=lambda value: self._hashed(candidate, value),
        )

    def _succeeded(self, candidate: Candidate, made: Registered) -> None:
        summary = made.summary
        self._listener.registered(candidate, f"{summary.model.name}@{summary.version.version}")
        self._next()

    def _failed(self, candidate: Candidate, error: HeyGenError) -> None:
        self._listener.not_registered(candidate, error)
        self._next()

    def _hashed(self, candidate: Candidate, value: object) -> None:
        if not isinstance(value, _Hashed):
            return
        done, total, passed = value.done, value.total, self._now_s() - self._began_s
        rate = done / passed if passed >= _SETTLED_S else 0.0
        more = f", {len(self._waiting)} more wait" if self._waiting else ""
        self._listener.registering(
            Progress(
                f"Checksum of {candidate.draft.name}: "
                f"{bytes_text(done)} of {bytes_text(total)}{more}",
                done / total if total else None,
                f"{bytes_text(rate)}/s" if rate else "",
                (total - done) / rate if rate else None,
            )
        )
