from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.domain.errors import (
    ConfigurationError,
    NoSecretStoreError,
    SecretStoreLockedError,
    WrongPassphraseError,
)
from keyring.errors import KeyringLocked

from tests.factories.secrets import SERVICE, secrets, vault_store
from tests.fakes.keyring_backend import WrittenBackend

VALUE = "hf_canary-7Q"


@pytest.fixture
def backend() -> WrittenBackend:
    return WrittenBackend()


@pytest.fixture
def absent() -> WrittenBackend:
    backend = WrittenBackend()
    backend.is_here = False
    return backend


def make_vault(folder: Path, passphrase: str = "given") -> None:
    vault = vault_store(folder)
    vault.open(passphrase)
    vault.set("testing", "token", VALUE)


def test_a_keyring_that_works_is_used_and_no_vault_is_made(
    backend: WrittenBackend, tmp_path: Path
) -> None:
    store = secrets(backend, tmp_path, passphrase=lambda: "given")

    store.set("testing", "token", VALUE)

    assert backend.values == {(SERVICE, "testing/token"): VALUE}
    assert list(tmp_path.iterdir()) == []
    assert store.status().name == "Secret Service"


def test_without_a_keyring_the_given_passphrase_opens_the_vault(
    absent: WrittenBackend, tmp_path: Path
) -> None:
    make_vault(tmp_path)

    store = secrets(absent, tmp_path, passphrase=lambda: "given")

    assert store.status().is_ready
    assert store.get("testing", "token", held_in="vault") == VALUE


def test_a_given_passphrase_makes_the_vault_when_it_is_first_needed(
    absent: WrittenBackend, tmp_path: Path
) -> None:
    store = secrets(absent, tmp_path, passphrase=lambda: "given")

    status = store.status()

    assert (status.name, status.is_ready, status.vault_exists) == ("vault", True, False)
    assert list(tmp_path.iterdir()) == []
    store.set("testing", "token", VALUE)
    assert store.status().vault_exists


def test_no_passphrase_given_leaves_the_vault_closed(
    absent: WrittenBackend, tmp_path: Path
) -> None:
    make_vault(tmp_path)
    store = secrets(absent, tmp_path, passphrase=lambda: None)

    status = store.status()

    assert (status.name, status.is_ready) == ("vault", False)
    assert (status.can_open_vault, status.vault_exists) == (True, True)
    with pytest.raises(SecretStoreLockedError):
        store.get("testing", "token", held_in="vault")


def test_a_wrong_given_passphrase_is_told_by_every_call(
    absent: WrittenBackend, tmp_path: Path
) -> None:
    make_vault(tmp_path)
    store = secrets(absent, tmp_path, passphrase=lambda: "wrong")

    status = store.status()

    assert not status.is_ready
    assert status.problem == "The vault does not open with that passphrase."
    with pytest.raises(WrongPassphraseError):
        store.get("testing", "token", held_in="vault")


@pytest.mark.parametrize("has_vault", [True, False])
def test_a_passphrase_file_that_cannot_be_read_is_told(
    absent: WrittenBackend, tmp_path: Path, has_vault: bool
) -> None:
    if has_vault:
        make_vault(tmp_path)

    def unreadable() -> str:
        raise ConfigurationError("HEYGEN_VAULT_PASSPHRASE_FILE", "No such file.")

    store = secrets(absent, tmp_path, passphrase=unreadable)

    assert "HEYGEN_VAULT_PASSPHRASE_FILE" in store.status().problem
    with pytest.raises(ConfigurationError):
        store.set("testing", "token", VALUE)


def test_a_locked_keyring_is_not_passed_over_silently(
    backend: WrittenBackend, tmp_path: Path
) -> None:
    backend.trouble, backend.is_locked = KeyringLocked(), True
    store = secrets(backend, tmp_path)

    status = store.status()

    assert (status.name, status.is_ready, status.can_open_vault) == ("Secret Service", False, True)
    with pytest.raises(SecretStoreLockedError):
        store.set("testing", "token", VALUE)


def test_a_vault_opened_beside_a_locked_keyring_serves(
    backend: WrittenBackend, tmp_path: Path
) -> None:
    backend.trouble, backend.is_locked = KeyringLocked(), True
    store = secrets(backend, tmp_path)

    store.open_vault("typed")
    store.set("testing", "token", VALUE)

    assert store.get("testing", "token", held_in="vault") == VALUE
    assert store.status().name == "vault"


def test_whoever_prefers_the_keyring_gets_no_vault(absent: WrittenBackend, tmp_path: Path) -> None:
    make_vault(tmp_path)
    store = secrets(absent, tmp_path, prefer="keyring", passphrase=lambda: "given")

    assert store.status().name == "none"
    with pytest.raises(NoSecretStoreError):
        store.set("testing", "token", VALUE)


def test_whoever_prefers_the_vault_leaves_the_keyring_alone(
    backend: WrittenBackend, tmp_path: Path
) -> None:
    backend.trouble = AssertionError("asked")
    store = secrets(backend, tmp_path, prefer="vault")

    before = store.status()
    with pytest.raises(NoSecretStoreError):
        store.set("testing", "token", VALUE)
    store.open_vault("typed")
    store.set("testing", "token", VALUE)

    assert (before.name, before.can_open_vault) == ("none", True)
    assert store.status().name == "vault"
    assert store.get("testing", "token", held_in="vault") == VALUE


def test_a_preferred_vault_that_is_closed_is_locked(
    backend: WrittenBackend, tmp_path: Path
) -> None:
    make_vault(tmp_path)
    store = secrets(backend, tmp_path, prefer="vault")

    with pytest.raises(SecretStoreLockedError, match="vault"):
        store.get("testing", "token", held_in="vault")


def test_the_log_is_told_every_value_that_passes(absent: WrittenBackend, tmp_path: Path) -> None:
    make_vault(tmp_path)
    told: list[str] = []
    store = secrets(absent, tmp_path, passphrase=lambda: "given", on_value=told.append)

    store.get("testing", "token", held_in="vault")
    store.set("testing", "token", "newer")

    assert told == ["given", VALUE, "newer"]
