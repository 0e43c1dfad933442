"""Secret stores for tests, with a vault that opens at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.one_at_a_time import OneAtATime
from heygen_desktop.infrastructure.secrets.store import Preference, Secrets
from heygen_desktop.infrastructure.secrets.vault import VaultStore
from heygen_desktop.infrastructure.secrets.vault_format import Kdf

from tests.fakes.keyring_backend import WrittenBackend

SERVICE = "heygen-desktop:0123abcd"


def light_kdf(salt: bytes) -> Kdf:
    """Return parameters that cost nothing; never for a vault that guards anything."""
    return Kdf(salt, memory_kib=8, iterations=1, lanes=1)


def vault_store(folder: Path) -> VaultStore:
    """Return a store over the folder's vault file, which need not exist."""
    return VaultStore(folder / "vault.json", new_kdf=light_kdf, limit_s=0.2)


def keyring_store(backend: WrittenBackend, calls: OneAtATime | None = None) -> KeyringStore:
    """Return a store over the written backend."""
    return KeyringStore(SERVICE, find=backend.find, calls=calls)


def _ignored(_value: str) -> None:
    """Nobody asks which values passed."""


def secrets(
    backend: WrittenBackend,
    folder: Path,
    *,
    prefer: Preference = "auto",
    passphrase: Callable[[], str | None] | None = None,
    calls: OneAtATime | None = None,
    on_value: Callable[[str], None] = _ignored,
) -> Secrets:
    """Return the program's store over the written backend and the folder's vault."""
    return Secrets(
        keyring_store(backend, calls),
        vault_store(folder),
        prefer=prefer,
        passphrase=passphrase,
        on_value=on_value,
    )
