"""What a runtime is to the worker: something that loads a model of one format and runs tasks on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import RunCancelledError
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter

Report = Callable[[str, float | None], None]
"""Told the stage of a load, in a few words, and how much of it is done (0 to 1) where known."""


class Refused(Exception):  # noqa: N818 - the report names the failure
    """Files or an input that cannot be used; the text says why, in a sentence.

    Where the program has an error of its own for it (``PromptTooLongError``), raise that instead: it
    arrives as it is.
    """


class Control:
    """How a task shows progress and learns that it must stop. Safe from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self.step = 0
        """Grows with each ``check``; the program takes a step that never ends for a hang."""

    def cancel(self) -> None:
        """Ask the task to stop at its next check."""
        self._cancelled.set()

    def check(self) -> None:
        """Count a step of progress.

        Raises:
            RunCancelledError: The stop was asked for.
        """
        self.step += 1
        if self._cancelled.is_set():
            raise RunCancelledError("running")


@dataclass(frozen=True)
class Outcome:
    """The end of a task that went well."""

    output: Mapping[str, Json]
    finish_reason: str
    """``stop`` or ``length``."""


class LoadedModel(Protocol):
    """A model in memory. Used by one thread at a time."""

    @property
    def device(self) -> str:
        """``cpu``, ``cuda:0``, ..."""

    @property
    def dtype(self) -> str:
        """``float32``, ``bfloat16``, ``float16``."""

    def run(self, task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        """Do the task.

        Raises:
            RunCancelledError: ``control`` said so.
            Refused, HeyGenError: It cannot be done as asked.
        """

    def gpu_memory_bytes(self) -> int | None:
        """Return what the model and its work hold on the GPU now; None where there is none."""

    def gpu_peak_bytes(self) -> int | None:
        """Return the highest since the last task began; None where there is no GPU."""

    def relieve(self) -> None:
        """Give back memory that no task needs; called after a task that failed."""


class Runtime(Protocol):
    """Loads models of the formats that its declaration names."""

    def load(self, request: LoadRequest, report: Report) -> LoadedModel:
        """Return the model in memory; ``request.threads`` is at least 1.

        Raises:
            Refused, HeyGenError: The files, the device or the precision cannot be used.
        """
