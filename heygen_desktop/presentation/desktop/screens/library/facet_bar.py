"""The row of chips over the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from heygen_desktop.presentation.desktop.screens.library.rows import Facet
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import Chip
from heygen_desktop.presentation.desktop.widgets.layout import held, row

_HEIGHT = 36


class FacetBar(QScrollArea):
    """Chips of types and formats with their counts; scrolls sideways where there are many."""

    facet_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Narrow the list")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFixedHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row = row()
        body = held(self._row)
        body.setProperty("role", "body")
        self.setWidget(body)
        self._chips: dict[tuple[str, str], Chip] = {}
        self.hide()

    def show_facets(self, facets: Sequence[Facet]) -> None:
        """Show these; a chip that stays keeps the keyboard's focus."""
        wanted = [(facet.kind, facet.value) for facet in facets]
        if wanted != list(self._chips):
            self._rebuild(facets)
        for facet in facets:
            chip = self._chips[facet.kind, facet.value]
            chip.setChecked(facet.is_on)
            chip.show_count(facet.count)
        self.setVisible(bool(facets))

    def _rebuild(self, facets: Sequence[Facet]) -> None:
        before, self._chips = self._chips, {}
        while self._row.takeAt(0) is not None:
            pass
        for at, facet in enumerate(facets):
            if at and facet.kind != facets[at - 1].kind:
                self._row.addSpacing(SPACE_4)
            key = (facet.kind, facet.value)
            self._chips[key] = before.pop(key) if key in before else self._chip(facet)
            self._row.addWidget(self._chips[key])
        self._row.addStretch(1)
        for gone in before.values():
            gone.hide()
            gone.deleteLater()

    def _chip(self, facet: Facet) -> Chip:
        chip = Chip(facet.title)
        chip.setToolTip(f"Only this {facet.kind}")
        chip.clicked.connect(lambda: self.facet_requested.emit(facet.kind, facet.value))
        return chip
