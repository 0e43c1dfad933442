from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop.application.ports.secrets import SecretStore
from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretStoreLockedError,
    WrongPassphraseError,
)
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.store import Secrets

from tests.factories.secrets import secrets, vault_store
from tests.fakes.keyring_backend import WrittenBackend
from tests.fakes.secrets import FakeSecrets

VALUE = "hf_canary-7Q"
NEEDS_SERVICE = pytest.mark.skipif(
    "HEYGEN_TEST_KEYRING_HOME" not in os.environ, reason="run it under tests/secret_service.sh"
)


def without_keyring(folder: Path) -> Secrets:
    backend = WrittenBackend()
    backend.is_here = False
    return secrets(backend, folder)


def opened(store: SecretStore) -> SecretStore:
    store.open_vault("a passphrase")
    return store


READY: dict[str, Callable[[Path], SecretStore]] = {
    "fake keyring": lambda folder: FakeSecrets(),
    "fake vault": lambda folder: opened(FakeSecrets(has_keyring=False)),
    "keyring": lambda folder: secrets(WrittenBackend(), folder),
    "vault": lambda folder: opened(without_keyring(folder)),
    "Secret Service": lambda folder: Secrets(
        KeyringStore(f"heygen-desktop-test:{folder}"), vault_store(folder)
    ),
}


@pytest.fixture(
    params=[
        *[name for name in READY if name != "Secret Service"],
        pytest.param("Secret Service", marks=[pytest.mark.keyring, NEEDS_SERVICE]),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    return READY[request.param](tmp_path)


class TestSecretStoreContract:
    @pytest.mark.parametrize(
        "value", [VALUE, "", "ünï→🔑", "line\nbreak\t", " spaces ", "x" * 9000]
    )
    def test_a_value_comes_back_as_it_was_set(self, store: SecretStore, value: str) -> None:
        held_in = store.set("production", "hub-token", value)

        assert store.get("production", "hub-token", held_in=held_in) == value

    def test_a_value_that_was_never_set_is_none(self, store: SecretStore) -> None:
        assert store.get("production", "hub-token", held_in=store.status().name) is None

    def test_a_value_set_again_replaces_the_first(self, store: SecretStore) -> None:
        held_in = store.set("production", "hub-token", "first")

        assert store.set("production", "hub-token", VALUE, held_in=held_in) == held_in

        assert store.get("production", "hub-token", held_in=held_in) == VALUE

    def test_the_store_that_took_a_value_is_the_one_that_serves(self, store: SecretStore) -> None:
        assert store.set("production", "hub-token", VALUE) == store.status().name

    def test_environments_and_names_are_kept_apart(self, store: SecretStore) -> None:
        held_in = store.set("production", "token", "one")
        store.set("testing", "token", "two")
        store.set("testing", "token.2", "three")

        store.delete("testing", "token", held_in=held_in)

        assert store.get("production", "token", held_in=held_in) == "one"
        assert store.get("testing", "token", held_in=held_in) is None
        assert store.get("testing", "token.2", held_in=held_in) == "three"

    def test_deleting_says_whether_there_was_one(self, store: SecretStore) -> None:
        held_in = store.set("staging", "token", VALUE)

        assert store.delete("staging", "token", held_in=held_in) is True
        assert store.delete("staging", "token", held_in=held_in) is False

    def test_a_store_that_serves_is_ready_and_has_a_name(self, store: SecretStore) -> None:
        status = store.status()

        assert status.is_ready
        assert status.name in {"Secret Service", "vault"}
        assert status.problem == ""

    def test_the_value_is_in_no_text_about_the_store(
        self, store: SecretStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        held_in = store.set("staging", "token", VALUE)
        store.get("staging", "token", held_in=held_in)

        assert VALUE not in repr(store) + str(store.status()) + caplog.text


CLOSED: dict[str, Callable[[Path], SecretStore]] = {
    "fake": lambda folder: FakeSecrets(has_keyring=False),
    "real": without_keyring,
}


@pytest.fixture(params=CLOSED)
def closed(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    return CLOSED[request.param](tmp_path)


class TestClosedVaultContract:
    def test_without_a_keyring_nothing_is_kept_before_the_vault_is_open(
        self, closed: SecretStore
    ) -> None:
        with pytest.raises(NoSecretStoreError) as refusal:
            closed.set("testing", "token", VALUE)

        assert "passphrase" in refusal.value.remedy

    def test_the_status_says_that_a_passphrase_would_help(self, closed: SecretStore) -> None:
        status = closed.status()

        assert (status.name, status.is_ready) == ("none", False)
        assert (status.can_open_vault, status.vault_exists) == (True, False)
        assert status.problem

    def test_the_first_passphrase_makes_the_vault(self, closed: SecretStore) -> None:
        closed.open_vault("first")

        closed.set("testing", "token", VALUE)

        assert closed.get("testing", "token", held_in="vault") == VALUE
        assert closed.status().vault_exists

    def test_a_value_that_a_missing_vault_should_hold_is_none(self, closed: SecretStore) -> None:
        assert closed.get("testing", "token", held_in="vault") is None
        assert closed.delete("testing", "token", held_in="vault") is False

    def test_another_passphrase_is_wrong_and_closes_nothing(self, closed: SecretStore) -> None:
        closed.open_vault("first")
        closed.set("testing", "token", VALUE)

        with pytest.raises(WrongPassphraseError):
            closed.open_vault("second")

        assert closed.get("testing", "token", held_in="vault") == VALUE


def beside_a_keyring(folder: Path) -> Secrets:
    vault_store(folder).open("a passphrase")
    return secrets(WrittenBackend(), folder)


BESIDE: dict[str, Callable[[Path], SecretStore]] = {
    "fake": lambda folder: FakeSecrets(passphrase="a passphrase"),
    "real": beside_a_keyring,
}


@pytest.mark.parametrize("kind", BESIDE)
class TestVaultBesideAKeyringContract:
    def test_it_can_be_opened_though_the_keyring_serves(self, kind: str, tmp_path: Path) -> None:
        store = BESIDE[kind](tmp_path)
        before = store.status()

        store.open_vault("a passphrase")

        assert (before.is_ready, before.can_open_vault, before.vault_exists) == (True, True, True)
        assert not store.status().can_open_vault

    def test_what_it_holds_is_locked_until_then(self, kind: str, tmp_path: Path) -> None:
        store = BESIDE[kind](tmp_path)

        with pytest.raises(SecretStoreLockedError, match="vault"):
            store.get("testing", "token", held_in="vault")
        with pytest.raises(SecretStoreLockedError, match="vault"):
            store.delete("testing", "token", held_in="vault")

        store.open_vault("a passphrase")
        assert store.get("testing", "token", held_in="vault") is None


def test_the_fake_raises_the_trouble_that_it_is_given() -> None:
    store = FakeSecrets(passphrase="known")
    store.trouble = NoSecretStoreError("gone")

    with pytest.raises(NoSecretStoreError):
        store.get("testing", "token", held_in="vault")

    assert not store.status().is_ready
