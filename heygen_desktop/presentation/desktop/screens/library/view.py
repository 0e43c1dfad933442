"""The library as widgets; passive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.library.facet_panel import FacetPanel
from heygen_desktop.presentation.desktop.screens.library.inspector.view import InspectorPanel
from heygen_desktop.presentation.desktop.screens.library.narrowing import LibraryPicture
from heygen_desktop.presentation.desktop.screens.library.registering.view import RegisterSheet
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow
from heygen_desktop.presentation.desktop.screens.library.table import (
    COLUMNS,
    VERDICT_COLUMN,
    VerdictDelegate,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut, toggle
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import label, page_title
from heygen_desktop.presentation.desktop.widgets.layout import column, held, keep_sizes, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.search_field import SearchField
from heygen_desktop.presentation.desktop.widgets.table import DataTable

_SPLITTER = "library/splitter"
_FOLDER = "library/folder"
_FACETS = "library/facets"
_ROOM_FOR_FACETS = 1280
_INSPECTOR_WIDTH = 352


class LibraryView(QWidget):
    """Table, inspector and the sheet for registering; speaks through signals."""

    search_changed = Signal(str)
    facet_requested = Signal(str, str)
    filters_cleared = Signal()
    model_selected = Signal(str)
    removal_requested = Signal(object)
    starter_requested = Signal()
    refresh_requested = Signal()
    paths_chosen = Signal(object)
    """Carries a list of ``Path`` to register."""
    scan_requested = Signal(object)
    """Carries the ``Path`` of the folder to search."""

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._theme = theme
        self._memory = memory
        self._has_facets = False
        self.setProperty("role", "page")
        self.setAccessibleName("Library")
        self._make_parts()
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._splitter.setSizes([1000, _INSPECTOR_WIDTH])
        keep_sizes(self._splitter, self._memory, _SPLITTER)

    def show_list(self, picture: LibraryPicture) -> str:
        with QSignalBlocker(self.table):
            self.table.show_rows(picture.rows)
            is_there = any(row.name == picture.selected for row in picture.rows)
            if is_there and self.table.selected_key != picture.selected:
                self.table.select(picture.selected)
            elif picture.rows and not self.table.selected_key:
                self.table.selectRow(0)
        self._show_facets(picture)
        self._total.setText(picture.total)
        self.nothing.show_words("Nothing found", picture.nothing, picture.way_back)
        is_empty = not picture.rows and not picture.nothing
        self._pages.setCurrentWidget(self.beginning if is_empty else self._narrowed)
        self._lists.setCurrentWidget(self.table if picture.rows else self.nothing)
        # Beside the three ways to begin, the bar would say the same thing twice.
        for part in (self.search, self._total, *self._bar_buttons()):
            part.setVisible(not is_empty)
        return self.table.selected_key

    def show_search_cleared(self) -> None:
        with QSignalBlocker(self.search):
            self.search.clear()

    def choose_folder(self) -> None:
        """Let the person choose a model's folder to register."""
        path = QFileDialog.getExistingDirectory(self, "Register a model folder", self._last())
        if path:
            self._choose([Path(path)])

    def choose_files(self) -> None:
        """Let the person choose model files to register."""
        paths, _ = QFileDialog.getOpenFileNames(self, "Register model files", self._last())
        if paths:
            self._choose([Path(path) for path in paths])

    def choose_scan(self) -> None:
        """Let the person choose a folder to search."""
        path = QFileDialog.getExistingDirectory(self, "Search a folder for models", self._last())
        if path:
            self._memory.remember(_FOLDER, path)
            self.scan_requested.emit(Path(path))

    def focus_search(self) -> None:
        """Let the next letters go into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def copy_table(self) -> None:
        """Put the selected rows on the clipboard, or all where none is."""
        QGuiApplication.clipboard().setText(self.table.as_text())

    def menu_for(self, name: str) -> QMenu:
        """Return the context menu of a row, new each time."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        inspector = self.inspector
        menu.addAction("Run", inspector.run_requested.emit)
        if not inspector.load_button.isHidden():
            menu.addAction("Load into memory", inspector.load_requested.emit)
        else:
            menu.addAction("Unload from memory", inspector.unload_requested.emit)
        menu.addSeparator()
        menu.addAction(inspector.favourite_button.toolTip(), inspector.favourite_toggled.emit)
        menu.addSeparator()
        menu.addAction("Copy name", lambda: QGuiApplication.clipboard().setText(name))
        menu.addAction("Copy path", inspector.copy_path)
        menu.addAction("Copy rows as text", self.copy_table)
        menu.addAction("Verify its files", inspector.verify_requested.emit)
        menu.addAction("Show in the file manager", inspector.reveal_requested.emit)
        menu.addSeparator()
        menu.addAction("Remove", self._ask_removal)
        self.table.add_to_menu(menu)
        return menu

    def _make_parts(self) -> None:
        icon = self._theme.icon
        self.search = SearchField("Search models", icon("magnify", "text_quiet"))
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(360)
        self.facets = FacetPanel(self._theme)
        self.facets_button = toggle(
            "Filters", "Narrow the list by what models are", icon("filter-variant")
        )
        self.table: DataTable[ModelRow] = DataTable(
            "Models", COLUMNS, lambda row: row.name, self._memory, self._theme
        )
        self.table.setItemDelegateForColumn(
            VERDICT_COLUMN, VerdictDelegate(self._theme, self.table)
        )
        self.nothing = EmptyState(
            icon("magnify", "text_quiet"), "Nothing found", "", "Clear search"
        )
        self.banner = ProblemBanner(can_retry=True)
        self.show_problem = self.banner.show_problem
        self.inspector = InspectorPanel(self._theme)
        self.beginning = EmptyState(
            icon("cube-outline", "text_quiet"),
            "No models yet",
            "Register a model's folder where it is, or drop it here. Files are never moved or "
            "copied. To try things at once, add the small model that comes with the program.",
            buttons=(
                button("Register folder…", self.choose_folder, "primary"),
                button("Scan a folder…", self.choose_scan),
                button("Add the starter model", self.starter_requested.emit),
            ),
        )
        self.sheet = RegisterSheet(self._theme, self._memory)
        self._total = label("", "small")
        self.folder_button = button("Register folder…", self.choose_folder, "primary")
        self.file_button = button("Register file…", self.choose_files)
        self.scan_button = button("Scan…", self.choose_scan)
        self.folder_button.setToolTip("The folder of a model, as on Hugging Face (Ctrl+O)")
        self.scan_button.setToolTip("Find every model below a folder")

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.nothing)
        self._splitter.addWidget(self._lists)
        self._splitter.addWidget(self.inspector)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setChildrenCollapsible(False)
        self._pages = QStackedWidget()
        self._pages.addWidget(QWidget())  # until the first answer
        self._pages.addWidget(self.beginning)
        self._narrowed = held(row(self.facets, (self._splitter, 1), spacing=0))
        self._pages.addWidget(self._narrowed)
        self._sheets = QStackedWidget()
        self._sheets.addWidget(held(column(self._bar(), (self._pages, 1), spacing=0)))
        self._sheets.addWidget(self.sheet)
        column(self._sheets, on=self)

    def _bar(self) -> QVBoxLayout:
        title, buttons = page_title("Library"), self._bar_buttons()
        narrowing = (self.facets_button, (self.search, 4))
        top = row(title, SPACE_2, self._total, None, *narrowing, *buttons)
        return column(top, self.banner, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_2))

    def _bar_buttons(self) -> Sequence[QWidget]:
        return (self.scan_button, self.file_button, self.folder_button)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.search_changed)
        self.facets.facet_requested.connect(self.facet_requested)
        self.facets.cleared.connect(self.filters_cleared)
        self.facets_button.clicked.connect(self._keep_facets)
        self.nothing.action_requested.connect(self.filters_cleared)
        self.banner.retry_requested.connect(self.refresh_requested)
        self.table.selected.connect(self.model_selected)
        self.table.activated_row.connect(lambda _name: self.inspector.run_requested.emit())
        self.table.menu_requested.connect(self._open_menu)
        self.inspector.removal_requested.connect(self._ask_removal)
        self.sheet.opened.connect(lambda: self._sheets.setCurrentIndex(1))
        self.sheet.closed.connect(self._close_sheet)
        self.sheet.folder_wanted.connect(self.choose_folder)
        self.sheet.files_wanted.connect(self.choose_files)
        self.sheet.scan_wanted.connect(self.choose_scan)

    def _add_shortcuts(self) -> None:
        keys = QKeySequence.StandardKey
        shortcut(self, keys.Find, self.focus_search)
        shortcut(self, keys.Open, self.choose_folder)
        shortcut(self.search, "Down", self.table.setFocus)
        shortcut(self, keys.Refresh, self.refresh_requested.emit)
        removing = QShortcut(QKeySequence(keys.Delete), self.table)
        removing.setContext(Qt.ShortcutContext.WidgetShortcut)
        removing.activated.connect(self._ask_removal)

    def _ask_removal(self) -> None:
        self.removal_requested.emit([row.name for row in self.table.selected_rows()])

    def _open_menu(self, name: str, at: QPoint) -> None:
        self.menu_for(name).popup(at)

    def _close_sheet(self) -> None:
        self._sheets.setCurrentIndex(0)
        self.table.setFocus()

    def _choose(self, paths: Sequence[Path]) -> None:
        self._memory.remember(_FOLDER, str(paths[0].parent))
        self.paths_chosen.emit(list(paths))

    def _last(self) -> str:
        return self._memory.recall(_FOLDER) or str(Path.home())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_facets()

    def _show_facets(self, picture: LibraryPicture) -> None:
        self.facets.show_groups(picture.groups)
        chosen = sum(facet.is_on for group in picture.groups for facet in group.facets)
        self.facets_button.setText(f"Filters · {chosen}" if chosen else "Filters")
        self._has_facets = bool(picture.groups)
        self._fit_facets()

    def _fit_facets(self) -> None:
        """Until somebody chooses, the facets are there where the table keeps enough room beside them."""
        kept = self._memory.recall(_FACETS)
        shown = kept == "shown" if kept else self.width() >= _ROOM_FOR_FACETS
        self.facets_button.setChecked(shown)
        self.facets_button.setVisible(self._has_facets)
        self.facets.setVisible(shown and self._has_facets)

    def _keep_facets(self, is_shown: bool) -> None:
        self._memory.remember(_FACETS, "shown" if is_shown else "hidden")
        self._fit_facets()
