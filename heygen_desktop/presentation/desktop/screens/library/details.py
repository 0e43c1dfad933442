"""What is known of one model or one artifact, as frozen facts in words; the inspector shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.ai_model import AIModel
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.domain.values.artifact import CODE_FREE, Artifact
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.presentation.desktop.screens.library.rows import (
    format_words,
    precision_words,
    verdict_words,
)
from heygen_desktop.presentation.desktop.wording import (
    NONE,
    RUN_STATES,
    bytes_text,
    count_text,
    counted,
    moment_text,
    number_text,
    short_count_text,
)

FILES_SHOWN = 12
README_SHOWN = 32 * 1024
"""Characters. Laying out a hostile one of this length takes a second, and time grows with its square."""
_FENCE, _CODE = "---\n", "```"
# None of these looks far ahead from any place, so that a hostile text is gone through once.
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_COMMENT = re.compile(r"<!--[^<>]*-->")
_PICTURE = re.compile(r"!\[([^]\n]{0,300})]\([^)\n]{0,1000}\)")
Facts = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they are read."""


@dataclass(frozen=True)
class MemoryPicture:
    """The estimate as a bar, a legend and a sentence."""

    parts: tuple[tuple[str, int], ...]
    """Name and bytes of what will be held, in the order of the bar."""
    needed_bytes: int
    free_bytes: int
    verdict: str
    tone: str
    sentence: str


@dataclass(frozen=True)
class RunLine:
    """One of the last runs of a model."""

    id: str
    state: str
    tone: str
    text: str


@dataclass(frozen=True)
class ArtifactPicture:
    """What the files are: the same before registering and after."""

    path: str
    summary: str
    """Architecture, parameters, precision, size and licence in one line."""
    facts: Facts
    header: Facts
    files: tuple[tuple[str, str], ...]
    """Names with sizes in words."""
    files_title: str
    warnings: tuple[str, ...]
    safety: str
    """Whether loading it could run code from the files, in a sentence."""
    memory: MemoryPicture


@dataclass(frozen=True)
class Said:
    """What people say of a model, as it is written."""

    description: str
    tags: str
    note: str
    is_favourite: bool


@dataclass(frozen=True)
class ModelDetails:
    """All that the inspector shows."""

    name: str
    subtitle: str
    status: str
    artifact: ArtifactPicture
    said: Said
    readme: str
    """As Markdown; empty where there is none."""
    checksum: str
    versions: Facts
    runs: tuple[RunLine, ...]
    loaded: str
    """Where it is held and what it costs; empty where it is not in memory."""

    @property
    def short_checksum(self) -> str:
        """Enough of it to compare by eye: ``sha256:1f2e3d4c…9a8b``."""
        method, _, digest = self.checksum.partition(":")
        return f"{method}:{digest[:8]}…{digest[-4:]}" if digest else "not computed yet"


def details_of(
    summary: ModelSummary, workers: Sequence[Worker], runs: Sequence[Run], card: str = ""
) -> ModelDetails:
    """Return what is shown of a model's version.

    Args:
        workers: All that are alive.
        runs: The last ones of this model, newest first.
        card: The text of its README.md.
    """
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    number = str(version.version)
    holders = [w for w in workers if (w.model, w.version) == (model.name, number)]
    return ModelDetails(
        name=model.name,
        subtitle=f"{number} · {model.type.capitalize()} · {format_words(artifact.format)}",
        status=version.status.capitalize(),
        artifact=artifact_picture(artifact, summary.estimate, summary.problem),
        said=Said(model.description, ", ".join(model.tags), model.note, model.is_favourite),
        readme=readme_of(card),
        checksum=artifact.checksum,
        versions=_versions(model),
        runs=tuple(_run_line(run) for run in runs),
        loaded=" ".join(_holding(worker) for worker in holders),
    )


def artifact_picture(
    artifact: Artifact, estimate: FitEstimate, problem: HeyGenError | None = None
) -> ArtifactPicture:
    """Return what is shown of files, registered or not, with what is wrong with them now."""
    shown = sorted(artifact.files, key=lambda file: -file.size_bytes)[:FILES_SHOWN]
    rest = len(artifact.files) - len(shown)
    files = [(file.name, bytes_text(file.size_bytes)) for file in shown]
    if rest:
        left = artifact.size_bytes - sum(file.size_bytes for file in shown)
        files.append((f"and {counted(rest, 'smaller file')}", bytes_text(left)))
    return ArtifactPicture(
        path=str(artifact.path),
        summary=f"{summary_line(artifact)} · {bytes_text(artifact.size_bytes)}"
        + (f" · {artifact.licence}" if artifact.licence else ""),
        facts=artifact_facts(artifact),
        header=tuple((_readable(name), value) for name, value in artifact.header.items()),
        files=tuple(files),
        files_title=f"{counted(len(artifact.files), 'file')} · {bytes_text(artifact.size_bytes)}",
        warnings=(*_warnings(problem), *artifact.warnings),
        safety=safety_sentence(artifact),
        memory=memory_picture(estimate),
    )


def _warnings(problem: HeyGenError | None) -> tuple[str, ...]:
    return (f"{problem.message} {problem.cause} {problem.remedy}",) if problem else ()


