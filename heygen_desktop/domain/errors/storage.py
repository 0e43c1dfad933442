"""What should be kept could not be written or read."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class StorageError(HeyGenError):
    """What should be kept could not be written or read."""

    code = "storage_error"


class DiskFullError(StorageError):
    """No space is left where the data lives."""

    code = "disk_full"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The disk that holds {path} is full.",
            cause="There is no space left on that device. Nothing that was saved before is lost.",
            remedy="Free some space and repeat the last action.",
            details={"path": path},
        )


class DatabaseBusyError(StorageError):
    """Another process held the database for longer than we wait."""

    code = "database_busy"

    def __init__(self, path: str, waited_s: float) -> None:
        super().__init__(
            "The database is locked by another process.",
            cause=f"{path} stayed locked for {waited_s:.0f} s.",
            remedy="Close the program that holds it and repeat the last action.",
            details={"path": path, "waited_s": waited_s},
        )


class DatabaseCorruptError(StorageError):
    """The database file is not a database, or is damaged."""

    code = "database_corrupt"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            "The database is damaged.",
            cause=f"{path}: {reason}.",
            remedy="Move that file aside (do not delete it) and restore the newest copy from the "
            "backups folder beside it.",
            details={"path": path, "reason": reason},
        )


class DatabaseTooNewError(StorageError):
    """A later version of this program wrote the database."""

    code = "database_too_new"

    def __init__(self, path: str, revision: str) -> None:
        super().__init__(
            "The database was written by a newer version of HeyGen Desktop.",
            cause=f"{path} has schema {revision}, which this version does not know.",
            remedy="Install the newer version, or start with another --home.",
            details={"path": path, "revision": revision},
        )


class HomeUnwritableError(StorageError):
    """The data folder cannot be created or written."""

    code = "home_unwritable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The data folder {path} cannot be written.",
            cause=reason,
            remedy="Give your user the right to write there, or choose another folder with --home.",
            details={"path": path, "reason": reason},
        )


class FileUnwritableError(StorageError):
    """A file that the user named cannot be written."""

    code = "file_unwritable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be written.",
            cause=reason,
            remedy="Choose a file in a folder that exists and that your user may write to.",
            details={"path": path, "reason": reason},
        )
