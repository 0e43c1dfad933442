"""Where the program keeps its files: the platform's own folders, or all under one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heygen_desktop.domain.errors import HomeUnwritableError
from heygen_desktop.infrastructure.files.atomic import storage_error

APP = "heygen-desktop"
HOME_VARIABLE = "HEYGEN_HOME"
PORTABLE_FOLDER = "heygen-home"
_PRIVATE_FOLDER = 0o700


@dataclass(frozen=True)
class Home:
    """The places of one home; every path is absolute. Nothing is created before ``prepare``."""

    config_file: Path
    """``heygen.toml``, the settings file; may be missing."""
    data: Path
    """The folder of the database."""
    logs: Path
    cache: Path
    """What can be made again."""
    root: Path | None = None
    """The one folder that holds everything; None for the platform's own folders."""

    @property
    def backups(self) -> Path:
        """Copies of the database."""
        return self.data / "backups"

    @property
    def blobs(self) -> Path:
        """The files that inputs and outputs of runs refer to; may be missing."""
        return self.data / "blobs"

    @property
    def vault_file(self) -> Path:
        """The passphrase vault; may be missing."""
        return self.data / "vault.json"

    @property
    def lock_file(self) -> Path:
        """Held by the one window of this home."""
        return self.data / "window.lock"

    @property
    def keyring_service(self) -> str:
        """The name under which the OS keyring keeps this home's secrets apart from others'."""
        if self.root is None:
            return APP
        return f"{APP}:{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]}"

    @classmethod
    def locate(cls, argument: Path | None, environ: Mapping[str, str], portable: bool) -> Home:
        """Return the home that was asked for; the first that is given wins.

        Args:
            argument: ``--home``.
            environ: The process's variables; ``HEYGEN_HOME`` counts where it is not empty.
            portable: ``--portable``: a folder beside the program.

        Raises:
            HomeUnwritableError: It names the home of a user whom this machine does not know.
        """
        if argument is not None:
            return cls.under(argument)
        if portable:
            return cls.under(program_folder() / PORTABLE_FOLDER)
        named = environ.get(HOME_VARIABLE, "")
        return cls.under(Path(named)) if named else cls.of_platform()

    @classmethod
    def under(cls, folder: Path) -> Home:
        """Return a home with everything under one folder; ``~`` and relative paths are understood.

        Raises:
            HomeUnwritableError: It names the home of a user whom this machine does not know.
        """
        try:
            folder = folder.expanduser()
        except RuntimeError as error:
            raise HomeUnwritableError(str(folder), "No such user is known here.") from error
        root = Path(os.path.abspath(folder))  # noqa: PTH100  resolve() would follow links, and moving a link's target would lose the keyring's entries
        return cls(root / "heygen.toml", root / "data", root / "logs", root / "cache", root)

    @classmethod
    def of_platform(cls) -> Home:
        """Return the home in the folders that this platform keeps for programs of the user."""
        from platformdirs import PlatformDirs  # noqa: PLC0415  where no home is named, and only there

        folders = PlatformDirs(APP, appauthor=False)
        config_file = folders.user_config_path / "heygen.toml"
        return cls(
            config_file, folders.user_data_path, folders.user_log_path, folders.user_cache_path
        )

    def prepare(self) -> None:
        """Make the folders, for this user alone, and prove that the data folder can be written.

        A folder that is there keeps its permissions.

        Raises:
            HomeUnwritableError: With the reason.
            DiskFullError: There is no space for them.
        """
        for folder in (self.config_file.parent, self.data, self.backups, self.logs, self.cache):
            _make_private(folder)
        _prove_writable(self.data)


def program_folder() -> Path:
    """Return the folder of the program: the frozen executable's, or the started script's."""
    program = sys.executable if getattr(sys, "frozen", False) else sys.argv[0]
    return Path(program).resolve().parent


def _make_private(folder: Path) -> None:
    missing = []
    try:
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
    except OSError as error:  # such as a name that is too long
        raise storage_error(folder, error) from error
    for new in (folder, *reversed(missing)):
        try:
            new.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        except FileExistsError as error:
            raise HomeUnwritableError(
                str(new), "A file stands where the folder should be."
            ) from error
        except OSError as error:
            raise storage_error(new, error) from error


def _prove_writable(folder: Path) -> None:
    probe = folder / f".{secrets.token_hex(6)}.tmp"
    try:
        probe.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise storage_error(probe, error) from error
    finally:
        with contextlib.suppress(OSError):  # it was not made, or goes with the next clean-up
            probe.unlink()
