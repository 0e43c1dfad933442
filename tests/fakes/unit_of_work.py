"""Units of work in memory, held to the same contract as the SQLite ones."""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from heygen_desktop.application.ports.metrics import Sample
from heygen_desktop.application.tasks.blob import blobs_in
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Json, Owner, Run, RunId, RunState
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    DatabaseBusyError,
    HeyGenError,
    ModelExistsError,
    ModelNotFoundError,
    RunNotFoundError,
)
from heygen_desktop.domain.repositories import ModelFilter, RunFilter, RunPage, Topic
from heygen_desktop.domain.values.estimate import MeasuredPeaks

T = TypeVar("T")
WHERE = "memory"


def detached(value: T) -> T:
    """Return a copy that shares no mapping, list or mutable entity with the original."""
    return _copy(value)  # type: ignore[no-any-return]  # the copy has the type of its original


def _copy(value: object):  # type: ignore[no-untyped-def]  # what comes out is what went in
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _copy(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, Mapping):
        return {key: _copy(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_copy(held) for held in value]
    if isinstance(value, tuple):
        return tuple(_copy(held) for held in value)
    return value


@dataclass
class State:
    """Everything that is stored; the values in it are never changed, only replaced."""

    models: dict[str, AIModel] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    cancels: set[str] = field(default_factory=set)
    removals: dict[str, str] = field(default_factory=dict)
    """By the id of a run that was removed: under which name."""
    revisions: dict[str, tuple[Revision, ...]] = field(default_factory=dict)
    secrets: dict[tuple[str, str], Secret] = field(default_factory=dict)
    workers: dict[Owner, Worker] = field(default_factory=dict)
    readings: dict[datetime, Sample] = field(default_factory=dict)

    def copy(self) -> State:
        return State(
            dict(self.models),
            dict(self.runs),
            set(self.cancels),
            dict(self.removals),
            dict(self.revisions),
            dict(self.secrets),
            dict(self.workers),
            dict(self.readings),
        )


class FakeModels:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def add(self, model: AIModel) -> None:
        models = self._unit.changing().models
        if model.id in models:
            raise ValueError(f"a model with id {model.id} is stored already")
        self._put(models, model)

    def save(self, model: AIModel) -> None:
        models = self._unit.changing().models
        if model.versions and model.id not in models:
            raise ModelNotFoundError(model.name)
        self._put(models, model)

    def remove(self, model_id: ModelId) -> None:
        self._unit.changing().models.pop(model_id, None)

    def by_id(self, model_id: ModelId) -> AIModel | None:
        return detached(self._unit.reading().models.get(model_id))

    def by_name(self, name: str) -> AIModel | None:
        models = self._unit.reading().models.values()
        return detached(next((m for m in models if m.name == name), None))

    def by_path(self, path: Path) -> Sequence[AIModel]:
        found = self.find(ModelFilter())
        return [m for m in found if any(v.artifact.path == path for v in m.versions)]

    def latest_versions(self) -> Mapping[str, str]:
        return {m.name: str(m.latest.version) for m in self.find(ModelFilter())}

    def without_checksum(self) -> Sequence[str]:
        waiting = [
            (version.created_at, model.name.casefold(), f"{model.name}@{version.version}")
            for model in self._unit.reading().models.values()
            for version in model.versions
            if not version.artifact.checksum
        ]
        return [reference for _, _, reference in sorted(waiting)]

    def find(
        self, wanted: ModelFilter, *, after: str = "", limit: int | None = None
    ) -> Sequence[AIModel]:
        found = [
            m
            for m in self._unit.reading().models.values()
            if _matches(m, wanted) and m.name.casefold() > after.casefold()
        ]
        return detached(sorted(found, key=lambda m: m.name.casefold())[:limit])

    def _put(self, models: dict[str, AIModel], model: AIModel) -> None:
        if not model.versions:
            raise ValueError(f"model {model.name} has no version")
        for other in models.values():
            if other.id != model.id and other.name.casefold() == model.name.casefold():
                latest = other.latest
                raise ModelExistsError(other.name, str(latest.version), str(latest.artifact.path))
        models[model.id] = detached(model)


def _matches(model: AIModel, wanted: ModelFilter) -> bool:
    latest = model.latest
    artifact = latest.artifact
    text = "\n".join(
        (model.name, model.note, *model.tags, artifact.architecture, str(artifact.path))
    )
    return (
        all(word in _folded(text) for word in _folded(wanted.search).split())
        and wanted.type in ("", model.type)
        and wanted.format in ("", artifact.format)
        and wanted.status in ("", latest.status)
        and (not wanted.tag or wanted.tag in model.tags)
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class FakeRuns:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def add(self, run: Run) -> None:
        runs = self._unit.changing().runs
        if run.id in runs:
            raise ValueError(f"a run with id {run.id} is stored already")
        runs[run.id] = detached(run)

    def save(self, run: Run) -> None:
        kept = self._stored(run.id)
        own = {name: getattr(kept, name) for name in ("title", "is_pinned", "priority")}
        self._put(replace(run, **own))

    def label(self, run_id: RunId, *, title: str, is_pinned: bool) -> None:
        self._put(replace(self._stored(run_id), title=title, is_pinned=is_pinned))

    def prioritise(self, run_id: RunId, priority: int) -> None:
        self._put(replace(self._stored(run_id), priority=priority))

    def remove(self, wanted: RunFilter, removal: str) -> int:
        meant = [run for run in self._matching(wanted) if run.state.is_final]
        self._unit.changing().removals.update({run.id: removal for run in meant})
        return len(meant)

    def restore(self, removal: str) -> None:
        removals = self._unit.changing().removals
        for run_id in [each for each, name in removals.items() if name == removal]:
            del removals[run_id]

    def purge(self) -> None:
        state = self._unit.changing()
        for run_id in state.removals:
            del state.runs[run_id]
        state.removals.clear()

    def by_id(self, run_id: str) -> Run | None:
        runs = self._there()
        if run_id in runs:
            return detached(runs[run_id])
        found = [run for known, run in runs.items() if run_id and known.startswith(run_id)]
        return detached(found[0]) if len(found) == 1 else None

    def find(self, wanted: RunFilter) -> RunPage:
        if wanted.limit < 0 or wanted.offset < 0:
            raise ValueError("limit and offset are 0 or more")
        found = self._matching(wanted)
        if wanted.pinned_first:
            found.sort(key=lambda run: not run.is_pinned)
        page = found[wanted.offset : wanted.offset + wanted.limit]
        return RunPage(detached(page), len(found))

    def active(self) -> Sequence[Run]:
        return detached([run for run in self._oldest_first() if not run.state.is_final])

    def request_cancel(self, run_id: RunId) -> None:
        state = self._unit.changing()
        if run_id in state.runs:
            state.cancels.add(run_id)

    def cancel_requested(self, run_ids: Sequence[RunId]) -> Sequence[RunId]:
        return [run_id for run_id in run_ids if run_id in self._unit.reading().cancels]

    def blobs(self) -> Set[str]:
        return {
            blob.blob
            for run in self._unit.reading().runs.values()
            for blob in blobs_in([dict(run.inputs), dict(run.output)])
        }

    def peaks(self, model_id: str, version: str, device: str, dtype: str) -> MeasuredPeaks:
        figures = [
            run.figures
            for run in self._unit.reading().runs.values()
            if (run.model_id, run.version, run.device) == (model_id, version, device)
            and run.state is RunState.SUCCEEDED
            and run.dtype in ("", dtype)
        ]
        return MeasuredPeaks(
            max((f.peak_host_bytes for f in figures if f.peak_host_bytes), default=None),
            max((f.peak_device_bytes for f in figures if f.peak_device_bytes), default=None),
            max((f.prompt_tokens + f.tokens for f in figures), default=0),
        )

    def _put(self, run: Run) -> None:
        self._unit.changing().runs[run.id] = detached(run)

    def _stored(self, run_id: str) -> Run:
        runs = self._unit.changing().runs
        if run_id not in runs:
            raise RunNotFoundError(run_id)
        return runs[run_id]

    def _there(self) -> dict[str, Run]:
        state = self._unit.reading()
        return {each: run for each, run in state.runs.items() if each not in state.removals}

    def _matching(self, wanted: RunFilter) -> list[Run]:
        return [run for run in reversed(self._oldest_first()) if _is_wanted(run, wanted)]

    def _oldest_first(self) -> list[Run]:
        """Runs queued at the same moment stay in the order in which they were added."""
        return sorted(self._there().values(), key=lambda run: run.queued_at)


def _is_wanted(run: Run, wanted: RunFilter) -> bool:
    text = "\n".join(
        (
            *(run.title, f"{run.model}@{run.version}", run.task),
            *_texts_in([dict(run.inputs), dict(run.output)]),
        )
    )
    return (
        wanted.model in ("", run.model)
        and (not wanted.states or run.state in wanted.states)
        and (not wanted.ids or run.id in wanted.ids)
        and not (wanted.but_pinned and run.is_pinned)
        and all(word in _folded(text) for word in _folded(wanted.search).split())
    )


def _texts_in(value: Json) -> list[str]:
    if isinstance(value, dict):
        return _texts_in(list(value.values()))
    if isinstance(value, list):
        return [text for each in value for text in _texts_in(each)]
    return [str(value)]


class FakeEnvironments:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def current(self, environment: str) -> Revision:
        stored = self._unit.reading().revisions.get(environment, ())
        return detached(stored[-1]) if stored else Revision(environment, 0)

    def add(self, revision: Revision) -> None:
        expected = self.current(revision.environment).number + 1
        if revision.number != expected:
            raise ValueError(f"revision {revision.number} was added where {expected} follows")
        revisions = self._unit.changing().revisions
        stored = revisions.get(revision.environment, ())
        revisions[revision.environment] = (*stored, detached(revision))


class FakeSecretRegister:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def save(self, secret: Secret) -> None:
        self._unit.changing().secrets[secret.name, secret.environment] = secret

    def remove(self, name: str, environment: str) -> None:
        self._unit.changing().secrets.pop((name, environment), None)

    def by_name(self, name: str, environment: str) -> Secret | None:
        return self._unit.reading().secrets.get((name, environment))

    def all(self, environment: str) -> Sequence[Secret]:
        stored = self._unit.reading().secrets.values()
        return sorted((s for s in stored if s.environment == environment), key=lambda s: s.name)


class FakeWorkerRegister:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def save(self, worker: Worker) -> None:
        self._unit.changing().workers[worker.process] = worker

    def remove(self, process: Owner) -> None:
        self._unit.changing().workers.pop(process, None)

    def all(self) -> Sequence[Worker]:
        stored = self._unit.reading().workers.values()
        return sorted(stored, key=lambda w: (w.loaded_at, w.process.pid))


class FakeReadings:
    def __init__(self, unit: FakeUnitOfWork) -> None:
        self._unit = unit

    def add(self, samples: Sequence[Sample]) -> None:
        self._unit.changing().readings.update((sample.at, sample) for sample in samples)

    def since(self, start: datetime) -> Sequence[Sample]:
        stored = self._unit.reading().readings
        return [stored[at] for at in sorted(stored) if at >= start]

    def forget_before(self, moment: datetime) -> None:
        stored = self._unit.changing().readings
        for at in [at for at in stored if at < moment]:
            del stored[at]


class FakeUnitOfWork:
    """One transaction on the memory of its ``FakeUnitsOfWork``."""

    def __init__(self, source: FakeUnitsOfWork, *, read_only: bool) -> None:
        self._source = source
        self._read_only = read_only
        self._thread = 0
        self._state: State | None = None
        self.models = FakeModels(self)
        self.runs = FakeRuns(self)
        self.environments = FakeEnvironments(self)
        self.secrets = FakeSecretRegister(self)
        self.workers = FakeWorkerRegister(self)
        self.readings = FakeReadings(self)

    def __enter__(self) -> Self:
        if self._state is not None:
            raise RuntimeError("the unit of work is in use already")
        if not self._read_only:
            self._source.lock_for_writing()
        self._thread = threading.get_ident()
        self._state = self._source.state.copy()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._state = None
        if not self._read_only:
            self._source.unlock()

    def commit(self) -> None:
        self._source.publish(self.changing().copy())

    def reading(self) -> State:
        if self._state is None:
            raise RuntimeError("a unit of work is used inside its with block")
        if self._thread != threading.get_ident():
            raise RuntimeError("a unit of work stays on its thread")
        return self._state

    def changing(self) -> State:
        state = self.reading()
        if self._read_only:
            raise RuntimeError("a read-only unit of work changes nothing")
        return state


TOPICS = {
    "models": Topic.MODELS,
    "runs": Topic.RUNS,
    "revisions": Topic.SETTINGS,
    "secrets": Topic.SECRETS,
    "workers": Topic.WORKERS,
}


def _differs(name: str, before: State, after: State) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


class FakeUnitsOfWork:
    """Where fake units come from; all of them share one memory.

    Set ``commit_error`` to have every commit refused with it, as a full disk would. While a unit
    writes, every other writer waits: so nothing that may wait itself is asked inside one.
    """

    def __init__(
        self, *, busy_timeout_s: float = 5.0, beside: FakeUnitsOfWork | None = None
    ) -> None:
        """``beside``: those of another program, on whose store these work."""
        self._store: FakeUnitsOfWork = beside or self
        self._state = State()
        self._counts: Counter[Topic] = Counter()
        self._seen: Counter[Topic] | None = None
        self.commit_error: HeyGenError | None = None
        self.opened = 0
        """How many units there were."""
        self._busy_timeout_s = busy_timeout_s
        self._writing = threading.Lock()
        self._writer = 0

    @property
    def state(self) -> State:
        return self._store._state

    def changed_elsewhere(self) -> Set[Topic]:
        now = self._store._counts.copy()
        if self._seen is None:
            self._seen = now
        changed = {topic for topic in now if now[topic] > self._seen[topic]}
        self._seen = now
        return changed

    def __call__(self, *, read_only: bool = False) -> FakeUnitOfWork:
        self.opened += 1
        return FakeUnitOfWork(self, read_only=read_only)

    def lock_for_writing(self) -> None:
        if not self._writing.acquire(timeout=self._busy_timeout_s):
            raise DatabaseBusyError(WHERE, self._busy_timeout_s)
        self._writer = threading.get_ident()

    def unlock(self) -> None:
        self._writer = 0
        self._writing.release()

    def refuse_while_writing(self, what: str) -> None:
        """Fail the test whose code asks for something else while its thread holds the write lock."""
        if self._writer == threading.get_ident():
            raise AssertionError(f"{what} is asked inside a write transaction")

    def publish(self, state: State) -> None:
        if self.commit_error is not None:
            raise self.commit_error
        changed = Counter({t for name, t in TOPICS.items() if _differs(name, self.state, state)})
        self._store._state = state
        self._store._counts += changed
        if self._seen is not None:
            self._seen += changed
