"""The story of the library: list the models, narrow the list, and act on what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, cast

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models import library
from heygen_desktop.application.use_cases.models.change_model import Removed
from heygen_desktop.domain.errors import ModelNotFoundError
from heygen_desktop.domain.events import (
    Event,
    ModelChanged,
    ModelRegistered,
    ModelRemoved,
    ModelVerified,
    SettingsChanged,
    WorkerStarted,
    WorkerStopped,
    elsewhere,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Notices,
    Signal,
    TaskContext,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.library.narrowing import (
    LibraryPicture,
    Narrowing,
    Shelf,
)
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow, held_by, row_of
from heygen_desktop.presentation.desktop.wording import counted
from heygen_desktop.presentation.desktop.work import Work

_LIST_EVENTS = (ModelRegistered, ModelChanged, ModelRemoved, WorkerStarted, WorkerStopped)


class LibraryView(Protocol):
    """What the presenter needs of the library's view."""

    @property
    def search_changed(self) -> Signal:
        """Carries the words."""

    @property
    def facet_requested(self) -> Signal:
        """Carries kind and value; the same one again takes it back."""

    @property
    def filters_cleared(self) -> Signal:
        """Of the search too."""

    @property
    def model_selected(self) -> Signal:
        """Carries the model's name, or an empty string."""

    @property
    def removal_requested(self) -> Signal:
        """Carries the names of all selected models."""

    @property
    def starter_requested(self) -> Signal: ...

    @property
    def refresh_requested(self) -> Signal: ...

    def show_list(self, picture: LibraryPicture) -> str:
        """Show the list, and return the name of the row in focus: the wanted one, or its neighbour."""

    def show_search_cleared(self) -> None: ...

    def show_problem(self, problem: Problem | None) -> None:
        """Show why the list cannot be shown, or a change was not made."""


class Inspector(Protocol):
    """Shows one model beside the list."""

    def look_at(self, row: ModelRow | None) -> None:
        """Show this model anew, or none."""


