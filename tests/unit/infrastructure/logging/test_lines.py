"""The shape of a line, and what becomes of values that JSON cannot hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import pytest
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.lines import (
    LONGEST_LINE_BYTES,
    LineEncoder,
    PendingRecord,
    level_of,
)
from heygen_desktop.infrastructure.logging.records import parse_record
from heygen_desktop.infrastructure.logging.redaction import Redactor

AT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def encode(
    message: str = "hello", exception: str = "", session: str = "", **extra: object
) -> bytes:
    record = PendingRecord(AT, 20, "here", message, extra, exception)
    return LineEncoder(Redactor(), session_id=session).encode(record)


def fields(line: bytes) -> dict[str, Any]:
    loaded = orjson.loads(line)
    assert isinstance(loaded, dict)
    return loaded


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")


@dataclass(frozen=True)
class Prompted:
    run: str
    prompt: str = field(repr=False)


def test_the_keys_stand_in_a_fixed_order() -> None:
    line = encode(exception="trace", user="u", run_id="r", request_id="q", session_id="s", pid=7)

    assert list(fields(line)) == [
        *("time", "level", "category", "message", "logger"),
        *("request_id", "run_id", "session_id", "user", "extra", "exception"),
    ]
    assert line.endswith(b"\n")


def test_the_level_stands_at_a_fixed_byte_even_at_a_full_second() -> None:
    full = PendingRecord(AT.replace(microsecond=0), 40, "", "", {}, "")

    line = LineEncoder(Redactor()).encode(full)

    assert line[41:57] == b'","level":"ERROR'


def test_the_time_is_written_in_utc() -> None:
    east = AT.astimezone(timezone(timedelta(hours=5)))

    line = LineEncoder(Redactor()).encode(PendingRecord(east, 20, "", "", {}, ""))

    assert fields(line)["time"] == "2026-01-02T03:04:05.000678+00:00"


def test_category_and_session_have_their_own_places() -> None:
    assert fields(encode())["category"] == "program"
    assert fields(encode(category="runs"))["category"] == "runs"
    assert fields(encode(session="s1"))["session_id"] == "s1"
    assert fields(encode(session="s1", session_id="s2"))["session_id"] == "s2"


@pytest.mark.parametrize(
    ("number", "level"),
    [
        (5, LogLevel.DEBUG),
        (10, LogLevel.DEBUG),
        (25, LogLevel.INFO),
        (35, LogLevel.WARNING),
        (99, LogLevel.CRITICAL),
    ],
)
def test_levels_between_ours_belong_to_the_one_below(number: int, level: LogLevel) -> None:
    assert level_of(number) is level


def test_secrets_leave_message_extra_ids_and_exception() -> None:
    line = encode(
        "token=abcdefgh",
        exception="ValueError: password=abcdefgh",
        user="api_key=abcdefgh",
        token="abcdefgh",
        nested={"deep": ["secret: abcdefgh"]},
    )

    assert b"abcdefgh" not in line
    assert fields(line)["extra"] == {"token": "***", "nested": {"deep": ["secret: ***"]}}


def test_values_that_json_cannot_hold_become_text() -> None:
    extra = fields(
        encode(path=Path("a"), error=ValueError("why"), bad=Unprintable(), key={1: "one"})
    )

    assert extra["extra"] == {
        "path": "a",
        "error": "why",
        "bad": "<Unprintable>",
        "key": {"1": "one"},
    }


def test_a_field_that_is_kept_out_of_repr_is_kept_out_of_the_log() -> None:
    line = encode(run=Prompted("r1", "my deepest thoughts"))

    assert b"deepest" not in line
    assert b"r1" in line


def test_lone_surrogates_and_huge_numbers_do_not_lose_the_record() -> None:
    line = fields(encode("bad \ud800 text", big=2**70, items={1, 2}))

    assert line["message"] == "bad ? text"
    assert line["extra"]["big"] == str(2**70)
    assert sorted(line["extra"]["items"]) == [1, 2]


def test_a_value_that_holds_itself_does_not_lose_the_record() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert b"..." in encode(endless=endless)


def test_a_huge_message_is_shortened_and_says_so() -> None:
    line = encode("x" * 10_000_000)

    assert len(line) <= LONGEST_LINE_BYTES
    assert "characters)" in fields(line)["message"]


def test_what_is_huge_in_many_small_parts_is_left_out_and_says_so() -> None:
    line = encode("why", many=["x" * 4000] * 100)

    assert len(line) <= LONGEST_LINE_BYTES
    assert fields(line)["message"] == "why"
    assert fields(line)["extra"]["left_out_bytes"] > LONGEST_LINE_BYTES
    assert parse_record(line) is not None


def test_no_half_of_a_secret_survives_the_cut() -> None:
    key = "-----BEGIN PRIVATE KEY-----" + "abcdefgh" * 60_000 + "-----END PRIVATE KEY-----"

    assert b"abcdefgh" not in encode("x" * 30_000 + key)
