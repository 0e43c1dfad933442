"""Every task that this version can run, in one explicit list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from heygen_desktop.application.forms import FormField, checked_params, fields_of
from heygen_desktop.application.tasks.text_generation import (
    TextGenerationInput,
    TextGenerationOutput,
    TextGenerationParams,
)
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import ArtifactUnsupportedError


@dataclass(frozen=True)
class Task:
    """A typed signature: from it come panel, CLI flags, API body and SDK types."""

    tag: str
    """The Hugging Face tag."""
    title: str
    input: type[BaseModel]
    params: type[BaseModel]
    output: type[BaseModel]
    main_input: str
    """The field that a bare text, such as the CLI's INPUT, fills."""

    @property
    def param_fields(self) -> tuple[FormField, ...]:
        """The parameters, ready to be shown."""
        return fields_of(self.params)

    def checked_params(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Return all parameters, checked. Raises InvalidParameterError."""
        return checked_params(self.params, params)

    def checked_inputs(self, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Return all inputs, checked. Raises InvalidParameterError."""
        return checked_params(self.input, inputs)


TASKS: tuple[Task, ...] = (
    Task(
        tag="text-generation",
        title="Text",
        input=TextGenerationInput,
        params=TextGenerationParams,
        output=TextGenerationOutput,
        main_input="prompt",
    ),
)


def task_named(tag: str, *, model: str = "") -> Task:
    """Return the task of that tag.

    Args:
        model: Whose task it is, for the sentence of the error.

    Raises:
        ArtifactUnsupportedError: This version runs no such task.
    """
    for task in TASKS:
        if task.tag == tag:
            return task
    known = ", ".join(task.tag for task in TASKS)
    raise ArtifactUnsupportedError(
        model or tag or "The model",
        f"Its task is {tag or 'unknown'}; this version runs {known}.",
        remedy="Choose a model whose task is listed, or name a task with --task.",
    )
