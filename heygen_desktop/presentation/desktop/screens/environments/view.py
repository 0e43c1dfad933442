"""The screen: environments at the left, the chosen one's settings and secrets at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QWidget

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.screens.environments.environment_list import (
    EnvironmentList,
)
from heygen_desktop.presentation.desktop.screens.environments.rows import EnvironmentRow
from heygen_desktop.presentation.desktop.screens.environments.secrets.view import SecretsPage
from heygen_desktop.presentation.desktop.screens.environments.settings.view import SettingsForm
from heygen_desktop.presentation.desktop.theme.theme import Theme, ZoomedWidth
from heygen_desktop.presentation.desktop.theme.tokens import (
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_6,
    SPACE_8,
)
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, page_title, restyle
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_LIST_WIDTH = 224
_TAB = "environments/tab"


class EnvironmentsScreen(QWidget):
    """Passive; the two pages at its right have presenters of their own."""

    environment_selected = Signal(str)
    use_requested = Signal(str)
    retry_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.list = EnvironmentList()
        self.settings = SettingsForm(theme)
        self.secrets = SecretsPage(theme, memory)
        self.problem = ProblemBanner(can_retry=True)
        self.show_problem = self.problem.show_problem
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
        self.use_button = button("", lambda: self.use_requested.emit(self._badge.text()))
        self._lay_out(theme)
        self.list.chosen.connect(self.environment_selected)
        self.list.use_requested.connect(self.use_requested)
        self.problem.retry_requested.connect(self.retry_requested)
        shortcut(self, "Ctrl+F", self.focus_settings_search)

    def show_environments(self, rows: Sequence[EnvironmentRow], selected: str) -> None:
        self.list.show_rows(rows, selected)
        for each in rows:
            if each.name == selected:
                restyle(self._stripe, "tone", each.name)
                self._badge.show_badge(each.name, each.name)
                use = "in use now · " if each.is_active else ""
                self._about.setText(f"{use}{each.parent} · {each.history}")
                self._offer_use(each)

    def _offer_use(self, shown: EnvironmentRow) -> None:
        self.use_button.setText(f"Use {shown.name}")
        self.use_button.setAccessibleName(f"Use {shown.name}")
        self.use_button.setToolTip(f"Use the settings and secrets of {shown.name} from now on")
        self.use_button.setVisible(not shown.is_active)

    def focus_settings_search(self) -> None:
        """Bring the form into view and put the cursor into its search field."""
        self.tabs.setCurrentWidget(self.settings)
        self.settings.focus_search()

    def show_setting(self, key: str) -> None:
        """Bring this setting into view, and no other."""
        self.focus_settings_search()
        self.settings.search.setText(key)

    def show_secrets_page(self, name: str = "") -> None:
        """Bring the secrets into view, and select this one as soon as it is listed."""
        self.tabs.setCurrentWidget(self.secrets)
        self.secrets.want(name)

    def _lay_out(self, theme: Theme) -> None:
        title = page_title("Environments")
        title.setContentsMargins(SPACE_2, 0, 0, 0)
        left = held(column(title, (self.list, 1), margins=(SPACE_2, SPACE_3, SPACE_2, SPACE_4)))
        ZoomedWidth(left, theme, _LIST_WIDTH, QWidget.setMinimumWidth)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._right())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, 4 * _LIST_WIDTH])
        row(splitter, on=self)

    def _right(self) -> QWidget:
        self._stripe.setProperty("role", "stripe")
        self._stripe.setFixedWidth(3)
        head = row(
            self._badge, (self._about, 1), self.use_button, margins=(SPACE_6, SPACE_3, SPACE_4, 0)
        )
        head.addStrut(SPACE_8)
        edited = column(head, self.problem, (self.tabs, 1), spacing=0)
        # The window's own stripe says which environment is in use; this one, which is edited.
        return held(row(self._stripe, (edited, 1), spacing=0))
