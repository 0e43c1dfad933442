"""What executes which format: each runtime declares it here, so that nobody imports one to ask.

The runtimes themselves live in the worker process, under the same ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from heygen_desktop.application.forms import checked_params
from heygen_desktop.domain.errors import ArtifactUnsupportedError, InvalidParameterError
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.domain.values.device import CPU

if TYPE_CHECKING:
    from heygen_desktop.application.settings.schema import Settings
    from heygen_desktop.domain.entities.run import Json

AUTO = "auto"


class Options(BaseModel):
    """What the options of runtimes derive from; a runtime without any has just this."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TransformersOptions(Options):
    """How PyTorch and the transformers library run a model."""

    prefill_tokens: int = Field(
        default=512,
        ge=16,
        le=65_536,
        title="Prompt piece",
        description="How much of a prompt is read at once. More can be faster and takes more memory. "
        "Takes effect when the model is loaded next.",
        json_schema_extra={"unit": "tokens"},
    )


@dataclass(frozen=True)
class RuntimeDeclaration:
    """What one runtime can do."""

    id: str
    formats: tuple[ArtifactFormat, ...]
    tasks: tuple[str, ...]
    """Hugging Face tags."""
    has_gpu: bool = False
    """Whether it computes on GPUs too; all compute on the processor."""
    dtypes: tuple[str, ...] = ()
    """Precisions that it can be told to compute in; none where the files alone decide."""
    options: type[Options] = Options
    settings: str = ""
    """The section of the settings that holds its options; empty: their defaults."""

    def device(self, asked: str, setting: str) -> str:
        """Return the device to load onto.

        Args:
            asked: By the user, for this load; empty for the one of the settings, which gives way
                where this runtime cannot use it.

        Raises:
            InvalidParameterError: It was asked for by name, and this runtime cannot use it.
        """
        if self.has_gpu:
            return asked or setting
        if asked not in ("", AUTO, CPU):
            expected = f"{CPU}; the runtime {self.id} uses no GPU"
            raise InvalidParameterError("device", asked, expected)
        return CPU

    def dtype(self, setting: str) -> str:
        """Return the precision of the settings, or ``auto`` where this runtime has no such."""
        return setting if setting in self.dtypes else AUTO

    def chosen_options(self, settings: Settings) -> dict[str, Json]:
        """Return its options as the settings have them, checked. Raises InvalidParameterError."""
        chosen = getattr(settings, self.settings).model_dump() if self.settings else {}
        return checked_params(self.options, chosen)


class Runtimes:
    """The runtimes of this version, one for each format."""

    def __init__(self, declarations: Iterable[RuntimeDeclaration]) -> None:
        self._by_format: dict[ArtifactFormat, RuntimeDeclaration] = {}
        for declaration in declarations:
            for each in declaration.formats:
                if each in self._by_format:
                    raise ValueError(f"two runtimes execute {each}")
                self._by_format[each] = declaration

    def __iter__(self) -> Iterator[RuntimeDeclaration]:
        return iter(dict.fromkeys(self._by_format.values()))

    def find(self, artifact_format: ArtifactFormat) -> RuntimeDeclaration | None:
        """Return what executes that format, or None."""
        return self._by_format.get(artifact_format)

    def of(
        self, artifact_format: ArtifactFormat, *, model: str, task: str = ""
    ) -> RuntimeDeclaration:
        """Return what executes that format.

        Args:
            model: Whose format it is, for the sentence of the error.
            task: What it is to do; empty where that is not asked.

        Raises:
            ArtifactUnsupportedError: Nothing executes the format, or does that task on it.
        """
        found = self.find(artifact_format)
        if found is None:
            known = ", ".join(self._by_format)
            why = f"This version runs {known}; there is no runtime for {artifact_format}."
            raise ArtifactUnsupportedError(model, why)
        if task and task not in found.tasks:
            tasks = ", ".join(found.tasks)
            why = f"The runtime {found.id} does {tasks} on {artifact_format}, not {task}."
            raise ArtifactUnsupportedError(model, why)
        return found


TRANSFORMERS = RuntimeDeclaration(
    id="transformers",
    formats=(ArtifactFormat.SAFETENSORS,),
    tasks=("text-generation",),
    has_gpu=True,
    dtypes=("float32", "bfloat16", "float16"),
    options=TransformersOptions,
    settings="transformers",
)
RUNTIMES = Runtimes((TRANSFORMERS,))
