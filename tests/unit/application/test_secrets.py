"""One truth for every secret: the register says which store holds it, whatever else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.secrets import KeepSecrets
from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretNotFoundError,
    SecretOutOfReachError,
    SecretStoreLockedError,
)
from heygen_desktop.infrastructure.secrets.store import Preference
from keyring.errors import KeyringLocked

from tests.factories.parts import THE_OWNER
from tests.factories.secrets import SERVICE, secrets, vault_store
from tests.fakes.clock import FakeClock
from tests.fakes.events import RecordingEventStream
from tests.fakes.keyring_backend import WrittenBackend
from tests.fakes.unit_of_work import FakeUnitsOfWork

OLD, NEW = "hf_old-7Q", "hf_new-9Z"


class Home:
    """One home whose keyring and vault come and go between the programs that use it."""

    def __init__(self, folder: Path) -> None:
        self.backend = WrittenBackend()
        self._folder = folder
        self._units = FakeUnitsOfWork()

    def program(self, *, prefer: Preference = "auto", passphrase: str | None = None) -> KeepSecrets:
        """Start the program anew, with the vault's passphrase at hand or not."""
        store = secrets(self.backend, self._folder, prefer=prefer, passphrase=lambda: passphrase)
        return KeepSecrets(self._units, store, RecordingEventStream(), FakeClock(), THE_OWNER)

    def lock(self) -> None:
        self.backend.trouble, self.backend.is_locked = KeyringLocked(), True

    def unlock(self) -> None:
        self.backend.trouble, self.backend.is_locked = None, False

    @property
    def in_keyring(self) -> str | None:
        return self.backend.values.get((SERVICE, "testing/token"))

    @property
    def in_vault(self) -> str | None:
        vault = vault_store(self._folder)
        vault.open("given")
        return vault.get("testing", "token")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_secret_of_a_locked_keyring_is_not_set_anywhere_else(home: Home) -> None:
    home.program().set("testing", "token", OLD)
    home.lock()

    with pytest.raises(SecretStoreLockedError):
        home.program(passphrase="given").set("testing", "token", NEW)

    home.unlock()
    assert home.program(passphrase="given").reveal("testing", "token") == OLD
    assert home.in_vault is None


def test_a_new_secret_goes_to_the_vault_while_the_keyring_is_locked_and_stays_there(
    home: Home,
) -> None:
    home.lock()
    kept = home.program(passphrase="given").set("testing", "token", NEW)
    home.unlock()

    assert kept.store == "vault"
    assert home.program(passphrase="given").reveal("testing", "token") == NEW
    assert home.in_keyring is None


def test_a_secret_set_where_there_is_no_keyring_keeps_its_new_value_at_the_desk(
    home: Home,
) -> None:
    home.program().set("testing", "token", OLD)
    home.backend.is_here = False
    home.program(passphrase="given").set("testing", "token", NEW)

    home.backend.is_here = True

    assert home.in_keyring == OLD
    assert home.program(passphrase="given").reveal("testing", "token") == NEW


def test_the_old_value_is_not_given_out_for_the_one_in_a_closed_vault(home: Home) -> None:
    home.program().set("testing", "token", OLD)
    home.program(prefer="vault", passphrase="given").set("testing", "token", NEW)

    with pytest.raises(SecretStoreLockedError, match="vault"):
        home.program().reveal("testing", "token")


def test_a_vault_that_is_opened_later_gives_its_values(home: Home) -> None:
    home.program(prefer="vault", passphrase="given").set("testing", "token", NEW)
    program = home.program()

    program.open_vault("given")

    assert program.reveal("testing", "token") == NEW


@pytest.mark.parametrize("prefer", ["auto", "keyring", "vault"])
def test_a_preference_decides_on_new_values_and_loses_no_old_one(
    home: Home, prefer: Preference
) -> None:
    home.program(prefer="keyring").set("testing", "token", OLD)
    home.program(prefer="vault", passphrase="given").set("testing", "other", NEW)

    program = home.program(prefer=prefer, passphrase="given")

    assert program.reveal("testing", "token") == OLD
    assert program.reveal("testing", "other") == NEW


