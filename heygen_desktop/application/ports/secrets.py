"""Where the values of secrets live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

VAULT = "vault"
"""The name of the store that is no keyring."""


@dataclass(frozen=True)
class SecretStoreStatus:
    """What keeps secrets on this machine, and whether it answers."""

    name: str
    """``Secret Service``, ``KWallet``, ``macOS Keychain``, ``Windows Credential Locker``, ``vault``,
    or ``none``."""
    is_ready: bool
    problem: str = ""
    """Why not, in one sentence."""
    remedy: str = ""
    can_open_vault: bool = False
    """True where a passphrase would help: no keyring here and the vault closed or new, or a closed
    vault beside a keyring that works."""
    vault_exists: bool = False


class SecretStore(Protocol):
    """Keeps values under ``environment`` and ``name``. Every call answers within 6 seconds.

    A value lies in one store, the keyring or the vault; ``held_in`` is the name under which ``set``
    returned it, and what another store may hold under the same name is never given out.

    Raises, from every call but ``status``: NoSecretStoreError, SecretStoreLockedError,
    SecretStoreTimeoutError.
    """

    def status(self) -> SecretStoreStatus:
        """Return what keeps secrets here. Never raises, never asks the user anything."""

    def open_vault(self, passphrase: str) -> None:
        """Open the vault, or make it where there is none yet.

        Raises:
            WrongPassphraseError: It does not open with that.
        """

    def set(self, environment: str, name: str, value: str, *, held_in: str = "") -> str:
        """Keep the value, and return the name of the store that has it now.

        Args:
            held_in: Where it lies until now; empty for a new one.
        """

    def get(self, environment: str, name: str, *, held_in: str) -> str | None:
        """Return the value, or None where there is none. Raises SecretOutOfReachError too."""

    def delete(self, environment: str, name: str, *, held_in: str) -> bool:
        """Forget the value; return whether there was one. Raises SecretOutOfReachError too."""
