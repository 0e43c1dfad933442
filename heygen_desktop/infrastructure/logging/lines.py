"""One record, one line of JSON: fixed order of keys, redacted, of bounded length.

The order and the width of ``time`` never change, so that a reader finds the level of a line at a
fixed byte without parsing it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import orjson

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.infrastructure.logging.redaction import Redactor, clean, is_keyword, tells

ID_KEYS = ("request_id", "run_id", "session_id", "user")
LONGEST_LINE_BYTES = 256 * 1024
_LEVEL_NAMES = {int(level): level.name for level in LogLevel}
_FIGURES = frozenset({int, float, bool, type(None)})
_OUR_ID = re.compile(r"[0-9a-f]{12}")
_OUR_CATEGORIES = frozenset({"models", "program", "runs", "secrets", "settings", "workers"})
_OUR_LOGGERS = "heygen_desktop."
_LONGEST_TEXT = 32 * 1024
_LONGEST_EXTRA_TEXT = 4 * 1024
_EXAMINED = 8
"""So many times what is kept of a text is examined by the rules; what is longer is cut before."""
_DEEPEST = 6
_MOST_ITEMS = 100
# Dataclasses go through str(), because fields with repr=False (prompts, values) must not appear.
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


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

    def encode(self, record: PendingRecord) -> bytes:
        """Return the line with its newline, at most 256 KiB.

        Raises:
            Exception: An object that was logged raises where it is looked at.
        """
        fields = self._fields(record)
        texts = _texts_of(fields)
        if texts is None or self._redactor.suspects(texts):
            return self._carefully(fields)
        try:
            line = orjson.dumps(fields, option=_OPTIONS)
        except TypeError:  # what JSON cannot hold
            return self._carefully(fields)
        return line if len(line) <= LONGEST_LINE_BYTES else self._carefully(fields)

    def _fields(self, record: PendingRecord) -> dict[str, object]:
        extra = dict(record.extra)
        fields: dict[str, object] = {
            "time": record.time.astimezone(UTC).isoformat(timespec="microseconds"),
            "level": _LEVEL_NAMES.get(record.level) or level_of(record.level).name,
            "category": str(extra.pop("category", "program")),
            "message": record.message,
            "logger": record.logger,
        }
        if self._session_id:
            extra.setdefault("session_id", self._session_id)
        fields |= {key: str(extra.pop(key)) for key in ID_KEYS if key in extra}
        if extra:
            fields["extra"] = extra
        if record.exception:
            fields["exception"] = record.exception
        return fields

    def _carefully(self, fields: Mapping[str, object]) -> bytes:
        """Redact first and shorten after, so that no cut hides half of a secret from the rules."""
        redacted = {
            key: self._redacted(key, _plain(each, _DEEPEST, _LONGEST_TEXT))
            for key, each in fields.items()
        }
        line = _dumped(redacted, _LONGEST_TEXT)
        if len(line) <= LONGEST_LINE_BYTES:
            return line
        left_out: Json = {"left_out_bytes": len(line)}
        return _dumped(redacted | {"extra": left_out}, _LONGEST_EXTRA_TEXT)

    def _redacted(self, key: str, value: Json) -> Json:
        """Redact a field's texts. What is structure says the same whether or not it is a secret."""
        if _is_ours(key, value):
            return value
        if key == "extra" and isinstance(value, dict):
            return self._redactor.keywords(value)
        return self._redactor.value(value)


def _dumped(fields: Mapping[str, Json], longest: int) -> bytes:
    return orjson.dumps(
        {key: _cut(value, longest) for key, value in fields.items()}, option=_OPTIONS
    )


def _texts_of(fields: Mapping[str, object]) -> str | None:
    """Return all texts that may hold a secret; None where they cannot be had without a closer look."""
    texts = [text for key, text in fields.items() if type(text) is str and not _is_ours(key, text)]
    extra = fields.get("extra")
    if isinstance(extra, dict):
        if not _are_harmless(tuple(extra)):
            return None
        for value in extra.values():
            if not _collect(value, texts, _DEEPEST):
                return None
    # What is too long for a line is cut first, and then searched.
    return "\n".join(texts) if sum(map(len, texts)) <= LONGEST_LINE_BYTES else None


def _collect(value: object, texts: list[str], depth: int) -> bool:
    """Add the texts of a value; return False where it holds more than texts, figures and lists of them."""
    if type(value) in _FIGURES:
        return True
    if isinstance(value, str):
        texts.append(value)
        return True
    if not depth or not isinstance(value, dict | list):
        return False
    if isinstance(value, dict) and not _are_harmless(tuple(value)):
        return False
    inner = (*value, *value.values()) if isinstance(value, dict) else value
    return all(_collect(each, texts, depth - 1) for each in inner)


@lru_cache(maxsize=512)
def _are_harmless(keys: tuple[object, ...]) -> bool:
    """Whether all are words of a call in our code that tell of no secret; the same few come each time."""
    return all(isinstance(key, str) and is_keyword(key) and not tells(key) for key in keys)


def level_of(number: int) -> LogLevel:
    """Return the level of the log that a loguru or logging number belongs to (SUCCESS is INFO)."""
    return next((each for each in reversed(LogLevel) if number >= each), LogLevel.DEBUG)


def _is_ours(key: str, value: Json) -> bool:
    """Whether a field holds what this program itself puts there, and nothing from outside can."""
    match key, value:
        case "time" | "level", _:
            return True
        case "run_id" | "session_id", str(text):
            return _OUR_ID.fullmatch(text) is not None
        case "category", str(text):
            return text in _OUR_CATEGORIES
        case "logger", str(text):
            return text.startswith(_OUR_LOGGERS)
    return False


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001  any object may be logged; its __str__ is not ours
        return f"<{type(value).__name__}>"


def _plain(value: object, depth: int, longest: int = _LONGEST_EXTRA_TEXT) -> Json:
    """Return what JSON can hold of a value: deep and long ones are cut, and say so."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        return int(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _plain_items(value, depth - 1) if depth else "..."
    return _clean_text(value, longest)


def _clean_text(value: object, longest: int) -> str:
    return clean(_as_text(value)[: longest * _EXAMINED])


def _plain_items(items: Mapping[object, object] | Collection[object], depth: int) -> Json:
    left_out = len(items) - _MOST_ITEMS
    if isinstance(items, Mapping):
        first = list(islice(items.items(), _MOST_ITEMS))
        named = {_clean_text(key, _LONGEST_EXTRA_TEXT): _plain(each, depth) for key, each in first}
        return named | {"...": f"{left_out} more"} if left_out > 0 else named
    listed = [_plain(each, depth) for each in islice(items, _MOST_ITEMS)]
    return [*listed, f"... ({left_out} more)"] if left_out > 0 else listed


def _cut(value: Json, longest: int) -> Json:
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]} ... (the rest is left out)"
    if isinstance(value, list):
        return [_cut(each, _LONGEST_EXTRA_TEXT) for each in value]
    if isinstance(value, dict):
        return {key: _cut(each, _LONGEST_EXTRA_TEXT) for key, each in value.items()}
    return value
