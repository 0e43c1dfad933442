"""The shape of a line, and what becomes of values that JSON cannot hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from heygen_desktop.infrastructure.logging.reader import parse_record
from heygen_desktop.infrastructure.logging.redaction import Redactor

AT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def encode(
    message: str = "hello",
    exception: str = "",
    session: str = "",
    logger: str = "here",
    secrets: Sequence[str] = (),
    **extra: object,
) -> bytes:
    redactor = Redactor()
    for secret in secrets:
        redactor.add_known_value(secret)
    record = PendingRecord(AT, 20, logger, message, extra, exception)
    return LineEncoder(redactor, session_id=session).encode(record)


def fields(line: bytes) -> dict[str, Any]:
    loaded = orjson.loads(line)
    assert isinstance(loaded, dict)
    return loaded


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")


class HalfNumber(float):
    pass


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


# Each is a word or a piece of what holds a line together.
STRUCTURE = [
    *("2026", "INFO", "time", "level", "message", "category", "logger", "extra", "exception"),
    *("run_id", "session_id", "tokens", "runs", "heygen_desktop", "T03:04", "+00:00", "123", "4.5"),
    *('{"', '":"', ',"', '"', "}", ":", ",", "0123456789ab", "ull", "rue", "***"),
]


@pytest.mark.parametrize("secret", STRUCTURE)
def test_a_secret_that_is_a_piece_of_a_line_does_not_break_it(secret: str) -> None:
    extra: dict[str, Any] = {
        "tokens": 123,
        "rate": 4.5,
        "warm": True,
        "figure": None,
        "text": f"so {secret} it is",
    }

    line = encode(
        f"it is {secret} so",
        secrets=[secret],
        session="ba9876543210",
        logger="heygen_desktop.runs",
        category="runs",
        run_id="0123456789ab",
        **extra,
    )

    found = fields(line)
    assert list(found) == [
        *("time", "level", "category", "message", "logger", "run_id", "session_id", "extra")
    ]
    assert line.startswith(b'{"time":"2026-01-02T03:04:05.000678+00:00","level":"INFO","category":')
    assert (found["run_id"], found["session_id"]) == ("0123456789ab", "ba9876543210")
    assert (found["category"], found["logger"]) == ("runs", "heygen_desktop.runs")
    assert found["message"] == "it is *** so"
    assert found["extra"] == {**extra, "text": "so *** it is"}
    assert parse_record(line) is not None


@pytest.mark.parametrize("secret", ["swordfish", "Hunter2", "correct horse", "pä55/word"])
@pytest.mark.parametrize(
    "place",
    [
        *("message", "exception", "logger", "category", "user", "request_id", "run_id"),
        *("session_id", "text", "list", "deep", "key", "object"),
    ],
)
def test_a_secret_is_in_no_place_of_a_line(secret: str, place: str) -> None:
    places: dict[str, Any] = {
        "list": {"listed": [1, ["x", f"a {secret} b"]]},
        "deep": {"outer": {"inner": {"most": f"a {secret} b"}}},
        "key": {"headers": {f"x {secret}": 1}},
        "object": {"path": Path("a") / f"b {secret}"},
    }

    line = encode(secrets=[secret], **places.get(place, {place: f"a {secret} b"}))

    assert secret not in line.decode()
    assert json.dumps(secret)[1:-1] not in line.decode()
    assert b"***" in line


def test_text_under_a_telling_word_is_hidden_wherever_it_stands() -> None:
    given: dict[str, Any] = {
        **{"token": 5, "max_tokens": "12", "hf_token": ["a"], "password": None},
        "nested": {"api_key": "abcdefgh", "tokens": 3, "listed": [{"b": "token=abcdefgh"}, 1]},
    }

    line = encode(**given)

    assert fields(line)["extra"] == {
        **{"token": 5, "max_tokens": "12", "hf_token": "***", "password": None},
        "nested": {"api_key": "***", "tokens": 3, "listed": [{"b": "token=***"}, 1]},
    }


def test_keywords_of_our_code_stay_and_other_keys_are_redacted() -> None:
    given: dict[str, Any] = {
        **{"level": "the level", "Hunter2": 5},
        "nested": {"level": 1, "Hunter2": 2, "Hunter3": 3},
    }

    line = encode(secrets=["level", "Hunter2", "Hunter3"], **given)

    assert fields(line)["extra"] == {
        **{"level": "the ***", "***": 5},
        "nested": {"***": 1, "****": 2, "*****": 3},
    }


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


def test_a_number_that_python_will_not_write_out_does_not_lose_the_record() -> None:
    line = fields(encode(big=10**5000, odd=float("nan"), number=HalfNumber(1.5)))

    assert line["extra"] == {"big": "<int>", "odd": None, "number": 1.5}


def test_what_is_left_out_of_a_long_list_or_mapping_is_said() -> None:
    line = fields(
        encode(path=Path("a"), many=list(range(1050)), by_name={str(n): n for n in range(1001)})
    )

    assert line["extra"]["many"][-1] == "... (50 more)"
    assert len(line["extra"]["many"]) == 1001
    assert line["extra"]["by_name"]["..."] == "1 more"


@pytest.mark.parametrize("kind", ["mapping", "list"])
def test_a_wide_value_that_holds_itself_everywhere_ends(kind: str) -> None:
    mapping: dict[str, object] = {}
    mapping.update({f"key {number}": mapping for number in range(300)})
    many: list[object] = []
    many.extend(many for _ in range(3))
    many.extend([many] * 300)

    line = encode("why", endless=mapping if kind == "mapping" else many)

    assert len(line) <= LONGEST_LINE_BYTES
    assert fields(line)["message"] == "why"


def test_many_long_texts_are_examined_only_as_far_as_a_line_could_hold_them() -> None:
    class Counting(Redactor):
        examined = 0

        def text(self, text: str) -> str:
            self.examined += len(text)
            return super().text(text)

    redactor = Counting()
    many = ["x" * 1_000_000] * 900

    LineEncoder(redactor).encode(PendingRecord(AT, 20, "here", "why", {"many": many}, ""))

    assert redactor.examined < 2 * 1024 * 1024


def test_a_huge_message_is_shortened_and_says_so() -> None:
    line = encode("x" * 10_000_000)

    assert len(line) <= LONGEST_LINE_BYTES
    assert "characters left out" in fields(line)["message"]


def test_a_long_traceback_keeps_its_last_lines() -> None:
    traceback = "first line\n" + "in between\n" * 20_000 + "ValueError: why"

    exception = fields(encode(exception=traceback))["exception"]

    assert exception.startswith("first line\n")
    assert exception.endswith("\nValueError: why")


def test_what_is_huge_in_many_small_parts_is_left_out_and_says_so() -> None:
    line = encode("why", many=["x" * 4000] * 100, run_id="r1", user="me", category="runs")

    assert len(line) <= LONGEST_LINE_BYTES
    assert fields(line)["message"] == "why"
    assert (fields(line)["run_id"], fields(line)["category"]) == ("r1", "runs")
    assert fields(line)["extra"]["left_out_bytes"] > LONGEST_LINE_BYTES
    assert parse_record(line) is not None


def test_the_longest_of_all_records_is_a_line_of_bounded_length() -> None:
    awkward = "\x01" * 300_000
    ids = dict.fromkeys(("category", "user", "run_id", "session_id", "request_id"), awkward)

    line = encode(awkward, awkward, logger=awkward, **ids, text=awkward, items=[awkward] * 500)

    assert len(line) <= LONGEST_LINE_BYTES
    assert fields(line)["extra"]["left_out_bytes"] > LONGEST_LINE_BYTES
    assert "characters left out" in fields(line)["exception"]
    assert parse_record(line) is not None


def test_no_half_of_a_secret_survives_the_cut() -> None:
    key = "-----BEGIN PRIVATE KEY-----" + "abcdefgh" * 60_000 + "-----END PRIVATE KEY-----"

    assert b"abcdefgh" not in encode("x" * 30_000 + key)
