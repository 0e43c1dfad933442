from __future__ import annotations

import subprocess
import sys

import pytest
from heygen_desktop.infrastructure.secrets.backends import (
    LINUX,
    MACOS,
    WINDOWS,
    Found,
    Trusted,
    find_backend,
    trusted_here,
)
from keyring.backends.null import Keyring as NullKeyring

NULL = Trusted(NullKeyring.__module__, "Keyring", "nothing")
IMPORTS = """
import sys
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
KeyringStore("heygen-desktop")
print([name for name in ("keyring", "secretstorage", "jeepney") if name in sys.modules])
"""


@pytest.fixture(autouse=True)
def no_session_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own keyring is none of these tests' business."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("linux", LINUX), ("freebsd14", LINUX), ("darwin", MACOS), ("win32", WINDOWS)],
)
def test_each_platform_has_its_own_trusted_keyrings(
    platform: str, expected: tuple[Trusted, ...]
) -> None:
    assert trusted_here(platform) == expected


def test_only_the_systems_own_keyrings_are_trusted() -> None:
    words = ("alt", "null", "fail", "chainer", "file")

    modules = [entry.module for entry in (*LINUX, *MACOS, *WINDOWS)]

    assert not [module for module in modules for word in words if module.endswith(word)]


@pytest.mark.skipif(sys.platform != "linux", reason="asks for Linux's keyrings")
def test_without_a_session_bus_there_is_none_whatever_keyring_itself_would_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    assert find_backend() is None


def test_a_backend_that_is_not_installed_is_passed_over() -> None:
    assert find_backend([Trusted("no_such_module_here", "Keyring", "nothing")]) is None


def test_the_best_of_those_that_are_here_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Better(NullKeyring):
        priority = 3

    monkeypatch.setattr(sys.modules[__name__], "Better", Better, raising=False)

    found = find_backend([NULL, Trusted(__name__, "Better", "better"), NULL])

    NullKeyring._classes.discard(Better)  # keyring keeps a register of every backend class

    assert found is not None
    assert found.name == "better"
    assert not found.is_locked()


def test_a_store_that_is_only_made_imports_no_keyring() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True, timeout=60
    )

    assert result.stdout == "[]\n"


class WrittenBus:
    """A stand-in for secretstorage, with or without a default collection."""

    class exceptions:  # noqa: N801  the library's own name
        class ItemNotFoundException(Exception):  # noqa: N818  the library's own name
            pass

    def __init__(self, *, is_locked: bool | None) -> None:
        self._is_locked = is_locked
        self.is_closed = False

    def dbus_init(self) -> WrittenBus:
        return self

    def close(self) -> None:
        self.is_closed = True

    def Collection(self, connection: WrittenBus, path: str) -> WrittenBus:  # noqa: N802  the library's own name
        if self._is_locked is None:
            raise self.exceptions.ItemNotFoundException
        return self

    def is_locked(self) -> bool:
        assert self._is_locked is not None
        return self._is_locked


def secret_service(monkeypatch: pytest.MonkeyPatch, library: object) -> Found:
    monkeypatch.setitem(sys.modules, "secretstorage", library)
    found = find_backend([Trusted(NULL.module, NULL.class_name, "Secret Service")])
    assert found is not None
    return found


@pytest.mark.parametrize(("is_locked", "expected"), [(True, True), (False, False), (None, True)])
def test_the_secret_service_is_asked_whether_it_is_locked_and_let_go(
    monkeypatch: pytest.MonkeyPatch, is_locked: bool | None, expected: bool
) -> None:
    bus = WrittenBus(is_locked=is_locked)

    assert secret_service(monkeypatch, bus).is_locked() is expected
    assert bus.is_closed


def test_a_secret_service_of_another_library_is_taken_for_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not secret_service(monkeypatch, None).is_locked()
