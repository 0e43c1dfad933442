"""A log query decides alone whether a record is wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.application.ports.logs import LogLevel, LogQuery, LogRecord

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RECORD = LogRecord(
    NOON, LogLevel.INFO, "runs", "Run began", "tests", {"run_id": "abc", "request_id": "r1"}
)


@pytest.mark.parametrize(
    "wanted",
    [
        LogQuery(),
        LogQuery(level=LogLevel.INFO),
        LogQuery(text="RUN BEG"),
        LogQuery(text="ab"),
        LogQuery(since=NOON),
        LogQuery(run_id="abc", request_id="r1"),
    ],
)
def test_a_record_that_fulfils_every_wish_is_wanted(wanted: LogQuery) -> None:
    assert wanted.matches(RECORD)


@pytest.mark.parametrize(
    "wanted",
    [
        LogQuery(level=LogLevel.WARNING),
        LogQuery(text="nowhere"),
        LogQuery(since=NOON + timedelta(seconds=1)),
        LogQuery(run_id="ab"),
        LogQuery(request_id="r2"),
    ],
)
def test_a_record_that_misses_one_wish_is_not(wanted: LogQuery) -> None:
    assert not wanted.matches(RECORD)
