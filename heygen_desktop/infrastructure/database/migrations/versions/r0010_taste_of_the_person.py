"""Keep the theme for the person, as it was chosen last, and no longer for each environment."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_THEME = "appearance.theme"
_NEWEST = sa.text("""
    SELECT "values", created_at, actor FROM environment_revisions AS newest
    WHERE number = (SELECT max(number) FROM environment_revisions WHERE environment = newest.environment)
    ORDER BY created_at DESC
""")


def upgrade() -> None:
    """What the environments hold stays as it is: their history has a checksum."""
    for row in op.get_bind().execute(_NEWEST).fetchall():
        values = json.loads(row[0])
        if _THEME in values:
            _keep({_THEME: values[_THEME]}, row.created_at, row.actor)
            return


def _keep(values: dict[str, str], created_at: str, actor: str | None) -> None:
    canonical = json.dumps(["personal", 1, values], sort_keys=True, separators=(",", ":"))
    statement = sa.text("""
        INSERT INTO environment_revisions (environment, number, "values", checksum, created_at, actor)
        VALUES ('personal', 1, :values, :checksum, :created_at, :actor)
    """)
    checksum = "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
    given = {"values": json.dumps(values), "checksum": checksum}
    op.get_bind().execute(statement, given | {"created_at": created_at, "actor": actor})
