"""What came out of a task, as texts and tables under titles: every front shows these, as it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from heygen_desktop.application.forms import titles_of
from heygen_desktop.application.tasks.blob import blob_of
from heygen_desktop.domain.entities.run import Json

SUMMARY_CHARACTERS = 240


@dataclass(frozen=True)
class TextPart:
    """A text, or a value in words."""

    title: str
    text: str


@dataclass(frozen=True)
class TablePart:
    """A list of things with the same fields."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = TextPart | TablePart


def parts_of(schema: type[BaseModel], values: Mapping[str, Json]) -> tuple[Part, ...]:
    """Return the values, those of the schema first and in its order, under the schema's titles."""
    titles = titles_of(schema)
    ordered = {key: values[key] for key in titles if key in values} | dict(values)
    return tuple(
        _part(*titles.get(key, (key, None)), value)
        for key, value in ordered.items()
        if value is not None
    )


def _part(title: str, item: type[BaseModel] | None, value: Json) -> Part:
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, dict) and not blob_of(each) for each in value)
    ):
        return _table(title, item, [each for each in value if isinstance(each, dict)])
    return TextPart(title, worded(value))


def _table(
    title: str, item: type[BaseModel] | None, values: Sequence[Mapping[str, Json]]
) -> TablePart:
    titles = titles_of(item) if item else {}
    keys = dict.fromkeys((*titles, *(key for each in values for key in each)))
    return TablePart(
        title,
        tuple(titles[key][0] if key in titles else key for key in keys),
        tuple(tuple(worded(each.get(key)) for key in keys) for each in values),
    )


def worded(value: Json) -> str:
    """Return a value as a person reads it; a file by its name and size."""
    blob = blob_of(value)
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case list():
            return "\n".join(worded(each) for each in value)
        case dict() if blob is not None:
            return str(blob)
        case dict():
            return ", ".join(f"{key} {worded(each)}" for key, each in value.items())
        case _:
            return str(value)


def text_of(parts: Sequence[Part]) -> str:
    """Return one text alone as it is; more of them under their titles, tables with tabs."""
    if len(parts) == 1:
        return _text(parts[0])
    return "\n\n".join(f"{part.title}\n{_text(part)}" for part in parts)


def _text(part: Part) -> str:
    if isinstance(part, TextPart):
        return part.text
    return "\n".join("\t".join(row) for row in (part.columns, *part.rows))


def summary_of(parts: Sequence[Part]) -> str:
    """Return the first part on one line; only its beginning, with an ellipsis, where it is long."""
    first = parts[0] if parts else TextPart("", "")
    text = first.text if isinstance(first, TextPart) else ", ".join(map(" ".join, first.rows))
    line = " ".join(text[: 2 * SUMMARY_CHARACTERS].split())
    is_whole = len(line) <= SUMMARY_CHARACTERS and len(text) <= 2 * SUMMARY_CHARACTERS
    return line if is_whole else f"{line[: SUMMARY_CHARACTERS - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
