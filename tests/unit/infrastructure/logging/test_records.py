"""Lines back into records."""

from __future__ import annotations

import pytest
from heygen_desktop.infrastructure.logging.reader import parse_record

GOOD = '{"time":"2026-01-01T00:00:00+00:00","level":"INFO","message":"m"}'


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "plain text",
        "[1, 2]",
        "7",
        "null",
        "{}",
        '{"time": 7, "level": "INFO", "message": "m"}',
        '{"time": "yesterday", "level": "INFO", "message": "m"}',
        '{"time": "2026-01-01T00:00:00", "level": "LOUD", "message": "m"}',
        '{"time": "2026-01-01T00:00:00", "level": ["INFO"], "message": "m"}',
        '{"time": "2026-01-01T00:00:00", "level": "INFO", "message": 7}',
        '{"time": "2026-01-01T00:00:00", "level": "INFO"}',
        GOOD[:-1],
    ],
)
def test_a_line_that_is_no_record_is_none(line: str) -> None:
    assert parse_record(line.encode()) is None


def test_bytes_that_are_no_text_are_no_record() -> None:
    assert parse_record(b'{"message": "\xff\xfe"}') is None


def test_missing_parts_are_empty() -> None:
    record = parse_record(GOOD.encode(), 9)

    assert record is not None
    assert (record.category, record.logger, record.exception) == ("", "", "")
    assert (dict(record.ids), dict(record.extra), record.position) == ({}, {}, 9)


def test_a_time_without_zone_is_utc() -> None:
    record = parse_record(GOOD.replace("+00:00", "").encode())

    assert record is not None
    assert record.time.isoformat() == "2026-01-01T00:00:00+00:00"


def test_odd_types_become_text_or_nothing() -> None:
    record = parse_record((GOOD[:-1] + ',"run_id":7,"extra":[1],"category":null}').encode())

    assert record is not None
    assert record.ids == {"run_id": "7"}
    assert record.extra == {}
    assert record.category == "None"
