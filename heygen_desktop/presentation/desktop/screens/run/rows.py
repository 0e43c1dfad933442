"""What the Run screen shows, as frozen rows, and how runs and models are worded into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.forms import FormField
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.application.tasks.parts import parts_of, summary_of
from heygen_desktop.application.tasks.task import Task
from heygen_desktop.domain.entities.run import Json, Loading, Progress, Run, RunFailure, RunState
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.values.estimate import FitEstimate, Verdict
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.wording import (
    NONE,
    RUN_STATES,
    STOPPING,
    StateWords,
    bytes_text,
    count_text,
    duration_text,
    moment_text,
    number_text,
    relative_text,
    short_count_text,
)
from heygen_desktop.presentation.wording import counted, typed

_FITS = {
    Verdict.FITS: ("Fits", "success"),
    Verdict.TIGHT: ("Tight", "warning"),
    Verdict.TOO_LARGE: ("Too large", "danger"),
}


@dataclass(frozen=True)
class ModelRow:
    """A version that can be run."""

    reference: str
    """``starter@1.0.0``."""
    name: str
    """Of the model."""
    task: str
    """The Hugging Face tag."""
    facts: str
    """Task, parameters and size, worded."""
    fit: str
    """``Fits``, ``Tight`` or ``Too large``: the words of the library."""
    fit_tone: str
    fit_reason: str
    """What it needs and what is free, in a sentence."""
    context: int | None = None
    """Tokens that it reads at most, its answer included."""


@dataclass(frozen=True)
class InputRow:
    """One input with its value."""

    field: FormField
    value: Json


@dataclass(frozen=True)
class ParameterRow:
    """One parameter with its value and the value it goes back to."""

    field: FormField
    value: Json
    setting: Json
    """What the settings say."""
    objection: str = ""
    """Why what was typed cannot be the value, which is the one before it then."""


@dataclass(frozen=True)
class TokenCount:
    """How long the main input is for the picked model; empty where that is not known."""

    text: str = ""
    tone: str = "neutral"
    hint: str = ""


@dataclass(frozen=True)
class NextRequest:
    """What Run would start, as far as it is put together."""

    inputs: tuple[InputRow, ...]
    examples: tuple[str, ...]
    """Of the main input, to begin with."""
    parameters: tuple[ParameterRow, ...]
    presets: tuple[str, ...]
    """Names of the model's presets."""
    preset: str | None
    """The one that the parameters are now; empty as the settings say, None where they are none of them."""
    count: TokenCount
    can_run: bool


@dataclass(frozen=True)
class RunRow:
    """One line of the history."""

    id: str
    state: str
    """With its mark: ``✓ Done``."""
    tone: str
    model: str
    name: str
    """Its title, or the beginning of its input, on one line."""
    input: str
    """Its beginning, on one line."""
    output: str
    """Its beginning, on one line; empty before there is any."""
    speed: float | None
    """Tokens a second."""
    queued_at: datetime
    when: str
    duration_s: float | None
    is_pinned: bool = False
    can_stop: bool = False
    has_ended: bool = True


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    id: str
    place: str
    """``Running``, or ``1`` for the one that begins next."""
    tone: str
    model: str
    input: str
    """Its beginning, on one line."""
    since: str
    whose: str
    can_move: bool
    """Whether it waits here, and so can change places."""
    can_stop: bool


@dataclass(frozen=True)
class RunsShown:
    """The history and the queue as they are now."""

    rows: tuple[RunRow, ...]
    total: int
    """Of all that match, not only of the rows."""
    search: str = ""
    """What they match; empty where that is every run."""
    queue: tuple[QueueRow, ...] = ()


@dataclass(frozen=True)
class StateLine:
    """What happens now to the run in view."""

    state: str
    tone: str
    text: str
    has_progress: bool = False
    fraction: float | None = None
    """0 to 1, or None where the end is not known."""


@dataclass(frozen=True)
class Strip:
    """The figures of the run in view, worded; a dash where one was not taken."""

    first_token: str = NONE
    speed: str = NONE
    made: str = NONE
    memory: str = NONE
    load: str = NONE
    elapsed: str = NONE
    left: str = NONE


