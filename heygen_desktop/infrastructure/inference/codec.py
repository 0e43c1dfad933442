"""Dataclasses as JSON and back, with every type, size and number checked before a value is made.

What may stand in a field is its annotation: text, whole numbers from 0, finite numbers from 0, enums,
moments, paths, other dataclasses, tuples and mappings of these. ``Annotated[str, range(n)]`` is a text
of fewer than ``n`` characters; with ``int`` or ``float`` a range is that of the number, its stop left
out. What a class itself refuses (``ValueError``) is refused here too. Nothing is ever unpickled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import orjson

from heygen_desktop.infrastructure.inference.framing import (
    MOST_BYTES,
    ProtocolViolation,
    UnsendableError,
)

T = TypeVar("T")
_LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""
_HIGHEST = 1e12
_PATH = 4096
_Read = Callable[[Any, str], Any]  # Any: what JSON brought, and whatever the annotation says


def dump(value: object, **more: str) -> bytes:
    """Return the JSON of a dataclass, with ``more`` fields before its own.

    Raises:
        UnsendableError: A text in it is no Unicode, such as a file name of stray bytes.
    """
    content = {entry.name: getattr(value, entry.name) for entry in fields(value)}  # type: ignore[arg-type]  # a dataclass
    try:
        return orjson.dumps({**more, **content}, default=_plain)
    except orjson.JSONEncodeError as error:
        raise UnsendableError("what was given", "valid Unicode text") from error


def load(kind: type[T], body: bytes) -> T:
    """Return the dataclass of that kind that was dumped.

    Raises:
        ProtocolViolation: It is not exactly that.
    """
    return read(kind, parsed(body))


def parsed(body: bytes) -> dict[str, Any]:  # Any: its values are checked later, one by one
    """Return the JSON object that the bytes hold. Raises ProtocolViolation."""
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProtocolViolation(f"A message is not JSON: {error}.") from error
    if type(raw) is not dict:
        raise ProtocolViolation("A message is not a JSON object.")
    return raw


def read(kind: type[T], raw: Mapping[str, Any]) -> T:
    """Return the dataclass that the fields make. Raises ProtocolViolation."""
    annotation: Any = kind  # Any: a class is hashable, which mypy does not see
    value: T = _reader(annotation)(raw, kind.__name__)
    return value


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


@cache
def _reader(kind: Any) -> _Read:  # Any: an annotation of any form
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _within(arguments[0], arguments[1])
    if origin in (Union, UnionType):
        return _one_of_types(arguments)
    if origin is tuple:
        return _tuple_of(_reader(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_of(_reader(arguments[1]))
    if isinstance(kind, NewType):
        return _reader(kind.__supertype__)
    return _reader_of_class(kind)


def _reader_of_class(kind: Any) -> _Read:  # Any: a class
    if is_dataclass(kind):
        return _dataclass(kind)
    if issubclass(kind, Enum):
        return _made(kind, _text(_PATH))
    plain: Mapping[type, _Read] = {
        str: _text(MOST_BYTES),
        int: _whole(0, _LARGEST),
        float: _number(0, _HIGHEST),
        bool: _checked("true or false", lambda value: type(value) is bool),
        datetime: _made(_moment, _text(_PATH)),
        Path: _made(Path, _text(_PATH)),
    }
    if kind not in plain:
        raise TypeError(f"no message can have a field of the type {kind}")
    return plain[kind]


def _within(kind: type, bounds: range) -> _Read:
    if kind is str:
        return _text(bounds.stop - 1)
    return (_whole if kind is int else _number)(bounds.start, bounds.stop - 1)


def _one_of_types(kinds: tuple[Any, ...]) -> _Read:
    others = [kind for kind in kinds if kind is not NoneType]
    if len(others) == 1:
        inner = _reader(others[0])
        return lambda value, where: None if value is None else inner(value, where)
    # What a JSON document may hold: its own types, as they are.
    plain = tuple(get_origin(kind) or kind for kind in kinds)
    names = ", ".join(kind.__name__ for kind in plain)
    return _checked(f"one of {names}", lambda value: type(value) in plain)


def _tuple_of(inner: _Read) -> _Read:
    is_list = _checked("a list", lambda value: type(value) is list)
    return lambda value, where: tuple(inner(entry, where) for entry in is_list(value, where))


def _mapping_of(inner: _Read) -> _Read:
    is_object = _checked("an object", lambda value: type(value) is dict)
    return lambda value, where: {
        name: inner(entry, f"{where}.{name[:40]}")
        for name, entry in is_object(value, where).items()
    }


def _dataclass(kind: Any) -> _Read:  # Any: the class of a dataclass
    hints = get_type_hints(kind, include_extras=True)
    readers = {entry.name: _reader(hints[entry.name]) for entry in fields(kind)}
    is_object = _checked("an object", lambda value: type(value) is dict)

    def content(value: Any, where: str) -> dict[str, object]:
        given = is_object(value, where)
        if given.keys() != readers.keys():
            odd = ", ".join(sorted(name[:40] for name in given.keys() ^ readers.keys())[:5])
            raise ProtocolViolation(f"The fields of {where} are wrong: {odd}.")
        return {name: reader(given[name], f"{where}.{name}") for name, reader in readers.items()}

    return _made(lambda entries: kind(**entries), content)


def _made(make: Callable[[Any], object], inner: _Read) -> _Read:
    def made(value: Any, where: str) -> object:
        content = inner(value, where)
        try:
            return make(content)
        except ValueError as error:
            raise ProtocolViolation(f"{where} is refused: {error}.") from error

    return made


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone")
    return moment


def _text(most: int) -> _Read:
    wants = f"a text of at most {most:,} characters"
    return _checked(wants, lambda value: type(value) is str and len(value) <= most)


def _whole(least: int, most: int) -> _Read:
    wants = f"a whole number from {least:,} to {most:,}"
    return _checked(wants, lambda value: type(value) is int and least <= value <= most)


def _number(least: float, most: float) -> _Read:
    def holds(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return math.isfinite(value) and least <= value <= most

    return _checked(f"a finite number from {least:g} to {most:g}", holds)


def _checked(wants: str, holds: Callable[[Any], bool]) -> _Read:
    def read_it(value: Any, where: str) -> Any:
        if not holds(value):
            raise ProtocolViolation(f"{where} is not {wants}.")
        return value

    return read_it
