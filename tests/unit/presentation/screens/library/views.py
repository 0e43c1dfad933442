"""Views that only remember what they were told."""

from __future__ import annotations

from dataclasses import dataclass, field

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.library.details import ModelDetails
from heygen_desktop.presentation.desktop.screens.library.narrowing import LibraryPicture
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    CandidatePicture,
    SheetPicture,
)

from tests.fakes.tasks import FakeSignal


@dataclass
class SeenLibrary:
    """Fulfils ``LibraryView``."""

    search_changed: FakeSignal = field(default_factory=FakeSignal)
    facet_requested: FakeSignal = field(default_factory=FakeSignal)
    filters_cleared: FakeSignal = field(default_factory=FakeSignal)
    model_selected: FakeSignal = field(default_factory=FakeSignal)
    removal_requested: FakeSignal = field(default_factory=FakeSignal)
    starter_requested: FakeSignal = field(default_factory=FakeSignal)
    refresh_requested: FakeSignal = field(default_factory=FakeSignal)
    picture: LibraryPicture = field(default_factory=LibraryPicture)
    problem: Problem | None = None
    cleared: int = 0

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.picture.rows]

    @property
    def page(self) -> str:
        return "models" if self.picture.rows else self.picture.nothing or "empty"

    @property
    def selected(self) -> str:
        names = [*self.names, ""]
        return self.picture.selected if self.picture.selected in names[:-1] else names[0]

    def show_list(self, picture: LibraryPicture) -> str:
        self.picture = picture
        return self.selected

    def show_search_cleared(self) -> None:
        self.cleared += 1

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem


@dataclass
class SeenInspector:
    """Fulfils ``InspectorView``."""

    run_requested: FakeSignal = field(default_factory=FakeSignal)
    load_requested: FakeSignal = field(default_factory=FakeSignal)
    unload_requested: FakeSignal = field(default_factory=FakeSignal)
    loading_cancelled: FakeSignal = field(default_factory=FakeSignal)
    verify_requested: FakeSignal = field(default_factory=FakeSignal)
    reveal_requested: FakeSignal = field(default_factory=FakeSignal)
    past_run_requested: FakeSignal = field(default_factory=FakeSignal)
    words_entered: FakeSignal = field(default_factory=FakeSignal)
    favourite_toggled: FakeSignal = field(default_factory=FakeSignal)
    link_copied: FakeSignal = field(default_factory=FakeSignal)
    tag_problem: str = ""
    details: ModelDetails | None = None
    problem: Problem | None = None
    unreadable: Problem | None = None
    loading: list[tuple[str, float | None]] = field(default_factory=list)
    is_loading: bool = False
    has_file_manager: bool = True
    agrees: bool = True
    questions: list[str] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)

    def show_tag_problem(self, sentence: str) -> None:
        self.tag_problem = sentence

    def show_model(self, shown: ModelDetails | Problem | None) -> None:
        self.details = shown if isinstance(shown, ModelDetails) else None
        self.unreadable = shown if isinstance(shown, Problem) else None

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def show_loading(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None:
        self.is_loading = True
        self.loading.append((what, fraction))

    def show_loading_ended(self) -> None:
        self.is_loading = False

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool:
        self.questions.append(f"{title} {consequence} {action}")
        return self.agrees

    def reveal(self, folder: str) -> bool:
        self.revealed.append(folder)
        return self.has_file_manager


@dataclass
class SeenSheet:
    """Fulfils ``RegisterView``."""

    paths_chosen: FakeSignal = field(default_factory=FakeSignal)
    scan_requested: FakeSignal = field(default_factory=FakeSignal)
    candidate_selected: FakeSignal = field(default_factory=FakeSignal)
    candidate_ticked: FakeSignal = field(default_factory=FakeSignal)
    all_ticked: FakeSignal = field(default_factory=FakeSignal)
    draft_changed: FakeSignal = field(default_factory=FakeSignal)
    register_requested: FakeSignal = field(default_factory=FakeSignal)
    cancel_requested: FakeSignal = field(default_factory=FakeSignal)
    close_requested: FakeSignal = field(default_factory=FakeSignal)
    is_open: bool = False
    found: SheetPicture = field(default_factory=lambda: SheetPicture((), None, "", False))
    problem: Problem | None = None
    progress: list[tuple[str, float | None, str, float | None]] = field(default_factory=list)
    is_busy: bool = False

    def open(self) -> None:
        self.is_open = True

    def close_sheet(self) -> None:
        self.is_open = False

    def show_found(self, picture: SheetPicture) -> None:
        self.found = picture

    @property
    def picture(self) -> CandidatePicture | None:
        return self.found.selected

    @property
    def button(self) -> tuple[str, bool]:
        return self.found.register_text, self.found.can_register

    def show_problem(self, problem: Problem | None) -> None:
        self.problem = problem

    def show_progress(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None:
        self.is_busy = True
        self.progress.append((what, fraction, speed, left_s))

    def show_progress_ended(self) -> None:
        self.is_busy = False
