from __future__ import annotations

import base64
import json
import os
import stat
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from heygen_desktop.domain.errors import (
    DiskFullError,
    HomeUnwritableError,
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretStoreTimeoutError,
    WrongPassphraseError,
)
from heygen_desktop.infrastructure.files.locked import try_lock
from heygen_desktop.infrastructure.secrets.vault import VaultStore
from heygen_desktop.infrastructure.secrets.vault_format import SealedVault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.secrets import vault_store

VALUE = "hf_canary-7Q"
PASSPHRASE = "correct horse"
OLD_VAULT = Path(__file__).parents[3] / "data" / "vault-0.1.0.json"
"""Written by 0.1.0, with ``light_kdf`` and this passphrase."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.json"


@pytest.fixture
def vault(path: Path) -> VaultStore:
    """An open vault with two values."""
    vault = vault_store(path.parent)
    vault.open(PASSPHRASE)
    vault.set("testing", "token", VALUE)
    vault.set("production", "token", "hf_other-9Z")
    return vault


def reopened(path: Path, passphrase: str = PASSPHRASE) -> VaultStore:
    vault = vault_store(path.parent)
    vault.open(passphrase)
    return vault


def change(path: Path, edit: Callable[[Any], object]) -> None:
    document = json.loads(path.read_bytes())
    edit(document)
    path.write_text(json.dumps(document))


def test_values_outlive_the_program(vault: VaultStore, path: Path) -> None:
    again = reopened(path)

    assert again.get("testing", "token") == VALUE
    assert again.get("production", "token") == "hf_other-9Z"


def test_the_file_is_for_this_user_alone_and_shows_no_value(vault: VaultStore, path: Path) -> None:
    content = path.read_bytes()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for form in (VALUE.encode(), base64.b64encode(VALUE.encode()), VALUE.encode("utf-16-le")):
        assert form not in content
    assert PASSPHRASE.encode() not in content


def test_a_new_vault_is_made_with_the_full_strength(path: Path) -> None:
    VaultStore(path).open(PASSPHRASE)

    kdf = json.loads(path.read_bytes())["kdf"]
    assert (kdf["name"], kdf["memory_kib"], kdf["iterations"], kdf["lanes"]) == (
        "argon2id",
        65536,
        3,
        4,
    )
    assert reopened(path).get("testing", "token") is None


def test_two_vaults_with_one_passphrase_have_different_keys(tmp_path: Path) -> None:
    salts = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        reopened(tmp_path / name / "vault.json")
        salts.add(json.loads((tmp_path / name / "vault.json").read_bytes())["kdf"]["salt"])

    assert len(salts) == 2


def test_a_closed_vault_is_locked_and_a_missing_one_is_none(path: Path) -> None:
    with pytest.raises(NoSecretStoreError):
        vault_store(path.parent).get("testing", "token")
    reopened(path)

    with pytest.raises(SecretStoreLockedError):
        vault_store(path.parent).get("testing", "token")


@pytest.mark.parametrize("wrong", ["correct hors", "correct horse ", "Correct horse"])
def test_a_wrong_passphrase_is_told_and_the_file_left(
    vault: VaultStore, path: Path, wrong: str
) -> None:
    before = path.read_bytes()

    with pytest.raises(WrongPassphraseError):
        reopened(path, wrong)

    assert path.read_bytes() == before


def test_a_passphrase_is_the_same_however_its_accents_are_typed(path: Path) -> None:
    reopened(path, "caf\u00e9").set("testing", "token", VALUE)

    assert reopened(path, "cafe\u0301").get("testing", "token") == VALUE


@pytest.mark.parametrize("passphrase", ["", "x" * 1025])
def test_no_passphrase_and_an_endless_one_are_refused(path: Path, passphrase: str) -> None:
    with pytest.raises(SecretStoreError, match="cannot be a passphrase"):
        reopened(path, passphrase)

    assert not path.exists()


CHANGES: list[Callable[[Any], object]] = [
    lambda document: document["kdf"].update(iterations=2),
    lambda document: document["kdf"].update(salt=base64.b64encode(b"s" * 16).decode()),
    lambda document: document.update(sealed=base64.b64encode(b"s" * 28).decode()),
]


@pytest.mark.parametrize("edit", CHANGES)
def test_any_change_from_outside_is_found_and_the_file_left(
    vault: VaultStore, path: Path, edit: Callable[[Any], object]
) -> None:
    change(path, edit)
    before = path.read_bytes()

    with pytest.raises(WrongPassphraseError):
        reopened(path)

    with pytest.raises(SecretStoreError):
        vault.set("testing", "token", "new")
    assert path.read_bytes() == before


def test_neither_names_nor_environments_can_be_read(vault: VaultStore, path: Path) -> None:
    content = path.read_text()

    assert "token" not in content
    assert "production" not in content


def test_the_same_values_are_sealed_differently_each_time(vault: VaultStore, path: Path) -> None:
    before = json.loads(path.read_bytes())

    vault.set("testing", "token", VALUE)

    after = json.loads(path.read_bytes())
    assert before["kdf"] == after["kdf"]
    assert before["sealed"] != after["sealed"]


class TestVaultsOf010:
    """Files that the first version wrote: each value sealed, and then the whole."""

    @pytest.fixture
    def old(self, path: Path) -> Path:
        path.write_bytes(OLD_VAULT.read_bytes())
        return path

    def test_every_value_is_there(self, old: Path) -> None:
        before = old.read_bytes()
        vault = reopened(old)

        assert vault.get("testing", "token") == VALUE
        assert vault.get("production", "hub.token") == "ünï→🔑"
        assert old.read_bytes() == before

    def test_a_change_writes_all_of_it_anew(self, old: Path) -> None:
        reopened(old).set("staging", "token", "third")

        again = reopened(old)
        assert json.loads(old.read_bytes())["version"] == 2
        assert again.get("testing", "token") == VALUE
        assert again.get("production", "hub.token") == "ünï→🔑"
        assert again.get("staging", "token") == "third"

    def test_a_deletion_writes_all_of_it_anew(self, old: Path) -> None:
        assert reopened(old).delete("testing", "token") is True

        assert json.loads(old.read_bytes())["version"] == 2
        assert reopened(old).get("production", "hub.token") == "ünï→🔑"

    def test_another_passphrase_does_not_open_it(self, old: Path) -> None:
        with pytest.raises(WrongPassphraseError):
            reopened(old, "another")

    @pytest.mark.parametrize(
        "edit",
        [
            lambda document: document["entries"].reverse(),
            lambda document: document["entries"].pop(),
            lambda document: document.pop("entries"),
            lambda document: document.update(entries="none"),
            lambda document: document["entries"][0].update(version=7),
            lambda document: document["entries"][0].update(name="other"),
            lambda document: document["kdf"].update(iterations=2),
            lambda document: document.update(seal=base64.b64encode(b"s" * 28).decode()),
            lambda document: document.update(version=2, sealed=document["entries"][0]["sealed"]),
        ],
    )
    def test_a_change_from_outside_is_found(self, old: Path, edit: Callable[[Any], object]) -> None:
        change(old, edit)

        with pytest.raises(WrongPassphraseError):
            reopened(old)

    def test_a_value_in_another_place_is_found_even_under_a_right_seal(self, old: Path) -> None:
        key = reopened_key(old)
        document = json.loads(old.read_bytes())
        one, two = document["entries"]
        one["sealed"], two["sealed"] = two["sealed"], one["sealed"]
        body = {part: value for part, value in document.items() if part != "seal"}
        bound = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        seal = b"n" * 12 + AESGCM(key).encrypt(b"n" * 12, b"", bound)
        document["seal"] = base64.b64encode(seal).decode()

        with pytest.raises(WrongPassphraseError):
            SealedVault.from_bytes(json.dumps(document).encode()).opened(key)

    def test_one_without_a_seal_is_malformed(self, old: Path) -> None:
        change(old, lambda document: document.pop("seal"))

        with pytest.raises(SecretStoreError, match="cannot be read"):
            reopened(old)


def reopened_key(path: Path) -> bytes:
    return SealedVault.from_bytes(path.read_bytes()).kdf.key(PASSPHRASE.encode())


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda d: d.update(format="zip"), "not a vault"),
        (lambda d: d.update(version=3), "version is not known"),
        (lambda d: d.pop("kdf"), "how its key is made"),
        (lambda d: d["kdf"].update(name="md5"), "how its key is made"),
        (lambda d: d["kdf"].update(memory_kib=2**40), "memory_kib is not a number from"),
        (lambda d: d["kdf"].update(memory_kib=7), "memory_kib is not a number from"),
        (lambda d: d["kdf"].update(iterations=10**9), "iterations is not a number from"),
        (lambda d: d["kdf"].update(lanes=True), "lanes is not a number from"),
        (lambda d: d["kdf"].update(salt="c2FsdA=="), "salt has the wrong length"),
        (lambda d: d["kdf"].update(salt="!"), "salt is not base64"),
        (lambda d: d["kdf"].update(salt="é"), "salt is not base64"),
        (lambda d: d["kdf"].pop("salt"), "salt has the wrong length"),
        (lambda d: d.update(sealed=""), "sealed has the wrong length"),
        (lambda d: d.pop("sealed"), "sealed has the wrong length"),
    ],
)
def test_a_malformed_vault_is_told_and_left_as_it_is(
    vault: VaultStore, path: Path, edit: Callable[[Any], object], reason: str
) -> None:
    change(path, edit)
    before = path.read_bytes()

    with pytest.raises(SecretStoreError, match="cannot be read") as trouble:
        reopened(path)

    assert reason in trouble.value.cause
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"[" * 100_000, b"null", b"{}", b"1e999"]
)
def test_a_file_that_is_no_vault_is_told_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(SecretStoreError, match="cannot be read"):
        reopened(path)

    assert path.read_bytes() == content


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_flipped_bit_is_never_believed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("vault") / "vault.json"
    reopened(path).set("testing", "token", VALUE)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)

    try:
        read = reopened(path).get("testing", "token")
    except SecretStoreError:
        return
    assert (
        read == VALUE
    )  # the bit fell on space between the parts, or on a base64 bit that says nothing


def test_a_file_of_senseless_size_is_not_read_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)

    with pytest.raises(SecretStoreError) as trouble:
        reopened(path)

    assert "too large" in trouble.value.cause


def test_a_vault_that_was_taken_away_is_told_and_not_begun_anew(
    vault: VaultStore, path: Path
) -> None:
    path.unlink()

    with pytest.raises(SecretStoreError, match="cannot be read"):
        vault.set("testing", "token", "new")

    assert not path.exists()


def test_a_vault_that_was_made_anew_is_locked_again(vault: VaultStore, path: Path) -> None:
    path.unlink()
    reopened(path, "another passphrase")

    with pytest.raises(SecretStoreLockedError):
        vault.get("testing", "token")

    assert not vault.is_open


def test_what_another_process_sets_is_seen_and_kept(vault: VaultStore, path: Path) -> None:
    other = reopened(path)
    other.set("staging", "token", "theirs")

    vault.set("development", "token", "ours")

    assert other.get("development", "token") == "ours"
    assert vault.get("staging", "token") == "theirs"


def test_a_vault_that_another_process_holds_too_long_is_told(vault: VaultStore, path: Path) -> None:
    held = try_lock(path.with_name("vault.json.lock"))
    assert held is not None
    try:
        with pytest.raises(SecretStoreTimeoutError):
            vault.set("testing", "token", "new")
    finally:
        os.close(held)

    assert vault.get("testing", "token") == VALUE


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(HomeUnwritableError):
        vault_store(tmp_path / "missing").open(PASSPHRASE)


def test_a_full_disk_keeps_the_old_values_and_shows_none(
    vault: VaultStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refuse)
        with pytest.raises(DiskFullError) as trouble:
            vault.set("testing", "token", "".join(["hf_new", "-canary"]))

    assert "hf_new-canary" not in "".join(traceback.format_exception(trouble.value))
    assert vault.get("testing", "token") == VALUE
    assert sorted(p.name for p in path.parent.iterdir()) == ["vault.json", "vault.json.lock"]


def test_deleting_says_whether_there_was_one(vault: VaultStore) -> None:
    assert vault.delete("testing", "token") is True
    assert vault.delete("testing", "token") is False
    assert vault.get("production", "token") == "hf_other-9Z"
