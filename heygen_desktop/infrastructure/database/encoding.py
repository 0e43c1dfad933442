"""How moments and documents are written into columns, and read back with their damage named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Row, Table

from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.errors import InvalidVersionError
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.infrastructure.database.transaction import Transaction

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
Read = TypeVar("Read")


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


def actor_text(actor: Actor) -> str:
    """Return who acted, as JSON."""
    return encoded(asdict(actor))


def actor_of(text: str | None) -> Actor:
    """Return who acted; nobody that is known where nothing was noted."""
    return Actor() if text is None else Actor(**decoded(text))


def owner_columns(owner: Owner, prefix: str = "") -> dict[str, object]:
    """Return the three columns of a process."""
    return {f"{prefix}{name}": value for name, value in asdict(owner).items()}


def owner_of(row: Row[Any], prefix: str = "") -> Owner:
    """Return the process that was written."""
    return Owner(*(row._mapping[f"{prefix}{each.name}"] for each in fields(Owner)))


Codec = tuple[Callable[[Any], object], Callable[[Any], Any]]
"""How the value of a field is written into its column, and read from it."""
MOMENT: Codec = (
    lambda moment: None if moment is None else moment_text(moment),
    lambda text: None if text is None else datetime.fromisoformat(text),
)
DOCUMENT: Codec = (encoded, decoded)
ACTOR: Codec = (actor_text, actor_of)
_AS_IT_IS: Codec = (lambda value: value, lambda value: value)


class Columns(Generic[T]):
    """The fields of an entity that stand in columns of their own names, spelled nowhere else."""

    def __init__(self, kind: type[T], table: Table, codecs: Mapping[str, Codec]) -> None:
        """Pair fields and columns; a field without a column is left to the caller.

        Args:
            kind: A dataclass.
            codecs: Of fields that are not stored as they are.
        """
        names = [field.name for field in fields(kind) if field.name in table.c]
        self._kind = kind
        self._codecs = {name: codecs.get(name, _AS_IT_IS) for name in names}

    def values(self, entity: T) -> dict[str, object]:
        """Return what stands in the columns."""
        return {name: write(getattr(entity, name)) for name, (write, _) in self._codecs.items()}

    def entity(self, row: Row[Any], **others: object) -> T:
        """Return the entity of a row, with the fields that have no column of their name."""
        stored = {name: read(row._mapping[name]) for name, (_, read) in self._codecs.items()}
        return self._kind(**stored, **others)


def read_rows(
    transaction: Transaction, rows: Sequence[Row[Any]], named: str, read: Callable[[Row[Any]], Read]
) -> list[Read]:
    """Return what each row stands for.

    Args:
        named: What a row is called in an error, with its columns in braces.
        read: Makes the entity of a row.

    Raises:
        DatabaseCorruptError: A stored value is not what this program writes.
    """
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except (ValueError, KeyError, TypeError, InvalidVersionError) as error:
            what = named.format_map(row._mapping)
            raise transaction.damaged(f"{what} cannot be read: {error!r}") from error
    return found
