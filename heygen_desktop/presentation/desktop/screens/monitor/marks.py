"""What happened, as marks on the axis of time: runs from their load to their end, models that came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.events import Event, RunChanged, WorkerStarted, WorkerStopped
from heygen_desktop.presentation.desktop.wording import RUN_STATES
from heygen_desktop.presentation.wording import duration, size

_MOST = 1000
_MOST_TOLD = 6
_FENCE = 3
_NARROW_PX = 16
_APART_PX = 6
"""So many marks that are narrow and nearer to each other than this would be a fence before the lines."""
_GRAVEST = ("danger", "warning")


@dataclass(frozen=True)
class Mark:
    """Something on the axis; moments are seconds since the epoch."""

    id: str
    start: float
    end: float | None
    """The same as ``start`` for a moment; None for what still goes on."""
    loaded: float | None
    """When the model was in memory, where the run had to wait for it."""
    tone: str
    words: str
    run_id: str = ""
    """Where a click leads; empty where it leads nowhere."""

    def holds(self, moment: float) -> bool:
        """Whether it lasted then."""
        return self.start <= moment and (self.end is None or moment <= self.end)


class MarkBook:
    """The marks of this home's runs and of the models of this window."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}

    def add_runs(self, runs: Iterable[Run]) -> None:
        """Take runs as they are stored; of those that have ended everything is known already."""
        for run in sorted(runs, key=lambda run: run.queued_at):
            known = self._marks.get(f"run {run.id}")
            if known is None or known.end is None:
                self._keep(_mark_of(run, known.loaded if known else None))

    def hear(self, event: Event) -> bool:
        """Take an event; return whether it changed a mark."""
        mark = self._mark_of_event(event)
        self._keep(mark)
        return mark is not None

    def between(self, start: float, end: float) -> Sequence[Mark]:
        """Return the marks that touch a stretch of time."""
        return [
            mark
            for mark in self._marks.values()
            if mark.start <= end and (mark.end is None or mark.end >= start)
        ]

    def _keep(self, mark: Mark | None) -> None:
        if mark is None:
            return
        self._marks[mark.id] = mark
        while len(self._marks) > _MOST:
            del self._marks[next(iter(self._marks))]

    def _mark_of_event(self, event: Event) -> Mark | None:
        if isinstance(event, RunChanged):
            return self._mark_of_run(event.run, event.at)
        if isinstance(event, WorkerStarted):
            words = f"{event.model} {event.version} is in memory on {event.device}: "
            cost = f"{size(event.memory_bytes)}, loaded in {duration(event.load_s)}"
            return _moment(f"start {event.pid}", event.at, "info", words + cost)
        if isinstance(event, WorkerStopped):
            tone = "neutral" if event.expected else "danger"
            words = f"{event.model} {event.version} left memory: {event.reason}"
            return _moment(f"stop {event.pid}", event.at, tone, words)
        return None

    def _mark_of_run(self, run: Run, at: datetime) -> Mark | None:
        known = self._marks.get(f"run {run.id}")
        loaded = known.loaded if known else None
        if run.state is RunState.RUNNING and known is not None and loaded is None:
            loaded = at.timestamp()
        return _mark_of(run, loaded)


def apart(marks: Sequence[Mark], pixel_s: float) -> Sequence[Mark]:
    """Return marks that can be told apart: three or more narrow ones that lie close together are one.

    Args:
        marks: In any order.
        pixel_s: How long a stretch one pixel shows.
    """
    groups: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        if groups and _is_close(groups[-1], mark, pixel_s):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        mark for group in groups for mark in ([_one_of(group)] if len(group) >= _FENCE else group)
    ]


def _is_close(group: Sequence[Mark], mark: Mark, pixel_s: float) -> bool:
    ends = [each.end for each in (*group, mark) if each.end is not None]
    are_narrow = all(_is_narrow(each, pixel_s) for each in (group[-1], mark))
    return are_narrow and mark.start - max(ends[:-1]) < _APART_PX * pixel_s


def _is_narrow(mark: Mark, pixel_s: float) -> bool:
    return mark.end is not None and mark.end - mark.start < _NARROW_PX * pixel_s


def _one_of(group: Sequence[Mark]) -> Mark:
    """Return one mark for several, as grave as the gravest; no click leads to one of many."""
    tones = [mark.tone for mark in group]
    told = Counter(mark.words.splitlines()[0] for mark in group).most_common()
    lines = [words if count == 1 else f"{count} × {words}" for words, count in told[:_MOST_TOLD]]
    if len(told) > _MOST_TOLD:
        lines.append(f"and {len(told) - _MOST_TOLD} more")
    return Mark(
        id=f"{group[0].id} and {len(group) - 1} more",
        start=group[0].start,
        end=max(mark.end or mark.start for mark in group),
        loaded=None,
        tone=next((tone for tone in _GRAVEST if tone in tones), group[-1].tone),
        words="\n".join((*lines, "Drag across them to look closer")),
    )


def _mark_of(run: Run, loaded: float | None) -> Mark | None:
    """Return the mark of a run, or None while it only waits in the queue."""
    began = run.started_at or run.finished_at
    if began is None:
        return None
    start = began.timestamp()
    if loaded is None and run.figures.load_s:
        loaded = start + run.figures.load_s
    return Mark(
        id=f"run {run.id}",
        start=start,
        end=run.finished_at.timestamp() if run.finished_at else None,
        loaded=loaded,
        tone=RUN_STATES[run.state].tone,
        words=_words(run),
        run_id=run.id,
    )


def _words(run: Run) -> str:
    lines = [f"{run.model} {run.version} · {RUN_STATES[run.state].word.lower()}"]
    if run.started_at and run.finished_at:
        lines.append(f"took {duration((run.finished_at - run.started_at).total_seconds())}")
    if run.figures.load_s:
        lines.append(f"loaded in {duration(run.figures.load_s)}")
    if run.failure is not None:
        lines.append(run.failure.message)
    return "\n".join((*lines, "Click to open the run"))


def _moment(mark_id: str, at: datetime, tone: str, words: str) -> Mark:
    return Mark(mark_id, at.timestamp(), at.timestamp(), None, tone, words)
