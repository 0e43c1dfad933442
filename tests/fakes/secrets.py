"""A secret store in memory, which can be locked, slow or missing when a test says so."""

from __future__ import annotations

from heygen_desktop.application.ports.secrets import VAULT, SecretStoreStatus
from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    WrongPassphraseError,
)

NO_KEYRING = "No keyring answers here."


class FakeSecrets:
    """Fulfils ``SecretStore``.

    A keyring that works by default. With ``has_keyring=False`` there is only a vault, closed until
    ``open_vault``; the first passphrase makes it. ``trouble``, while set, is raised by every call.
    """

    def __init__(self, *, has_keyring: bool = True, passphrase: str | None = None) -> None:
        self.trouble: SecretStoreError | None = None
        self.values: dict[tuple[str, str], str] = {}
        """Of the keyring, or of the vault where there is no keyring."""
        self._in_vault: dict[tuple[str, str], str] = {}
        self._has_keyring = has_keyring
        self._passphrase = passphrase
        self._is_open = False

    def __repr__(self) -> str:
        return f"FakeSecrets({len(self.values)} values)"

    def put_into_vault(self, environment: str, name: str, value: str) -> None:
        """Have a value in the vault already, beside what the keyring holds."""
        self._in_vault[environment, name] = value

    def status(self) -> SecretStoreStatus:
        exists = self._passphrase is not None
        is_closed = exists and not self._is_open
        if self.trouble is not None:
            trouble = self.trouble
            is_locked = isinstance(trouble, SecretStoreLockedError)
            return SecretStoreStatus(
                self._store, False, trouble.message, trouble.remedy, is_locked, exists
            )
        if self._has_keyring or self._is_open:
            return SecretStoreStatus(
                self._store, True, can_open_vault=is_closed, vault_exists=exists
            )
        closed = NoSecretStoreError(NO_KEYRING)
        return SecretStoreStatus(
            "vault" if exists else "none", False, closed.cause, closed.remedy, True, exists
        )

    def open_vault(self, passphrase: str) -> None:
        if self._passphrase is not None and passphrase != self._passphrase:
            raise WrongPassphraseError
        self._passphrase = passphrase
        self._is_open = True

    def set(self, environment: str, name: str, value: str, *, held_in: str = "") -> str:
        if self.trouble is None and not self._has_keyring and self._passphrase is None:
            raise NoSecretStoreError(NO_KEYRING)
        self._of(self._store)[environment, name] = value
        return self._store

    def get(self, environment: str, name: str, *, held_in: str) -> str | None:
        return self._of(held_in).get((environment, name))

    def delete(self, environment: str, name: str, *, held_in: str) -> bool:
        return self._of(held_in).pop((environment, name), None) is not None

    @property
    def _store(self) -> str:
        return "Secret Service" if self._has_keyring else VAULT

    def _of(self, store: str) -> dict[tuple[str, str], str]:
        if self.trouble is not None:
            raise self.trouble
        if store == VAULT and self._passphrase is not None and not self._is_open:
            raise SecretStoreLockedError(VAULT)
        return self.values if store == self._store else self._in_vault
