"""The history's columns."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.screens.run.rows import RunRow
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.wording import count_text, duration_text, number_text

COLUMNS: tuple[Column[RunRow], ...] = (
    Column("state", "State", lambda row: row.state, width=112, tone=lambda row: row.tone),
    Column("model", "Model", lambda row: row.model, width=136),
    Column("when", "When", lambda row: row.when, sort_key=lambda row: row.queued_at, width=92),
    Column(
        "tokens",
        "Tokens",
        lambda row: count_text(row.tokens),
        sort_key=lambda row: row.tokens,
        width=68,
        is_number=True,
    ),
    Column(
        "speed",
        "Tokens/s",
        lambda row: number_text(row.speed),
        sort_key=lambda row: row.speed or 0.0,
        width=80,
        is_number=True,
    ),
    Column(
        "duration",
        "Duration",
        lambda row: duration_text(row.duration_s),
        sort_key=lambda row: row.duration_s or 0.0,
        width=88,
        is_number=True,
    ),
    Column("prompt", "Prompt", lambda row: row.prompt, width=200),
)
