"""One value in clear for ten seconds."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from heygen_desktop.presentation.desktop.theme.fonts import code_font
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layouts import REST, column, row

SHOWN_S = 10
_TICK_MS = 1000
_MOST_LINES = 6


class RevealedValue(QFrame):
    """Hidden, until it is given a value; then it counts down and forgets it."""

    def __init__(self, tick_ms: int = _TICK_MS) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setProperty("tone", "warning")
        self._left = 0
        self._title = label("", "strong")
        self._rest = label("", "quiet")
        self._value = QPlainTextEdit()
        self._value.setAccessibleName("Value of a secret")
        self._value.setReadOnly(True)
        self._value.setFont(code_font())
        self._value.setUndoRedoEnabled(False)
        self._timer = QTimer(self)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self._tick)
        top = row(self._title, self._rest, REST, button("Hide", self.hide_value, "flat"))
        margins = (SPACE_3, SPACE_1, SPACE_2, SPACE_3)
        column(top, self._value, on=self, spacing=SPACE_1, margins=margins)
        self.hide()

    @property
    def text(self) -> str:
        """What is in clear now; empty while nothing is."""
        return self._value.toPlainText()

    def reveal(self, name: str, value: str) -> None:
        """Show the value for ten seconds, in place of another one."""
        self._title.setText(name)
        self._value.setAccessibleName(f"Value of {name}")
        self._value.setPlainText(value)
        lines = min(_MOST_LINES, value.count("\n") + 1)
        self._value.setFixedHeight(lines * self._value.fontMetrics().lineSpacing() + SPACE_6)
        self._left = SHOWN_S
        self._say_rest()
        self._timer.start()
        self.show()

    def hide_value(self) -> None:
        """Forget the value. Safe to repeat."""
        self._timer.stop()
        self._value.clear()
        self.hide()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.hide_value()
        else:
            self._say_rest()

    def _say_rest(self) -> None:
        self._rest.setText(f"masked again in {self._left} s")
