"""``heygen secret``: values from a prompt or stdin, and nowhere on the screen."""

from __future__ import annotations

import io

import pytest
from heygen_desktop.domain.errors import SecretStoreLockedError
from heygen_desktop.presentation.cli.commands import secrets

from tests.cli.terminal import Terminal
from tests.fakes.secrets import FakeSecrets


class _Keyboard(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def at_a_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Sys:
        stdin = _Keyboard(io.BytesIO())

    monkeypatch.setattr(secrets, "sys", _Sys)


def test_without_a_terminal_the_value_comes_from_stdin(terminal: Terminal) -> None:
    answer = terminal.run("secret", "set", "hub-token", stdin="s3cret\n")

    assert answer.code == 0
    assert terminal.parts.secrets.values == {("development", "hub-token"): "s3cret"}
    assert "s3cret" not in answer.out + answer.err
    assert "${secret:hub-token}" in answer.out


def test_only_the_last_line_end_is_taken_off(terminal: Terminal) -> None:
    terminal.run("secret", "set", "key", "--stdin", stdin=" a\nb \r\n")

    assert terminal.parts.secrets.values["development", "key"] == " a\nb "


@pytest.mark.usefixtures("at_a_keyboard")
def test_at_a_keyboard_the_value_is_asked_for(terminal: Terminal) -> None:
    terminal.hidden_answers = ["typed"]

    answer = terminal.run("secret", "set", "hub-token", "--env", "production", "--json")

    assert terminal.parts.secrets.values == {("production", "hub-token"): "typed"}
    assert answer.document["environment"] == "production"
    assert answer.document["reference"] == "${secret:hub-token}"


@pytest.mark.usefixtures("at_a_keyboard")
def test_a_prompt_that_is_left_stores_nothing(terminal: Terminal) -> None:
    answer = terminal.run("secret", "set", "hub-token")

    assert answer.code == 1
    assert terminal.parts.secrets.values == {}


@pytest.mark.usefixtures("at_a_keyboard")
def test_without_a_keyring_a_new_vault_is_made_with_a_passphrase(terminal: Terminal) -> None:
    terminal.parts.secrets = FakeSecrets(has_keyring=False)
    terminal.hidden_answers = ["pass", "pass", "value"]

    answer = terminal.run("secret", "set", "hub-token")

    assert answer.code == 0
    assert "kept in the vault" in answer.out
    assert "A new vault" in answer.err


@pytest.mark.usefixtures("at_a_keyboard")
def test_two_different_new_passphrases_make_no_vault(terminal: Terminal) -> None:
    terminal.parts.secrets = FakeSecrets(has_keyring=False)
    terminal.hidden_answers = ["pass", "pas", "value"]

    answer = terminal.run("secret", "set", "hub-token", "--json")

    assert answer.code == 1
    assert "pass" not in answer.document["error"]["details"]["value"]
    assert not terminal.parts.secrets.status().vault_exists


@pytest.mark.usefixtures("at_a_keyboard")
@pytest.mark.parametrize("has_keyring", [True, False])
def test_an_existing_vault_is_opened_before_a_secret_in_it_is_deleted(
    terminal: Terminal, has_keyring: bool
) -> None:
    terminal.parts.secrets = FakeSecrets(has_keyring=False)
    terminal.hidden_answers = ["pass", "pass", "value"]
    terminal.run("secret", "set", "hub-token")
    terminal.parts.secrets = FakeSecrets(has_keyring=has_keyring, passphrase="pass")
    terminal.hidden_answers = ["pass"]

    answer = terminal.run("secret", "delete", "hub-token")

    assert (answer.code, answer.out) == (0, "Deleted hub-token from development.\n")


@pytest.mark.usefixtures("at_a_keyboard")
def test_a_locked_keyring_that_holds_the_secret_is_told_without_asking_for_a_vault(
    terminal: Terminal,
) -> None:
    terminal.run("secret", "set", "hub-token", "--stdin", stdin="value")
    terminal.parts.secrets.trouble = SecretStoreLockedError("Secret Service")
    terminal.hidden_answers = ["another value"]

    replaced = terminal.run("secret", "set", "hub-token")
    deleted = terminal.run("secret", "delete", "hub-token")

    assert (replaced.code, deleted.code) == (1, 1)
    assert "The Secret Service is locked." in replaced.err
    assert "vault" not in replaced.err + deleted.err


@pytest.mark.usefixtures("at_a_keyboard")
def test_a_vault_beside_the_keyring_is_not_asked_for_where_it_is_not_needed(
    terminal: Terminal,
) -> None:
    terminal.parts.secrets = FakeSecrets(passphrase="pass")
    terminal.hidden_answers = ["value"]

    assert "Secret Service" in terminal.run("secret", "set", "hub-token").out
    assert terminal.run("secret", "delete", "hub-token").code == 0


@pytest.mark.usefixtures("at_a_keyboard")
def test_a_wrong_passphrase_is_told(terminal: Terminal) -> None:
    terminal.parts.secrets = FakeSecrets(has_keyring=False, passphrase="pass")
    terminal.hidden_answers = ["no"]

    answer = terminal.run("secret", "set", "x", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "wrong_passphrase")


def test_a_locked_keyring_is_told_and_nothing_is_listed(terminal: Terminal) -> None:
    terminal.parts.secrets.trouble = SecretStoreLockedError("Secret Service")

    answer = terminal.run("secret", "set", "x", "--json", stdin="v")

    assert (answer.code, answer.document["error"]["code"]) == (1, "secret_store_locked")
    assert terminal.run("secret", "list", "--json").document == {"items": [], "total": 0}


def test_the_list_shows_names_and_no_values(terminal: Terminal) -> None:
    terminal.run("secret", "set", "hub-token", stdin="s3cret")

    person = terminal.run("secret", "list")
    script = terminal.run("secret", "list", "--json")

    assert person.out.splitlines()[1].split()[0] == "hub-token"
    assert script.document["total"] == 1
    assert "s3cret" not in person.out + script.out


def test_an_empty_list_says_of_which_environment(terminal: Terminal) -> None:
    assert (
        terminal.run("secret", "list", "--env", "testing").err == "No secret is kept in testing.\n"
    )


def test_deleting_what_is_not_there_fails(terminal: Terminal) -> None:
    answer = terminal.run("secret", "delete", "x", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "secret_not_found")
    assert terminal.run("secret", "set", "x", "the-value").code == 2


def test_a_deleted_secret_is_told_to_a_script(terminal: Terminal) -> None:
    terminal.run("secret", "set", "x", stdin="v")

    answer = terminal.run("secret", "delete", "x", "--json")

    assert answer.document == {"name": "x", "environment": "development", "deleted": True}
