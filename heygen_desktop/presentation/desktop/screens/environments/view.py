"""The screen: environments at the left, the chosen one's settings and secrets at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.environment_list import (
    EnvironmentList,
)
from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.screens.environments.secrets.view import SecretsPage
from heygen_desktop.presentation.desktop.screens.environments.settings.view import SettingsForm
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import (
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_6,
    SPACE_8,
)
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, page_title, restyle
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_LIST_WIDTH = 224
_TAB = "environments/tab"


class EnvironmentsScreen(QWidget):
    """Passive; the two pages at its right have presenters of their own."""

    environment_selected = Signal(str)
    retry_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.list = EnvironmentList(theme)
        self.settings = SettingsForm(theme)
        self.secrets = SecretsPage(theme, memory)
        self.problem = ProblemBanner(can_retry=True)
        self.tabs = QTabWidget()
        self.tabs.setStyleSheet(f"QTabWidget::tab-bar {{ left: {SPACE_3}px; }}")
        self.tabs.setAccessibleName("Parts of the environment")
        self.tabs.addTab(self.settings, "Settings")
        self.tabs.addTab(self.secrets, "Secrets")
        self.tabs.setCurrentIndex(1 if memory.recall(_TAB) == "1" else 0)
        self.tabs.currentChanged.connect(lambda at: memory.remember(_TAB, str(at)))
        self._stripe = QFrame()
        self._badge = Badge()
        self._about = label("", "quiet")
        self._lay_out()
        self.list.chosen.connect(self.environment_selected)
        self.problem.retry_requested.connect(self.retry_requested)

    def show_environments(self, rows: Sequence[EnvironmentRow], selected: str) -> None:
        self.list.show_rows(rows, selected)
        for row in rows:
            if row.name == selected:
                restyle(self._stripe, "tone", row.name)
                self._badge.show_badge(row.name, row.name)
                use = "in use now · " if row.is_active else ""
                self._about.setText(f"{use}{row.parent} · {row.history}")

    def show_problem(self, problem: Problem | None) -> None:
        self.problem.show_problem(problem)

    def focus_settings_search(self) -> None:
        """Bring the form into view and put the cursor into its search field."""
        self.tabs.setCurrentWidget(self.settings)
        self.settings.focus_search()

    def show_secrets_page(self) -> None:
        """Bring the secrets into view."""
        self.tabs.setCurrentWidget(self.secrets)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setMinimumWidth(_LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(SPACE_2, SPACE_3, SPACE_2, SPACE_4)
        column.setSpacing(SPACE_2)
        title = page_title("Environments")
        title.setContentsMargins(SPACE_2, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self.list, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._right())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, 4 * _LIST_WIDTH])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _right(self) -> QWidget:
        self._stripe.setProperty("role", "stripe")
        self._stripe.setFixedWidth(3)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_6, SPACE_3, SPACE_4, 0)
        head.addStrut(SPACE_8)
        head.setSpacing(SPACE_2)
        head.addWidget(self._badge)
        head.addWidget(self._about, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.tabs, 1)
        # The window's own stripe says which environment is in use; this one, which is edited.
        edged = QWidget()
        row = QHBoxLayout(edged)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._stripe)
        row.addWidget(right, 1)
        return edged
