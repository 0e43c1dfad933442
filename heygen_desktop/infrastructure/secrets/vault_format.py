"""The vault's bytes: what is in the file, checked before any of it is believed.

JSON with four parts: ``format`` and its version; ``kdf``, the Argon2id parameters and salt;
``entries``, each value sealed by AES-256-GCM with environment, name and the value's version bound in,
so that a sealed value fits nowhere else; ``seal``, an AES-256-GCM tag over all the rest, so that
neither an entry nor a parameter can be changed, added or taken out. Names are readable, values not.
An old copy of the whole file is still a whole file: it opens.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from heygen_desktop.domain.errors import WrongPassphraseError

FORMAT = "heygen-vault"
FORMAT_VERSION = 1
_NONCE = 12


class MalformedVaultError(Exception):
    """The file is no vault; says what is wrong with it, never what is in it."""


@dataclass(frozen=True)
class Kdf:
    """How the key is made from the passphrase; travels with the file so that it can grow."""

    salt: bytes
    memory_kib: int = 65536
    iterations: int = 3
    lanes: int = 4

    def key(self, passphrase: bytes) -> bytes:
        """Return the 32-byte key; takes a tenth of a second up to one, and ``memory_kib``."""
        derive = Argon2id(
            salt=self.salt,
            length=32,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return derive.derive(passphrase)


@dataclass(frozen=True)
class Entry:
    """One sealed value."""

    environment: str
    name: str
    version: int
    """1, 2, 3, ...: how often the value was set."""
    sealed: bytes
    """Nonce, ciphertext and tag."""

    def opened(self, key: bytes) -> str:
        """Return the value.

        Raises:
            WrongPassphraseError: It was not sealed with this key, for this place.
        """
        return _open(key, self.sealed, self._place()).decode("utf-8")

    @classmethod
    def closed(cls, key: bytes, environment: str, name: str, version: int, value: str) -> Entry:
        """Return the value, sealed for this place."""
        place = cls(environment, name, version, b"")._place()
        return cls(environment, name, version, _close(key, value.encode("utf-8"), place))

    def _place(self) -> bytes:
        return _canonical([FORMAT, FORMAT_VERSION, self.environment, self.name, self.version])


@dataclass(frozen=True)
class Vault:
    """A whole vault file, opened or not."""

    kdf: Kdf
    entries: Mapping[tuple[str, str], Entry]
    seal: bytes = b""

    def check(self, key: bytes) -> None:
        """Return if the key is right and nothing was changed.

        Raises:
            WrongPassphraseError: One of the two is not so.
        """
        _open(key, self.seal, _canonical(self._body()))

    def to_bytes(self, key: bytes) -> bytes:
        """Return the file's content, sealed anew."""
        body = self._body()
        seal = _text(_close(key, b"", _canonical(body)))
        return json.dumps(body | {"seal": seal}, indent=1).encode("ascii")

    @classmethod
    def from_bytes(cls, content: bytes) -> Vault:
        """Return the vault in a file's content; ``check`` it before it is believed.

        Raises:
            MalformedVaultError: That is no vault, or its parameters are out of all proportion.
        """
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise MalformedVaultError("It is not JSON.") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise MalformedVaultError("It is not a vault of this program.")
        if document.get("version") != FORMAT_VERSION:
            raise MalformedVaultError("Its version is not known to this program.")
        entries = [_entry(item) for item in _list(document, "entries")]
        by_place = {(entry.environment, entry.name): entry for entry in entries}
        if len(by_place) != len(entries):
            raise MalformedVaultError("It holds one name twice.")
        return cls(_kdf(document.get("kdf")), by_place, _bytes(document, "seal", 28, 28))

    def _body(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "kdf": {
                "name": "argon2id",
                "salt": _text(self.kdf.salt),
                "memory_kib": self.kdf.memory_kib,
                "iterations": self.kdf.iterations,
                "lanes": self.kdf.lanes,
            },
            "entries": [
                {
                    "environment": entry.environment,
                    "name": entry.name,
                    "version": entry.version,
                    "sealed": _text(entry.sealed),
                }
                for _, entry in sorted(self.entries.items())
            ],
        }


def _kdf(part: object) -> Kdf:
    if not isinstance(part, dict) or part.get("name") != "argon2id":
        raise MalformedVaultError("It does not say how its key is made.")
    lanes = _int(part, "lanes", 1, 16)
    return Kdf(
        _bytes(part, "salt", 16, 64),
        _int(part, "memory_kib", 8 * lanes, 1 << 20),
        _int(part, "iterations", 1, 16),
        lanes,
    )


def _entry(part: object) -> Entry:
    if not isinstance(part, dict):
        raise MalformedVaultError("One of its entries is none.")
    environment, name = part.get("environment"), part.get("name")
    if not isinstance(environment, str) or not isinstance(name, str):
        raise MalformedVaultError("One of its entries has no name.")
    return Entry(
        environment, name, _int(part, "version", 1, 1 << 53), _bytes(part, "sealed", 28, 1 << 21)
    )


def _list(part: Mapping[str, object], key: str) -> list[object]:
    value = part.get(key)
    if not isinstance(value, list):
        raise MalformedVaultError(f"Its {key} are missing.")
    return value


def _int(part: Mapping[str, object], key: str, least: int, most: int) -> int:
    value = part.get(key)
    if type(value) is not int or not least <= value <= most:
        raise MalformedVaultError(f"Its {key} is not a number from {least} to {most}.")
    return value


def _bytes(part: Mapping[str, object], key: str, least: int, most: int) -> bytes:
    value = part.get(key)
    try:
        content = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError) as error:
        raise MalformedVaultError(f"Its {key} is not base64.") from error
    if not least <= len(content) <= most:
        raise MalformedVaultError(f"Its {key} has the wrong length.")
    return content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _close(key: bytes, content: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound)


def _open(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag:
        raise WrongPassphraseError from None