def artifact_facts(artifact: Artifact) -> Facts:
    """Return what the headers say; what they do not say is left out."""
    context = f"{count_text(artifact.context_length)} tokens" if artifact.context_length else ""
    facts = (
        ("Architecture", artifact.architecture),
        ("Parameters", count_text(artifact.parameters)),
        ("Precision", precision_shares(artifact)),
        ("Context", context),
        ("Task", artifact.task),
        ("Format", format_words(artifact.format)),
        ("Licence", artifact.licence or "not stated"),
        ("Weights", bytes_text(artifact.weights_bytes)),
        ("On disk", f"{bytes_text(artifact.size_bytes)} ({count_text(artifact.size_bytes)} bytes)"),
    )
    return tuple((name, value) for name, value in facts if value)


def precision_shares(artifact: Artifact) -> str:
    """Return each stored precision with its share: ``bf16 99.2 %, fp32 0.8 %``."""
    total = sum(artifact.dtypes.values())
    ordered = sorted(artifact.dtypes.items(), key=lambda item: -item[1])
    if len(ordered) == 1:
        return precision_words(ordered[0][0])
    return ", ".join(f"{precision_words(d)} {_share(count, total)}" for d, count in ordered)


def safety_sentence(artifact: Artifact) -> str:
    """Return whether the weights' format can carry code."""
    name = format_words(artifact.format)
    if artifact.format in CODE_FREE:
        return f"Loading runs no code from these files: {name} holds numbers only."
    return f"Loading may run code from these files: {name} can carry a program."


def readme_of(card: str) -> str:
    """Return a README without what is not meant to be read: the header for machines, HTML, pictures."""
    text = card.removeprefix("\ufeff").replace("\r\n", "\n")
    if text.startswith(_FENCE):
        text = text.partition(f"\n{_FENCE}")[2] or text
    if len(text) > README_SHOWN:
        text = text[:README_SHOWN].rpartition("\n")[0] + "\n\n*The rest is in README.md.*"
    parts = text.split(_CODE)
    parts[::2] = (_PICTURE.sub(r"\1", _COMMENT.sub("", _TAG.sub("", part))) for part in parts[::2])
    # WORKAROUND Qt 6.11: a table right after code begins with an empty line; delete when it does not.
    return _CODE.join(parts).strip().replace(f"{_CODE}\n\n|", f"{_CODE}\n\n\u200b\n\n|")


def memory_picture(estimate: FitEstimate) -> MemoryPicture:
    """Return the estimate in words and parts."""
    verdict, tone = verdict_words(estimate.verdict)
    return MemoryPicture(
        parts=_memory_parts(estimate),
        needed_bytes=estimate.needed_bytes,
        free_bytes=estimate.free_bytes,
        verdict=verdict,
        tone=tone,
        sentence=_verdict_sentence(estimate),
    )


def summary_line(artifact: Artifact) -> str:
    """Return a finding in one line: architecture, parameters, precision."""
    parts = (
        artifact.architecture,
        f"{short_count_text(artifact.parameters)} parameters",
        precision_shares(artifact),
    )
    return " · ".join(part for part in parts if part)


def _memory_parts(estimate: FitEstimate) -> tuple[tuple[str, int], ...]:
    if estimate.measured_peak_bytes is not None:
        return (("Measured peak", estimate.measured_peak_bytes),)
    parts = (
        ("Weights", estimate.weights_bytes),
        ("Cache", estimate.cache_bytes),
        ("Overhead", estimate.overhead_bytes),
    )
    return tuple((name, size) for name, size in parts if size)


def _verdict_sentence(estimate: FitEstimate) -> str:
    free, amount = bytes_text(estimate.free_bytes), bytes_text(estimate.needed_bytes)
    where = "the CPU" if estimate.device == "cpu" else estimate.device
    is_measured = estimate.measured_peak_bytes is not None
    needed = f"{amount} (measured)" if is_measured else f"about {amount}"
    if estimate.verdict is Verdict.TOO_LARGE:
        return f"Too large for {where} now: it needs {needed}, and {free} are free."
    if estimate.verdict is Verdict.TIGHT:
        return f"Tight on {where}: it needs {needed} of {free} free, with little to spare."
    return f"Fits on {where}: it needs {needed} of {free} free."


def _versions(model: AIModel) -> Facts:
    aliases: dict[str, list[str]] = {}
    for alias, version in model.aliases.items():
        aliases.setdefault(str(version), []).append(alias)
    return tuple(
        (
            str(v.version),
            " · ".join((v.status.capitalize(), moment_text(v.created_at)[:16]))
            + "".join(f" · {alias}" for alias in aliases.get(str(v.version), ())),
        )
        for v in reversed(model.versions)
    )


def _run_line(run: Run) -> RunLine:
    speed = number_text(run.figures.tokens_per_second, "tok/s")
    # Without year and seconds, so that the figure beside it fits into the inspector.
    parts = (moment_text(run.queued_at)[5:16], "" if speed == NONE else speed)
    text = " · ".join(part for part in parts if part)
    said = RUN_STATES[run.state]
    return RunLine(run.id, said.word, said.tone, text)


def _holding(worker: Worker) -> str:
    busy = ", busy" if worker.busy else ""
    held = bytes_text(worker.memory_bytes)
    where = "the CPU" if worker.device == "cpu" else worker.device
    return f"In memory on {where} as {worker.dtype}: {held}, process {worker.process.pid}{busy}."


def _share(count: int, total: int) -> str:
    share = 100 * count / total
    return f"{share:.1f} %" if share >= 0.1 else "under 0.1 %"


def _readable(name: str) -> str:
    return name[:1].upper() + name[1:].replace("_", " ")
