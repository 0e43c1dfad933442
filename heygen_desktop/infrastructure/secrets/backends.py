"""Which keyrings are trusted, found without letting any other run.

``keyring`` itself would take whatever its settings file, its variable or an installed plug-in names:
a file in clear text among them. So the trusted backends are asked by name, and nothing else.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the value or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the value."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget the value, which is there."""


@dataclass(frozen=True)
class Trusted:
    """A backend on the allow-list."""

    module: str
    class_name: str
    name: str
    """As the user knows it."""


LINUX = (
    Trusted("keyring.backends.SecretService", "Keyring", "Secret Service"),
    Trusted("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
    Trusted("keyring.backends.kwallet", "DBusKeyringKWallet4", "KWallet"),
    Trusted("keyring.backends.libsecret", "Keyring", "Secret Service"),
)
MACOS = (Trusted("keyring.backends.macOS", "Keyring", "macOS Keychain"),)
WINDOWS = (Trusted("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Locker"),)


@dataclass(frozen=True)
class Found:
    """A trusted keyring that answers on this machine."""

    name: str
    backend: Backend
    is_locked: Callable[[], bool]
    """Whether it would have to ask the user first; never asks itself."""


def trusted_here(platform: str = sys.platform) -> Sequence[Trusted]:
    """Return the allow-list of a platform."""
    return {"darwin": MACOS, "win32": WINDOWS}.get(platform, LINUX)


def find_backend(trusted: Sequence[Trusted] | None = None) -> Found | None:
    """Return the best trusted keyring that is here, or None. Imports ``keyring``; may take seconds.

    Args:
        trusted: The allow-list, where it is not this platform's.
    """
    ranked = [
        (priority, entry)
        for entry in (trusted_here() if trusted is None else trusted)
        if (priority := _priority(entry)) is not None
    ]
    if not ranked:
        return None
    best = max(ranked, key=lambda pair: pair[0])[1]
    # KWallet and the keychains cannot be asked without asking the user: they are taken for open.
    is_locked = _secret_service_is_locked if best.name == "Secret Service" else lambda: False
    return Found(best.name, _class(best)(), is_locked)


def _class(entry: Trusted) -> Callable[[], Backend]:
    made: Callable[[], Backend] = getattr(importlib.import_module(entry.module), entry.class_name)
    return made


def _priority(entry: Trusted) -> float | None:
    try:
        return float(_class(entry).priority)  # type: ignore[attr-defined]  # keyring computes it on the class
    except Exception:  # noqa: BLE001  each backend says in its own way that it is not for this machine
        return None


def _secret_service_is_locked() -> bool:
    """Ask the default collection; where there is none yet, making one would ask the user."""
    try:
        secretstorage = importlib.import_module("secretstorage")
    except ImportError:  # the other client library of the Secret Service serves
        return False
    connection = secretstorage.dbus_init()
    try:
        path = "/org/freedesktop/secrets/aliases/default"
        return bool(secretstorage.Collection(connection, path).is_locked())
    except secretstorage.exceptions.ItemNotFoundException:
        return True
    finally:
        connection.close()
