"""Changes of the schema, in order; known by name without importing Alembic.

To add one: a file in ``versions`` whose ``down_revision`` is the last of ``REVISIONS``, its number
at the end of ``REVISIONS``, and the same change in ``tables.py``. A test compares the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")


@dataclass(frozen=True)
class Migrations:
    """Where the changes stand and what they are called, the oldest first."""

    folder: Path
    """Holds ``env.py`` and ``versions``."""
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The newest revision."""
        return self.revisions[-1]


MIGRATIONS = Migrations(Path(__file__).parent, REVISIONS)
