"""Values are taken for what they are: a file has types, variables and the command line have text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from heygen_desktop.application.forms import checked_value
from heygen_desktop.application.settings.effective import (
    EffectiveSettings,
    Layer,
    resolve,
    setting_fields,
)
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.tasks.text_generation import TextGenerationParams
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import ConfigurationError, InvalidParameterError
from heygen_desktop.infrastructure.config.sources import SettingsFile
from heygen_desktop.presentation.wording import typed
from pydantic import BaseModel

from tests.factories.application import fake_application

MANY_DIGITS = "9" * 5000
MANY_HEX_DIGITS = "0x" + "f" * 5000


def of_file(folder: Path, key: str, written: str) -> EffectiveSettings:
    section, _, name = key.partition(".")
    path = folder / "heygen.toml"
    path.write_text(f"[{section}]\n{name} = {written}\n")
    source = SettingsFile(path)
    layer = Layer(source.layer, source.origin, source.read("testing"))
    return resolve("testing", 0, [layer])


def of_text(layer: str, key: str, text: str) -> EffectiveSettings:
    return resolve("testing", 0, [Layer(layer, "where", {key: text})])


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("inference.threads", "true"),
        ("inference.threads", "2.0"),
        ("inference.threads", "2.5"),
        ("inference.threads", '"2"'),
        ("inference.threads", "[2]"),
        ("inference.threads", "{of = 2}"),
        ("inference.threads", "2026-01-02"),
        ("inference.threads", "nan"),
        ("inference.threads", MANY_HEX_DIGITS),
        ("generation.temperature", "true"),
        ("generation.temperature", '"0.5"'),
        ("generation.temperature", "nan"),
        ("generation.temperature", "-inf"),
        ("generation.temperature", MANY_HEX_DIGITS),
        ("inference.refuse_too_large", "1"),
        ("inference.refuse_too_large", "0.0"),
        ("inference.refuse_too_large", '"true"'),
        ("inference.device", "3"),
        ("inference.device", "2026-01-02"),
        ("inference.device", "07:30:00"),
        ("inference.device", '["cpu"]'),
        ("appearance.theme", "false"),
    ],
)
def test_a_value_of_another_type_in_a_file_is_passed_over_and_told(
    tmp_path: Path, key: str, written: str
) -> None:
    found = of_file(tmp_path, key, written)

    (problem,) = found.problems
    assert found.values[key].layer == "defaults"
    assert problem.details["origin"] == str(tmp_path / "heygen.toml")
    assert problem.details["parameter"] == key


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("inference.threads", "2", 2),
        ("inference.threads", "0x10", 16),
        ("generation.temperature", "1", 1.0),
        ("generation.temperature", "0.5", 0.5),
        ("inference.refuse_too_large", "false", False),
        ("inference.device", "'cpu'", "cpu"),
    ],
)
def test_a_value_of_its_type_in_a_file_holds(
    tmp_path: Path, key: str, written: str, value: Json
) -> None:
    found = of_file(tmp_path, key, written)

    assert (found.values[key].value, found.problems) == (value, ())
    assert type(found.values[key].value) is type(value)


@pytest.mark.parametrize(
    ("written", "told"), [("true", "true"), ('"2"', '"2"'), ("2.5", "2.5"), ("nan", "NaN")]
)
def test_a_value_that_is_passed_over_is_told_as_the_file_has_it(
    tmp_path: Path, written: str, told: str
) -> None:
    found = of_file(tmp_path, "inference.threads", written)

    assert found.problems[0].message == f"inference.threads cannot be {told!r}."


@pytest.mark.parametrize("layer", ["process", "command line"])
@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("inference.threads", " 2 ", 2),
        ("inference.threads", "2.0", 2),
        ("generation.temperature", "1e-1", 0.1),
        ("inference.refuse_too_large", "no", False),
        ("appearance.theme", "dark", "dark"),
    ],
)
def test_what_can_only_be_text_is_read_as_one_would_type_it(
    layer: str, key: str, text: str, value: Json
) -> None:
    found = of_text(layer, key, text)

    assert (found.values[key].value, found.problems) == (value, ())


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("inference.threads", ""),
        ("inference.threads", "true"),
        ("inference.threads", "1e3"),
        ("inference.threads", "0x10"),
        ("inference.threads", "2.5"),
        ("inference.threads", MANY_DIGITS),
        ("generation.temperature", "nan"),
        ("generation.temperature", "inf"),
        ("generation.temperature", "1e999"),
        ("inference.refuse_too_large", ""),
        ("inference.refuse_too_large", "2"),
        ("inference.device", ""),
        ("appearance.theme", "Dark mode"),
    ],
)
def test_a_text_that_says_something_else_is_passed_over_and_told(key: str, text: str) -> None:
    found = of_text("process", key, text)

    assert found.values[key].layer == "defaults"
    assert found.problems[0].details["layer"] == "process"


@pytest.mark.parametrize("value", [True, 2.0, None, [2], float("nan"), [10**5000]])
def test_a_value_that_has_a_type_is_set_only_where_it_is_the_right_one(value: Json) -> None:
    application = fake_application()

    with pytest.raises(InvalidParameterError):
        application.change_setting.set("testing", "inference.threads", value)

    assert application.read_settings("testing").revision == 0


@pytest.mark.parametrize("key", setting_fields())
def test_whatever_an_earlier_version_stored_is_still_taken(key: str) -> None:
    default = setting_fields()[key].default
    typed = default if isinstance(default, str) else json.dumps(default)
    stored = json.loads(json.dumps(checked_value(Settings, key, typed)))

    found = resolve("testing", 1, [Layer("database", "testing", {key: stored})])

    assert (found.values[key].layer, found.problems) == ("database", ())


def test_a_number_without_limits_is_never_endless() -> None:
    class Free(BaseModel):
        factor: float = 1.0

    for endless in ("nan", "inf", float("nan"), float("-inf")):
        with pytest.raises(InvalidParameterError):
            checked_value(Free, "factor", endless)


def test_a_number_with_more_digits_than_can_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as trouble:
        of_file(tmp_path, "inference.threads", MANY_DIGITS)

    assert trouble.value.details["source"] == str(tmp_path / "heygen.toml")


def test_a_misspelt_section_of_a_file_is_answered_with_the_nearest_setting(tmp_path: Path) -> None:
    found = of_file(tmp_path, "inferense.threads", "2")

    assert "inference.threads" in found.problems[0].remedy
    assert found.problems[0].details["origin"] == str(tmp_path / "heygen.toml")


class Optional(BaseModel):
    """Fields that may be left empty, and one that may not."""

    limit: int | None = None
    note: str | None = None
    name: str = "starter"


def test_an_empty_entry_means_none_only_where_a_field_may_be_absent() -> None:
    assert checked_value(Optional, "limit", "") is None
    assert checked_value(Optional, "note", "") is None
    assert checked_value(Optional, "name", "") == ""
    assert checked_value(Optional, "limit", " 3 ") == 3


@pytest.mark.parametrize(
    "texts", [[], ["User:"], ["\n\n", "###"], ["a\\nb", "\t|"], ["\N{GRINNING FACE} end", "\\"]]
)
def test_texts_are_typed_one_a_line_whatever_they_hold(texts: list[str]) -> None:
    as_typed = typed(list[Json](texts))

    assert checked_value(TextGenerationParams, "stop", as_typed) == texts
    assert checked_value(TextGenerationParams, "stop", list[Json](texts)) == texts


def test_texts_are_texts_and_not_too_many() -> None:
    wrongs: tuple[Json, ...] = ([1], "a\n" * 17)
    for wrong in wrongs:
        with pytest.raises(InvalidParameterError, match="stop cannot be"):
            checked_value(TextGenerationParams, "stop", wrong)
