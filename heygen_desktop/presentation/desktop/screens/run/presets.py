"""Parameters that a person keeps under a name, for each model; they live in what the window remembers."""

from __future__ import annotations

import json
from collections.abc import Mapping

from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.desktop.ports import Memory

Values = Mapping[str, Json]


class Presets:
    """Those of one model at a time, by name."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of(self, model: str) -> dict[str, Values]:
        """Return a model's presets in the order of their names."""
        found = values_of(self._memory.recall(_key(model)))
        return {name: found[name] for name in sorted(found) if isinstance(found[name], dict)}  # type: ignore[misc]  # mypy does not narrow an element

    def put(self, model: str, name: str, values: Values | None) -> Values | None:
        """Keep the values under the name, or nothing for None, and return what was there before."""
        kept = self.of(model)
        before = kept.pop(name, None)
        if values is not None:
            kept[name] = values
        self._memory.remember(_key(model), json.dumps(kept) if kept else "")
        return before


def values_of(remembered: str) -> dict[str, Json]:
    """Return what was remembered; a file that somebody wrote in may hold anything."""
    try:
        values = json.loads(remembered or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _key(model: str) -> str:
    return f"run/presets/{model}"
