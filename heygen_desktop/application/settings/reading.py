"""Settings as they hold now, read anew each time they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from heygen_desktop.application.ports.settings import SettingsSources
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.effective import EffectiveSettings, Layer, resolve
from heygen_desktop.domain.entities.environment import PERSONAL, lineage
from heygen_desktop.domain.errors import ConfigurationError, HeyGenError


@dataclass(frozen=True)
class ReadSettings:
    """Reads every layer of an environment and lets the strongest win."""

    units: UnitsOfWork
    sources: SettingsSources
    on_read: Callable[[EffectiveSettings], None] = lambda _found: None
    """Told what was read, each time."""

    def __call__(self, environment: str) -> EffectiveSettings:
        """Return what holds in the environment.

        A source that cannot be read becomes one of the problems; the other layers still count.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
            StorageError: The database cannot be read.
        """
        with self.units(read_only=True) as unit:
            revisions = [
                unit.environments.current(name) for name in (*lineage(environment), PERSONAL)
            ]
        layers = [Layer("database", each.environment, each.valid) for each in reversed(revisions)]
        problems: list[HeyGenError] = []
        for source in self.sources:
            try:
                layer = Layer(source.layer, source.origin, source.read(environment))
            except ConfigurationError as error:
                problems.append(error)
                continue
            if layer.name == "file":
                layers.insert(0, layer)  # the one source that is weaker than the database
            else:
                layers.append(layer)
        found = resolve(environment, revisions[0].number, layers, problems)
        self.on_read(found)
        return found
