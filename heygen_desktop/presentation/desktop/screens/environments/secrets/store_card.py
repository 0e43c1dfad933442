"""Who keeps the secrets; and, while nobody does, why and what helps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from heygen_desktop.presentation.desktop.screens.environments.secrets.entering import MaskedField
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import (
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

    passphrase_entered = Signal(str, str)
    """The passphrase and its repetition; the same twice where only one was asked for."""
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._is_new = False
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
        self.show_asking()

    def show_asking(self) -> None:
        """The store is being asked."""
        self.badge.show_badge("", "neutral")
        self.sentence.setText("Asking which store keeps secrets here…")
        self._retry.setEnabled(False)

    def show_store(self, store: StoreRow) -> None:
        """Show who keeps secrets, or why nobody does."""
        self.badge.show_badge(store.name, "success" if store.is_ready else "warning")
        self.sentence.setText(store.sentence)
        self._problem.setText(store.problem)
        self._remedy.setText(store.remedy)
        self._card.setVisible(not store.is_ready or bool(store.opens))
        self._retry.setVisible(not store.is_ready)
        self._retry.setEnabled(True)
        self._is_new = store.is_new
        self.passphrase.setVisible(bool(store.opens))
        self.open_button.setVisible(bool(store.opens))
        self.repeated.setVisible(store.is_new)
        self._hint.setVisible(store.is_new)
        self.open_button.setText(store.opens)
        self.open_button.setAccessibleName(store.opens)
        if not store.opens:
            self.forget()

    def show_vault_problem(self, sentence: str) -> None:
        """Say why the vault did not open; what was typed stays."""
        self.wrong.say(sentence, "danger")

    def set_busy(self, busy: bool) -> None:
        """While the vault opens, nothing can be typed."""
        for part in (self.passphrase, self.repeated, self._retry):
            part.setEnabled(not busy)
        self.open_button.setEnabled(not busy and bool(self.passphrase.text()))

    def forget(self) -> None:
        """Let go of what was typed."""
        self.passphrase.forget()
        self.repeated.forget()
        self.show_vault_problem("")

    def _say(self) -> None:
        first = self.passphrase.text()
        if first:
            again = self.repeated.text() if self._is_new else first
            self.passphrase_entered.emit(first, again)

    def _typed(self) -> None:
        self.show_vault_problem("")
        self._hint.setText(passphrase_hint(len(self.passphrase.text())))
        self.open_button.setEnabled(bool(self.passphrase.text()))

    def _connect(self) -> None:
        for field in (self.passphrase, self.repeated):
            field.textChanged.connect(self._typed)
            field.returnPressed.connect(self._say)
            field.setFixedWidth(_FIELD_WIDTH)
        self.passphrase.setPlaceholderText("Passphrase")
        self.repeated.setPlaceholderText("The same again")
        self._typed()

    def _lay_out(self) -> None:
        body = self._card.body
        words = (self._problem, self._remedy)
        for part in (*words, self.passphrase, self.repeated, self._hint, self.wrong):
            body.addWidget(part)
        body.addLayout(row(self.open_button, self._retry, None))
        self._card.hide()
        column(row(self.badge, (self.sentence, 1)), self._card, on=self)
