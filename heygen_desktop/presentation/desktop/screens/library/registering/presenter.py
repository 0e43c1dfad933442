"""The story of the register sheet: look at files, say what they are, then register those chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registered, Registration
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.ports import Notices, Queue, Signal, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.library.registering.candidates import Candidates
from heygen_desktop.presentation.desktop.screens.library.registering.reading import (
    LookedAt,
    Reader,
    Reading,
)
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    Candidate,
    Draft,
    SheetPicture,
    nothing_below,
)
from heygen_desktop.presentation.desktop.wording import counted
from heygen_desktop.presentation.desktop.work import Work


class RegisterView(Protocol):
    """What the presenter needs of the sheet."""

    @property
    def paths_chosen(self) -> Signal:
        """Carries the paths to look at."""

    @property
    def scan_requested(self) -> Signal:
        """Carries the folder to search."""

    @property
    def candidate_selected(self) -> Signal:
        """Carries the candidate's key."""

    @property
    def candidate_ticked(self) -> Signal:
        """Carries the candidate's key and whether it shall be registered."""

    @property
    def all_ticked(self) -> Signal:
        """Carries whether all shall be registered, or none."""

    @property
    def draft_changed(self) -> Signal:
        """Carries the candidate's key and the draft."""

    @property
    def register_requested(self) -> Signal: ...

    @property
    def cancel_requested(self) -> Signal:
        """Stop what runs now."""

    @property
    def close_requested(self) -> Signal: ...

    def open(self) -> None: ...

    def close_sheet(self) -> None: ...

    def show_found(self, picture: SheetPicture) -> None: ...

    def show_problem(self, problem: Problem | None) -> None:
        """Show why a folder could not be searched, or holds nothing."""

    def show_progress(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None: ...

    def show_progress_ended(self) -> None: ...


class RegisterPresenter:
    """Holds the candidates while the sheet is open."""

    def __init__(
        self,
        view: RegisterView,
        application: Application,
        tasks: TaskRunner,
        notices: Notices,
        show_model: Callable[[str], None],
    ) -> None:
        """Take what the sheet needs; ``show_model`` selects in the library."""
        self._view = view
        self._register = application.register_model
        self._reader = Reader(application)
        self._work = Work(tasks, view.show_problem)
        self._notices = notices
        self._show_model = show_model
        self._found = Candidates()
        self._is_busy = False
        view.paths_chosen.connect(self.look_at)
        view.scan_requested.connect(self.scan)
        view.candidate_selected.connect(self.select)
        view.candidate_ticked.connect(self.tick)
        view.all_ticked.connect(self.tick_all)
        view.draft_changed.connect(self.change_draft)
        view.register_requested.connect(self.register)
        view.cancel_requested.connect(self.cancel)
        view.close_requested.connect(self.leave)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Read the headers at these places; what is registered already is shown, not added."""
        if not paths or not self._begin(f"Reading {paths[0].name}"):
            return
        if len(paths) > 1:  # one place is read in no time, and may need no sheet at all
            self._view.open()
        self._work.ask(
            "read",
            lambda context: self._reader.inspect(paths, context),
            self._looked_at,
            ended=self._end,
            failed=self._not_read,
            on_progress=self._show_reading,
        )

    def scan(self, folder: Path) -> None:
        """Search a folder and all below it for models."""
        if not self._begin(f"Searching {folder}"):
            return
        self._view.open()
        self._work.ask(
            "read",
            lambda context: self._reader.search(folder, context),
            lambda reading: self._searched(folder, reading),
            ended=self._end,
            failed=self._not_read,
            on_progress=self._show_reading,
        )

    def select(self, key: str) -> None:
        """Show what is known of a candidate."""
        if key in self._found and key != self._found.selected:
            self._found.selected = key
            self._show()

    def tick(self, key: str, is_chosen: bool) -> None:
        """Register this candidate with the others, or leave it."""
        if not self._is_busy:
            self._found.tick(key, is_chosen=is_chosen)
        self._show()

    def tick_all(self, are_chosen: bool) -> None:
        """Register every candidate that can be, or none."""
        if not self._is_busy:
            self._found.tick_all(are_chosen=are_chosen)
        self._show()

    def change_draft(self, key: str, draft: Draft) -> None:
        """Take what was typed; what cannot be kept is said under its field."""
        if not self._is_busy:
            self._found.write(key, draft)
            self._show()

    def register(self) -> None:
        """Register every chosen candidate; their checksums are computed once they are in the library."""
        if not self._found.can_register() or not self._begin("Reading the files"):
            return
        chosen = self._found.chosen()
        wanted = [_registration(candidate) for candidate in chosen]
        self._work.ask(
            "register",
            lambda context: self._register.many(
                wanted,
                on_progress=lambda done, total: context.progress(LookedAt(done, total)),
                should_stop=lambda: context.is_cancelled,
            ),
            lambda results: self._registered(chosen, results),
            ended=self._end,
            failed=self._not_read,
            on_progress=self._show_reading,
            queue=Queue.CHANGES,
        )

    def cancel(self) -> None:
        """Stop reading, searching or registering; what is registered already stays."""
        if self._is_busy:
            self._work.take_back()
            self._end()
            self._notices.notify("Stopped. Nothing more was registered.")
            self._show()

    def leave(self) -> None:
        """Close the sheet and forget what was found; what runs is stopped."""
        self.cancel()
        self._found.clear()
        self._view.close_sheet()

    def close(self) -> None:
        """Take what is asked back; safe to repeat."""
        self._work.close()

    def _registered(
        self, chosen: Sequence[Candidate], results: Sequence[Registered | HeyGenError]
    ) -> None:
        """Go back to the library, unless something is left to mend and try again."""
        for candidate, result in zip(chosen, results, strict=True):
            if isinstance(result, HeyGenError):
                self._found.keep(candidate.failed(result))
                self._found.selected = str(candidate.path)
            else:
                self._found.keep(candidate.registered(result.reference))
        made = [result.reference for result in results if isinstance(result, Registered)]
        if made:
            self._show_model(made[0])
            what = made[0] if len(made) == 1 else counted(len(made), "model")
            self._notices.notify(f"Registered {what}.")
        if self._found.chosen():
            self._show()
        else:
            self.leave()

    def _begin(self, what: str) -> bool:
        """One job at a time; a second one is refused in words, not silently."""
        if self._is_busy:
            self._notices.warn("Something is being read already. Wait for it, or cancel it first.")
            return False
        self._is_busy = True
        self._view.show_problem(None)
        self._view.show_progress(what, None)
        self._show()
        return True

    def _end(self) -> None:
        self._is_busy = False
        self._view.show_progress_ended()

    def _looked_at(self, reading: Reading) -> None:
        found = reading.candidates
        if len(found) == 1 and found[0].registered_as and not self._found:
            self._view.close_sheet()
            known = found[0].registered_as
            self._notices.notify(f"{found[0].path.name} is in the library already, as {known}.")
            self._show_model(known)
            return
        self._add(reading)

    def _searched(self, folder: Path, reading: Reading) -> None:
        if reading.candidates:
            self._add(reading)
        else:
            self._view.show_problem(nothing_below(folder))
            self._show()

    def _add(self, reading: Reading) -> None:
        self._found.add(reading)
        self._view.open()
        self._show()

    def _not_read(self, error: HeyGenError) -> None:
        self._view.open()
        self._view.show_problem(problem_of(error))
        self._show()

    def _show_reading(self, value: object) -> None:
        if isinstance(value, LookedAt) and value.total > 1:
            what = f"Reading {value.number + 1} of {counted(value.total, 'place')}"
            self._view.show_progress(what, value.number / value.total)

    def _show(self) -> None:
        self._view.show_found(self._found.picture(is_busy=self._is_busy))


def _registration(candidate: Candidate) -> Registration:
    draft = candidate.draft
    return Registration(
        candidate.path,
        draft.name,
        draft.version,
        tags=draft.tag_list,
        note=draft.note,
        seen=candidate.artifact,
    )
