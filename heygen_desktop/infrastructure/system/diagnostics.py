"""The doctor's eyes: what of this machine and installation works, found without importing torch."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from typing import Protocol

from heygen_desktop.application.ports.blobs import BlobStore
from heygen_desktop.application.ports.devices import Devices
from heygen_desktop.application.ports.diagnostics import Check, CheckState
from heygen_desktop.application.ports.secrets import SecretStore
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.values.device import CPU
from heygen_desktop.infrastructure.files.home import Home

SAFE_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""First releases, one for each maintained line, without the WAL reset bug (3.7.0 to 3.51.2)."""
SCARCE_DISK_BYTES = 2 * 1024**3
_FLOORS = {"torch": (2, 10), "transformers": (5, 3), "safetensors": (0, 5)}
_Finding = tuple[CheckState, str, str]
"""How it came out, what was seen, and what to do about it."""


class CheckedDatabase(Protocol):
    """The part of the database that is looked at."""

    @property
    def sqlite_version(self) -> str:
        """The version of the SQLite library."""

    def check(self) -> None:
        """Return where the database is whole. Raises StorageError."""


class MachineDiagnostics:
    """Fulfils ``Diagnostics``."""

    def __init__(
        self,
        home: Home,
        database: CheckedDatabase,
        secrets: SecretStore,
        devices: Devices,
        blobs: BlobStore,
        environ: Mapping[str, str],
    ) -> None:
        self._home = home
        self._database = database
        self._secrets = secrets
        self._devices = devices
        self._blobs = blobs
        self._environ = environ

    def checks(self) -> Sequence[Check]:
        looks: dict[str, Callable[[], _Finding]] = {
            "Python": self._python,
            "Engine": self._engine,
            "Memory": self._memory,
            "GPU": self._gpu,
            "Display": self._display,
            "Data folder": self._data_folder,
            "Database": self._database_state,
            "SQLite": self._sqlite,
            "Files of runs": self._files,
            "Secrets": self._secret_store,
        }
        return [Check(name, *_safely(look)) for name, look in looks.items()]

    def _python(self) -> _Finding:
        found = f"Python {platform.python_version()} on {platform.platform(terse=True)}."
        return CheckState.OK, found, ""

    def _engine(self) -> _Finding:
        versions: list[str] = []
        for package, floor in _FLOORS.items():
            try:
                version = metadata.version(package)
            except metadata.PackageNotFoundError:
                return (
                    CheckState.PROBLEM,
                    f"{package} is not installed, so no model can be run.",
                    "Install the program anew, or: pip install -c constraints.txt heygen-desktop",
                )
            versions.append(f"{package} {version}")
            if numbers(version)[: len(floor)] < floor:
                return (
                    CheckState.PROBLEM,
                    f"{package} {version} has known security holes.",
                    f"Update it to {'.'.join(map(str, floor))} or later.",
                )
        return CheckState.OK, ", ".join(versions) + ".", ""

    def _gpu(self) -> _Finding:
        seen = self._devices.look()
        usable = [
            f"{each.id} is {each.name}" for each in seen.devices if each.is_gpu and not each.problem
        ]
        if usable and not seen.gpu_problem:
            return CheckState.OK, f"{', '.join(usable)}.", ""
        runs_on = f"Models can run on: {', '.join(seen.usable)}."
        needs = "An NVIDIA GPU needs its driver and the CUDA build of torch (see README, GPU)."
        return CheckState.NOTICE, seen.gpu_problem, f"{runs_on} {needs}"

    def _files(self) -> _Finding:
        kept = self._blobs.usage()
        found = f"{kept.count:,}, {kept.size_bytes / 1e6:,.1f} MB, in {self._home.blobs}."
        return CheckState.OK, found, ""

    def _memory(self) -> _Finding:
        ram = self._devices.look().get(CPU)
        free, total = f"{ram.free_bytes / 1e9:.1f} GB", f"{ram.total_bytes / 1e9:.1f} GB"
        return CheckState.OK, f"{free} of {total} are free for models on {ram.name}.", ""

    def _display(self) -> _Finding:
        has_one = self._environ.get("WAYLAND_DISPLAY") or self._environ.get("DISPLAY")
        if sys.platform != "linux" or has_one:
            return CheckState.OK, "A window can be opened.", ""
        return (
            CheckState.NOTICE,
            "Neither DISPLAY nor WAYLAND_DISPLAY is set, so no window can be opened here.",
            "Use the heygen command in the terminal.",
        )

    def _data_folder(self) -> _Finding:
        free = shutil.disk_usage(self._home.data).free
        found = f"{self._home.data} can be written; {free / 1e9:.1f} GB are free."
        if not os.access(self._home.data, os.W_OK):
            return (
                CheckState.PROBLEM,
                f"{self._home.data} cannot be written.",
                "Give your user the right to write there, or choose another folder with --home.",
            )
        if free < SCARCE_DISK_BYTES:
            return CheckState.NOTICE, found, "Free some space soon."
        return CheckState.OK, found, ""

    def _database_state(self) -> _Finding:
        self._database.check()
        return CheckState.OK, "The database is intact.", ""

    def _sqlite(self) -> _Finding:
        found = f"SQLite {self._database.sqlite_version}"
        if is_safe_sqlite(numbers(self._database.sqlite_version)):
            return CheckState.OK, f"{found}.", ""
        return (
            CheckState.NOTICE,
            f"{found} has a rare fault that can lose committed data when several connections write; "
            "this program has one writer in each process, which makes that rarer still.",
            "The installers bring a newer SQLite; or update the system's to 3.51.3.",
        )

    def _secret_store(self) -> _Finding:
        status = self._secrets.status()
        if status.is_ready:
            return CheckState.OK, f"Secrets are kept in the {status.name}.", ""
        state = CheckState.NOTICE if status.can_open_vault else CheckState.PROBLEM
        return state, status.problem, status.remedy


def is_safe_sqlite(version: tuple[int, ...]) -> bool:
    """Whether a SQLite release is without the WAL reset bug."""
    if version < (3, 7, 0) or version >= SAFE_SQLITE[0]:
        return True
    return any(version[:2] == safe[:2] and version >= safe for safe in SAFE_SQLITE)


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: ``2.13.0+cpu`` is (2, 13, 0)."""
    leading, *_ = re.split(r"[^0-9.]", version)
    return tuple(map(int, filter(None, leading.split("."))))


def _safely(look: Callable[[], _Finding]) -> _Finding:
    try:
        return look()
    except HeyGenError as error:
        return CheckState.PROBLEM, f"{error.message} {error.cause}".strip(), error.remedy
    except (OSError, sqlite3.Error, RuntimeError) as error:
        return CheckState.PROBLEM, f"The check itself failed: {error}", ""
