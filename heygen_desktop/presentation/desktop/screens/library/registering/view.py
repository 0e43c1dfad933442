"""The register sheet as widgets; passive."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.library.parts import (
    ArtifactSections,
    SideBySide,
)
from heygen_desktop.presentation.desktop.screens.library.registering.form import DraftForm
from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    CandidatePicture,
    CandidateRow,
    SheetPicture,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button, shortcut
from heygen_desktop.presentation.desktop.widgets.labels import ElidedLabel, label, line
from heygen_desktop.presentation.desktop.widgets.layout import (
    STYLE,
    column,
    pile,
    row,
    scrolling,
)
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.progress_row import ProgressRow
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.desktop.wording import NONE

_WIDEST = 960
_DETAIL_WIDTH = 376
"""Beside a list, the details take this much at first."""

COLUMNS: tuple[Column[CandidateRow], ...] = (
    Column(
        "name",
        "Name",
        lambda r: r.name,
        width=144,
        stretches=True,
        tooltip=lambda r: r.path,
        checked=lambda r: r.is_chosen,
    ),
    Column("state", "State", lambda r: r.state, width=116, tone=lambda r: r.tone),
    Column(
        "size",
        "Size",
        lambda r: r.size if r.size_bytes else NONE,
        sort_key=lambda r: r.size_bytes,
        width=76,
        rank=2,
        is_number=True,
    ),
    Column(
        "summary",
        "What it is",
        lambda r: r.summary,
        width=200,
        stretches=True,
        rank=1,
        tone=lambda r: "danger" if r.is_problem else "",
    ),
)


class RegisterSheet(QWidget):
    """What was found, before it is registered; speaks through signals."""

    paths_chosen = Signal(object)
    """Carries a list of ``Path``."""
    scan_requested = Signal(object)
    """Carries a ``Path``."""
    candidate_selected = Signal(str)
    candidate_ticked = Signal(str, bool)
    all_ticked = Signal(bool)
    draft_changed = Signal(str, object)
    register_requested = Signal()
    cancel_requested = Signal()
    close_requested = Signal()
    folder_wanted = Signal()
    files_wanted = Signal()
    scan_wanted = Signal()
    opened = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._path = ""
        self._is_fresh = False
        """Opened, and nothing found yet."""
        self.setProperty("role", "page")
        self.setAccessibleName("Register models")
        self._make_parts(theme, memory)
        self._lay_out(theme)
        self._connect()

    def open(self) -> None:
        self._is_fresh = True
        self.opened.emit()

    def close_sheet(self) -> None:
        self.banner.show_problem(None)
        self.closed.emit()

    def show_found(self, picture: SheetPicture) -> None:
        selected = picture.selected
        with QSignalBlocker(self.table):
            self.table.show_rows(picture.rows)
            if selected and self.table.selected_key != selected.key:
                self.table.select(selected.key)
        # One candidate needs no list: all that it could say is said beside it.
        for part in (self.table, self.all_button, self.none_button):
            part.setVisible(len(picture.rows) > 1)
        self.register_button.setText(picture.register_text)
        self.register_button.setAccessibleName(picture.register_text)
        self.register_button.setEnabled(picture.can_register)
        self._stack.setCurrentIndex(0 if selected is None else 1)
        if selected is not None:
            self._show_selected(selected)
        if selected is not None and self._is_fresh:
            self._is_fresh = False
            (self.table if len(picture.rows) > 1 else self.form.name.edit).setFocus()

    def _show_selected(self, picture: CandidatePicture) -> None:
        self._path = picture.path
        self.title.show_text(picture.title)
        self.path_label.show_text(picture.path)
        self.known.setText(f"In the library already, as {picture.registered_as}.")
        self.known.setVisible(bool(picture.registered_as))
        self.problem.show_problem(picture.problem)
        self.search_below.setVisible(picture.can_search_below)
        self.form.show_draft(picture)
        self.form.setVisible(picture.artifact is not None and not picture.registered_as)
        artifact = picture.artifact
        for part in (self.summary, self.columns, self.artifact.warnings):
            part.setVisible(artifact is not None)
        if artifact is not None:
            self.summary.setText(artifact.summary)
            self.artifact.show_artifact(artifact)

    def _make_parts(self, theme: Theme, memory: Memory) -> None:
        self.table: DataTable[CandidateRow] = DataTable(
            "Found models", COLUMNS, lambda row: row.key, memory, theme
        )
        self.table.hide()
        self.banner, self.problem = ProblemBanner(), ProblemBanner()
        self.show_problem = self.banner.show_problem
        self.progress = ProgressRow()
        self.show_progress = self.progress.show_progress
        self.show_progress_ended = self.progress.finish
        self.form = DraftForm()
        self.title, self.path_label = ElidedLabel("", "title"), ElidedLabel("", "quiet")
        self.known = label("", "soft", wraps=True)
        self.summary = label("", "soft", wraps=True, selectable=True)
        self.artifact = ArtifactSections(theme, "Read from the files", "Further facts")
        self.search_below = button("Look for models below it", self._search_below)
        self.search_below.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.all_button = button("Choose all", lambda: self.all_ticked.emit(True), "flat")
        self.none_button = button("Choose none", lambda: self.all_ticked.emit(False), "flat")
        self.register_button = button("Register", self.register_requested.emit, "primary")
        self.register_button.setEnabled(False)

    def _lay_out(self, theme: Theme) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self._detail())
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([600, _DETAIL_WIDTH])
        splitter.setChildrenCollapsible(False)
        parts = (self._top(theme), line(), (splitter, 1), line(), self._bottom())
        column(*parts, on=self, spacing=0)

    def _top(self, theme: Theme) -> QVBoxLayout:
        back = icon_button(theme.icon("arrow-left"), "Back to the library (Esc)")
        back.clicked.connect(self.close_requested)
        wanted = (
            button("Scan…", self.scan_wanted.emit),
            button("Add file…", self.files_wanted.emit),
            button("Add folder…", self.folder_wanted.emit),
        )
        top = row(back, label("Register models", "heading"), None, *wanted)
        margins = (SPACE_2, SPACE_3, SPACE_4, SPACE_3)
        return column(top, self.banner, spacing=STYLE, margins=margins)

    def _detail(self) -> QWidget:
        self._stack = QStackedWidget()
        empty = label("Choose a folder or file, or drop it here.", "quiet")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(empty)
        artifact = self.artifact
        self.columns = SideBySide(
            pile(self.form, artifact.memory, margin=0),
            pile(artifact.facts, artifact.safety, artifact.header, artifact.files, margin=0),
        )
        body = pile(
            pile(self.title, self.path_label, self.summary, spacing=SPACE_1, margin=0),
            self.problem,
            self.search_below,
            self.known,
            artifact.warnings,
            self.columns,
        )
        body.setMaximumWidth(_WIDEST)
        self._stack.addWidget(scrolling(body, "What was found"))
        return self._stack

    def _bottom(self) -> QHBoxLayout:
        close = button("Close", self.close_requested.emit)
        ticks, acts = (self.all_button, self.none_button), (close, self.register_button)
        margins = (SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        return row(*ticks, (self.progress, 4), None, *acts, margins=margins)

    def _connect(self) -> None:
        self.table.selected.connect(self.candidate_selected)
        self.table.ticked.connect(self.candidate_ticked)
        self.form.changed.connect(self.draft_changed)
        self.progress.cancel_requested.connect(self.cancel_requested)
        shortcut(self, "Esc", self.close_requested.emit)
        shortcut(self, "Ctrl+Return", self._register)

    def _register(self) -> None:
        if self.register_button.isEnabled():
            self.register_requested.emit()

    def _search_below(self) -> None:
        self.scan_requested.emit(Path(self._path))
