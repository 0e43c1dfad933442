"""JSON from files that nobody vouches for: bounded in size, depth and number of parts."""

from __future__ import annotations

import json
from typing import NoReturn

MAX_PARTS = 1_000_000
"""Brackets and commas. A header of 100,000 tensors has fewer; it bounds the memory to about 250 MB."""


def parse_object(data: bytes, *, unique_keys: bool = False) -> dict[str, object]:
    """Return the JSON object written in ``data``.

    Args:
        data: UTF-8 text; the caller has bounded its length.
        unique_keys: Refuse an object that names a key twice, as two readers could then disagree.

    Raises:
        ValueError: It is not such an object; the message is a sentence that says why.
    """
    if data.count(b"{") + data.count(b"[") + data.count(b",") > MAX_PARTS:
        raise ValueError(f"It has more than {MAX_PARTS:,} parts.")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique if unique_keys else None,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"It is not UTF-8 text (byte {error.start:,}).") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"It is not JSON: {error.msg} at character {error.pos:,}.") from error
    except RecursionError as error:
        raise ValueError("It nests too deeply.") from error
    if not isinstance(value, dict):
        raise ValueError("It is not a JSON object.")
    return value


def shown(value: object) -> str:
    """Return a short text for an error's sentence; a list or an object only by its kind."""
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else repr(str(value)[:40])


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None, so the "or" only records
        raise ValueError(f"It names {twice[:80]!r} twice.")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"It holds {name}, which is not JSON.")
