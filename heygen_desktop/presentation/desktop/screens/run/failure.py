"""Why a run failed: cause, evidence, what to do, and the ways on from here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.theme.fonts import code_font
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label

_DETAIL_LINES = 6


class FailurePanel(QFrame):
    """Stands over the text of a failed run; hidden where there is no failure."""

    again_requested = Signal()
    log_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setProperty("tone", "danger")
        self._problem: Problem | None = None
        self._title = label("", "strong", wraps=True, selectable=True)
        self._cause = label("", "soft", wraps=True, selectable=True)
        self._remedy = label("", wraps=True, selectable=True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFont(code_font())
        self._details.setAccessibleName("Details")
        self._fold = button("Details", None, "flat")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._details.setVisible)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        layout.setSpacing(SPACE_1)
        for part in (self._title, self._cause, self._remedy):
            layout.addWidget(part)
        layout.addWidget(self._details)
        layout.addLayout(self._actions())
        self.hide()

    @property
    def problem(self) -> Problem | None:
        """What is shown, or None."""
        return self._problem

    def show_problem(self, problem: Problem | None) -> None:
        """Show a failure, or none."""
        if problem is not None and problem != self._problem:
            self._fill(problem)
        self._problem = problem
        self.setVisible(problem is not None)

    def _fill(self, problem: Problem) -> None:
        self._title.setText(problem.title)
        self._cause.setText(problem.cause)
        self._remedy.setText(problem.remedy)
        self._details.setPlainText(problem.details_text)
        lines = min(_DETAIL_LINES, problem.details_text.count("\n") + 1)
        self._details.setFixedHeight(lines * self._details.fontMetrics().lineSpacing() + 24)
        self._fold.setChecked(False)
        self._details.hide()
        self.setAccessibleName(f"Problem: {problem.title}")
        self.setAccessibleDescription(f"{problem.cause} {problem.remedy}".strip())

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, SPACE_1, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(button("Run again", self.again_requested.emit))
        row.addWidget(button("Show log", self.log_requested.emit))
        row.addWidget(button("Copy", self._copy))
        row.addWidget(self._fold)
        row.addStretch(1)
        return row

    def _copy(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(self._problem.as_text)
