"""Reading every byte of a model's files off the UI thread, with how fast it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heygen_desktop.presentation.desktop.ports import TaskContext
from heygen_desktop.presentation.desktop.wording import bytes_text

if TYPE_CHECKING:
    from heygen_desktop.application.use_cases.models.model_files import ModelFiles, Verification

_SETTLED_S = 0.2
"""Before that a speed is a guess."""


@dataclass(frozen=True)
class Pace:
    """How far a reading is."""

    share: float
    """0 to 1."""
    speed: str
    """Worded; empty while it is a guess, like ``left_s``."""
    left_s: float | None


def pace(done: int, total: int, passed_s: float) -> Pace:
    """Return how far a reading is after so many of all bytes."""
    rate = done / passed_s if passed_s >= _SETTLED_S else 0.0
    return Pace(
        share=done / total if total else 1.0,
        speed=f"{bytes_text(round(rate))}/s" if rate else "",
        left_s=(total - done) / rate if rate else None,
    )


def verifying(files: ModelFiles, reference: str) -> Callable[[TaskContext], Verification]:
    """Return work that verifies a version and reports its ``Pace``."""

    def work(context: TaskContext) -> Verification:
        begun = time.monotonic()
        return files.verify(
            reference,
            on_progress=lambda done, total: context.progress(
                pace(done, total, time.monotonic() - begun)
            ),
            should_stop=lambda: context.is_cancelled,
        )

    return work
