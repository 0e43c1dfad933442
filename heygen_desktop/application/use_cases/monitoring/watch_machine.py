"""Read what the machine and the workers spend, now and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heygen_desktop.application.ports.metrics import Metrics, Sample, SeriesStore, WorkerRef
from heygen_desktop.application.use_cases.memory.list_loaded import ListLoaded


@dataclass(frozen=True)
class WatchMachine:
    """Takes readings and keeps them."""

    metrics: Metrics
    series: SeriesStore
    loaded: ListLoaded

    def sample(self) -> Sample:
        """Take a reading, keep it, and return it."""
        workers = [WorkerRef(w.process.pid, f"{w.model}@{w.version}") for w in self.loaded.here()]
        reading = self.metrics.sample(workers)
        self.series.append(reading)
        return reading

    def since(self, start: datetime) -> Sequence[Sample]:
        """Return the readings at or after a moment, oldest first."""
        return self.series.since(start)

    def gpu_problem(self) -> str:
        """Return why a GPU is not in the readings, or an empty string."""
        return self.metrics.gpu_problem()
