"""One record, one line of JSON: fixed order of keys, redacted, of bounded length.

The order and the width of ``time`` never change, so that a reader finds the level of a line at a
fixed byte without parsing it. What is structure (time, level, names of fields, keywords of our calls,
numbers, our own ids) is written as it is; every other text passes the redactor.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import orjson

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.logging.redaction import MASK, Redactor, clean, tells

ID_KEYS = ("request_id", "run_id", "session_id", "user")
LONGEST_LINE_BYTES = 256 * 1024
_LEVEL_NAMES = {int(level): level.name for level in LogLevel}
_OUR_ID = re.compile(r"[0-9a-f]{12}")
_OUR_CATEGORIES = frozenset({"models", "program", "runs", "secrets", "settings", "workers"})
_OUR_LOGGERS = "heygen_desktop."
_KEYWORD = re.compile(r"[a-z_]+")
_LONGEST_TEXT = 64 * 1024
_LONGEST_EXTRA_TEXT = 16 * 1024
_SHORT_TEXT = 4 * 1024
"""What is left of each text where all together are too long for a line."""
_EXAMINED = 4
"""So many times what is kept of a text is searched for secrets; what is longer is cut before."""
_MOST_ROOM = _EXAMINED * LONGEST_LINE_BYTES
_DEEPEST = 6
_MOST_ITEMS = 1000
_NUMBERS = (int, float)
_LEAST, _MOST = -(2**63), 2**64 - 1
"""The numbers that JSON can hold here."""


class PendingRecord(NamedTuple):
    """What the caller's thread leaves for the writer: no formatting has been done yet."""

    time: datetime
    level: int
    logger: str
    message: str
    extra: Mapping[str, object]
    exception: str


class LineEncoder:
    """Turns records into lines; used by the writer thread alone."""

    def __init__(self, redactor: Redactor, *, session_id: str = "") -> None:
        self._redactor = redactor
        self._session_id = session_id
        self._room = 0
        """How many more characters and items of ``extra`` are looked at in this record."""

    def encode(self, record: PendingRecord) -> bytes:
        """Return the line with its newline, at most 256 KiB.

        Raises:
            Exception: An object that was logged raises where it is looked at.
        """
        fields = self._fields(record)
        line = orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
        if len(line) <= LONGEST_LINE_BYTES:
            return line
        short: dict[str, Json] = {
            k: _cut(v, _SHORT_TEXT) for k, v in fields.items() if isinstance(v, str)
        }
        short["extra"] = {"left_out_bytes": len(line)}
        return orjson.dumps(short, option=orjson.OPT_APPEND_NEWLINE)

    def _fields(self, record: PendingRecord) -> dict[str, Json]:
        extra = dict(record.extra)
        category, logger = str(extra.pop("category", "program")), record.logger
        fields: dict[str, Json] = {
            "time": record.time.astimezone(UTC).isoformat(timespec="microseconds"),
            "level": _LEVEL_NAMES.get(record.level) or level_of(record.level).name,
            "category": category if category in _OUR_CATEGORIES else self._text(category),
            "message": self._text(record.message),
            "logger": logger if logger.startswith(_OUR_LOGGERS) else self._text(logger),
        }
        if self._session_id:
            extra.setdefault("session_id", self._session_id)
        for key in ID_KEYS:
            if key in extra:
                fields[key] = self._id(key, str(extra.pop(key)))
        if extra:
            self._room = _MOST_ROOM
            fields["extra"] = self._mapping(extra, _DEEPEST)
        if record.exception:
            fields["exception"] = self._text(record.exception)
        return fields

    def _id(self, key: str, value: str) -> str:
        """Users and requests are named outside; runs and sessions by us, unless they do not look like it."""
        is_ours = key in ("run_id", "session_id") and _OUR_ID.fullmatch(value)
        return value if is_ours else self._text(value)

    def _text(self, text: str, longest: int = _LONGEST_TEXT) -> str:
        """Return the text without secrets, and then cut, so that no half of one is left."""
        if not text.isascii() or len(text) > longest:
            text = clean(text[: longest * _EXAMINED])
        return _cut(self._redactor.text(text), longest)

    def _safe(self, value: object, depth: int) -> Json:
        """Return what JSON can hold of a value, without secrets; deep and long ones are cut, and say so."""
        if isinstance(value, str):
            return self._inner_text(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int) and _LEAST <= value <= _MOST:
            return int(value)
        if isinstance(value, float):
            return float(value)
        is_too_much = not depth or self._room <= 0
        if isinstance(value, Mapping):
            return "..." if is_too_much else self._mapping(value, depth - 1)
        if isinstance(value, list | tuple | set | frozenset):
            return "..." if is_too_much else self._list(value, depth - 1)
        return self._inner_text(_as_text(value))

    def _inner_text(self, text: str) -> str:
        """Return one of the texts in ``extra``, as long as there is room for it."""
        if self._room <= 0:
            return "..."
        text = text[: _LONGEST_EXTRA_TEXT * _EXAMINED]
        self._room -= len(text)
        return self._text(text, _LONGEST_EXTRA_TEXT)

    def _mapping(self, mapping: Mapping[Any, object], depth: int) -> dict[str, Json]:
        safe: dict[str, Json] = {}
        self._room -= _EXAMINED * len(mapping)
        for key, value in islice(mapping.items(), _MOST_ITEMS):
            # At the top they are keywords of a call, words of a program; deeper they are data. What most
            # values are, figures and words that came before, needs no call: that is half of the time.
            is_ours = depth == _DEEPEST and _is_keyword(key)
            name = key if is_ours else self._key(key, safe)
            if type(value) is float or (type(value) is int and _LEAST <= value <= _MOST):
                safe[name] = value
            elif tells(name) and value is not None and not isinstance(value, _NUMBERS):
                safe[name] = MASK
            elif type(value) is str and value in self._redactor.harmless:
                safe[name] = value
            else:
                safe[name] = self._safe(value, depth)
        if len(mapping) > _MOST_ITEMS:
            safe["..."] = f"{len(mapping) - _MOST_ITEMS} more"
        return safe

    def _key(self, key: object, taken: Collection[str]) -> str:
        """Return the key redacted; two keys that were secrets keep their two values."""
        name = self._inner_text(_as_text(key))
        while name in taken:
            name += "*"
        return name

    def _list(self, items: Collection[object], depth: int) -> list[Json]:
        self._room -= _EXAMINED * len(items)
        safe = [self._safe(each, depth) for each in islice(items, _MOST_ITEMS)]
        more = len(items) - _MOST_ITEMS
        return [*safe, f"... ({more} more)"] if more > 0 else safe


def level_of(number: int) -> LogLevel:
    """Return the level of the log that a loguru or logging number belongs to (SUCCESS is INFO)."""
    return next((each for each in reversed(LogLevel) if number >= each), LogLevel.DEBUG)


@lru_cache(maxsize=1024)
def _is_keyword(key: object) -> bool:
    """Whether it is a name as code gives it; the same few come each time."""
    return isinstance(key, str) and _KEYWORD.fullmatch(key) is not None


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001  any object may be logged; its __str__ is not ours
        return f"<{type(value).__name__}>"


def _cut(text: str, longest: int) -> str:
    """Return the text, or its beginning and its end: the last lines of a traceback are what counts."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} ... ({len(text) - 2 * half} characters left out) ... {text[-half:]}"
