"""What the library's table shows: frozen rows, made from what the use cases answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.values.artifact import Artifact
from heygen_desktop.domain.values.estimate import Verdict
from heygen_desktop.presentation.desktop.wording import moment_text

Held = Collection[tuple[str, str]]
"""Name and version of each model in memory."""

_VERDICTS = {
    Verdict.FITS: ("Fits", "success"),
    Verdict.TIGHT: ("Tight", "warning"),
    Verdict.TOO_LARGE: ("Too large", "danger"),
}
_VERDICT_ORDER = {"Fits": 0, "Tight": 1, "Too large": 2}
_PRECISIONS = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "I8": "int8"}
_FORMATS = {"gguf": "GGUF", "onnx": "ONNX", "torchscript": "TorchScript", "pickle": "Pickle"}
_MENTIONED_SHARE = 0.01
"""A precision that fewer elements have is a few norms or biases: not what the model is stored in."""


@dataclass(frozen=True)
class ModelRow:
    """One model by its latest version."""

    name: str
    version: str
    type: str
    task: str
    format: str
    architecture: str
    parameters: int
    precisions: tuple[str, ...]
    size_bytes: int
    verdict: str
    verdict_tone: str
    status: str
    is_loaded: bool
    is_favourite: bool
    tags: tuple[str, ...]
    description: str
    added: str
    added_at: datetime
    path: str
    folder: str
    """What a file manager opens: the path, or the folder around a single file."""
    short_text: str
    """What tells models apart, one field a line, folded."""
    search_text: str
    """The same with all that is said of the model and where it lies."""

    @property
    def reference(self) -> str:
        """How other screens and commands name it."""
        return f"{self.name}@{self.version}"

    @property
    def verdict_order(self) -> int:
        """0 fits, 1 tight, 2 too large: what can be run stands first."""
        return _VERDICT_ORDER[self.verdict]


def row_of(summary: ModelSummary, held: Held) -> ModelRow:
    """Return the row of a model."""
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    verdict, tone = verdict_words(summary.estimate.verdict)
    is_loaded = (model.name, str(version.version)) in held
    status = "In memory" if is_loaded else version.status.capitalize()
    precisions = precisions_of(artifact)
    known = (model.name, *model.tags, model.type, artifact.task, artifact.architecture)
    short = folded("\n".join((*known, artifact.format, *precisions, verdict, status)))
    said = (model.description, model.note, model.licence, model.creator)
    return ModelRow(
        name=model.name,
        version=str(version.version),
        type=str(model.type),
        task=artifact.task,
        format=str(artifact.format),
        architecture=artifact.architecture,
        parameters=artifact.parameters,
        precisions=precisions,
        size_bytes=artifact.size_bytes,
        verdict=verdict,
        verdict_tone=tone,
        status=status,
        is_loaded=is_loaded,
        is_favourite=model.is_favourite,
        tags=model.tags,
        description=model.description,
        added=moment_text(version.created_at)[:16],
        added_at=version.created_at,
        path=str(artifact.path),
        folder=str(artifact.folder),
        short_text=short,
        search_text=folded("\n".join((short, *said, str(artifact.path)))),
    )


def held_by(workers: Sequence[Worker]) -> Held:
    """Return which versions the workers hold."""
    return frozenset((worker.model, worker.version) for worker in workers)


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """Return a verdict in words, and the tone it is shown in."""
    return _VERDICTS[verdict]


def precision_words(dtype: str) -> str:
    """Return a stored precision as people write it: ``bf16`` for ``BF16``."""
    return _PRECISIONS.get(dtype, dtype.lower())


def precisions_of(artifact: Artifact) -> tuple[str, ...]:
    """Return the precisions that matter, the commonest first: ``fp16``, ``fp32``."""
    total = sum(artifact.dtypes.values())
    return tuple(
        precision_words(dtype)
        for dtype, count in sorted(artifact.dtypes.items(), key=lambda item: -item[1])
        if count >= total * _MENTIONED_SHARE
    )


def format_words(name: str) -> str:
    """Return a format as its makers write it."""
    return _FORMATS.get(name, name)


def folded(text: str) -> str:
    """Return a text as it is compared: without case, letters of one shape as one."""
    return unicodedata.normalize("NFKC", text).casefold()
