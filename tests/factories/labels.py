"""A toy task beside the real one: labels with scores, as docs/how-to/add-a-task.md has it added."""

from __future__ import annotations

from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Schema, Task, Tasks
from heygen_desktop.domain.entities.run import Json
from pydantic import Field


class LabelsInput(Schema):
    """What is sorted."""

    sentence: str = Field(title="Sentence", description="What the labels are for.")
    context: str = Field(default="", title="Context", description="What went before it.")


class LabelsParams(Schema):
    """How it is sorted."""

    max_tokens: int = Field(default=7, ge=1, le=9, title="Max tokens", description="Cut there.")
    top_k: int = Field(default=2, ge=1, le=10, title="Top-k", description="So many labels.")


class Label(Schema):
    """One label."""

    label: str = Field(title="Label")
    score: float = Field(ge=0.0, le=1.0, title="Score")


class LabelsOutput(Schema):
    """The best labels, the best one first."""

    labels: list[Label] = Field(title="Labels")
    is_sure: bool = Field(title="Sure")


LABELS = Task(
    tag="text-classification",
    title="Labels",
    input=LabelsInput,
    params=LabelsParams,
    output=LabelsOutput,
    main_input="sentence",
)
WITH_LABELS = Tasks((*TASKS, LABELS))
A_LABELLING: dict[str, Json] = {
    "labels": [{"label": "joy", "score": 0.75}, {"label": "anger", "score": 0.25}],
    "is_sure": True,
}
