"""How a failure is shown: cause, evidence, next steps, and Copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from heygen_desktop.presentation.desktop.problems import Problem, problem_of_any
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_6, SPACE_8
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import STYLE, Part, column, held, row, turn

_DETAIL_LINES = 8
_ROOM_FOR_BOTH = 480
"""In a narrower place the buttons stand below the words."""


class ProblemBanner(QFrame):
    """A failure at the top of what it concerns; hidden until there is one."""

    retry_requested = Signal()

    def __init__(self, *, can_retry: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setProperty("tone", "danger")
        self._problem: Problem | None = None
        self._title = label("", "strong", wraps=True, selectable=True)
        self._cause = label("", "soft", wraps=True, selectable=True)
        self._remedy = label("", wraps=True, selectable=True)
        words = column(self._title, self._cause, self._remedy, spacing=SPACE_2 // 2)
        margins = (SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        acts = column(row(*self._buttons(can_retry), None, spacing=STYLE), None)
        self._parts = row((words, 1), acts, on=self, margins=margins)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._parts, beside=event.size().width() >= _ROOM_FOR_BOTH)

    @property
    def problem(self) -> Problem | None:
        """What is shown, or None."""
        return self._problem

    def show_problem(self, problem: Problem | None) -> None:
        """Show a failure in place of the last one; None hides the banner."""
        self._problem = problem
        self.setVisible(problem is not None)
        if problem is None:
            return
        texts = (problem.title, problem.cause, problem.remedy)
        for part, text in zip((self._title, self._cause, self._remedy), texts, strict=True):
            part.setText(text)
            part.setVisible(bool(text))
        self.setAccessibleName(f"Problem: {problem.title}")
        self.setAccessibleDescription(f"{problem.cause} {problem.remedy}".strip())

    def _buttons(self, can_retry: bool) -> list[QWidget]:
        copy = button("Copy", self._copy, "flat")
        dismiss = button("Dismiss", lambda: self.show_problem(None), "flat")
        retry = [button("Try again", self.retry_requested.emit, "flat")] if can_retry else []
        return [*retry, copy, dismiss]

    def _copy(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(self._problem.as_text)


class ProblemPanel(QWidget):
    """A failure that takes the whole page: there is nothing else to show."""

    def __init__(self, problem: Problem, actions: Mapping[str, Callable[[], object]]) -> None:
        """Show the failure.

        Args:
            problem: What is shown.
            actions: What can be done, by the words on its button; the first stands out. Copy is always there.
        """
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName(f"Problem: {problem.title}")
        self._problem = problem
        frame = held(column(*self._parts(problem), SPACE_3, self._actions(actions)))
        frame.setMaximumWidth(640)
        margins = (SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        middle = row(None, (frame, 8), None)
        column(None, None, middle, None, None, None, on=self, margins=margins)

    def _parts(self, problem: Problem) -> Iterator[Part]:
        yield label(problem.title, "heading", wraps=True, selectable=True)
        for name, text in (("Cause", problem.cause), ("What to do", problem.remedy)):
            if text:
                yield from (SPACE_2, label(name, "section"))
                yield label(text, wraps=True, selectable=True)
        if problem.details_text:
            yield from (SPACE_2, label("Details", "section"), self._details(problem.details_text))

    def _details(self, text: str) -> QPlainTextEdit:
        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setAccessibleName("Details")
        lines = min(_DETAIL_LINES, text.count("\n") + 1)
        details.setFixedHeight(lines * details.fontMetrics().lineSpacing() + SPACE_6)
        return details

    def _actions(self, actions: Mapping[str, Callable[[], object]]) -> QHBoxLayout:
        numbered = enumerate(actions.items())
        made = [button(words, do, "" if at else "primary") for at, (words, do) in numbered]
        return row(*made, button("Copy", self._copy), None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._problem.as_text)


class ProblemDialog(QDialog):
    """An unexpected failure, over whatever screen is in view; the program goes on."""

    def __init__(self, problem: Problem, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(problem.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 320)
        column(ProblemPanel(problem, {"Close": self.accept}), on=self)

    @classmethod
    def show_once(cls, error: BaseException, window: QWidget) -> None:
        """Show the error over the window, unless another one is still shown; the log has them all."""
        if window.findChild(cls) is None:
            cls(problem_of_any(error), window).open()
