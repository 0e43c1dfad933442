"""Tells the log's redactor every value that passes, so that it never reaches a file by accident."""

from __future__ import annotations

from collections.abc import Callable

from heygen_desktop.application.ports.secrets import SecretStore, SecretStoreStatus


class ObservedSecrets:
    """Fulfils ``SecretStore`` on another one."""

    def __init__(self, store: SecretStore, on_value: Callable[[str], None]) -> None:
        self._store = store
        self._on_value = on_value

    def status(self) -> SecretStoreStatus:
        return self._store.status()

    def open_vault(self, passphrase: str) -> None:
        self._on_value(passphrase)
        self._store.open_vault(passphrase)

    def set(self, environment: str, name: str, value: str) -> None:
        self._on_value(value)
        self._store.set(environment, name, value)

    def get(self, environment: str, name: str) -> str | None:
        value = self._store.get(environment, name)
        if value is not None:
            self._on_value(value)
        return value

    def delete(self, environment: str, name: str) -> bool:
        return self._store.delete(environment, name)
