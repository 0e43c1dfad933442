"""The passphrase vault: secrets in one encrypted file, for machines without a keyring."""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretStoreTimeoutError,
)
from heygen_desktop.infrastructure.files.atomic import storage_error, write_whole
from heygen_desktop.infrastructure.files.locked import lock_within
from heygen_desktop.infrastructure.secrets.vault_format import (
    MAX_BYTES,
    Kdf,
    MalformedVaultError,
    SealedVault,
    Values,
    sealed_vault,
)

LIMIT_S = 5.0
MAX_PASSPHRASE_BYTES = 1024


class VaultStore:
    """Keeps values in the vault file; any thread may call, and several processes may share it.

    The key stays in memory from ``open`` to the end of the program; the file is read anew for every
    call, so that what another process has set is seen.
    """

    def __init__(
        self, path: Path, *, new_kdf: Callable[[bytes], Kdf] = Kdf, limit_s: float = LIMIT_S
    ) -> None:
        """Keep where the vault is; nothing is read yet.

        Args:
            path: The file; its folder must exist when the vault is made.
            new_kdf: Makes the parameters of a new vault from its salt.
            limit_s: How long to wait for another process that writes.
        """
        self._path = path
        self._new_kdf = new_kdf
        self._limit_s = limit_s
        self._key: bytes | None = None
        self._salt = b""
        self._thread_lock = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether there is a vault file."""
        return self._path.exists()

    @property
    def is_open(self) -> bool:
        """Whether the passphrase was given in this process."""
        return self._key is not None

    def open(self, passphrase: str) -> None:
        """Open the vault, or make it where there is none. Takes a tenth of a second up to one.

        Raises:
            WrongPassphraseError: It does not open with that; an earlier opening still counts.
            SecretStoreError: The file is no vault; it is left as it is.
        """
        secret = _passphrase_bytes(passphrase)
        with self._alone():
            vault = self._read() if self.exists else None
            kdf = vault.kdf if vault else self._new_kdf(os.urandom(16))
            key = kdf.key(secret)
            if vault is None:
                self._write(key, kdf, {})
            else:
                self._values(vault, key)
            self._key, self._salt = key, kdf.salt

    def get(self, environment: str, name: str) -> str | None:
        """As in the port."""
        _, _, values = self._opened()
        return values.get((environment, name))

    def set(self, environment: str, name: str, value: str) -> None:
        """As in the port."""
        with self._alone():
            key, kdf, values = self._opened()
            self._write(key, kdf, {**values, (environment, name): value})

    def delete(self, environment: str, name: str) -> bool:
        """As in the port."""
        with self._alone():
            key, kdf, values = self._opened()
            is_there = values.pop((environment, name), None) is not None
            if is_there:
                self._write(key, kdf, values)
            return is_there

    def _opened(self) -> tuple[bytes, Kdf, Values]:
        """Return the key, how it was made, and what the file holds now."""
        if self._key is None:
            if self.exists:
                raise SecretStoreLockedError("vault")
            raise NoSecretStoreError("There is no vault yet.")
        vault = self._read()
        if vault.kdf.salt != self._salt:  # made anew from outside: its passphrase is another
            self._key = None
            raise SecretStoreLockedError("vault")
        return self._key, vault.kdf, self._values(vault, self._key)

    def _values(self, vault: SealedVault, key: bytes) -> Values:
        try:
            return vault.opened(key)
        except MalformedVaultError as error:
            raise self._unusable(str(error)) from error

    def _read(self) -> SealedVault:
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        if len(content) > MAX_BYTES:
            raise self._unusable("It is too large to be a vault.")
        try:
            return SealedVault.from_bytes(content)
        except MalformedVaultError as error:
            raise self._unusable(str(error)) from error

    def _write(self, key: bytes, kdf: Kdf, values: Values) -> None:
        write_whole(self._path, sealed_vault(key, kdf, values), mode=0o600)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other threads and processes while the file is read and replaced."""
        path = self._path.with_name(f"{self._path.name}.lock")
        with self._thread_lock:
            try:
                descriptor = lock_within(path, self._limit_s)
            except OSError as error:
                raise storage_error(path, error) from error
            if descriptor is None:
                raise SecretStoreTimeoutError("vault", self._limit_s)
            try:
                yield
            finally:
                os.close(descriptor)

    def _unusable(self, reason: str) -> SecretStoreError:
        return SecretStoreError(
            "The vault cannot be read.",
            cause=f"{self._path}: {reason}",
            remedy="The file was left as it is. Restore it from a copy, or move it aside to begin "
            "a new vault.",
            details={"path": str(self._path), "reason": reason},
        )


def _passphrase_bytes(passphrase: str) -> bytes:
    """Return the passphrase, the same however a keyboard composes its accents."""
    content = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    if not 0 < len(content) <= MAX_PASSPHRASE_BYTES:
        raise SecretStoreError(
            "That cannot be a passphrase.",
            cause=f"A passphrase has 1 to {MAX_PASSPHRASE_BYTES} bytes.",
            remedy="Choose a sentence that you can remember.",
        )
    return content
