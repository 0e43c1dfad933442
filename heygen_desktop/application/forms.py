"""One description of a field, made from a pydantic schema: forms, CLI flags, docs and checks read it.

Settings and task parameters are both written as pydantic models; this module is the only place that
looks inside one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from heygen_desktop.application.tasks.blob import Blob
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import InvalidParameterError

_ESCAPED = {"\\": "\\", "n": "\n", "t": "\t"}


class FieldKind(StrEnum):
    """What a person enters."""

    SWITCH = "switch"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    FILE = "file"
    LINES = "lines"
    """Texts, one a line; ``\\n`` within one is a line's end of its own."""


@dataclass(frozen=True)
class FormField:
    """One field, ready to be shown."""

    key: str
    """``section.key`` for a setting, the bare name for a task parameter."""
    title: str
    help: str
    kind: FieldKind
    default: Json
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False
    """Whether an empty entry (None) is allowed."""
    empty: str = "not set"
    """What an empty entry means, in a word."""
    form: str = ""
    """What a value must be, in words that follow "must be", where kind and range do not say it."""
    examples: tuple[str, ...] = ()
    """Entries to begin with."""
    required: bool = False
    """Whether it has no default: what is not given is refused."""

    @property
    def expected(self) -> str:
        """What a value must be, in words that follow "must be"."""
        if self.form:
            return self.form
        if self.kind is FieldKind.SWITCH:
            return "true or false"
        if self.kind is FieldKind.CHOICE:
            return "one of " + ", ".join(self.choices)
        if self.kind is FieldKind.TEXT:
            return "text"
        if self.kind is FieldKind.FILE:
            return "a file"
        if self.kind is FieldKind.LINES:
            return "texts, one a line, with \\n for a line's end within one"
        noun = "a whole number" if self.kind is FieldKind.INTEGER else "a number"
        return f"{noun}{self._range()}{f' ({self.unit})' if self.unit else ''}"

    @property
    def objection(self) -> str:
        """What to say of a value that it cannot be, beside where it is typed."""
        return f"{self.title} must be {self.expected}."

    def _range(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f" from {self.minimum:.12g} to {self.maximum:.12g}"
        if self.minimum is not None:
            return f" of at least {self.minimum:.12g}"
        return "" if self.maximum is None else f" of at most {self.maximum:.12g}"


@cache
def fields_of(schema: type[BaseModel], *, section: str = "") -> tuple[FormField, ...]:
    """Return the fields of a schema, in its order; a nested schema becomes a section."""
    found: list[FormField] = []
    for name, info in schema.model_fields.items():
        key = f"{section}.{name}" if section else name
        if _is_section(info.annotation):
            found.extend(fields_of(info.annotation, section=key))
        else:
            found.append(_field(key, info))
    return tuple(found)


def _is_section(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return (
        isinstance(annotation, type)
        and issubclass(annotation, BaseModel)
        and annotation is not Blob
    )


def titles_of(schema: type[BaseModel]) -> dict[str, tuple[str, type[BaseModel] | None]]:
    """Return the title of each field and, where it holds a list of things, their schema."""
    return {
        name: (_title(name, info), _item_schema(info.annotation))
        for name, info in schema.model_fields.items()
    }


def _item_schema(annotation: Any) -> type[BaseModel] | None:
    inner = next(iter(get_args(annotation)), None)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def checked_value(
    schema: type[BaseModel], key: str, value: object, *, is_typed: bool = False
) -> Json:
    """Return the value as the schema stores it.

    What has a type must have the field's: true is no number, and 2.0 no whole one. A text is read
    as one would type it: ``"0.5"`` becomes a number.

    Args:
        is_typed: The value comes from where there are types, as in TOML: a text is no number there.

    Raises:
        InvalidParameterError: The value is not what the field expects.
        KeyError: The schema has no such field (ask ``fields_of`` first).
    """
    field, check = _check(schema, key)
    is_read = isinstance(value, str) and not is_typed
    try:
        plain = _plain(value, field) if is_read else value
        checked = check.validate_python(plain, strict=not is_read)
        return checked.model_dump() if isinstance(checked, Blob) else checked
    except ValidationError as error:
        told = value if is_read else _written(value)
        raise InvalidParameterError(key, told, field.expected) from error


@cache
def _check(schema: type[BaseModel], key: str) -> tuple[FormField, TypeAdapter[Json]]:
    """Made once for each field: making it takes a hundred times as long as using it."""
    info = _field_info(schema, key)
    annotated: Any = info.annotation
    for constraint in info.metadata:
        annotated = Annotated[annotated, constraint]
    field = _field(key, info)
    # A reference to a file has a configuration of its own.
    config = None if field.kind is FieldKind.FILE else ConfigDict(allow_inf_nan=False)
    return field, TypeAdapter(annotated, config=config)


def _plain(value: object, field: FormField) -> object:
    """Around a number or choice that was typed, blanks mean nothing; in a text, such as a prompt, all counts."""
    if isinstance(value, str) and field.kind is FieldKind.LINES:
        return [_unescaped(line) for line in value.splitlines() if line]
    if value == "" and field.optional:
        return None
    return value.strip() if isinstance(value, str) and field.kind is not FieldKind.TEXT else value


def _unescaped(line: str) -> str:
    return re.sub(r"\\([\\nt])", lambda found: _ESCAPED[found[1]], line)


def _written(value: object) -> str:
    """As a document has it, so that one sees whether it was true or "true"."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        return "a number with thousands of digits"


def checked_params(schema: type[BaseModel], params: Mapping[str, Json]) -> dict[str, Json]:
    """Return all fields of the schema, the given ones checked and the others at their defaults.

    Raises:
        InvalidParameterError: A value is not what its field expects, one that has no default was not
            given, or there is no such field.
    """
    known = {field.key: field for field in fields_of(schema)}
    for name in params:
        if name not in known:
            raise InvalidParameterError(name, params[name], f"one of {', '.join(known) or 'none'}")
    for name, field in known.items():
        if field.required and name not in params:
            raise InvalidParameterError(name, "nothing", field.expected)
    merged = {key: params.get(key, field.default) for key, field in known.items()}
    return {key: checked_value(schema, key, value) for key, value in merged.items()}


def _field_info(schema: type[BaseModel], key: str) -> FieldInfo:
    section, _, rest = key.partition(".")
    info = schema.model_fields[section]
    if rest and _is_section(info.annotation):
        return _field_info(info.annotation, rest)
    return info


def _field(key: str, info: FieldInfo) -> FormField:
    annotation, optional = _without_none(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return FormField(
        key=key,
        title=_title(key, info),
        help=info.description or "",
        kind=_kind(annotation),
        default=None
        if info.is_required()
        else info.get_default(call_default_factory=True, validated_data={}),
        minimum=_bound(info, "ge", "gt"),
        maximum=_bound(info, "le", "lt"),
        choices=tuple(get_args(annotation)) if get_origin(annotation) is Literal else (),
        unit=str(extra.get("unit", "")),
        optional=optional,
        empty=str(extra.get("empty", "not set")),
        form=str(extra.get("form", "")),
        examples=tuple(map(str, info.examples or ())),
        required=info.is_required(),
    )


def _title(key: str, info: FieldInfo) -> str:
    return info.title or key.rpartition(".")[2].replace("_", " ").capitalize()


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0], len(rest) < len(get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> FieldKind:
    if get_origin(annotation) is Literal:
        return FieldKind.CHOICE
    kinds = {
        bool: FieldKind.SWITCH,
        int: FieldKind.INTEGER,
        float: FieldKind.NUMBER,
        Blob: FieldKind.FILE,
        list[str]: FieldKind.LINES,
    }
    return kinds.get(annotation, FieldKind.TEXT)


def _bound(info: FieldInfo, *names: str) -> float | None:
    for constraint in info.metadata:
        for name in names:
            bound = getattr(constraint, name, None)
            if bound is not None:
                return float(bound)
    return None
