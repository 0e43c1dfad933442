"""The columns of what was found."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.screens.library.registering.rows import CandidateRow
from heygen_desktop.presentation.desktop.widgets.rows_model import Column
from heygen_desktop.presentation.desktop.wording import NONE

COLUMNS: tuple[Column[CandidateRow], ...] = (
    Column(
        "name",
        "Name",
        lambda r: r.name,
        width=176,
        tooltip=lambda r: r.path,
        checked=lambda r: r.is_chosen,
    ),
    Column(
        "state",
        "State",
        lambda r: r.state,
        width=116,
        tone=lambda r: r.tone,
    ),
    Column(
        "size",
        "Size",
        lambda r: r.size if r.size_bytes else NONE,
        sort_key=lambda r: r.size_bytes,
        width=76,
        is_number=True,
    ),
    Column(
        "summary",
        "What it is",
        lambda r: r.summary,
        width=280,
        tone=lambda r: "danger" if r.is_problem else "",
    ),
)