@dataclass(frozen=True)
class RunFacts:
    """All that is shown of a run beside what it made."""

    model: str
    """Its reference."""
    state: StateLine
    strip: Strip
    speeds: tuple[float, ...]
    failure: Problem | None
    details: tuple[tuple[str, str], ...]
    """Names and values."""
    is_under_way: bool = False


@dataclass(frozen=True)
class MemoryChip:
    """What the picked model holds in memory."""

    reference: str
    text: str
    tooltip: str


def model_row(summary: ModelSummary) -> ModelRow:
    """Return what is shown of a version."""
    artifact = summary.version.artifact
    task = summary.model.task or artifact.task
    facts = (
        task,
        f"{short_count_text(artifact.parameters)} parameters",
        bytes_text(artifact.size_bytes),
    )
    fit, tone = _FITS[summary.estimate.verdict]
    return ModelRow(
        reference=f"{summary.model.name}@{summary.version.version}",
        name=summary.model.name,
        task=task,
        facts=" · ".join(facts),
        fit=fit,
        fit_tone=tone,
        fit_reason=_fit_reason(summary.estimate),
        context=artifact.context_length,
    )


def _fit_reason(estimate: FitEstimate) -> str:
    how = "measured earlier" if estimate.measured_peak_bytes is not None else "estimated"
    return (
        f"Needs about {bytes_text(estimate.needed_bytes)} on {estimate.device} ({how}); "
        f"{bytes_text(estimate.free_bytes)} are free."
    )


def token_count(tokens: int | None, context: int | None, most: Json) -> TokenCount:
    """Return what is said of an input of so many tokens.

    Args:
        context: How many the model reads, its answer included.
        most: How many the answer may have, where the task has such a parameter.
    """
    if tokens is None:
        return TokenCount()
    if context is None:
        return TokenCount(counted(tokens, "token"), hint="As this model counts them")
    text, left = f"{tokens:,} of {context:,} tokens", context - tokens
    if left <= 0:
        return TokenCount(text, "danger", "Longer than this model can read and still answer")
    if isinstance(most, int) and left < most:
        return TokenCount(
            text, "warning", f"The answer ends after {counted(left, 'token')} at the latest"
        )
    return TokenCount(
        text, hint="What is written, and what the model reads at most with its answer"
    )


def reference_of(run: Run) -> str:
    """Return the version that a run used, as a reference."""
    return f"{run.model}@{run.version}"


def duration_of(run: Run, now: datetime) -> float | None:
    """Return how long the run has taken, in seconds; None while it waits in the queue."""
    if run.started_at is None:
        return None
    return max(0.0, ((run.finished_at or now) - run.started_at).total_seconds())


def run_row(
    run: Run,
    task: Task,
    *,
    output: Mapping[str, Json],
    speed: float | None,
    now: datetime,
    stopping: bool,
) -> RunRow:
    """Return a line of the history; output and speed may be ahead of what is stored."""
    said = _state_of(run, stopping=stopping)
    given = task.input_summary(run.inputs)
    return RunRow(
        id=run.id,
        state=f"{said.mark}  {said.word}",
        tone=said.tone,
        model=reference_of(run),
        name=run.title or given,
        input=given,
        output=task.output_summary(output),
        speed=speed,
        queued_at=run.queued_at,
        when=relative_text(run.queued_at, now),
        duration_s=duration_of(run, now),
        is_pinned=run.is_pinned,
        can_stop=not run.state.is_final and not stopping,
        has_ended=run.state.is_final,
    )


def queue_row(
    run: Run, task: Task, place: int, *, is_ours: bool, now: datetime, stopping: bool
) -> QueueRow:
    """Return a line of the queue; the place counts where the run still waits."""
    said = _state_of(run, stopping=stopping)
    waits = run.state is RunState.QUEUED and not stopping
    return QueueRow(
        id=run.id,
        place=str(place) if waits else said.word,
        tone=said.tone,
        model=reference_of(run),
        input=run.title or task.input_summary(run.inputs),
        since=relative_text(run.queued_at, now),
        whose="This window" if is_ours else "Another program",
        can_move=waits and is_ours,
        can_stop=not stopping,
    )


