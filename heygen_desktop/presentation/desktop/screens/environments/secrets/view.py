"""The table of secrets with what can be done to them. No row holds a value; those pass through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.secrets.entering import EntryDialog
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import StoreRow
from heygen_desktop.presentation.desktop.screens.environments.secrets.store_card import StoreCard
from heygen_desktop.presentation.desktop.screens.environments.secrets.values import (
    RevealedValue,
    SecretClipboard,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button, icon_button
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.widgets.table import DataTable
from heygen_desktop.presentation.desktop.wording import moment_text

COLUMNS: tuple[Column[Secret], ...] = (
    Column("name", "Name", lambda r: r.name, width=124, stretches=True),
    Column("reference", "Reference", lambda r: r.reference, width=156, rank=2),
    Column("store", "Store", lambda r: r.store, width=120, rank=3),
    Column(
        "updated",
        "Updated",
        lambda r: moment_text(r.updated_at)[:16],
        lambda r: r.updated_at,
        width=144,
        rank=1,
    ),
    Column(
        "created",
        "Created",
        lambda r: moment_text(r.created_at)[:10],
        lambda r: r.created_at,
        width=96,
        rank=4,
        tooltip=lambda r: moment_text(r.created_at)[:16],
    ),
)


class SecretsPage(QWidget):
    """Store, actions, table, and one value for ten seconds."""

    adding_requested = Signal()
    replacing_requested = Signal(str)
    value_entered = Signal(str, str, bool)
    reveal_requested = Signal(str)
    copy_requested = Signal(str)
    deletion_requested = Signal(object)
    """Carries a list of names."""
    passphrase_entered = Signal(str)
    retry_requested = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self._theme = theme
        self._is_ready = False
        self._rows_shown: int | None = None
        self._wanted = ""
        self._rest = QWidget()
        self._entry: EntryDialog | None = None
        self.clipboard = SecretClipboard(self)
        self.store = StoreCard(theme)
        self.problem = ProblemBanner(can_retry=True)
        self.revealed = RevealedValue()
        self.show_problem = self.problem.show_problem
        self.reveal_value, self.hide_value = self.revealed.reveal, self.revealed.hide_value
        self.copy_value = self.clipboard.put
        self._busy = label("", "quiet")
        self.table: DataTable[Secret] = DataTable(
            "Secrets", COLUMNS, lambda row: row.name, memory, theme
        )
        self._empty = EmptyState(
            theme.icon("key-outline", "text_quiet"), "No secrets yet", "", "Set a secret…"
        )
        self._add = button("Set a secret…", self.adding_requested.emit, "primary")
        self._reference = icon_button(
            theme.icon("link-variant"), "Copy reference", self._copy_reference
        )
        self._acts = self._make_acts()
        self._lay_out()
        self._connect()
        self._enable()

    def show_secrets(self, rows: Sequence[Secret], environment: str) -> None:
        self._empty.show_words(
            f"No secrets in {environment}",
            "Keep tokens and keys here. Settings refer to them by name, never by value.",
        )
        places = (self.table, self._add, *self._acts, self._empty)
        had_keys = any(place.hasFocus() for place in places)
        was_empty = not self._rows_shown
        self.table.show_rows(rows)
        self.want(self._wanted)
        self._rows_shown = len(rows)
        self._enable()
        if had_keys and was_empty != (not rows):
            (self.table if rows else self._empty).setFocus()

    def want(self, name: str) -> None:
        """Select this secret, now or as soon as it is listed; an empty name wants none."""
        if name:
            self.table.select(name)
        self._wanted = "" if self.table.selected_key == name else name

    def show_store(self, store: StoreRow) -> None:
        self._is_ready = store.is_ready
        had_keys = self.store.passphrase.hasFocus() or self.store.repeated.hasFocus()
        self.store.show_store(store)
        self._busy.setText(store.busy)
        self._busy.setVisible(bool(store.busy))
        self._enable()
        if had_keys and not store.opens:
            (self.table if self._rows_shown else self._empty).setFocus()

    def open_entry(self, environment: str, name: str) -> None:
        self.close_entry()
        entry = EntryDialog(environment, name, self._theme, self)
        entry.value_entered.connect(self.value_entered)
        entry.finished.connect(self._entry_finished)
        self._entry = entry
        entry.open()

    def show_entry_problem(self, problem: Problem) -> None:
        if self._entry is not None:
            self._entry.show_problem(problem)
        else:  # it was closed while the store was asked
            self.show_problem(problem)

    def close_entry(self) -> None:
        if self._entry is not None:
            self._entry.forget()

    def forget_values(self) -> None:
        self.revealed.hide_value()
        self.close_entry()
        self.store.forget()
        self.clipboard.clear()

    @property
    def entry(self) -> EntryDialog | None:
        """The dialog that is open now."""
        return self._entry

    def menu(self) -> QMenu:
        """Return what can be done with the selected secret."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self._acts:
            action = menu.addAction(act.accessibleName())
            action.setEnabled(act.isEnabled())
            action.triggered.connect(act.click)
        self.table.add_to_menu(menu)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete) and self.table.selected_key:
            self._say_deletion()
        else:
            super().keyPressEvent(event)

    def _make_acts(self) -> tuple[QAbstractButton, ...]:
        return (
            button("Reveal", self._of_selected(self.reveal_requested.emit)),
            button("Copy value", self._of_selected(self.copy_requested.emit)),
            button("Replace…", self._of_selected(self.replacing_requested.emit)),
            button("Delete", self._say_deletion, "danger"),
            self._reference,
        )

    def _of_selected(self, say: Callable[[str], None]) -> Callable[[], None]:
        return lambda: say(self.table.selected_key)

    def _copy_reference(self) -> None:
        references = (row.reference for row in self.table.selected_rows())
        QGuiApplication.clipboard().setText("\n".join(references))

    def _say_deletion(self) -> None:
        self.deletion_requested.emit([row.name for row in self.table.selected_rows()])

    def _entry_finished(self) -> None:
        if self._entry is not None:
            self._entry.deleteLater()
            self._entry = None

    def _enable(self) -> None:
        """Names can be looked at while the store is silent; values need it."""
        has_one = bool(self.table.selected_key)
        for act in self._acts:
            needs_store = act is not self._reference
            act.setEnabled(has_one and (self._is_ready or not needs_store))
        self._add.setEnabled(self._is_ready)
        # While no store is ready its card says what to do next; the empty list need not.
        has_rows = bool(self._rows_shown)
        self.table.setVisible(has_rows)
        self._toolbar.setVisible(has_rows)
        self._empty.setVisible(self._rows_shown == 0 and self._is_ready)
        self._rest.setVisible(not has_rows and not self._is_ready)

    def _say_menu(self, _key: str, point: QPoint) -> None:
        self.menu().popup(point)

    def _connect(self) -> None:
        self.store.passphrase_entered.connect(self.passphrase_entered)
        self.store.retry_requested.connect(self.retry_requested)
        self.problem.retry_requested.connect(self.retry_requested)
        self.table.selected.connect(lambda _key: self._enable())
        self.table.activated_row.connect(self.reveal_requested)
        self.table.menu_requested.connect(self._say_menu)
        self._empty.action_requested.connect(self.adding_requested)

    def _lay_out(self) -> None:
        self._toolbar = held(row(self._add, SPACE_2, *self._acts, None))
        column(
            *(self.store, self.problem, self._toolbar, self._busy, self.revealed),
            *((part, 1) for part in (self.table, self._empty, self._rest)),
            on=self,
            spacing=SPACE_3,
            margins=(SPACE_6, SPACE_4, SPACE_4, SPACE_3),
        )
        self._busy.hide()
