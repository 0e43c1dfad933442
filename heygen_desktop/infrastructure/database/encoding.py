"""How moments and documents are written into columns, and read back with their damage named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from heygen_desktop.domain.errors import InvalidVersionError
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.infrastructure.database.transaction import Transaction


def encoded(value: object) -> str:
    """Return JSON in ASCII; a mapping of any kind at the top is written as an object."""
    if isinstance(value, Mapping):
        value = dict(value)
    return json.dumps(value, separators=(",", ":"))


def decoded(text: str) -> dict[str, Any]:
    """Return the object that was written.

    Raises:
        ValueError: It is no JSON object.
    """
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def moment_text(moment: datetime) -> str:
    """Return the moment as text that sorts as time does.

    Raises:
        ValueError: The moment names no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def optional_moment_text(moment: datetime | None) -> str | None:
    """Return the moment as text, or None."""
    return None if moment is None else moment_text(moment)


def optional_moment(text: str | None) -> datetime | None:
    """Return the moment that was written, or None."""
    return None if text is None else datetime.fromisoformat(text)


def actor_text(actor: Actor) -> str:
    """Return who acted, as JSON."""
    return encoded(asdict(actor))


def actor_of(text: str | None) -> Actor:
    """Return who acted; nobody that is known where nothing was noted."""
    return Actor() if text is None else Actor(**decoded(text))


@contextmanager
def reading(transaction: Transaction, what: str) -> Iterator[None]:
    """Turn what cannot be decoded inside the block into an error that names the row.

    Raises:
        DatabaseCorruptError: A stored value is not what this program writes.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, InvalidVersionError) as error:
        raise transaction.damaged(f"{what} cannot be read: {error!r}") from error