class LibraryPresenter:
    """Keeps the list true and the inspector on the selected model."""

    def __init__(
        self,
        view: LibraryView,
        inspector: Inspector,
        application: Application,
        tasks: TaskRunner,
        events: Events,
        notices: Notices,
    ) -> None:
        self._view = view
        self._inspector = inspector
        self._app = application
        self._work = Work(tasks, view.show_problem)
        self._notices = notices
        self._shelf = Shelf()
        self._is_read = False
        self._narrowing = Narrowing()
        self._chosen = ""
        """What the person chose last, in the list now or not: it is in focus again when it comes back."""
        self._subscription = events.subscribe(self._happened)
        view.search_changed.connect(self.search)
        view.facet_requested.connect(self.choose_facet)
        view.filters_cleared.connect(self.clear_filters)
        view.model_selected.connect(self.select)
        view.removal_requested.connect(self.remove)
        view.starter_requested.connect(self.add_starter)
        view.refresh_requested.connect(self.refresh)

    def refresh(self) -> None:
        """Ask for the models anew; an answer still on its way falls silent."""
        self._work.ask(
            "list",
            self._read,
            self._listed,
            on_progress=lambda beginning: self._begun(cast(Shelf, beginning)),
        )

    def search(self, words: str) -> None:
        """Narrow the list to models that the words mean."""
        if words.strip() != self._narrowing.words:
            self._narrow(replace(self._narrowing, words=words.strip()))

    def choose_facet(self, kind: str, value: str) -> None:
        """Narrow the list to a value of a facet, or no longer where it is narrowed to it."""
        self._narrow(self._narrowing.toggled(kind, value))

    def clear_filters(self) -> None:
        """Show every model again."""
        self._view.show_search_cleared()
        self._narrow(Narrowing())

    def show_model(self, reference: str) -> None:
        """Select a model, whatever the list was narrowed to."""
        self._chosen = reference.partition("@")[0]
        self._narrowing = Narrowing()
        self._view.show_search_cleared()
        self.refresh()

    def select(self, name: str) -> None:
        """Look at a model."""
        self._chosen = name
        self._look_at(name)

    def remove(self, names: Sequence[str]) -> None:
        """Forget models at once; their files stay, and they can be put back."""
        if names:
            self._work.change(lambda: self._remove_all(names), self._removed, ended=self.refresh)

    def add_starter(self) -> None:
        """Register the model that comes with the program."""
        self._work.change(
            self._app.ensure_starter_model,
            lambda added: self.show_model(added.summary.model.name if added else ""),
        )

    def close(self) -> None:
        """Stop listening and take what is asked back; safe to repeat."""
        self._subscription.close()
        self._work.close()

    def _read(self, context: TaskContext) -> Shelf:
        """Return the models; of a long list the beginning is reported before the rest is read."""
        held = held_by(self._app.list_loaded())
        rows: list[ModelRow] = []
        for page in self._app.list_models.pages():
            context.raise_if_cancelled()
            rows.extend(row_of(summary, held) for summary in page)
            if len(rows) == library.PAGE:
                context.progress(Shelf(tuple(rows)))
        return Shelf(rows)

    def _begun(self, beginning: Shelf) -> None:
        """Show the beginning of a long list, unless a whole one is in view."""
        if not self._is_read:
            self._shelf = beginning
            self._show_list(total="Reading…")

    def _listed(self, shelf: Shelf) -> None:
        self._is_read, self._shelf = True, shelf
        self._look_at(self._show_list())

    def _narrow(self, narrowing: Narrowing) -> None:
        self._narrowing = narrowing
        self._look_at(self._show_list())

    def _show_list(self, total: str = "") -> str:
        rows, groups = self._shelf.narrowed(self._narrowing)
        total, by = total or self._total(len(rows)), self._narrowing
        nothing = by.nothing_found if self._shelf.rows else ""
        picture = LibraryPicture(rows, total, groups, self._chosen, nothing, by.way_back)
        return self._view.show_list(picture)

    def _total(self, shown: int) -> str:
        everything = counted(len(self._shelf.rows), "model")
        return everything if shown == len(self._shelf.rows) else f"{shown:,} of {everything}"

    def _look_at(self, name: str) -> None:
        self._inspector.look_at(next((row for row in self._shelf.rows if row.name == name), None))

    def _remove_all(self, names: Sequence[str]) -> Sequence[Removed]:
        removed = []
        for name in names:
            with suppress(
                ModelNotFoundError
            ):  # another front was faster; what was wanted came about
                removed.append(self._app.remove_model(name))
        return removed

    def _removed(self, removed: Sequence[Removed]) -> None:
        if removed:
            what = _words_of(removed)
            self._notices.notify(
                f"Removed {what} from the library. The files stay where they are.",
                undo=lambda: self._restore(removed),
            )

    def _restore(self, removed: Sequence[Removed]) -> None:
        what, be = _words_of(removed), "is" if len(removed) == 1 else "are"
        self._chosen = removed[0].entry.name
        self._work.change(
            lambda: self._restore_all(removed),
            lambda _back: self._notices.notify(f"{what} {be} back in the library."),
            ended=self.refresh,
        )

    def _restore_all(self, removed: Sequence[Removed]) -> None:
        for each in removed:
            self._app.remove_model.restore(each)

    def _happened(self, event: Event) -> None:
        by_settings = isinstance(event, SettingsChanged) and event.concerns("inference")
        was_taken = isinstance(event, ModelVerified) and event.was_changed
        was_changed = elsewhere(event, Topic.MODELS, Topic.WORKERS)
        if was_changed or by_settings or was_taken or isinstance(event, _LIST_EVENTS):
            self.refresh()


def _words_of(removed: Sequence[Removed]) -> str:
    return removed[0].entry.name if len(removed) == 1 else counted(len(removed), "model")
