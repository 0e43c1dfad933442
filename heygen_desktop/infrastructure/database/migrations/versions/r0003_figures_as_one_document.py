"""The figures of a run become one document, so that a new figure needs no new column.

A run on the CPU had all its memory there; one on a GPU told only the sum, and keeps it.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FIGURES = (
    "time_to_first_token_s",
    "tokens_per_second",
    "tokens",
    "prompt_tokens",
    "peak_memory_bytes",
    "load_s",
)


def upgrade() -> None:
    """Gather the columns into one."""
    op.add_column("runs", sa.Column("figures", sa.Text(), nullable=True))
    _gather()
    op.drop_index("ix_runs_peak", "runs")
    with op.batch_alter_table("runs") as runs:
        runs.alter_column("figures", nullable=False)
        for name in _FIGURES:
            runs.drop_column(name)
    op.create_index("ix_runs_peak", "runs", ["model_id", "version", "device", "state"])


def _gather() -> None:
    connection = op.get_bind()
    runs = sa.table("runs", *(sa.column(name) for name in ("sequence", "device", *_FIGURES)))
    filled = sa.text("UPDATE runs SET figures = :figures WHERE sequence = :sequence")
    for row in connection.execute(sa.select(runs)).mappings().all():
        told = {"sequence": row["sequence"], "figures": json.dumps(_document(row))}
        connection.execute(filled, told)


def _document(row: sa.RowMapping) -> dict[str, object]:
    figures: dict[str, object] = {name: row[name] for name in _FIGURES}
    if row["device"] == "cpu":
        figures["peak_host_bytes"] = row["peak_memory_bytes"]
    return figures
