"""What the library's table shows: frozen rows and facets, made from what the use cases answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
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
    format: str
    architecture: str
    parameters: int
    precision: str
    size_bytes: int
    verdict: str
    verdict_tone: str
    status: str
    is_loaded: bool
    tags: str
    added: str
    added_at: datetime
    path: str
    folder: str
    """What a file manager opens: the path, or the folder around a single file."""

    @property
    def reference(self) -> str:
        """How other screens and commands name it."""
        return f"{self.name}@{self.version}"

    @property
    def verdict_order(self) -> int:
        """0 fits, 1 tight, 2 too large: what can be run stands first."""
        return _VERDICT_ORDER[self.verdict]


@dataclass(frozen=True)
class Facet:
    """A chip over the table: how many of the models found have this value."""

    kind: str
    """``type`` or ``format``."""
    value: str
    title: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class LibraryPicture:
    """All that the library shows beside the model in focus; without rows it is empty, or says why."""

    rows: Sequence[ModelRow] = ()
    total: str = ""
    facets: Sequence[Facet] = ()
    selected: str = ""
    """The name of the row in focus."""
    nothing: str = ""
    """Why none of the library's models is shown; empty where it holds none."""


@dataclass(frozen=True)
class Facets:
    """The values a person narrowed the list to; an empty one does not narrow."""

    type: str = ""
    format: str = ""

    def takes(self, row: ModelRow) -> bool:
        """Whether the row stays in the list."""
        return self.type in ("", row.type) and self.format in ("", row.format)


def row_of(summary: ModelSummary, held: Held) -> ModelRow:
    """Return the row of a model."""
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    verdict, tone = verdict_words(summary.estimate.verdict)
    is_loaded = (model.name, str(version.version)) in held
    return ModelRow(
        name=model.name,
        version=str(version.version),
        type=str(model.type),
        format=str(artifact.format),
        architecture=artifact.architecture,
        parameters=artifact.parameters,
        precision=precision_text(artifact),
        size_bytes=artifact.size_bytes,
        verdict=verdict,
        verdict_tone=tone,
        status="In memory" if is_loaded else version.status.capitalize(),
        is_loaded=is_loaded,
        tags=", ".join(model.tags),
        added=moment_text(version.created_at)[:16],
        added_at=version.created_at,
        path=str(artifact.path),
        folder=str(artifact.folder),
    )


def held_by(workers: Sequence[Worker]) -> Held:
    """Return which versions the workers hold."""
    return frozenset((worker.model, worker.version) for worker in workers)


def facets_of(rows: Sequence[ModelRow], chosen: Facets) -> list[Facet]:
    """Return the chips: types, then formats; a kind with only one value narrows nothing.

    Args:
        rows: All that match the search, before facets narrow them.
        chosen: What is narrowed to now; its chip stays even where it counts nothing.
    """
    types = _facets("type", Counter(row.type for row in rows), chosen.type, str.capitalize)
    formats = _facets("format", Counter(row.format for row in rows), chosen.format, format_words)
    return [*types, *formats]


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """Return a verdict in words, and the tone it is shown in."""
    return _VERDICTS[verdict]


def precision_words(dtype: str) -> str:
    """Return a stored precision as people write it: ``bf16`` for ``BF16``."""
    return _PRECISIONS.get(dtype, dtype.lower())


def precision_text(artifact: Artifact) -> str:
    """Return the precisions that matter, the commonest first: ``bf16``, ``fp16 + fp32``."""
    total = sum(artifact.dtypes.values())
    common = [
        precision_words(dtype)
        for dtype, count in sorted(artifact.dtypes.items(), key=lambda item: -item[1])
        if count >= total * _MENTIONED_SHARE
    ]
    return " + ".join(common)


def format_words(name: str) -> str:
    """Return a format as its makers write it."""
    return _FORMATS.get(name, name)


def _facets(
    kind: str, counts: Counter[str], chosen: str, words: Callable[[str], str]
) -> list[Facet]:
    values = sorted({*counts, chosen} - {""}, key=lambda value: (-counts[value], value))
    if len(values) < 2 and not chosen:
        return []
    return [Facet(kind, v, words(v), counts[v], v == chosen) for v in values]
