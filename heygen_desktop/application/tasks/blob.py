"""What is not text or a number: a file of the home under its content's hash, and references to it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from heygen_desktop.domain.entities.run import Json


class Blob(BaseModel):
    """A reference to a kept file; as a field of a schema, that file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    blob: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    """The hash of the content."""
    media_type: str
    """``image/png``, ``audio/wav``; ``application/octet-stream`` where nobody knows."""
    size_bytes: int = Field(ge=0)
    name: str
    """What the file was called where it came from."""

    def __str__(self) -> str:
        return f"{self.name}, {self.size_bytes:,} bytes"


def blob_of(value: Json) -> Blob | None:
    """Return the reference that a value is, or None."""
    is_one = isinstance(value, dict) and value.keys() == Blob.model_fields.keys()
    return Blob.model_validate(value) if is_one else None


def blobs_in(value: Json) -> Iterator[Blob]:
    """Return every reference in a value, wherever it stands."""
    blob = blob_of(value)
    if blob is not None:
        yield blob
        return
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from blobs_in(each)
