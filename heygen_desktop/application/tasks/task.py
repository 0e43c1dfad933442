"""A task: the typed signature of what a model does, and all that follows from its three schemas.

The form, the flags of the command line, the check of what goes in and of what comes out, the line of
the history, what Copy and ``--output`` give and how an output is shown: no front knows any task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from heygen_desktop.application.forms import FieldKind, FormField, checked_params, fields_of
from heygen_desktop.application.tasks.blob import Blob, blobs_in
from heygen_desktop.application.tasks.parts import Part, parts_of, summary_of, text_of
from heygen_desktop.domain.errors import ArtifactUnsupportedError, WrongOutputError

if TYPE_CHECKING:
    from heygen_desktop.application.settings.schema import Settings
    from heygen_desktop.domain.entities.run import Json


class Schema(BaseModel):
    """What inputs, parameters and outputs derive from: a field that nobody declared is refused."""

    model_config = ConfigDict(extra="forbid")


class Undeclared(BaseModel):
    """The schema of a task that this version does not know: whatever there is."""

    model_config = ConfigDict(extra="allow")


@dataclass(frozen=True)
class Task:
    """A typed signature."""

    tag: str
    """The Hugging Face tag."""
    title: str
    input: type[BaseModel]
    params: type[BaseModel]
    output: type[BaseModel]
    main_input: str
    """The field that a bare input, such as the command line's INPUT, fills."""
    streamed: str = ""
    """The field of the output that grows as text comes; empty where all comes at the end."""
    continues: bool = False
    """Whether the output goes on, on the same line, where the main input ends."""
    presets: str = ""
    """The section of the settings that holds defaults of the parameters; empty: the schema's own."""
    endings: Mapping[str, str] = field(default_factory=dict)
    """Why a run ended well, in a sentence, by the reason that the runtime gives."""

    @property
    def input_fields(self) -> tuple[FormField, ...]:
        """The inputs, ready to be shown."""
        return fields_of(self.input)

    @property
    def param_fields(self) -> tuple[FormField, ...]:
        """The parameters, ready to be shown."""
        return fields_of(self.params)

    @property
    def makes_files(self) -> bool:
        """Whether its output has files."""
        return any(each.kind is FieldKind.FILE for each in fields_of(self.output))

    @property
    def own_defaults(self) -> dict[str, Json]:
        """The values of the parameters where no settings are asked."""
        return {each.key: each.default for each in self.param_fields}

    def defaults(self, settings: Settings) -> dict[str, Json]:
        """Return the values of the parameters that a request leaves out."""
        own = self.own_defaults
        preset = getattr(settings, self.presets).model_dump() if self.presets else {}
        return own | {key: value for key, value in preset.items() if key in own}

    def checked_params(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """Return all parameters, checked. Raises InvalidParameterError."""
        return checked_params(self.params, params)

    def checked_inputs(self, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """Return all inputs, checked. Raises InvalidParameterError."""
        return checked_params(self.input, inputs)

    def checked_output(self, output: Mapping[str, Json]) -> dict[str, Json]:
        """Return what a worker says it made, as the schema stores it. Raises WrongOutputError."""
        try:
            return self.output.model_validate(dict(output), strict=True).model_dump(mode="json")
        except ValidationError as error:
            reasons = "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'output'}: {each['msg']}"
                for each in error.errors(include_url=False)[:5]
            )
            raise WrongOutputError(self.tag, reasons, json.dumps(output)) from error

    def unfinished(self, text: str) -> dict[str, Json]:
        """Return the output of a run that has made this text so far, or was stopped there."""
        return {self.streamed: text} if self.streamed and text else {}

    def input_summary(self, inputs: Mapping[str, Json]) -> str:
        """Return the main input on one line, cut short."""
        return summary_of(self._main(inputs))

    def input_text(self, inputs: Mapping[str, Json]) -> str:
        """Return the main input in full."""
        return text_of(self._main(inputs))

    def _main(self, inputs: Mapping[str, Json]) -> tuple[Part, ...]:
        known = {key: value for key, value in inputs.items() if key == self.main_input}
        return parts_of(self.input, known or inputs)

    def output_summary(self, output: Mapping[str, Json]) -> str:
        """Return what was made on one line, cut short."""
        return summary_of(self.parts(output))

    def parts(self, output: Mapping[str, Json]) -> tuple[Part, ...]:
        """Return an output as texts and tables under their titles, in the schema's order."""
        return parts_of(self.output, output)

    def as_text(self, output: Mapping[str, Json]) -> str:
        """Return what Copy gives: a text alone as it is, else everything under its title."""
        return text_of(self.parts(output))

    def as_file(self, output: Mapping[str, Json]) -> Blob | None:
        """Return the file that ``--output`` gives: the first of the output; None where it has none."""
        return next(blobs_in(dict(output)), None)


class Tasks:
    """The tasks that this version runs, by tag."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks: dict[str, Task] = {}
        for task in tasks:
            if task.tag in self._tasks:
                raise ValueError(f"two tasks have the tag {task.tag}")
            self._tasks[task.tag] = task

    def __iter__(self) -> Iterator[Task]:
        return iter(self._tasks.values())

    def __contains__(self, tag: object) -> bool:
        return tag in self._tasks

    def named(self, tag: str, *, model: str = "") -> Task:
        """Return the task of that tag.

        Args:
            model: Whose task it is, for the sentence of the error.

        Raises:
            ArtifactUnsupportedError: This version runs no such task.
        """
        if tag in self._tasks:
            return self._tasks[tag]
        raise ArtifactUnsupportedError(
            model or tag or "The model",
            f"Its task is {tag or 'unknown'}; this version runs {', '.join(self._tasks)}.",
            remedy="Choose a model whose task is listed, or name a task with --task.",
        )

    def of(self, tag: str) -> Task:
        """Return the task of a stored run; of one that this version does not know, a bare one."""
        unknown = Task(tag, tag, Undeclared, Undeclared, Undeclared, main_input="")
        return self._tasks.get(tag, unknown)
