"""Why a run failed: cause, evidence, what to do, and the ways on from here."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QSizePolicy, QWidget

from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_DETAIL_LINES = 6
_LEAST_WORDS = 40


class FailurePanel(QFrame):
    """Stands over the text of a failed run; hidden where there is no failure."""

    again_requested = Signal(bool)
    """Carries whether the same seed is wanted: it is."""
    log_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setProperty("tone", "danger")
        self._problem: Problem | None = None
        self._words = _Words()
        self._fold = button("Details", None, "flat")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._words.unfold)
        actions = row(
            button("Run again", lambda: self.again_requested.emit(True)),
            button("Show log", self.log_requested.emit),
            button("Copy", self._copy),
            self._fold,
            None,
        )
        margins = (SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column(self._words, actions, on=self, spacing=SPACE_1, margins=margins)
        self.hide()

    def show_problem(self, problem: Problem | None) -> None:
        """Show a failure, or none."""
        if problem is not None and problem != self._problem:
            self._fold.setChecked(False)
            self._words.show_problem(problem)
            self.setAccessibleName(f"Problem: {problem.title}")
            self.setAccessibleDescription(f"{problem.cause} {problem.remedy}".strip())
        self._problem = problem
        self.setVisible(problem is not None)

    def _copy(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(self._problem.as_text)


class _Words(QScrollArea):
    """As high as its words need at its width, and less, scrolling, where there is less room."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "strong", wraps=True, selectable=True)
        self._cause = label("", "soft", wraps=True, selectable=True)
        self._remedy = label("", wraps=True, selectable=True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setProperty("role", "mono")
        self._details.setAccessibleName("Details")
        self._details.hide()
        body = QWidget()
        body.setProperty("role", "body")
        parts = (self._title, self._cause, self._remedy, self._details)
        self._column = column(*parts, on=body, spacing=SPACE_1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setMinimumHeight(_LEAST_WORDS)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_problem(self, problem: Problem) -> None:
        """Show this failure with its details folded away."""
        self._title.setText(problem.title)
        self._cause.setText(problem.cause)
        self._remedy.setText(problem.remedy)
        self._details.setPlainText(problem.details_text)
        lines = min(_DETAIL_LINES, problem.details_text.count("\n") + 1)
        self._details.setFixedHeight(lines * self._details.fontMetrics().lineSpacing() + 24)
        self.unfold(False)

    def unfold(self, on: bool) -> None:
        """Show the details, or fold them away."""
        self._details.setVisible(on)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # Not within this pass of the layout: the lines would stay where the pass had put them.
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        self.setMaximumHeight(self._wanted())
        self.updateGeometry()

    def _wanted(self) -> int:
        words = self._column.heightForWidth(self.viewport().width())
        return max(_LEAST_WORDS, words + 2 * self.frameWidth())
