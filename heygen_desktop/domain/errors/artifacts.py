"""The files of a model cannot serve."""

from __future__ import annotations

from heygen_desktop.domain.errors.base import HeyGenError


class ArtifactError(HeyGenError):
    """The files of a model cannot serve."""

    code = "artifact_error"


class ArtifactMissingError(ArtifactError):
    """The path does not exist."""

    code = "artifact_missing"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is nothing at {path}.",
            cause="The file or folder does not exist, or its disk is not connected.",
            remedy="Check the path, connect the disk, or register the model again from its new place.",
            details={"path": path},
        )


class ArtifactUnreadableError(ArtifactError):
    """The operating system refuses to let us read it."""

    code = "artifact_unreadable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be read.",
            cause=reason,
            remedy="Give your user the right to read it, for example: chmod -R u+rX on that path.",
            details={"path": path, "reason": reason},
        )


class ArtifactEmptyError(ArtifactError):
    """The folder holds nothing that is a model."""

    code = "artifact_empty"

    def __init__(self, path: str, looked_at: int) -> None:
        super().__init__(
            f"No model was found in {path}.",
            cause=f"None of its files ({looked_at:,} seen) is a model that this program knows."
            if looked_at
            else "The folder is empty.",
            remedy="Choose the folder that holds config.json and the .safetensors files.",
            details={"path": path, "entries": looked_at},
        )


class ArtifactCorruptError(ArtifactError):
    """A file's header lies, or the file was cut short."""

    code = "artifact_corrupt"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} is damaged or incomplete.",
            cause=reason,
            remedy="Copy or download the file again and compare its size and checksum.",
            details={"path": path, "reason": reason},
        )


class ArtifactUnsupportedError(ArtifactError):
    """No runtime here executes this format, architecture or task."""

    code = "artifact_unsupported"

    def __init__(self, path: str, reason: str, *, remedy: str = "") -> None:
        super().__init__(
            f"{path} cannot be used by this version.",
            cause=reason,
            remedy=remedy or "Use a Hugging Face style folder with .safetensors weights.",
            details={"path": path, "reason": reason},
        )


class ArtifactUnsafeError(ArtifactError):
    """Loading it would run code that came with the files."""

    code = "artifact_unsafe"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} is refused because loading it could run code.",
            cause=reason,
            remedy="Use the model's .safetensors files, or convert it on a machine you can lose.",
            details={"path": path, "reason": reason},
        )
