"""The store over a real gnome-keyring; tests/secret_service.sh starts one for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(
        "HEYGEN_TEST_KEYRING_HOME" not in os.environ, reason="run it under tests/secret_service.sh"
    ),
]
VALUE = "hf_canary-7Q"
SERVICE_SCRIPT = Path(__file__).parents[2] / "secret_service.sh"
LOCKED_MEANWHILE = "tests.integration.secrets.locked_meanwhile"
LOCKED = """
import secretstorage
from heygen_desktop.domain.errors import SecretStoreError
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
connection = secretstorage.dbus_init()
secretstorage.get_default_collection(connection).lock()
connection.close()
store = KeyringStore("heygen-desktop-test")
status = store.status()
print(status.name, status.is_ready, status.problem)
try:
    store.set("production", "token", "hf_canary-7Q")
except SecretStoreError as error:
    print(type(error).__name__)
"""


@pytest.fixture
def store(tmp_path: Path) -> KeyringStore:
    return KeyringStore(f"heygen-desktop-test:{tmp_path}")


def test_the_real_secret_service_is_ready(store: KeyringStore) -> None:
    status = store.status()

    assert (status.name, status.is_ready, status.problem) == ("Secret Service", True, "")


def test_another_store_of_the_same_home_reads_the_value(
    store: KeyringStore, tmp_path: Path
) -> None:
    store.set("production", "token", VALUE)

    assert KeyringStore(f"heygen-desktop-test:{tmp_path}").get("production", "token") == VALUE


def test_another_home_does_not_see_the_value(store: KeyringStore) -> None:
    store.set("production", "token", VALUE)

    assert KeyringStore("heygen-desktop-test:other").get("production", "token") is None


def test_the_value_is_nowhere_in_the_keyrings_files(store: KeyringStore) -> None:
    store.set("production", "token", VALUE)

    folder = Path(os.environ["HEYGEN_TEST_KEYRING_HOME"])
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if VALUE.encode() in path.read_bytes()]


def test_a_locked_keyring_without_a_display_is_told_as_locked() -> None:
    # In a keyring of its own: what is locked there stays locked.
    result = subprocess.run(
        ["bash", SERVICE_SCRIPT, sys.executable, "-c", LOCKED],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert result.stdout.splitlines() == [
        "Secret Service False The keyring (Secret Service) is locked.",
        "SecretStoreLockedError",
    ]


def test_a_keyring_that_is_unlocked_again_gives_no_other_value_than_was_set_last(
    tmp_path: Path,
) -> None:
    result = subprocess.run(
        ["bash", SERVICE_SCRIPT, sys.executable, "-m", LOCKED_MEANWHILE, str(tmp_path)],
        cwd=SERVICE_SCRIPT.parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert result.stdout.splitlines() == [
        "Secret Service",
        "SecretStoreLockedError",
        "vault",
        "old",
        "kept while locked",
    ]
