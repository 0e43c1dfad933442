"""The story of the library: list the models, narrow the list, and act on what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models import library
from heygen_desktop.domain.errors import ModelNotFoundError
from heygen_desktop.domain.events import (
    Event,
    ModelRegistered,
    ModelRemoved,
    ModelVerified,
    SettingsChanged,
    WorkerStarted,
    WorkerStopped,
)
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.presentation.desktop.ports import (
    Events,
    Notices,
    Signal,
    TaskContext,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.library.rows import (
    Facets,
    LibraryPicture,
    ModelRow,
    facets_of,
    held_by,
    row_of,
)
from heygen_desktop.presentation.desktop.wording import counted
from heygen_desktop.presentation.desktop.work import Work

_NAMED_IN_A_QUESTION = 5
_LIST_EVENTS = (ModelRegistered, ModelRemoved, WorkerStarted, WorkerStopped)


class LibraryView(Protocol):
    """What the presenter needs of the library's view."""

    @property
    def search_changed(self) -> Signal:
        """Carries the words."""

    @property
    def facet_requested(self) -> Signal:
        """Carries kind and value; the same one again takes it back."""

    @property
    def filters_cleared(self) -> Signal: ...

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

    def show_list(self, picture: LibraryPicture) -> None:
        """Show the list; ``model_selected`` may follow."""

    def show_filters_cleared(self) -> None: ...

    def show_problem(self, problem: Problem | None) -> None:
        """Show why the list cannot be shown, or a change was not made."""

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool: ...


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
        self._search = ""
        self._shown: str | None = None
        """The words that the rows in view were found by; None before there are any."""
        self._facets = Facets()
        self._rows: Sequence[ModelRow] = ()
        self._selected = ""
        self._wanted = ""
        self._subscription = events.subscribe(self._happened)
        view.search_changed.connect(self.search)
        view.facet_requested.connect(self.choose_facet)
        view.filters_cleared.connect(self.clear_filters)
        view.model_selected.connect(self.select)
        view.removal_requested.connect(self.remove)
        view.starter_requested.connect(self.add_starter)
        view.refresh_requested.connect(self.refresh)

    def refresh(self) -> None:
        """Ask for the list anew; an answer still on its way falls silent."""
        words = self._search
        self._work.ask(
            "list",
            lambda context: self._read(ModelFilter(search=words), context),
            lambda rows: self._listed(words, rows),
            on_progress=lambda rows: self._begun(words, cast(Sequence[ModelRow], rows)),
        )

    def search(self, words: str) -> None:
        """Narrow the list to models in which all words occur."""
        if words.strip() != self._search:
            self._search = words.strip()
            self.refresh()

    def choose_facet(self, kind: str, value: str) -> None:
        """Narrow the list to a type or format, or no longer where it is narrowed to it."""
        chosen = {"type": self._facets.type, "format": self._facets.format}
        chosen[kind] = "" if chosen[kind] == value else value
        self._facets = Facets(**chosen)
        self._show_list()

    def clear_filters(self) -> None:
        """Show every model again."""
        self._search, self._facets = "", Facets()
        self._view.show_filters_cleared()
        self.refresh()

    def show_model(self, reference: str) -> None:
        """Select a model, whatever the list was narrowed to."""
        self._wanted = reference.partition("@")[0]
        self.clear_filters()

    def select(self, name: str) -> None:
        """Look at a model."""
        if name != self._selected:
            self._selected = name
            self._inspector.look_at(self._row())

    def remove(self, names: Sequence[str]) -> None:
        """Forget models, once the person agrees; their files stay."""
        if not names:
            return
        what = names[0] if len(names) == 1 else counted(len(names), "model")
        question = f"Remove {what} from the library?"
        if self._view.ask_confirmation(question, _consequence(names), "Remove"):
            self._work.change(
                lambda: self._remove_all(names),
                lambda _gone: self._notices.notify(f"Removed {what}. No file was touched."),
                ended=self.refresh,
            )

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

    def _read(self, wanted: ModelFilter, context: TaskContext) -> Sequence[ModelRow]:
        """Return the rows; of a long list the beginning is reported before the rest is read."""
        held = held_by(self._app.list_loaded())
        rows: list[ModelRow] = []
        for page in self._app.list_models.pages(wanted):
            context.raise_if_cancelled()
            rows.extend(row_of(summary, held) for summary in page)
            if len(rows) == library.PAGE:
                context.progress(tuple(rows))
        return rows

    def _begun(self, words: str, rows: Sequence[ModelRow]) -> None:
        """Show the beginning of a list, unless the one in view is as good."""
        if words == self._shown:
            return
        self._rows = rows
        taken = self._taken()
        if taken:
            self._show(taken, "Reading…", self._wanted or self._selected)

    def _listed(self, words: str, rows: Sequence[ModelRow]) -> None:
        self._shown, self._rows = words, rows
        self._selected = self._wanted or self._selected
        self._wanted = ""
        self._show_list()

    def _show_list(self) -> None:
        rows = self._taken()
        names = [row.name for row in rows]
        # The inspector is never empty beside a list: what was looked at, or the first.
        if self._selected not in names:
            self._selected = names[0] if names else ""
        self._show(rows, self._total_text(len(rows)), self._selected)
        self._inspector.look_at(self._row())

    def _show(self, rows: Sequence[ModelRow], total: str, selected: str) -> None:
        facets, nothing = facets_of(self._rows, self._facets), self._nothing_found()
        self._view.show_list(LibraryPicture(rows, total, facets, selected, nothing))

    def _taken(self) -> list[ModelRow]:
        return [row for row in self._rows if self._facets.takes(row)]

    def _row(self) -> ModelRow | None:
        return next((row for row in self._rows if row.name == self._selected), None)

    def _nothing_found(self) -> str:
        words = f"“{self._search}”" if self._search else ""
        parts = [part for part in (words, self._facets.type, self._facets.format) if part]
        return f"No model matches {', '.join(parts)}." if parts else ""

    def _total_text(self, shown: int) -> str:
        everything = counted(len(self._rows), "model")
        return everything if shown == len(self._rows) else f"{shown} of {everything}"

    def _remove_all(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                self._app.remove_model(name)
            except ModelNotFoundError:
                continue  # another front was faster; what was wanted has come about

    def _happened(self, event: Event) -> None:
        by_settings = isinstance(event, SettingsChanged) and event.concerns("inference")
        was_taken = isinstance(event, ModelVerified) and event.was_changed
        if by_settings or was_taken or isinstance(event, _LIST_EVENTS):
            self.refresh()


def _consequence(names: Sequence[str]) -> str:
    if len(names) == 1:
        who = f"All versions of {names[0]} leave"
    else:
        more = " and more" if len(names) > _NAMED_IN_A_QUESTION else ""
        who = f"{', '.join(names[:_NAMED_IN_A_QUESTION])}{more} leave"
    return f"{who} the list. The files stay where they are, and past runs stay in the history."
