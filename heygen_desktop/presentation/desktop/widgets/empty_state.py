"""What a list says while it is empty: why, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_8
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import Part, column, held, row

_WIDTH = 448


class EmptyState(QWidget):
    """An icon, a title, a sentence, and what can be done."""

    action_requested = Signal()

    def __init__(
        self,
        icon: QIcon,
        title: str,
        sentence: str,
        action: str = "",
        buttons: Sequence[QWidget] = (),
    ) -> None:
        """Word the state.

        Args:
            action: What the one button says; empty makes none.
            buttons: Several, in its place.
        """
        super().__init__()
        self.setAccessibleName(title)
        self._title = label(title, "title")
        self._sentence = label(sentence, "quiet", wraps=True)
        for words in (self._title, self._sentence):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        parts: list[Part] = [row(None, IconLabel(icon, 40), None), SPACE_2, self._title]
        parts.append(self._sentence)
        self._act = button(action, self.action_requested.emit, "primary") if action else None
        if self._act is not None:
            buttons = [self._act]
            self.setFocusProxy(self._act)
        if buttons:
            parts += [SPACE_2, row(None, *buttons, None)]
        # A wrapping label needs a parent of known width; centred by an alignment it loses its last line.
        middle = held(column(*parts))
        middle.setFixedWidth(_WIDTH)
        margins = (0, SPACE_8, 0, SPACE_8)
        column(None, None, row(None, middle, None), None, None, None, on=self, margins=margins)

    def show_words(self, title: str, sentence: str, action: str = "") -> None:
        """Word it anew, for example when a filter leaves nothing; without an action its button stays."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        if action and self._act is not None:
            self._act.setText(action)
            self._act.setAccessibleName(action)
        self.setAccessibleName(title)