def test_setting_with_another_preference_moves_the_secret(home: Home) -> None:
    home.program(prefer="keyring").set("testing", "token", OLD)

    moved = home.program(prefer="vault", passphrase="given").set("testing", "token", NEW)
    back = home.program(prefer="keyring").set("testing", "token", "third")

    assert (moved.store, back.store) == ("vault", "Secret Service")
    assert home.program(passphrase="given").reveal("testing", "token") == "third"


def test_a_deletion_takes_the_older_copy_of_another_store_along(home: Home) -> None:
    home.program().set("testing", "token", OLD)
    home.program(prefer="vault", passphrase="given").set("testing", "token", NEW)

    home.program(passphrase="given").delete("testing", "token")

    assert (home.in_keyring, home.in_vault) == (None, None)


def test_a_deletion_takes_the_older_copy_of_the_vault_along(home: Home) -> None:
    home.program(prefer="vault", passphrase="given").set("testing", "token", OLD)
    home.program().set("testing", "token", NEW)

    home.program(passphrase="given").delete("testing", "token")

    assert (home.in_keyring, home.in_vault) == (None, None)


def test_an_old_copy_that_outlived_a_deletion_is_not_believed(home: Home) -> None:
    home.program().set("testing", "token", OLD)
    home.backend.is_here = False
    home.program(passphrase="given").set("testing", "token", NEW)
    home.program(passphrase="given").delete("testing", "token")

    home.backend.is_here = True

    with pytest.raises(SecretNotFoundError):
        home.program(passphrase="given").reveal("testing", "token")


def test_a_secret_of_a_locked_keyring_is_not_deleted_from_the_list_alone(home: Home) -> None:
    home.program().set("testing", "token", OLD)
    home.lock()

    with pytest.raises(SecretStoreLockedError):
        home.program(passphrase="given").delete("testing", "token")

    assert [secret.name for secret in home.program().list("testing")] == ["token"]


@pytest.mark.parametrize("call", [KeepSecrets.reveal, KeepSecrets.delete])
def test_a_secret_of_a_keyring_that_is_not_here_says_where_it_is(
    home: Home, call: Callable[[KeepSecrets, str, str], object]
) -> None:
    home.program().set("testing", "token", OLD)
    home.backend.is_here = False

    with pytest.raises(SecretOutOfReachError) as trouble:
        call(home.program(passphrase="given"), "testing", "token")

    assert "Secret Service" in trouble.value.message
    assert isinstance(trouble.value, NoSecretStoreError) is False


@pytest.mark.parametrize("call", [KeepSecrets.reveal, KeepSecrets.delete])
def test_a_secret_of_another_keyring_says_where_it_is(
    home: Home, call: Callable[[KeepSecrets, str, str], object]
) -> None:
    home.program().set("testing", "token", OLD)
    home.backend.name, home.backend.values = "KWallet", {}

    with pytest.raises(SecretOutOfReachError, match="Secret Service"):
        call(home.program(), "testing", "token")

    assert home.program().set("testing", "token", NEW).store == "KWallet"
    assert home.program().reveal("testing", "token") == NEW


def test_a_secret_of_a_vault_that_was_taken_away_can_be_set_and_deleted(
    home: Home, tmp_path: Path
) -> None:
    for name in ("token", "other"):
        home.program(prefer="vault", passphrase="given").set("testing", name, OLD)
    (tmp_path / "vault.json").unlink()

    kept = home.program().set("testing", "token", NEW)
    home.program().delete("testing", "other")

    assert kept.store == "Secret Service"
    assert [secret.name for secret in home.program().list("testing")] == ["token"]


def test_a_secret_whose_value_is_gone_from_its_store_is_not_found(
    home: Home, tmp_path: Path
) -> None:
    home.program(prefer="vault", passphrase="given").set("testing", "token", OLD)
    (tmp_path / "vault.json").unlink()

    with pytest.raises(SecretNotFoundError):
        home.program().reveal("testing", "token")
