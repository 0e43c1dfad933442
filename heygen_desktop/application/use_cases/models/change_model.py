"""What people say of a model, and whether it is in the library at all; each change has a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from heygen_desktop.application.models import (
    find_model,
)
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel
from heygen_desktop.domain.events import ModelChanged, ModelRegistered, ModelRemoved
from heygen_desktop.domain.values.names import ModelReference, checked_name


@dataclass(frozen=True)
class ModelChange:
    """What shall be said of a model; None leaves a field as it is."""

    description: str | None = None
    note: str | None = None
    tags: Sequence[str] | None = None
    is_favourite: bool | None = None


@dataclass(frozen=True)
class UpdateModel:
    """Keeps what people say of a model."""

    units: UnitsOfWork
    events: EventStream
    clock: Clock

    def __call__(self, name: str, change: ModelChange) -> AIModel:
        """Return the model as it is now.

        Raises:
            ModelNotFoundError: Nothing of that name is registered.
            InvalidNameError: A tag cannot be one.
        """
        for tag in change.tags or ():
            checked_name("tag", tag)
        with self.units() as unit:
            model, _version = find_model(unit, name)
            if change.description is not None:
                model.description = " ".join(change.description.split())
            if change.note is not None:
                model.note = change.note.strip()
            if change.tags is not None:
                model.tags = tuple(dict.fromkeys(change.tags))
            if change.is_favourite is not None:
                model.is_favourite = change.is_favourite
            model.updated_at = self.clock.now()
            unit.models.save(model)
            unit.commit()
        self.events.publish(ModelChanged(model.updated_at, model.name))
        return model


@dataclass(frozen=True)
class Removed:
    """What was taken out of the library."""

    entry: AIModel
    """As it was before."""
    version: str
    """Empty where all versions went."""


@dataclass(frozen=True)
class RemoveModel:
    """Takes an entry out of the library, and puts it back."""

    units: UnitsOfWork
    events: EventStream
    clock: Clock

    def __call__(self, reference: str) -> Removed:
        """Remove what is meant: ``NAME`` with all versions, ``NAME@VERSION`` only that one.

        Raises:
            ModelNotFoundError: Nothing of that name is registered.
        """
        wanted = ModelReference.parse(reference)
        now = self.clock.now()
        with self.units() as unit:
            model, version = find_model(unit, reference)
            before = replace(model)
            if wanted.selector and len(model.versions) > 1:
                model.remove_version(version.version, at=now)
                unit.models.save(model)
            else:
                unit.models.remove(model.id)
            unit.commit()
        gone = str(version.version) if wanted.selector else ""
        self.events.publish(ModelRemoved(now, model.name, gone))
        return Removed(before, gone)

    def restore(self, removed: Removed) -> None:
        """Put an entry back as it was.

        Raises:
            ModelExistsError: Another model took its name meanwhile.
        """
        model = removed.entry
        with self.units() as unit:
            keep = unit.models.save if unit.models.by_id(model.id) else unit.models.add
            keep(model)
            unit.commit()
        latest = model.latest
        self.events.publish(
            ModelRegistered(
                self.clock.now(),
                model.name,
                str(latest.version),
                path=str(latest.artifact.path),
                size_bytes=latest.artifact.size_bytes,
                parameters=latest.artifact.parameters,
            )
        )
