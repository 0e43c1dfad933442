"""Keep which of two waiting runs begins first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Runs from before are all alike."""
    column = sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
    op.add_column("runs", column)
