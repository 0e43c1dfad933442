"""Set a setting in an environment, or let it be inherited again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.forms import checked_value
from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.effective import EffectiveValue, checked_key
from heygen_desktop.application.settings.reading import ReadSettings
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.domain.entities.environment import Revision, checked_environment, holder_of
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.events import SettingChanged
from heygen_desktop.domain.values.actor import Actor


@dataclass(frozen=True)
class ChangeSetting:
    """Writes a new revision of one environment."""

    units: UnitsOfWork
    read: ReadSettings
    events: EventStream
    clock: Clock
    actor: Actor

    def set(self, environment: str, key: str, value: Json) -> EffectiveValue:
        """Set a value, a matter of taste for all environments, and return which value holds now (a stronger layer may still hide it).

        Raises:
            EnvironmentNotFoundError, SettingNotFoundError, InvalidParameterError
        """
        checked = checked_value(Settings, checked_key(key), value)
        return self._change(
            environment,
            key,
            lambda own: own.with_value(key, checked, at=self._at(), actor=self.actor),
        )

    def unset(self, environment: str, key: str) -> EffectiveValue:
        """Take the environment's own value away, and return which value holds now.

        A key that the environment does not set itself is left as it is.

        Raises:
            EnvironmentNotFoundError, SettingNotFoundError
        """
        checked_key(key)
        return self._change(
            environment, key, lambda own: own.without(key, at=self._at(), actor=self.actor)
        )

    def _change(
        self, environment: str, key: str, changed: Callable[[Revision], Revision]
    ) -> EffectiveValue:
        holder = holder_of(key, checked_environment(environment))
        with self.units() as unit:
            current = unit.environments.current(holder)
            revision = changed(current)
            is_new = revision.values != current.values
            if is_new:
                unit.environments.add(revision)
                unit.commit()
        if is_new:
            self.events.publish(SettingChanged(self._at(), holder, key, revision.number))
        return self.read(environment).values[key]

    def _at(self) -> datetime:
        return self.clock.now()
