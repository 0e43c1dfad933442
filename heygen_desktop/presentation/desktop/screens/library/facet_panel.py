"""The facets beside the list: what the models can be narrowed to, with how many are left then."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from heygen_desktop.presentation.desktop.screens.library.narrowing import Facet, FacetGroup
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_WIDTH = 204
_HEADING_HEIGHT = 36
_COUNT_WIDTH = 44
_CHOOSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FacetTree(QTreeWidget):
    """One stop of the Tab key: arrows go from value to value; Space, Enter or a click chooses."""

    facet_requested = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._groups: tuple[FacetGroup, ...] = ()
        self._items: dict[tuple[str, str], QTreeWidgetItem] = {}
        self.setAccessibleName("Narrow the list")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(1, _COUNT_WIDTH)
        self.itemClicked.connect(self._choose)
        theme.changed.connect(self._build)

    def show_groups(self, groups: tuple[FacetGroup, ...]) -> None:
        """Show these; where only counts changed, keyboard and scroll bar stay where they are."""
        before, self._groups = self._groups, groups
        if [_keys(group) for group in groups] != [_keys(group) for group in before]:
            self._build()
        elif groups != before:
            for facet in (facet for group in groups for facet in group.facets):
                self._fill(self._items[facet.kind, facet.value], facet)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _CHOOSING:
            self._choose(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        scrolled, current = self.verticalScrollBar().value(), self.currentItem()
        key = _key_of(current)
        self.clear()
        self._items = {}
        for group in self._groups:
            if group.title:
                self._add_heading(group.title)
            for facet in group.facets:
                item = QTreeWidgetItem(self)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setTextAlignment(
                    1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                )
                item.setData(0, Qt.ItemDataRole.UserRole, (facet.kind, facet.value))
                self._items[facet.kind, facet.value] = item
                self._fill(item, facet)
        if self._items:  # the keys have a place among the facets from the first moment
            first = next(iter(self._items))
            self.setCurrentItem(self._items[key if key in self._items else first])
        self.verticalScrollBar().setValue(scrolled)

    def _add_heading(self, title: str) -> None:
        item = QTreeWidgetItem(self, [title])
        item.setFlags(Qt.ItemFlag.NoItemFlags)  # the arrow keys pass it over
        item.setFirstColumnSpanned(True)
        item.setSizeHint(0, QSize(0, _HEADING_HEIGHT))
        item.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(0, font)
        item.setForeground(0, self._theme.colour("text_quiet"))

    def _fill(self, item: QTreeWidgetItem, facet: Facet) -> None:
        item.setText(0, facet.title)
        item.setToolTip(0, facet.title)
        item.setCheckState(0, Qt.CheckState.Checked if facet.is_on else Qt.CheckState.Unchecked)
        item.setText(1, f"{facet.count:,}")
        colour = "text" if facet.count or facet.is_on else "text_quiet"
        item.setForeground(0, self._theme.colour(colour))
        item.setForeground(1, self._theme.colour("text_quiet"))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        key = _key_of(item)
        if key is not None:
            self.facet_requested.emit(*key)


class FacetPanel(QWidget):
    """The facets, with a way to let all of them go."""

    cleared = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.tree = FacetTree(theme)
        self.facet_requested = self.tree.facet_requested
        self._clear = button("Clear", self.cleared.emit, "link")
        self._clear.setAccessibleName("Clear search and filters")
        head = row(label("Filters", "section"), None, self._clear, margins=(SPACE_2 + 3, 0, 0, 0))
        column(head, (self.tree, 1), on=self, margins=(SPACE_2, SPACE_2, 0, 0), spacing=SPACE_1)

    def show_groups(self, groups: tuple[FacetGroup, ...]) -> None:
        """Show these facets."""
        self.tree.show_groups(groups)
        self._clear.setVisible(any(f.is_on for group in groups for f in group.facets))


def _keys(group: FacetGroup) -> tuple[object, ...]:
    return group.title, *((facet.kind, facet.value) for facet in group.facets)


def _key_of(item: QTreeWidgetItem | None) -> tuple[str, str] | None:
    kept = item.data(0, Qt.ItemDataRole.UserRole) if item else None
    return (kept[0], kept[1]) if kept else None  # Qt gives a list back
