"""The one secret store of the program: the OS keyring where one works, else the passphrase vault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

from heygen_desktop.application.ports.secrets import VAULT, SecretStoreStatus
from heygen_desktop.domain.errors import (
    HeyGenError,
    NoSecretStoreError,
    SecretOutOfReachError,
    SecretStoreLockedError,
)
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.vault import VaultStore

T = TypeVar("T")

Preference = Literal["auto", "keyring", "vault"]


class Secrets:
    """Fulfils ``SecretStore``.

    With ``auto`` a new value goes to the keyring. Where there is none, or it is locked, the vault
    serves if it is open or a passphrase is at hand; but a value that a locked keyring holds is not
    set beside it. What is kept already is read and deleted where it lies.
    """

    def __init__(
        self,
        keyring: KeyringStore,
        vault: VaultStore,
        *,
        prefer: Preference = "auto",
        passphrase: Callable[[], str | None] | None = None,
        on_value: Callable[[str], None] = lambda _value: None,
    ) -> None:
        """Keep the two stores; neither is asked before the first call.

        Args:
            keyring: The OS keyring.
            vault: The vault file of this home.
            prefer: ``keyring`` or ``vault`` to have new values kept there alone.
            passphrase: Returns the vault's passphrase where one was given to the program, asked
                for only when the vault is needed. May raise an error of the domain.
            on_value: Told every value that passes, so that the log can keep it out of its files.
        """
        self._keyring = keyring
        self._vault = vault
        self._prefer = prefer
        self._passphrase = passphrase
        self._on_value = on_value

    def status(self) -> SecretStoreStatus:
        if self._prefer == "vault":
            return self._vault_status()
        keyring = replace(self._keyring.status(), vault_exists=self._vault.exists)
        if keyring.is_ready:
            return replace(keyring, can_open_vault=self._vault.exists and not self._vault.is_open)
        if self._prefer == "keyring":
            return keyring
        vault = self._vault_status() if keyring.can_open_vault else keyring
        if vault.is_ready or (keyring.name == "none" and vault.name == "vault"):
            return vault
        return keyring

    def open_vault(self, passphrase: str) -> None:
        self._on_value(passphrase)
        self._vault.open(passphrase)

    def set(self, environment: str, name: str, value: str, *, held_in: str = "") -> str:
        self._on_value(value)
        if self._prefer != "vault":
            try:
                self._keyring.set(environment, name, value)
            except (NoSecretStoreError, SecretStoreLockedError) as error:
                is_held = isinstance(error, SecretStoreLockedError) and held_in not in ("", VAULT)
                if self._prefer == "keyring" or is_held or not self._vault_opens():
                    raise
            else:
                return self._keyring.name
        self._vault_opens()
        self._vault.set(environment, name, value)
        return VAULT

    def get(self, environment: str, name: str, *, held_in: str) -> str | None:
        if held_in == VAULT:
            value = self._of_vault(lambda vault: vault.get(environment, name), or_else=None)
        else:
            value = self._of_keyring(name, held_in, lambda ring: ring.get(environment, name))
        if value is not None:
            self._on_value(value)
        return value

    def delete(self, environment: str, name: str, *, held_in: str) -> bool:
        """As in the port; a copy that another store still has goes too, if that one is open."""
        if held_in == VAULT:
            asks_keyring = self._prefer != "vault" and self._keyring.status().is_ready
            had_copy = asks_keyring and self._keyring.delete(environment, name)
            return (
                self._of_vault(lambda vault: vault.delete(environment, name), or_else=False)
                or had_copy
            )
        had_copy = self._of_vault(
            lambda vault: vault.is_open and vault.delete(environment, name), or_else=False
        )
        return (
            self._of_keyring(name, held_in, lambda ring: ring.delete(environment, name)) or had_copy
        )

    def _of_keyring(self, name: str, held_in: str, ask: Callable[[KeyringStore], T]) -> T:
        """Return the keyring's answer; that another keyring has no such value says nothing."""
        try:
            answer = ask(self._keyring)
        except NoSecretStoreError as error:
            raise SecretOutOfReachError(name, held_in) from error
        if answer in (None, False) and self._keyring.name != held_in:
            raise SecretOutOfReachError(name, held_in)
        return answer

    def _of_vault(self, ask: Callable[[VaultStore], T], *, or_else: T) -> T:
        """Return the vault's answer, where there is a vault."""
        if not self._vault.exists:
            return or_else
        self._vault_opens()
        return ask(self._vault)

    def _vault_opens(self) -> bool:
        """Whether the vault is open now; opened here with the program's passphrase, if there is one."""
        if not self._vault.is_open and self._passphrase is not None:
            text = self._passphrase()
            if text is not None:
                self.open_vault(text)
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
        none = NoSecretStoreError("There is no vault yet.")
        return SecretStoreStatus("none", False, none.cause, none.remedy, True, False)

    def _can_make_vault(self) -> bool:
        return self._passphrase is not None and self._passphrase() is not None
