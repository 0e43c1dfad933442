"""Keep the machine's curves over a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A home from before has no readings yet."""
    op.create_table(
        "readings",
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name="pk_readings"),
    )
