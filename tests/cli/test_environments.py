"""``heygen env``: settings with the layer that each comes from."""

from __future__ import annotations

from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import ConfigurationError

from tests.cli.terminal import Terminal
from tests.factories.parts import WrittenSource


def test_the_four_environments_are_listed(terminal: Terminal) -> None:
    person = terminal.run("env", "list", "--env", "staging").out.splitlines()
    script = terminal.run("env", "list", "--json").document

    assert [line.split()[0] for line in person[1:]] == ["development", "testing", "*", "production"]
    assert script["total"] == 4
    assert script["items"][0]["active"] is True


def test_every_setting_is_shown_with_its_layer(terminal: Terminal) -> None:
    terminal.run("env", "set", "production", "generation.top_p", "0.5")

    shown = terminal.run("env", "show", "staging", "--json").document

    assert shown.keys() >= {"environment", "revision", "settings"}
    assert (shown["environment"], shown["revision"]) == ("staging", 0)
    value = shown["settings"]["generation.top_p"]
    assert (value["value"], value["layer"]) == (0.5, "database")
    assert value["hidden"] == [{"layer": "defaults", "origin": "built in", "value": 0.95}]


def test_what_a_value_hides_is_shown_when_asked_for(terminal: Terminal) -> None:
    terminal.run("env", "set", "production", "generation.top_p", "0.5")

    plain = terminal.run("env", "show", "production").out
    effective = terminal.run("env", "show", "production", "--effective").out

    assert "instead of 0.95" not in plain
    assert "instead of 0.95" in effective


def test_a_source_that_cannot_be_used_is_a_warning_of_every_command_that_reads_settings(
    terminal: Terminal,
) -> None:
    terminal.parts.sources.append(WrittenSource(trouble=ConfigurationError("x.toml", "Line 3.")))
    warning = "warning: The settings in x.toml cannot be used. Line 3.\n"

    assert terminal.run("env", "show", "development").err == warning
    assert terminal.run("env", "get", "development", "generation.top_p").err == warning
    assert terminal.run("models", "list", "--json").err.startswith(warning)
    assert terminal.run("models", "list", "--json").code == 0


def test_a_value_that_cannot_be_used_is_named_with_where_it_stands(terminal: Terminal) -> None:
    values: dict[str, Json] = {"generation.top_p": 7}
    terminal.parts.sources.append(WrittenSource("process", "HEYGEN__GENERATION__TOP_P", values))

    answer = terminal.run("env", "show", "staging")

    assert answer.err.splitlines()[-1] == (
        "warning: generation.top_p cannot be '7'. generation.top_p must be a number from 0 to 1. "
        "(HEYGEN__GENERATION__TOP_P)"
    )
    assert ["generation.top_p", "0.95", "defaults", "built", "in"] in [
        line.split() for line in answer.out.splitlines()
    ]


def test_setting_getting_and_unsetting(terminal: Terminal) -> None:
    was_set = terminal.run("env", "set", "testing", "inference.refuse_too_large", "no")
    read = terminal.run("env", "get", "testing", "inference.refuse_too_large")
    unset = terminal.run("env", "unset", "testing", "inference.refuse_too_large", "--json")

    assert was_set.out.startswith("inference.refuse_too_large is false in testing (database")
    assert read.out == "false\n"
    assert unset.document["value"] is True
    assert unset.document["layer"] == "defaults"


def test_a_text_value_is_printed_bare(terminal: Terminal) -> None:
    assert terminal.run("env", "get", "development", "appearance.theme").out == "system\n"


def test_a_stronger_layer_that_hides_what_was_set_is_told(terminal: Terminal) -> None:
    terminal.parts.sources.append(
        WrittenSource("process", "HEYGEN__...", {"generation.top_p": "0.25"})
    )

    answer = terminal.run("env", "set", "development", "generation.top_p", "0.5")

    assert answer.code == 0
    assert "is 0.25 in development (process" in answer.out
    assert answer.err == "What development sets is overridden by: process.\n"


def test_a_value_out_of_range_says_what_is_expected(terminal: Terminal) -> None:
    answer = terminal.run("env", "set", "development", "generation.top_p", "7", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "invalid_parameter")


def test_an_unknown_key_gets_a_suggestion(terminal: Terminal) -> None:
    answer = terminal.run("env", "get", "development", "generation.top_q")

    assert answer.code == 1
    assert "Did you mean generation.top_p?" in answer.err


def test_an_unknown_environment_names_the_known_ones(terminal: Terminal) -> None:
    answer = terminal.run("env", "show", "prod")

    assert answer.code == 1
    assert "development, testing, staging, production" in answer.err
