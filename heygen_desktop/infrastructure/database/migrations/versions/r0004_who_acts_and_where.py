"""Note who made what, and the machine of each process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Rows from before know no actor; their processes were those of this machine."""
    for table in ("runs", "environment_revisions", "secrets", "model_versions"):
        op.add_column(table, sa.Column("actor", sa.Text(), nullable=True))
    for table, column in (("runs", "owner_host"), ("workers", "host"), ("workers", "owner_host")):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
