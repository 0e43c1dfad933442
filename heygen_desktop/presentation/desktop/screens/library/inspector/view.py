"""The inspector as widgets; passive."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.library.details import ModelDetails, RunLine
from heygen_desktop.presentation.desktop.screens.library.inspector.readme import ReadmeView
from heygen_desktop.presentation.desktop.screens.library.inspector.said import SaidSection
from heygen_desktop.presentation.desktop.screens.library.parts import (
    ArtifactSections,
    FactSection,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.confirm import ConfirmDialog
from heygen_desktop.presentation.desktop.widgets.labels import (
    Badge,
    ElidedLabel,
    SectionHeader,
    label,
    line,
    restyle,
)
from heygen_desktop.presentation.desktop.widgets.layout import (
    clear_layout,
    column,
    held,
    pile,
    row,
    scrolling,
)
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.progress_row import ProgressRow

_PAGES = {type(None): 0, ModelDetails: 1, Problem: 2}


class InspectorPanel(QWidget):
    """Shows one model; speaks through signals."""

    run_requested = Signal()
    load_requested = Signal()
    unload_requested = Signal()
    loading_cancelled = Signal()
    removal_requested = Signal()
    verify_requested = Signal()
    reveal_requested = Signal()
    past_run_requested = Signal(str)
    favourite_toggled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._path = ""
        self._checksum = ""
        self.setAccessibleName("Inspector")
        self.setMinimumWidth(296)
        self._make_labels()
        self._make_sections()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._model_page())
        self._stack.addWidget(pile(self.unreadable))
        column(self._stack, on=self)

    def show_model(self, shown: ModelDetails | Problem | None) -> None:
        if isinstance(shown, ModelDetails):
            self._show_details(shown)
        elif shown is not None:
            self.unreadable.show_problem(shown)
        self._stack.setCurrentIndex(_PAGES[type(shown)])

    def _show_details(self, details: ModelDetails) -> None:
        artifact, is_another = details.artifact, details.name != self.title.toolTip()
        self._path, self._checksum = artifact.path, details.checksum
        self.title.show_text(details.name)
        self._subtitle.show_text(details.subtitle)
        self._status.show_badge("In memory" if details.loaded else details.status, _tone(details))
        self.load_button.setVisible(not details.loaded)
        self.unload_button.setVisible(bool(details.loaded))
        self._loaded.setText(details.loaded)
        self._loaded.setVisible(bool(details.loaded))
        self.artifact.show_artifact(artifact)
        self.said.show_said(details.name, details.said)
        self._show_favourite(details.said.is_favourite)
        self.readme.show_text(details.readme or "*This model has no README.md in its folder.*")
        self.path_label.show_text(artifact.path)
        self.checksum_label.show_text(details.short_checksum)
        self.checksum_label.setToolTip(details.checksum)
        self.versions.show_facts(details.versions)
        self._show_runs(details.runs)
        if is_another:
            self.facts.verticalScrollBar().setValue(0)

    def show_loading(
        self, what: str, fraction: float | None, *, speed: str = "", left_s: float | None = None
    ) -> None:
        self.progress.show_progress(what, fraction, speed=speed, left_s=left_s)
        self.load_button.setEnabled(False)

    def show_loading_ended(self) -> None:
        self.progress.finish()
        self.load_button.setEnabled(True)

    def ask_confirmation(self, title: str, consequence: str, action: str) -> bool:
        return ConfirmDialog.ask(self, title, consequence, action)

    def reveal(self, folder: str) -> bool:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(folder))

    def copy_path(self) -> None:
        """Put the path of the files on the clipboard."""
        QGuiApplication.clipboard().setText(self._path)

    def copy_checksum(self) -> None:
        """Put the whole checksum on the clipboard."""
        QGuiApplication.clipboard().setText(self._checksum)

    def _make_labels(self) -> None:
        self.title = ElidedLabel("", "title")
        self._subtitle = ElidedLabel("", "quiet")
        self._status = Badge()
        self._loaded = label("", "soft", wraps=True, selectable=True)
        self.favourite_button = icon_button(QIcon(), "", self.favourite_toggled.emit)
        self.path_label = ElidedLabel()
        self.checksum_label = ElidedLabel()
        self.run_button = button("Run", self.run_requested.emit, "primary")
        self.load_button = button("Load", self.load_requested.emit)
        self.unload_button = button("Unload", self.unload_requested.emit)
        self.remove_button = button("Remove", self.removal_requested.emit, "danger")
        self.run_button.setToolTip("Open the Run screen with this model (Enter)")
        self.load_button.setToolTip("Bring it into memory and keep it there")
        self.unload_button.setToolTip("Take it out of memory")
        self.remove_button.setToolTip("Take it off the list; the files stay (Delete)")

    def _make_sections(self) -> None:
        self.banner, self.unreadable = ProblemBanner(), ProblemBanner()
        self.show_problem = self.banner.show_problem
        self.progress = ProgressRow()
        self.progress.cancel_requested.connect(self.loading_cancelled)
        self.artifact = ArtifactSections(self._theme, "Facts", "From the header")
        self.said = SaidSection(self._theme)
        self.words_entered = self.said.entered
        self.show_tag_problem = self.said.show_tag_problem
        self.readme = ReadmeView(self._theme)
        self.link_copied = self.readme.link_copied
        self.link = ElidedLabel("", "small")
        self.link.setContentsMargins(SPACE_4, SPACE_1, SPACE_4, SPACE_1)
        self.readme.highlighted.connect(lambda link: self.link.show_text(link.toString()))
        self.versions = FactSection("Versions")
        self._runs_grid = column(spacing=SPACE_1)
        self._shown_runs: tuple[RunLine, ...] | None = None

    def _nothing(self) -> QWidget:
        hint = label("Select a model to see what it is.", "quiet", wraps=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return held(column(hint, margins=None))

    def _model_page(self) -> QWidget:
        body = pile(
            self._loaded,
            self.artifact.warnings,
            self.artifact.memory,
            self.said,
            line(),
            self.artifact.facts,
            self._place(),
            line(),
            self.artifact.files,
            self.artifact.header,
            line(),
            self.versions,
            self._runs(),
        )
        self.facts = scrolling(body, "Facts of the model")
        self.tabs = QTabWidget()
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName("About the model")
        self.tabs.addTab(self.facts, "Overview")
        self.tabs.addTab(held(column((self.readme, 1), self.link, spacing=0)), "README")
        margins = (SPACE_4, SPACE_4, SPACE_4, SPACE_2)
        head = column(self._head(), self.banner, self.progress, margins=margins)
        return held(column(head, (self.tabs, 1), spacing=0))

    def _head(self) -> QWidget:
        acts = (self.run_button, self.load_button, self.unload_button, None, self.remove_button)
        subtitle = row((self._subtitle, 1), self._status)
        title = row((self.title, 1), self.favourite_button)
        return held(column(title, subtitle, SPACE_2, row(*acts), spacing=SPACE_1))

    def _place(self) -> QWidget:
        copy, folder = self._theme.icon("content-copy"), self._theme.icon("folder-open-outline")
        self.reveal_button = icon_button(
            folder, "Show in the file manager", self.reveal_requested.emit
        )
        self.copy_path_button = icon_button(copy, "Copy the path", self.copy_path)
        self.verify_button = button("Verify", self.verify_requested.emit, "link")
        self.verify_button.setToolTip(
            "Read the files again and compare them with what was registered"
        )
        self.copy_checksum_button = icon_button(copy, "Copy the checksum", self.copy_checksum)
        path = ((self.path_label, 1), self.reveal_button, self.copy_path_button)
        checksum = ((self.checksum_label, 1), self.verify_button, self.copy_checksum_button)
        return held(
            column(
                *(SectionHeader("Path"), row(*path, spacing=0), SPACE_2),
                *(SectionHeader("Checksum"), row(*checksum, spacing=0), SPACE_2),
                self.artifact.safety,
                spacing=0,
            )
        )

    def _runs(self) -> QWidget:
        margins = (0, 0, 0, SPACE_4)
        return held(column(SectionHeader("Last runs"), self._runs_grid, margins=margins))

    def _show_favourite(self, is_favourite: bool) -> None:
        words = "No longer a favourite" if is_favourite else "Make it a favourite"
        icon = ("star", "accent_text") if is_favourite else ("star-outline", "text_quiet")
        self.favourite_button.setIcon(self._theme.icon(*icon))
        self.favourite_button.setToolTip(words)
        self.favourite_button.setAccessibleName(words)

    def _show_runs(self, runs: tuple[RunLine, ...]) -> None:
        if runs == self._shown_runs:
            return  # a button that has the keys keeps them
        self._shown_runs = runs
        clear_layout(self._runs_grid)
        for run in runs:
            self._runs_grid.addWidget(self._run(run))
        if not runs:
            self._runs_grid.addWidget(label("It has not been run yet.", "quiet"))

    def _run(self, run: RunLine) -> QWidget:
        opening = button("Open", lambda: self.past_run_requested.emit(run.id), "link")
        opening.setAccessibleName(f"Open the run of {run.text}")
        made = held(row(Badge(run.state, run.tone), (ElidedLabel(run.text, "soft"), 1), opening))
        restyle(made, "role", "body")
        return made


def _tone(details: ModelDetails) -> str:
    return "info" if details.loaded else "neutral"
