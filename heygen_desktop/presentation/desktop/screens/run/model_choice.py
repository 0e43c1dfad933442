"""Which model the next run is of: those there are, the one that is picked, and what it holds in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from heygen_desktop.application.models import ModelSummary
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    Event,
    ModelRegistered,
    ModelRemoved,
    WorkerStarted,
    WorkerStopped,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import Memory, Notices, Signal
from heygen_desktop.presentation.desktop.screens.run.rows import (
    MemoryChip,
    ModelRow,
    memory_chip,
    model_row,
)
from heygen_desktop.presentation.desktop.work import Work

_MODEL = "run/model"


class ModelChoiceView(Protocol):
    """What is needed of the view to choose a model."""

    @property
    def model_picked(self) -> Signal:
        """Carries a reference."""

    @property
    def unload_requested(self) -> Signal: ...
    @property
    def starter_requested(self) -> Signal: ...

    def show_models(self, rows: Sequence[ModelRow], picked: str) -> None:
        """Show these versions, or the ways to a first one where there are none."""

    def show_memory(self, chip: MemoryChip | None) -> None: ...


@dataclass(frozen=True)
class ModelUseCases:
    """What is asked of the application about models."""

    tasks: Tasks
    models: Callable[[], Sequence[ModelSummary]]
    """Every version of every model that is not archived, with its fit."""
    ensure_starter: Callable[[], object]
    loaded: Callable[[], Sequence[Worker]]
    unload: Callable[[str], object]


class ModelChoice:
    """Keeps one of the models that can be run picked. Made and used on the UI thread."""

    def __init__(
        self,
        view: ModelChoiceView,
        use_cases: ModelUseCases,
        work: Work,
        notices: Notices,
        memory: Memory,
        *,
        chosen: Callable[[ModelRow | None], None],
    ) -> None:
        """Listen to the view.

        Args:
            chosen: Gets the model that is picked now, or picked still, with what holds of it now.
        """
        self._view = view
        self._use_cases = use_cases
        self._work = work
        self._notices = notices
        self._memory = memory
        self._chosen = chosen
        self._models: dict[str, ModelRow] = {}
        self.wanted = memory.recall(_MODEL)
        """The reference that was picked last, or a model's name."""
        self._asked_for = ""
        self._chip: MemoryChip | None = None
        view.model_picked.connect(self.pick)
        view.unload_requested.connect(self.unload)
        view.starter_requested.connect(
            lambda: work.change(use_cases.ensure_starter, lambda _added: self._read_models())
        )

    def refresh(self) -> None:
        """Read models and memory anew."""
        self._read_models()
        self.read_memory()

    def happened(self, event: Event) -> None:
        """Follow what changes elsewhere."""
        match event:
            case ModelRegistered() | ModelRemoved():
                self._read_models()
            case WorkerStarted() | WorkerStopped():
                self.read_memory()
            case ChangedElsewhere():
                if Topic.MODELS in event.topics:
                    self._read_models()
                if Topic.WORKERS in event.topics:
                    self.read_memory()

    def has(self, reference: str) -> bool:
        """Whether that version can be picked."""
        return reference in self._models

    def knows(self, reference: str) -> bool:
        """Whether that version, or that model, can be picked."""
        return any(reference in (known, known.split("@")[0]) for known in self._models)

    def want(self, reference: str) -> None:
        """Pick this version, or the latest of this name, once the models are read anew."""
        self.wanted = self._asked_for = reference
        self._read_models()

    def pick(self, reference: str) -> None:
        """Take this version for the next request; one that is not there changes nothing."""
        row = self._models.get(reference)
        if row is None:
            return
        self.wanted = reference
        self._memory.remember(_MODEL, reference)
        self._view.show_models(list(self._models.values()), reference)
        self._chosen(row)
        self.read_memory()

    def read_memory(self) -> None:
        """Look which models are in memory."""
        self._work.ask("memory", lambda _context: self._use_cases.loaded(), self._found_loaded)

    def unload(self) -> None:
        """Take the picked model out of memory; a run on it is cancelled."""
        if self._chip is not None:
            reference = self._chip.reference
            self._work.change(
                lambda: self._use_cases.unload(reference), lambda _gone: self.read_memory()
            )

    def _read_models(self) -> None:
        self._work.ask("models", lambda _context: self._rows(), self._found_models)

    def _rows(self) -> Sequence[ModelRow]:
        """Return what is shown of the models; of thousands it takes a while, away from the window."""
        rows = map(model_row, self._use_cases.models())
        return [row for row in rows if row.task in self._use_cases.tasks]

    def _found_models(self, rows: Sequence[ModelRow]) -> None:
        self._models = {row.reference: row for row in rows}
        asked_for, self._asked_for = self._asked_for, ""
        if asked_for and not self.knows(asked_for):
            self._notices.warn(f"{asked_for} is not among the models that can be run here.")
        if rows:
            self.pick(self._best_reference(rows))
        else:
            self._view.show_models((), "")
            self._chosen(None)

    def _best_reference(self, rows: Sequence[ModelRow]) -> str:
        """The version that was wanted; a name alone means its latest version."""
        if self.wanted in self._models:
            return self.wanted
        named = [row.reference for row in rows if row.reference.split("@")[0] == self.wanted]
        return named[-1] if named else rows[0].reference

    def _found_loaded(self, workers: Sequence[Worker]) -> None:
        self._chip = memory_chip(self.wanted, workers)
        self._view.show_memory(self._chip)
