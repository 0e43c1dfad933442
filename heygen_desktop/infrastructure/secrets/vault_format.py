"""The vault's bytes: what is in the file, checked before any of it is believed.

JSON with four parts: ``format`` and its ``version``; ``kdf``, the Argon2id parameters and salt; and
``sealed``, every environment, name and value together, under one AES-256-GCM seal into which the
other parts are bound. So nothing can be read, changed, added or taken out without the key.
An old copy of the whole file is still a whole file: it opens.

Files of 0.1.0 (version 1) seal each value and then the whole; they open, and the next change writes
them anew.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from heygen_desktop.domain.errors import WrongPassphraseError

Values = dict[tuple[str, str], str]
"""Values by environment and name."""

FORMAT = "heygen-vault"
FORMAT_VERSION = 2
MAX_BYTES = 64 << 20
_NONCE = 12
_SEAL = 28
"""Nonce and tag: the bytes of a sealed nothing."""


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
class SealedVault:
    """A vault file as it was read."""

    kdf: Kdf
    document: Mapping[str, object]

    @classmethod
    def from_bytes(cls, content: bytes) -> SealedVault:
        """Return the vault in a file's content.

        Raises:
            MalformedVaultError: That is no vault, or its parameters are out of all proportion.
        """
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise MalformedVaultError("It is not JSON.") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise MalformedVaultError("It is not a vault of this program.")
        if document.get("version") not in (1, FORMAT_VERSION):
            raise MalformedVaultError("Its version is not known to this program.")
        return cls(_kdf(document.get("kdf")), document)

    def opened(self, key: bytes) -> Values:
        """Return the values.

        Raises:
            WrongPassphraseError: The key is not the right one, or something was changed.
            MalformedVaultError: It has no seal.
        """
        if self.document["version"] == 1:
            return _opened_first_version(self.document, key)
        content = _open(key, _bytes(self.document, "sealed", _SEAL, MAX_BYTES), _head(self.kdf))
        return {(environment, name): value for environment, name, value in json.loads(content)}


def sealed_vault(key: bytes, kdf: Kdf, values: Values) -> bytes:
    """Return the content of a vault file."""
    rows = [[*place, value] for place, value in sorted(values.items())]
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, _canonical(rows), _head(kdf))
    return json.dumps(_head_parts(kdf) | {"sealed": _text(sealed)}, indent=1).encode("ascii")


def _head_parts(kdf: Kdf) -> dict[str, object]:
    parameters = asdict(kdf) | {"name": "argon2id", "salt": _text(kdf.salt)}
    return {"format": FORMAT, "version": FORMAT_VERSION, "kdf": parameters}


def _head(kdf: Kdf) -> bytes:
    return _canonical(_head_parts(kdf))


def _opened_first_version(document: Mapping[str, object], key: bytes) -> Values:
    body = {part: value for part, value in document.items() if part != "seal"}
    _open(key, _bytes(document, "seal", _SEAL, _SEAL), _canonical(body))
    entries = cast(list[dict[str, str]], document["entries"])  # the seal says that we wrote it
    return {(each["environment"], each["name"]): _first_value(each, key) for each in entries}


def _first_value(entry: Mapping[str, object], key: bytes) -> str:
    place = [FORMAT, 1, entry["environment"], entry["name"], entry["version"]]
    return _open(key, _bytes(entry, "sealed", _SEAL, MAX_BYTES), _canonical(place)).decode("utf-8")


def _kdf(part: object) -> Kdf:
    if not isinstance(part, dict) or part.get("name") != "argon2id":
        raise MalformedVaultError("It does not say how its key is made.")
    salt, lanes = _bytes(part, "salt", 16, 64), _int(part, "lanes", 1, 16)
    memory_kib = _int(part, "memory_kib", 8 * lanes, 1 << 20)
    return Kdf(salt, memory_kib, _int(part, "iterations", 1, 16), lanes)


def _int(part: Mapping[str, object], name: str, least: int, most: int) -> int:
    value = part.get(name)
    if type(value) is not int or not least <= value <= most:
        raise MalformedVaultError(f"Its {name} is not a number from {least} to {most}.")
    return value


def _bytes(part: Mapping[str, object], name: str, least: int, most: int) -> bytes:
    try:
        content = base64.b64decode(str(part.get(name, "")), validate=True)
    except ValueError as error:
        raise MalformedVaultError(f"Its {name} is not base64.") from error
    if not least <= len(content) <= most:
        raise MalformedVaultError(f"Its {name} has the wrong length.")
    return content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _open(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag:
        raise WrongPassphraseError from None
