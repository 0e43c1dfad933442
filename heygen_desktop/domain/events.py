"""What has happened, as frozen facts. The log, the charts' markers and open screens all live on them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from heygen_desktop.domain.entities.run import Loading, Produced, Run
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.domain.values.actor import Actor


@dataclass(frozen=True)
class Event:
    """Something that happened, at a moment."""

    at: datetime
    """With time zone."""
    actor: Actor = field(default_factory=Actor, kw_only=True)
    """Who is behind it."""


@dataclass(frozen=True)
class ModelRegistered(Event):
    """A version was added to the library."""

    model: str
    version: str
    path: str = field(repr=False)
    size_bytes: int
    parameters: int


@dataclass(frozen=True)
class ModelVerified(Event):
    """Every byte of a version's files was read, and their checksum is kept."""

    model: str
    version: str
    was_changed: bool
    """They were not what was registered, and were taken as they are now."""


@dataclass(frozen=True)
class ModelChanged(Event):
    """What people say of a model was changed: description, note, tags, or that it is a favourite."""

    model: str


@dataclass(frozen=True)
class ModelRemoved(Event):
    """A model or one of its versions was forgotten; its files are where they were."""

    model: str
    version: str
    """Empty where all versions went."""


@dataclass(frozen=True)
class HistoryChanged(Event):
    """Runs were named, pinned, put in another order, removed or brought back."""


@dataclass(frozen=True)
class RunChanged(Event):
    """A run was queued or reached its next state."""

    run: Run

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.run.id


@dataclass(frozen=True)
class RunUpdate(Event):
    """How far a run is. Many a second; a later one may take in an earlier one, and none is logged."""

    run_id: str

    def after(self, earlier: Event) -> RunUpdate:
        """Return one update that says what the earlier one of its kind and run and this one say."""
        return self


@dataclass(frozen=True)
class RunProduced(RunUpdate):
    """A batch of output arrived. At most 30 a second for each run."""

    update: Produced

    def after(self, earlier: Event) -> RunUpdate:
        """Return this update with the text of both."""
        if not isinstance(earlier, RunProduced):
            return self
        return replace(self, update=self.update.after(earlier.update))


@dataclass(frozen=True)
class RunLoading(RunUpdate):
    """The model of a run is on its way into memory."""

    update: Loading


@dataclass(frozen=True)
class WorkerStarted(Event):
    """A model is in memory."""

    model: str
    version: str
    pid: int
    device: str
    load_s: float
    memory_bytes: int


@dataclass(frozen=True)
class WorkerStopped(Event):
    """A worker is gone."""

    model: str
    version: str
    pid: int
    reason: str
    """``unloaded``, ``closed``, or how it died."""
    expected: bool


@dataclass(frozen=True)
class SettingsChanged(Event):
    """Settings may hold other values than before."""

    def concerns(self, key: str = "") -> bool:
        """Whether the setting may have changed, or one of a section, or any where none is given."""
        return True


@dataclass(frozen=True)
class SettingChanged(SettingsChanged):
    """An environment's own value was set or reset. The value is not in the event."""

    environment: str
    key: str
    revision: int

    def concerns(self, key: str = "") -> bool:
        return not key or f"{self.key}.".startswith(f"{key}.")


@dataclass(frozen=True)
class EnvironmentChanged(SettingsChanged):
    """This process acts in another environment from now on."""

    environment: str
    former: str


@dataclass(frozen=True)
class ChangedElsewhere(SettingsChanged):
    """Another program on this home changed something; what exactly, its own log says."""

    topics: Set[Topic]

    def concerns(self, key: str = "") -> bool:
        return Topic.SETTINGS in self.topics


def elsewhere(event: Event, *topics: Topic) -> bool:
    """Whether another program changed one of these."""
    return isinstance(event, ChangedElsewhere) and not event.topics.isdisjoint(topics)


@dataclass(frozen=True)
class SecretChanged(Event):
    """A secret was set or deleted. Its value is nowhere but in its store."""

    environment: str
    name: str
    deleted: bool


@dataclass(frozen=True)
class ProgramStarted(Event):
    """A front is up."""

    front: str
    version: str
    environment: str
