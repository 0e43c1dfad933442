"""Where residents of a home are written down, so that other processes find them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heygen_desktop.application.ports.inference import ShouldStop
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.infrastructure.files.atomic import write_whole
from heygen_desktop.infrastructure.files.locked import try_lock
from heygen_desktop.infrastructure.inference import codec
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation

_LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class Resident:
    """How one resident is reached."""

    process: Owner
    address: str
    """A socket's path, or a port of this machine."""
    key: str = field(repr=False)
    """64 hex digits; both sides prove that they know it."""


def new_key() -> str:
    """Return a fresh key of 256 bits."""
    return secrets.token_hex(32)


class ResidentRegister:
    """A folder with one file for each resident, readable by the user alone."""

    def __init__(self, folder: Path, processes: Processes) -> None:
        self._folder = folder
        self._processes = processes

    def add(self, resident: Resident) -> None:
        """Write a resident down. Raises StorageError and its kinds."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._file(resident.process), codec.dump(resident))

    def remove(self, process: Owner) -> None:
        """Strike a resident out; one that is not there is none."""
        self._file(process).unlink(missing_ok=True)

    def all(self) -> Sequence[Resident]:
        """Return the residents of this machine that live, this process's own included.

        The dead are struck out; those of another machine cannot be reached, and are left alone.
        """
        found: list[Resident] = []
        if not self._folder.is_dir():
            return found
        for path in sorted(self._folder.glob("*.json")):
            resident = _read(path)
            if resident is None or self._processes.is_gone(resident.process):
                with contextlib.suppress(OSError):  # another process strikes it out just now
                    path.unlink(missing_ok=True)
                continue
            if self._processes.is_here(resident.process):
                found.append(resident)
        return found

    @contextlib.contextmanager
    def starting(self, should_stop: ShouldStop) -> Iterator[None]:
        """Let one process at a time start a resident; wait for the turn, or until ``should_stop``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while (lock := try_lock(self._folder.with_suffix(".lock"))) is None and not should_stop():
            time.sleep(_LOOK_EVERY_S)
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def _file(self, process: Owner) -> Path:
        host = re.sub(r"[^A-Za-z0-9.-]", "_", process.host)
        return self._folder / f"{host}-{process.pid}.json"  # two machines may share a home


def _read(path: Path) -> Resident | None:
    try:
        return codec.load(Resident, path.read_bytes())
    except (OSError, ProtocolViolation):
        return None
