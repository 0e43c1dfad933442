"""Forget a model or a version; the files stay where they are."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.application.models import find_model
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.events import ModelRemoved
from heygen_desktop.domain.values.names import ModelReference


@dataclass(frozen=True)
class RemoveModel:
    """Takes an entry out of the library."""

    units: UnitsOfWork
    events: EventStream
    clock: Clock

    def __call__(self, reference: str) -> ModelRemoved:
        """Remove what is meant: ``NAME`` with all versions, ``NAME@VERSION`` only that one.

        Raises:
            ModelNotFoundError: Nothing of that name is registered.
        """
        wanted = ModelReference.parse(reference)
        now = self.clock.now()
        with self.units() as unit:
            model, version = find_model(unit, reference)
            if wanted.selector and len(model.versions) > 1:
                model.remove_version(version.version, at=now)
                unit.models.save(model)
            else:
                unit.models.remove(model.id)
            unit.commit()
        event = ModelRemoved(now, model.name, str(version.version) if wanted.selector else "")
        self.events.publish(event)
        return event
