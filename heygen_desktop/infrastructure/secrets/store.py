"""The one secret store of the program: the OS keyring where one works, else the passphrase vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

from heygen_desktop.application.ports.secrets import SecretStoreStatus
from heygen_desktop.domain.errors import (
    HeyGenError,
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
)
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.vault import VaultStore

T = TypeVar("T")

Preference = Literal["auto", "keyring", "vault"]
MAX_VALUE_BYTES = 1 << 20


class Secrets:
    """Fulfils ``SecretStore``.

    With ``auto`` the keyring is used. Where there is none, or it is locked, the vault serves if it
    is open or a passphrase is at hand. A value that the keyring does not have is looked for in a
    vault that can be opened, so what was set over ssh is found at the desk.
    """

    def __init__(
        self,
        keyring: KeyringStore,
        vault: VaultStore,
        *,
        prefer: Preference = "auto",
        passphrase: Callable[[], str | None] | None = None,
    ) -> None:
        """Keep the two stores; neither is asked before the first call.

        Args:
            keyring: The OS keyring.
            vault: The vault file of this home.
            prefer: ``keyring`` or ``vault`` to use that one alone.
            passphrase: Returns the vault's passphrase where one was given to the program, asked
                for only when the vault is needed. May raise an error of the domain.
        """
        self._keyring = keyring
        self._vault = vault
        self._prefer = prefer
        self._passphrase = passphrase

    def status(self) -> SecretStoreStatus:
        if self._prefer == "vault":
            return self._vault_status()
        keyring = replace(self._keyring.status(), vault_exists=self._vault.exists)
        if keyring.is_ready or self._prefer == "keyring":
            return keyring
        vault = self._vault_status() if keyring.can_open_vault else keyring
        if vault.is_ready or (keyring.name == "none" and vault.name == "vault"):
            return vault
        return keyring

    def open_vault(self, passphrase: str) -> None:
        self._vault.open(passphrase)

    def set(self, environment: str, name: str, value: str) -> None:
        _check_value(value)
        self._with_one(
            lambda: self._keyring.set(environment, name, value),
            lambda: self._vault.set(environment, name, value),
        )

    def get(self, environment: str, name: str) -> str | None:
        found = self._with_one(
            lambda: self._keyring.get(environment, name),
            lambda: self._vault.get(environment, name),
        )
        if found is None and self._looks_into_both():
            return self._vault.get(environment, name)
        return found

    def delete(self, environment: str, name: str) -> bool:
        was_there = self._with_one(
            lambda: self._keyring.delete(environment, name),
            lambda: self._vault.delete(environment, name),
        )
        if self._looks_into_both():
            return self._vault.delete(environment, name) or was_there
        return was_there

    def _with_one(self, in_keyring: Callable[[], T], in_vault: Callable[[], T]) -> T:
        if self._prefer == "vault":
            self._vault_opens()
            return in_vault()
        try:
            return in_keyring()
        except (NoSecretStoreError, SecretStoreLockedError):
            if self._prefer == "keyring" or not self._vault_opens():
                raise
        return in_vault()

    def _looks_into_both(self) -> bool:
        return self._prefer == "auto" and self._vault.exists and self._vault_opens()

    def _vault_opens(self) -> bool:
        """Whether the vault is open now; opened here with the program's passphrase, if there is one."""
        if not self._vault.is_open and self._passphrase is not None:
            text = self._passphrase()
            if text is not None:
                self._vault.open(text)
        return self._vault.is_open

    def _vault_status(self) -> SecretStoreStatus:
        exists = self._vault.exists
        try:
            is_ready = self._vault_opens() if exists else self._can_make_vault()
        except HeyGenError as error:
            return SecretStoreStatus("vault", False, error.message, error.remedy, True, exists)
        if is_ready:
            return SecretStoreStatus("vault", True, vault_exists=exists)
        if exists:
            locked = SecretStoreLockedError("vault")
            return SecretStoreStatus("vault", False, locked.message, locked.remedy, True, True)
        none = NoSecretStoreError("No vault has been made yet.")
        return SecretStoreStatus("none", False, none.cause, none.remedy, True, False)

    def _can_make_vault(self) -> bool:
        return self._passphrase is not None and self._passphrase() is not None


def _check_value(value: str) -> None:
    try:
        is_too_long = len(value.encode("utf-8")) > MAX_VALUE_BYTES
    except UnicodeEncodeError:
        reason = "It holds characters that are no text."
    else:
        if not is_too_long:
            return
        reason = f"It has more than {MAX_VALUE_BYTES:,} bytes."
    raise SecretStoreError(
        "The value cannot be kept as a secret.", cause=reason, remedy="Give another value."
    )
