"""A setting as the form shows it: its field, its value, where that comes from and what it hides."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from heygen_desktop.application.forms import FormField
from heygen_desktop.application.settings.effective import (
    EffectiveSettings,
    EffectiveValue,
    LayerValue,
    setting_fields,
)
from heygen_desktop.domain.entities.environment import PERSONAL, holder_of
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.wording import typed

_OUTSIDE = ("process", "command line")
"""Layers that are stronger than what the form can set."""


@dataclass(frozen=True)
class SettingRow:
    """One row of the form."""

    environment: str
    field: FormField
    text: str
    """What the editor holds: the value of the database and what lies below it, as one would type it."""
    badge: str
    """Where the value that holds comes from, in a word or two."""
    tone: str
    origin: str
    """The layers with their values, the strongest first, a line each."""
    own: LayerValue | None
    """What this environment sets itself, so that it can be reset; None where it inherits."""
    is_changed: bool
    """Whether any layer but the defaults has a say."""
    is_personal: bool = False
    """Whether it holds in every environment, and is nobody's but the person's."""
    note: str = ""
    """That a stronger layer wins over what is set here; empty where none does."""

    @property
    def key(self) -> str:
        """``section.key``."""
        return self.field.key

    @property
    def where(self) -> str:
        """Where a change of it holds."""
        return "in every environment" if self.is_personal else f"in {self.environment}"

    @property
    def command(self) -> str:
        """The same change on the command line."""
        return f"heygen env set {self.environment} {self.key} {shlex.quote(self.text)}"

    def matches(self, words: str) -> bool:
        """Whether title, key or help hold all of the words."""
        text = f"{self.field.title} {self.key} {self.field.help}".casefold()
        return all(word in text for word in words.casefold().split())


Sections = Mapping[str, Sequence[SettingRow]]
"""Rows by the heading over them."""


def setting_rows(found: EffectiveSettings) -> tuple[SettingRow, ...]:
    """Return all settings of an environment, in the schema's order."""
    return tuple(_row(found.environment, value) for value in found.values.values())


def sections_of(rows: Iterable[SettingRow]) -> Sections:
    """Return the rows under the headings of their sections; the order stays."""
    groups: dict[str, list[SettingRow]] = {}
    for row in rows:
        groups.setdefault(row.key.partition(".")[0].capitalize(), []).append(row)
    return groups


def problem_of_layers(problems: Sequence[HeyGenError]) -> Problem | None:
    """Return what was passed over in the layers as one problem, or None where all is well."""
    if not problems:
        return None
    first = problems[0]
    title = (
        "A setting is ignored." if len(problems) == 1 else f"{len(problems)} settings are ignored."
    )
    return Problem(
        title,
        " ".join(_told(problem) for problem in problems),
        first.remedy,
        "\n".join(f"{p.code}: {_told(p)} {p.cause}" for p in problems),
    )


def _told(problem: HeyGenError) -> str:
    origin = problem.details.get("origin")
    return f"{problem.message} ({origin})" if origin else f"{problem.message} {problem.cause}"


def _row(environment: str, found: EffectiveValue) -> SettingRow:
    stack = (found, *found.hidden)
    here = next(value for value in stack if value.layer not in _OUTSIDE)
    holder = holder_of(found.key, environment)
    own = (value for value in stack if (value.layer, value.origin) == ("database", holder))
    badge, tone = _badge(found, environment)
    return SettingRow(
        environment=environment,
        field=setting_fields()[found.key],
        text=typed(here.value),
        badge=badge,
        tone=tone,
        origin=_origin(stack),
        own=next(own, None),
        is_changed=len(stack) > 1,
        is_personal=holder == PERSONAL,
        note=_note(found) if found.layer in _OUTSIDE else "",
    )


def _badge(top: LayerValue, environment: str) -> tuple[str, str]:
    if top.origin == PERSONAL:
        return "yours", "info"
    if top.layer == "database":
        return ("set here" if top.origin == environment else f"from {top.origin}"), top.origin
    if top.layer in _OUTSIDE:
        return top.layer, "warning"
    return ("default", "neutral") if top.layer == "defaults" else ("heygen.toml", "info")


def _origin(stack: Sequence[LayerValue]) -> str:
    top, *hidden = (f"{_place(value)}: {typed(value.value)}" for value in stack)
    return "\n".join((top, *(f"instead of {line}" for line in hidden)))


def _place(value: LayerValue) -> str:
    if value.layer in ("database", "command line"):
        return "yours" if value.origin == PERSONAL else value.origin
    return "default" if value.layer == "defaults" else f"{value.layer} ({value.origin})"


def _note(found: EffectiveValue) -> str:
    variable = "HEYGEN__" + found.key.upper().replace(".", "__")
    winner = variable if found.layer == "process" else "The command line"
    return f"{winner} overrides what is set here: {typed(found.value)} is used."
