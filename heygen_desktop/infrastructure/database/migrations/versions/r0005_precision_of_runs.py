"""Note the precision in which a run computed: the memory that it takes depends on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Runs from before do not tell theirs."""
    op.add_column("runs", sa.Column("dtype", sa.Text(), nullable=False, server_default=""))
