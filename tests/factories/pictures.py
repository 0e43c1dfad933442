"""A toy task whose input and output are files: a picture goes in, its negative comes out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from heygen_desktop.application.ports.inference import TaskRequest
from heygen_desktop.application.tasks.blob import Blob
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Schema, Task, Tasks
from heygen_desktop.domain.entities.run import Json
from pydantic import Field


class PictureInput(Schema):
    """What is turned round."""

    image: Blob = Field(title="Image", description="The picture to begin with.")
    mask: Blob | None = Field(default=None, title="Mask", description="Where it stays as it is.")
    note: str = Field(default="", title="Note", description="What it is for.")


class PictureParams(Schema):
    """There is nothing to choose."""


class PictureOutput(Schema):
    """The negative."""

    image: Blob = Field(title="Image")
    pixels: int = Field(ge=0, title="Pixels")


PICTURES = Task(
    tag="image-to-image",
    title="Picture",
    input=PictureInput,
    params=PictureParams,
    output=PictureOutput,
    main_input="image",
)
WITH_PICTURES = Tasks((*TASKS, PICTURES))
PICTURE = bytes(range(256)) * 40
NEGATIVE = bytes(255 - value for value in PICTURE)


def turned_round(task: TaskRequest) -> Mapping[str, Json]:
    """Do what a runtime of the task does: read the file that it is lent, write one of its own."""
    given = task.inputs["image"]
    assert isinstance(given, dict)
    assert task.folder is not None
    content = Path(str(given["path"])).read_bytes()
    (task.folder / "negative.png").write_bytes(bytes(255 - value for value in content))
    return {"image": {"file": "negative.png", "media_type": "image/png"}, "pixels": len(content)}
