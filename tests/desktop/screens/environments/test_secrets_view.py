"""The secrets: a table without values, an entry that is masked, and values that do not stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from heygen_desktop.application.ports.secrets import SecretStoreStatus
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.environments.secrets.entering import (
    EntryDialog,
    MaskedField,
)
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import ASKING, store_row
from heygen_desktop.presentation.desktop.screens.environments.secrets.values import (
    RevealedValue,
    SecretClipboard,
)
from heygen_desktop.presentation.desktop.screens.environments.secrets.view import SecretsPage
from heygen_desktop.presentation.desktop.theme.theme import Theme
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.desktop.screens.environments.seen import in_clear
from tests.fakes.tasks import FakeMemory

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
VALUE = "hf_canary-7Q"
PEM = "-----BEGIN KEY-----\nabc\n-----END KEY-----"
PROBLEM = Problem("The Secret Service is locked.", "It was dismissed.", "Unlock it.")
READY = store_row(SecretStoreStatus("Secret Service", True))
NEW_VAULT = store_row(SecretStoreStatus("none", False, "No keyring.", "Make a vault.", True))
CLOSED = store_row(SecretStoreStatus("vault", False, "It is closed.", "Open it.", True, True))
BESIDE = store_row(
    SecretStoreStatus("Secret Service", True, can_open_vault=True, vault_exists=True),
    needs_vault=True,
)
LOCKED = store_row(SecretStoreStatus("Secret Service", False, "It is locked.", "Unlock it."))


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> Iterator[SecretsPage]:
    made = SecretsPage(theme, memory)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show_store(READY)
    made.show_secrets(
        [Secret(n, "development", "vault", AT, AT) for n in ("hub-token", "key")],
        "development",
    )
    made.show()
    yield made
    made.forget_values()
    settle()


def find(widget: QWidget, text: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.text() == text)


def label_with(widget: QWidget, text: str) -> QLabel:
    return next(each for each in widget.findChildren(QLabel) if each.text() == text)


def reference(page: SecretsPage) -> QToolButton:
    return next(b for b in page.findChildren(QToolButton) if b.toolTip() == "Copy reference")


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_the_table_lists_names_stores_times_and_references(page: SecretsPage) -> None:
    text = page.table.as_text()

    assert text.startswith("Name\tReference\tStore\tUpdated\tCreated")
    assert "hub-token\t${secret:hub-token}\tvault\t2026-01-02 " in text
    assert "${secret:key}" in text


def test_what_is_done_to_a_secret_needs_one_selected(page: SecretsPage) -> None:
    assert not find(page, "Reveal").isEnabled()

    page.table.select("key")

    assert find(page, "Reveal").isEnabled()


def test_the_buttons_speak_of_the_selected_secret(page: SecretsPage, qtbot: QtBot) -> None:
    page.table.select("key")
    for text, signal in (
        ("Reveal", page.reveal_requested),
        ("Copy value", page.copy_requested),
        ("Replace…", page.replacing_requested),
    ):
        with qtbot.waitSignal(signal) as said:
            find(page, text).click()
        assert said.args == ["key"]
    reference(page).click()

    assert clipboard() == "${secret:key}"


def test_deletion_is_said_with_button_and_key(page: SecretsPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.deletion_requested):
        QTest.keyClick(page, Qt.Key.Key_Delete)
    page.table.selectAll()
    page.table.select("key")

    with qtbot.waitSignal(page.deletion_requested) as said:
        find(page, "Delete").click()
    assert said.args == [["key"]]
    with qtbot.waitSignal(page.deletion_requested):
        QTest.keyClick(page.table, Qt.Key.Key_Delete)


def test_enter_on_a_row_reveals_it(page: SecretsPage, qtbot: QtBot) -> None:
    page.table.select("hub-token")

    with qtbot.waitSignal(page.reveal_requested):
        QTest.keyClick(page.table, Qt.Key.Key_Return)


def test_the_menu_offers_what_the_buttons_do(page: SecretsPage, qtbot: QtBot) -> None:
    page.table.select("hub-token")
    page.table.menu_requested.emit("hub-token", QPoint(5, 5))
    (menu,) = page.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)

    with qtbot.waitSignal(page.copy_requested):
        next(a for a in menu.actions() if a.text() == "Copy value").trigger()
    menu.close()


def test_an_empty_environment_says_what_to_do_next(page: SecretsPage, qtbot: QtBot) -> None:
    page.show_secrets((), "staging")

    assert page.table.isHidden()
    buttons = [b for b in page.findChildren(QPushButton) if b.text() == "Set a secret…"]
    visible = next(b for b in buttons if b.isVisible())
    with qtbot.waitSignal(page.adding_requested):
        visible.click()


@pytest.mark.parametrize("had_keys", ["table", "button"])
def test_who_deletes_the_only_secret_is_led_to_set_another_and_then_to_it(
    page: SecretsPage, had_keys: str
) -> None:
    page.activateWindow()
    page.table.select("key")
    (page.table if had_keys == "table" else find(page, "Delete")).setFocus()

    page.show_secrets((), "development")

    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Set a secret…"
    assert focused.isVisible()
    page.show_secrets([Secret("key", "development", "vault", AT, AT)], "development")
    assert page.table.hasFocus()


def test_a_store_that_is_silent_says_why_and_can_be_asked_again(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.table.select("key")
    page.show_store(LOCKED)
    assert not find(page, "Reveal").isEnabled()
    assert reference(page).isEnabled()
    assert not page.store.passphrase.isVisible()

    with qtbot.waitSignal(page.retry_requested):
        find(page.store, "Try again").click()
    page.show_store(ASKING)

    assert page.store.sentence.text() == "Looking for the keyring…"


def test_a_new_vault_takes_its_passphrase_twice_with_a_hint(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.show_secrets((), "development")
    page.show_store(NEW_VAULT)
    store = page.store
    assert store.open_button.text() == store.open_button.accessibleName() == "Make a vault"
    assert not store.open_button.isEnabled()

    store.passphrase.setText("correct horse")
    store.repeated.setText("correct hose")
    assert not store.open_button.isEnabled()
    assert label_with(store, "The two are not the same yet.").isVisible()
    with qtbot.assertNotEmitted(page.passphrase_entered):
        QTest.keyClick(store.repeated, Qt.Key.Key_Return)
    store.repeated.setText("correct horse")
    with qtbot.waitSignal(page.passphrase_entered) as said:
        store.open_button.click()
    page.show_store(replace(NEW_VAULT, wrong="The vault cannot be read."))

    assert said.args == ["correct horse"]
    assert store.wrong.text() == "The vault cannot be read."
    assert store.passphrase.text() == "correct horse"
    assert store.passphrase.echoMode() is QLineEdit.EchoMode.Password


def test_a_vault_is_opened_with_enter_and_forgets_the_passphrase(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.show_store(CLOSED)
    assert not page.store.repeated.isVisible()
    with qtbot.assertNotEmitted(page.passphrase_entered):
        QTest.keyClick(page.store.passphrase, Qt.Key.Key_Return)

    page.store.passphrase.setText("pass")
    with qtbot.waitSignal(page.passphrase_entered) as said:
        QTest.keyClick(page.store.passphrase, Qt.Key.Key_Return)
    page.show_store(replace(CLOSED, busy="Opening the vault…"))
    assert page.store.passphrase.isReadOnly()
    page.show_store(READY)

    assert said.args == ["pass"]
    assert page.store.passphrase.text() == ""
    assert not page.store.passphrase.isReadOnly()


def test_the_keys_stay_while_the_vault_opens_and_go_on_to_the_first_secret(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.show_secrets((), "development")
    page.show_store(CLOSED)
    page.activateWindow()
    page.store.passphrase.setFocus()

    page.show_store(replace(CLOSED, busy="Opening the vault…"))
    while_opening = page.store.passphrase.hasFocus()
    page.show_store(READY)

    focused = QApplication.focusWidget()
    assert while_opening
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Set a secret…"


def test_a_vault_beside_the_keyring_is_opened_while_the_rest_can_be_used(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.show_store(BESIDE)
    page.table.select("key")
    assert find(page, "Reveal").isEnabled()
    assert not find(page.store, "Try again").isVisible()

    page.store.passphrase.setText("pass")
    with qtbot.waitSignal(page.passphrase_entered):
        page.store.open_button.click()
    page.show_store(READY)

    assert not page.store.passphrase.isVisible()
    assert page.store.passphrase.text() == ""


def test_a_revealed_value_is_masked_again_by_itself(qtbot: QtBot, theme: Theme) -> None:
    revealed = RevealedValue(tick_ms=1)
    qtbot.addWidget(revealed)

    revealed.reveal("key", PEM)
    assert in_clear(revealed) == PEM
    wait_for(qtbot, revealed.isHidden)

    assert in_clear(revealed) == ""


def test_a_revealed_value_is_hidden_on_demand_and_not_in_any_name(page: SecretsPage) -> None:
    page.reveal_value("hub-token", VALUE)
    assert in_clear(page.revealed) == VALUE
    names = [(w.accessibleName(), w.accessibleDescription(), w.toolTip())
             for w in page.findChildren(QWidget)]  # fmt: skip
    assert VALUE not in repr(names)

    find(page.revealed, "Hide").click()

    assert in_clear(page.revealed) == ""


def test_a_copied_value_is_marked_as_a_secret_and_cleared(qtbot: QtBot, qapp: object) -> None:
    copied = SecretClipboard(after_ms=1)

    copied.put(VALUE)
    assert clipboard() == VALUE
    hint = QGuiApplication.clipboard().mimeData().data("x-kde-passwordManagerHint")
    assert hint.data() == b"secret"

    wait_for(qtbot, lambda: clipboard() == "")
    assert VALUE not in repr(vars(copied))


def test_what_somebody_else_copied_since_stays(qapp: object) -> None:
    copied = SecretClipboard()
    copied.put(VALUE)
    QGuiApplication.clipboard().setText("something else")

    copied.clear()
    copied.clear()

    assert clipboard() == "something else"


def test_a_secret_is_entered_masked_and_kept_until_the_store_has_it(
    page: SecretsPage, qtbot: QtBot
) -> None:
    page.open_entry("development", "")
    entry = page.entry
    assert entry is not None
    assert not entry.keep.isEnabled()
    entry.name.setText(" hub-token ")
    entry.value.setText(VALUE)

    with qtbot.waitSignal(page.value_entered) as said:
        entry.keep.click()
    assert said.args == ["hub-token", VALUE, False]
    assert entry.keep.text() == "Keeping…"
    page.show_entry_problem(PROBLEM)
    assert entry.problem.problem == PROBLEM
    assert entry.value.text() == VALUE
    assert entry.value.echoMode() is QLineEdit.EchoMode.Password
    page.close_entry()
    settle()

    assert page.entry is None


def test_replacing_keeps_the_name_and_says_so(page: SecretsPage, qtbot: QtBot) -> None:
    page.open_entry("production", "hub-token")
    entry = page.entry
    assert entry is not None
    assert entry.name.isReadOnly()
    entry.value.setText("other")

    with qtbot.waitSignal(page.value_entered) as said:
        QTest.keyClick(entry, Qt.Key.Key_Return)

    assert said.args == ["hub-token", "other", True]
    height = entry.height()
    page.show_entry_problem(PROBLEM)
    assert entry.height() > height
    assert entry.keep.text() == "Replace"


@pytest.mark.parametrize(("replaced", "field"), [("", "Name"), ("hub-token", "Value")])
def test_what_was_not_kept_is_mended_where_it_was_typed(
    page: SecretsPage, qtbot: QtBot, replaced: str, field: str
) -> None:
    page.open_entry("development", replaced)
    entry = page.entry
    assert entry is not None
    wait_for(qtbot, entry.isActiveWindow)
    entry.name.setText("bad name")
    entry.value.setText(VALUE)
    QTest.keyClick(entry.value, Qt.Key.Key_Return)

    page.show_entry_problem(PROBLEM)

    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == field


def test_a_cancelled_entry_forgets_the_value(page: SecretsPage) -> None:
    page.open_entry("development", "")
    entry = page.entry
    assert entry is not None
    entry.value.setText(VALUE)

    find(entry, "Cancel").click()
    assert entry.value.text() == ""
    settle()
    page.show_entry_problem(PROBLEM)

    assert page.entry is None
    assert page.problem.problem == PROBLEM
    page.show_problem(None)
    assert page.problem.isHidden()


def test_a_second_entry_takes_the_place_of_the_first(page: SecretsPage) -> None:
    page.open_entry("development", "")
    first = page.entry

    page.open_entry("development", "key")
    settle()

    assert page.entry is not first
    assert [w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog)] == [page.entry]


def test_the_eye_shows_what_is_typed_until_it_is_forgotten(qtbot: QtBot, theme: Theme) -> None:
    field = MaskedField("Value", theme)
    qtbot.addWidget(field)
    field.setText(VALUE)

    field.eye.trigger()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    field.forget()

    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert field.text() == ""


def test_a_key_of_many_lines_survives_the_masked_field(qtbot: QtBot, theme: Theme) -> None:
    field = MaskedField("Value", theme)
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText(PEM)

    field.paste()

    assert field.text() == PEM
