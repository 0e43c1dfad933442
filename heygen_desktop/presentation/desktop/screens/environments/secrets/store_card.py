"""Who keeps the secrets; and, while nobody does, why and what helps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.screens.environments.secrets.entering import MaskedField
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import (
    ASKING,
    StoreRow,
    passphrase_hint,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.cards import Card
from heygen_desktop.presentation.desktop.widgets.labels import Badge, TonedNote, label
from heygen_desktop.presentation.desktop.widgets.layout import column, row

_FIELD_WIDTH = 320


class StoreCard(QWidget):
    """A line while the store is ready; a card with the remedy while it, or a part of it, is not."""

    passphrase_entered = Signal(str)
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._store = ASKING
        self.badge = Badge()
        self.sentence = label("", "quiet", wraps=True)
        self._problem = label("", "strong", wraps=True, selectable=True)
        self._remedy = label("", "soft", wraps=True, selectable=True)
        self.passphrase = MaskedField("Passphrase of the vault", theme)
        self.repeated = MaskedField("The passphrase again", theme)
        self._hint = label("", "small", wraps=True)
        self.wrong = TonedNote(theme)
        self.open_button = button("Open the vault", self._say, "primary")
        self._retry = button("Try again", self.retry_requested.emit)
        self._card = Card()
        self._lay_out()
        self._connect()
        self.show_store(ASKING)

    def show_store(self, store: StoreRow) -> None:
        """Show who keeps secrets, or why nobody does."""
        self._store = store
        self.badge.show_badge(store.name, "success" if store.is_ready else "warning")
        self.sentence.setText(store.sentence)
        self._problem.setText(store.problem)
        self._remedy.setText(store.remedy)
        self._card.setVisible(bool(store.problem or store.opens))
        self._retry.setVisible(not store.is_ready)
        for part in (self.passphrase, self.open_button):
            part.setVisible(bool(store.opens))
        for each in (self.repeated, self._hint):
            each.setVisible(store.is_new)
        self.open_button.setText(store.opens)
        self.open_button.setAccessibleName(store.opens)
        self._retry.setEnabled(not store.busy)
        for field in (self.passphrase, self.repeated):
            field.setReadOnly(bool(store.busy))  # disabled, it would lose the keys
        if store.wrong:
            self.wrong.say(store.wrong, "danger")
        if not store.opens:
            self.forget()
        self._say_what_is_missing()

    def forget(self) -> None:
        """Let go of what was typed."""
        self.passphrase.forget()
        self.repeated.forget()
        self.wrong.say("", "danger")

    def _say(self) -> None:
        if self.open_button.isEnabled():
            self.wrong.say("", "danger")
            self.passphrase_entered.emit(self.passphrase.text())

    def _typed(self) -> None:
        self.wrong.say("", "danger")
        self._say_what_is_missing()

    def _say_what_is_missing(self) -> None:
        first, again = self.passphrase.text(), self.repeated.text()
        self._hint.setText(passphrase_hint(first, again))
        is_complete = bool(first) and (first == again or not self._store.is_new)
        self.open_button.setEnabled(is_complete and not self._store.busy)

    def _connect(self) -> None:
        for field in (self.passphrase, self.repeated):
            field.textChanged.connect(self._typed)
            field.returnPressed.connect(self._say)
            field.setFixedWidth(_FIELD_WIDTH)
        self.passphrase.setPlaceholderText("Passphrase")
        self.repeated.setPlaceholderText("The same again")

    def _lay_out(self) -> None:
        body = self._card.body
        words = (self._problem, self._remedy)
        for part in (*words, self.passphrase, self.repeated, self._hint, self.wrong):
            body.addWidget(part)
        body.addLayout(row(self.open_button, self._retry, None))
        self._card.hide()
        column(row(self.badge, (self.sentence, 1)), self._card, on=self)
