"""List and search the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from heygen_desktop.application.models import FitJudge, ModelSummary
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.repositories import ModelFilter

PAGE = 250
"""Models that are read at a time: the first are there at once, and a stop is not waited for long."""


@dataclass(frozen=True)
class ListModels:
    """Reads the latest version of each model that matches."""

    units: UnitsOfWork
    judge: FitJudge

    def __call__(self, wanted: ModelFilter | None = None) -> Sequence[ModelSummary]:
        """Return the models that match, by name."""
        return [summary for page in self.pages(wanted) for summary in page]

    def pages(self, wanted: ModelFilter | None = None) -> Iterator[Sequence[ModelSummary]]:
        """Yield the models that match, by name, a page at a time; whoever needs no more stops asking.

        All pages show one state of the library, and are judged by one look at the devices.
        """
        fit, last = self.judge.now(), ""
        with self.units(read_only=True) as unit:
            while models := unit.models.find(wanted or ModelFilter(), after=last, limit=PAGE):
                yield [ModelSummary(m, m.latest, fit(m.latest.artifact)) for m in models]
                last = models[-1].name

    def latest_versions(self) -> Mapping[str, str]:
        """Return the latest version of every model by the model's name."""
        with self.units(read_only=True) as unit:
            return unit.models.latest_versions()
