"""Where setting values come from, in layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class SettingsSource(Protocol):
    """One layer that lies outside the database."""

    @property
    def layer(self) -> str:
        """``file``, ``process`` or ``command line``."""

    @property
    def origin(self) -> str:
        """Where exactly: a path, or the kind of variable. For the provenance badge."""

    def read(self, environment: str) -> Mapping[str, object]:
        """Return the raw values by ``section.key``; text where the source knows only text.

        Raises:
            ConfigurationError: The source is there but cannot be read.
        """


SettingsSources = Sequence[SettingsSource]
"""In order of precedence, the weakest first. The database lies between ``file`` and ``process``."""
