"""Which value wins, which layer gave it, and what it hides."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from heygen_desktop.application.forms import FormField, checked_value, fields_of
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import HeyGenError, InvalidParameterError, SettingNotFoundError

_TEXT = ("process", "command line")
"""The layers that know nothing but text; in all others a value has a type."""


@dataclass(frozen=True)
class Layer:
    """The raw values of one layer."""

    name: str
    """``defaults``, ``file``, ``database``, ``process`` or ``command line``."""
    origin: str
    """Where exactly: a path, an environment's name, a kind of variable."""
    values: Mapping[str, object]


@dataclass(frozen=True)
class LayerValue:
    """What one layer says of one setting."""

    layer: str
    origin: str
    value: Json


@dataclass(frozen=True)
class EffectiveValue(LayerValue):
    """The value that wins and the ones it hides."""

    key: str
    hidden: tuple[LayerValue, ...]
    """The weaker layers that also have a value, the strongest first."""


@dataclass(frozen=True)
class EffectiveSettings:
    """All settings of one environment as they hold now."""

    environment: str
    revision: int
    values: Mapping[str, EffectiveValue]
    problems: tuple[HeyGenError, ...]
    """Values that were passed over because they are not what their field expects."""
    settings: Settings


SettingsInUse = Callable[[], EffectiveSettings]
"""Returns what holds now in the environment that is in use."""


@cache
def setting_fields() -> Mapping[str, FormField]:
    """Return every setting by its key, in the schema's order."""
    return {field.key: field for field in fields_of(Settings)}


def checked_key(key: str) -> str:
    """Return the key.

    Raises:
        SettingNotFoundError: The schema has no such setting.
    """
    if key in setting_fields():
        return key
    near = difflib.get_close_matches(key, setting_fields(), n=1)
    raise SettingNotFoundError(key, suggestion=near[0] if near else "")


def resolve(
    environment: str,
    revision: int,
    layers: Iterable[Layer],
    unreadable: Sequence[HeyGenError] = (),
) -> EffectiveSettings:
    """Return what holds, given the layers from the weakest to the strongest.

    A value that its field does not accept is passed over and becomes a problem; the next weaker
    layer then wins. The defaults need not be among the layers.

    Args:
        unreadable: The problems of layers that are missing here; they are told first.
    """
    found: dict[str, list[LayerValue]] = {
        key: [LayerValue("defaults", "built in", field.default)]
        for key, field in setting_fields().items()
    }
    problems = list(unreadable)
    for layer in layers:
        is_typed = layer.name not in _TEXT
        for key, raw in layer.values.items():
            try:
                value = checked_value(Settings, checked_key(key), raw, is_typed=is_typed)
            except (InvalidParameterError, SettingNotFoundError) as error:
                error.details["layer"], error.details["origin"] = layer.name, layer.origin
                problems.append(error)
                continue
            found[key].append(LayerValue(layer.name, layer.origin, value))
    values = {key: _effective(key, stack) for key, stack in found.items()}
    return EffectiveSettings(environment, revision, values, tuple(problems), _settings(values))


def _effective(key: str, stack: list[LayerValue]) -> EffectiveValue:
    top, *hidden = reversed(stack)
    return EffectiveValue(top.layer, top.origin, top.value, key, tuple(hidden))


def _settings(values: Mapping[str, EffectiveValue]) -> Settings:
    nested: dict[str, dict[str, Json]] = {}
    for key, effective in values.items():
        section, _, name = key.partition(".")
        nested.setdefault(section, {})[name] = effective.value
    return Settings.model_validate(nested)
