"""Settings as they hold now, read anew each time they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from heygen_desktop.application.ports.settings import SettingsSources
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.settings.effective import EffectiveSettings, Layer, resolve
from heygen_desktop.domain.entities.environment import Revision, lineage
from heygen_desktop.domain.errors import ConfigurationError


def _silent(_found: EffectiveSettings) -> None:
    """Nobody looks at what was passed over."""


@dataclass(frozen=True)
class ReadSettings:
    """Reads every layer of an environment and lets the strongest win."""

    units: UnitsOfWork
    sources: SettingsSources
    on_read: Callable[[EffectiveSettings], None] = _silent
    """Told what was read, each time."""

    def __call__(self, environment: str) -> EffectiveSettings:
        """Return what holds in the environment.

        A source that cannot be read becomes one of the problems; the other layers still count.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
            StorageError: The database cannot be read.
        """
        with self.units(read_only=True) as unit:
            revisions = [unit.environments.current(name) for name in lineage(environment)]
        unreadable: list[ConfigurationError] = []
        layers = list(self._layers(environment, revisions, unreadable))
        found = resolve(environment, revisions[0].number, layers)
        found = replace(found, problems=(*unreadable, *found.problems))
        self.on_read(found)
        return found

    def _layers(
        self, environment: str, revisions: list[Revision], unreadable: list[ConfigurationError]
    ) -> Iterator[Layer]:
        database = [Layer("database", r.environment, r.values) for r in reversed(revisions)]
        outside: list[Layer] = []
        for source in self.sources:
            try:
                outside.append(Layer(source.layer, source.origin, source.read(environment)))
            except ConfigurationError as error:
                unreadable.append(error)
        yield from (layer for layer in outside if layer.name == "file")
        yield from database
        yield from (layer for layer in outside if layer.name != "file")