def _state_of(run: Run, *, stopping: bool) -> StateWords:
    return STOPPING if stopping and not run.state.is_final else RUN_STATES[run.state]


def state_line(run: Run, task: Task, loading: Loading, *, stopping: bool) -> StateLine:
    """Return what the line over the output says."""
    said = _state_of(run, stopping=stopping)
    state, tone = said.word, said.tone
    if said is STOPPING:
        return StateLine(state, tone, "It is being stopped.", has_progress=True)
    if run.state is RunState.QUEUED:
        return StateLine(state, tone, "Waits for its turn.", has_progress=True)
    if run.state is RunState.LOADING:
        share = "" if loading.fraction is None else f", {loading.fraction:.0%}"
        text = f"{loading.stage[:1].upper()}{loading.stage[1:]}{share}"
        return StateLine(state, tone, text, has_progress=True, fraction=loading.fraction)
    return StateLine(state, tone, _ending(run, task))


def _ending(run: Run, task: Task) -> str:
    if run.state is RunState.CANCELLED:
        return (
            "Stopped. What was made so far is kept."
            if run.output
            else "Stopped before anything was made."
        )
    return task.endings.get(run.finish_reason, "")


def made_text(progress: Progress | None) -> str:
    """Return how far a run is: ``12 of 256 tokens``."""
    if progress is None:
        return NONE
    of = "" if progress.total is None else f" of {count_text(progress.total)}"
    return f"{count_text(progress.done)}{of} {progress.unit}"


def problem_of_run(failure: RunFailure) -> Problem:
    """Return what is shown of a stored failure; the worker's last words come first in the details."""
    details = dict(failure.details)
    last_output = str(details.pop("last_output", "") or "").strip()
    lines = [f"code: {failure.code}", *(f"{key}: {value}" for key, value in details.items())]
    if last_output:
        lines = ["The last output of the model's process:", last_output, "", *lines]
    return Problem(failure.message, failure.cause, failure.remedy, "\n".join(lines))


def details_of(run: Run, task: Task) -> tuple[tuple[str, str], ...]:
    """Return the names and values of everything that makes and describes a run."""
    figures = run.figures
    given = {key: value for key, value in run.inputs.items() if key != task.main_input}
    return (
        ("Run", run.id),
        ("Model", reference_of(run)),
        ("Task", run.task),
        *((part.title, summary_of([part])) for part in parts_of(task.input, given)),
        *_parameters_of(run, task),
        ("Seed", str(run.seed)),
        ("Device", run.device),
        ("Environment", run.environment),
        ("Queued", moment_text(run.queued_at)),
        ("Finished", moment_text(run.finished_at)),
        ("Input", f"{count_text(figures.prompt_tokens)} tokens" if figures.prompt_tokens else NONE),
        ("Output", f"{count_text(figures.tokens)} tokens" if figures.tokens else NONE),
        ("First token", duration_text(figures.time_to_first_token_s)),
        ("Speed", number_text(figures.tokens_per_second, "tokens/s")),
        ("Peak memory", bytes_text(figures.peak_memory_bytes)),
        ("Load", load_text(figures.load_s)),
    )


def _parameters_of(run: Run, task: Task) -> list[tuple[str, str]]:
    known = {field.key: field for field in task.param_fields}
    return [
        (
            known[key].title if key in known else key,
            typed(value).replace("\n", ", ") or (known[key].empty if key in known else NONE),
        )
        for key, value in run.params.items()
    ]


def load_text(load_s: float | None) -> str:
    """Return how long the load took, or that none was needed."""
    return "none" if load_s == 0 else duration_text(load_s)


def memory_chip(reference: str, workers: Sequence[Worker]) -> MemoryChip | None:
    """Return what a version holds in memory, or None where it is not loaded."""
    mine = [worker for worker in workers if f"{worker.model}@{worker.version}" == reference]
    if not mine:
        return None
    held = sum(worker.memory_bytes + (worker.gpu_memory_bytes or 0) for worker in mine)
    where = ", ".join(f"{w.device} {w.dtype}, process {w.process.pid}" for w in mine)
    return MemoryChip(reference, f"In memory {bytes_text(held)}", f"Held on {where}")
