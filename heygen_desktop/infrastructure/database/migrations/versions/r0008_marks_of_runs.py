"""Keep how a person names and pins runs, and what was removed until it is forgotten for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Runs from before have no name, are not pinned, and are all there."""
    for column in (
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_pinned", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("removal", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("runs", column)
    op.create_index("ix_runs_listed", "runs", ["is_pinned", "queued_at", "sequence"])
