"""Give a new home something to run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.application.use_cases.models.model_files import ModelFiles
from heygen_desktop.application.use_cases.models.register_model import (
    Registered,
    RegisterModel,
    Registration,
)
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.repositories import RunFilter

STARTER_NAME = "starter"
STARTER_PROMPT = "It is a truth universally acknowledged, that"


def starter_run(
    reference: str = STARTER_NAME, *, max_tokens: int, seed: int | None = None
) -> RunRequest:
    """Return a run that shows what the model that comes along does."""
    inputs, params = {"prompt": STARTER_PROMPT}, {"max_tokens": max_tokens}
    return RunRequest(reference, inputs, params=params, seed=seed)


@dataclass(frozen=True)
class EnsureStarterModel:
    """Registers the model that comes with the program."""

    units: UnitsOfWork
    register: RegisterModel
    files: ModelFiles
    path: Path

    def __call__(self, *, only_in_a_new_home: bool = False) -> Registered | None:
        """Return the entry, new or found.

        Args:
            only_in_a_new_home: Do nothing and return None where the home already has models or
                runs: who removed the starter model does not want it back at each start.

        Raises:
            ArtifactMissingError: The installation lacks it.
        """
        if only_in_a_new_home and not self._is_new():
            return None
        wanted = Registration(self.path, name=STARTER_NAME, tags=("starter",), note=_NOTE)
        registered = self.register(wanted)
        if not registered.created:
            return registered
        self.files.verify(registered.reference)  # it is small: nobody waits for its checksum
        return replace(self.register(wanted), created=True)

    def _is_new(self) -> bool:
        with self.units(read_only=True) as unit:
            has_models = bool(unit.models.latest_versions())
            return not has_models and not unit.runs.find(RunFilter(limit=1)).total


_NOTE = (
    "Comes with HeyGen Desktop: a small model trained on Jane Austen's novels, to try things with."
)
