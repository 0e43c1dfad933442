"""What a person reads before the first run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_WHAT = "AI models run on this computer. Take an example, or write below."
_WHERE = "Your own models stay where they are:"
_PRIVATE = "Nothing leaves this machine: no account, no network."


class Welcome(QWidget):
    """Three lines: what this is, where one's models are found, and that nothing leaves the machine."""

    scan_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        scan = button("Find them in a folder…", self.scan_requested.emit, "link")
        icons = ("laptop", "folder-search-outline", "shield-check-outline")
        what, where, private = (IconLabel(theme.icon(name, "text_quiet")) for name in icons)
        column(
            row(what, label(_WHAT, "soft"), None),
            row(where, label(_WHERE, "soft"), scan, None),
            row(private, label(_PRIVATE, "soft"), None),
            on=self,
            margins=(0, SPACE_1, 0, SPACE_1),
            spacing=SPACE_1,
        )
