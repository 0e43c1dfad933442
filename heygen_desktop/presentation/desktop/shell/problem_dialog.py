"""How an unexpected failure is shown over the screen in view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from heygen_desktop.presentation.desktop.problems import Problem, problem_of_any
from heygen_desktop.presentation.desktop.widgets.layout import column
from heygen_desktop.presentation.desktop.widgets.problem import ProblemPanel


class ProblemDialog(QDialog):
    """An unexpected failure, over whatever screen is in view; the program goes on."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(problem.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 320)
        column(ProblemPanel(problem, {"Close": self.accept}), on=self)


def show_once(error: BaseException, window: QWidget) -> None:
    """Show the error over the window, unless another one is still shown; the log has them all."""
    if window.findChild(ProblemDialog) is None:
        ProblemDialog(problem_of_any(error), window).open()
