"""Where the prompt is written, with the acts that concern the next request."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label

_LEAST_HEIGHT = 56


class PromptEditor(QWidget):
    """Plain text, and under it Copy as CLI, Stop and Run."""

    changed = Signal(str)
    run_requested = Signal()
    stop_requested = Signal()
    command_line_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = QPlainTextEdit()
        self._edit.setPlaceholderText("Write the beginning; the model continues it.")
        self._edit.setAccessibleName("Prompt")
        self._edit.setTabChangesFocus(True)
        self._edit.setMinimumHeight(_LEAST_HEIGHT)
        self._edit.textChanged.connect(lambda: self.changed.emit(self._text()))
        self._run = button("Run", self.run_requested.emit, "primary")
        self._run.setIcon(theme.icon("play", "on_accent"))
        self._run.setToolTip("Run (Ctrl+Enter)")
        self._stop = button("Stop", self.stop_requested.emit, "danger")
        self._stop.setToolTip("Stop the run in view (Esc)")
        self._command = button("Copy as CLI", self.command_line_requested.emit, "flat")
        self._command.setToolTip("Copy the shell command that makes the same run")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_2)
        layout.addWidget(self._edit, 1)
        layout.addLayout(self._actions())

    def show_prompt(self, text: str) -> None:
        """Show this prompt, with the cursor at its end."""
        if text != self._text():
            blocker = QSignalBlocker(self)
            self._edit.setPlainText(text)
            blocker.unblock()
            self._edit.moveCursor(QTextCursor.MoveOperation.End)

    def show_can_run(self, can_run: bool) -> None:
        """Let Run be pressed, or not."""
        self._run.setEnabled(can_run)
        self._command.setEnabled(can_run)

    def show_can_stop(self, can_stop: bool) -> None:
        """Let Stop be pressed, or take it away."""
        self._stop.setVisible(can_stop)

    @property
    def field(self) -> QPlainTextEdit:
        """Where it is written."""
        return self._edit

    def take_focus(self) -> None:
        """Let the next key be written here."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text(self) -> str:
        """What was written; ``toPlainText`` would make a plain blank of one that does not break."""
        return self._edit.document().toRawText().replace("\N{PARAGRAPH SEPARATOR}", "\n")

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self._command)
        row.addWidget(label("Ctrl+Enter runs, Esc stops", "small"))
        row.addStretch(1)
        row.addWidget(self._stop)
        row.addWidget(self._run)
        return row
