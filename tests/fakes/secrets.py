"""A secret store in memory, which can be locked, slow or missing when a test says so."""

from __future__ import annotations

from heygen_desktop.application.ports.secrets import SecretStoreStatus
from heygen_desktop.domain.errors import NoSecretStoreError, SecretStoreError, WrongPassphraseError

NO_KEYRING = "No keyring answers here."


class FakeSecrets:
    """Fulfils ``SecretStore``.

    A keyring that works by default. With ``has_keyring=False`` there is only a vault, closed until
    ``open_vault``; the first passphrase makes it. ``trouble``, while set, is raised by every call.
    """

    def __init__(self, *, has_keyring: bool = True, passphrase: str | None = None) -> None:
        self.trouble: SecretStoreError | None = None
        self.values: dict[tuple[str, str], str] = {}
        self._has_keyring = has_keyring
        self._passphrase = passphrase
        self._is_open = False

    def __repr__(self) -> str:
        return f"FakeSecrets({len(self.values)} values)"

    def status(self) -> SecretStoreStatus:
        exists = self._passphrase is not None
        if self.trouble is not None:
            trouble = self.trouble
            return SecretStoreStatus(self._store, False, trouble.message, trouble.remedy)
        if self._has_keyring:
            return SecretStoreStatus("Secret Service", True, vault_exists=exists)
        if self._is_open:
            return SecretStoreStatus("vault", True, vault_exists=exists)
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
        self._check()
        self.values[environment, name] = value
        return self._store

    def get(self, environment: str, name: str, *, held_in: str) -> str | None:
        self._check()
        return self.values.get((environment, name)) if held_in == self._store else None

    def delete(self, environment: str, name: str, *, held_in: str) -> bool:
        self._check()
        return self.values.pop((environment, name), None) is not None

    @property
    def _store(self) -> str:
        return "Secret Service" if self._has_keyring else "vault"

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble
        if not self._has_keyring and not self._is_open:
            raise NoSecretStoreError(NO_KEYRING)
