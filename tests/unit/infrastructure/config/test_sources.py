from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ConfigurationError
from heygen_desktop.infrastructure.config.sources import (
    CommandLine,
    ProcessVariables,
    SettingsFile,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heygen.toml"


def refusal(path: Path) -> ConfigurationError:
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(ConfigurationError) as trouble:
        SettingsFile(path).read("development")
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert trouble.value.details["source"] == str(path)
    return trouble.value


def test_no_file_is_no_settings(path: Path) -> None:
    assert SettingsFile(path).read("production") == {}


def test_tables_are_sections_and_values_keep_their_types(path: Path) -> None:
    path.write_text(
        '[inference]\nmax_tokens = 256\ntemperature = 0.7\nstream = true\nstop = ["a", "b"]\n'
        "[logging]\nsince = 2026-01-02\nat = 07:30:00\n[logging.levels]\nruns = 'debug'\n"
    )

    assert SettingsFile(path).read("development") == {
        "inference.max_tokens": 256,
        "inference.temperature": 0.7,
        "inference.stream": True,
        "inference.stop": ["a", "b"],
        "logging.since": date(2026, 1, 2),
        "logging.at": time(7, 30),
        "logging.levels": {"runs": "debug"},
    }


def test_an_environments_table_wins_there_and_where_it_is_inherited(path: Path) -> None:
    path.write_text(
        "[inference]\nmax_tokens = 1\nseed = 7\n"
        "[environments.production.inference]\nmax_tokens = 2\n"
        "[environments.staging.inference]\ntop_p = 0.5\n"
    )
    source = SettingsFile(path)

    assert source.read("development") == {"inference.max_tokens": 1, "inference.seed": 7}
    assert source.read("production") == {"inference.max_tokens": 2, "inference.seed": 7}
    assert source.read("staging") == {
        "inference.max_tokens": 2,
        "inference.seed": 7,
        "inference.top_p": 0.5,
    }


def test_the_mark_that_windows_editors_write_does_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf[ui]\r\ntheme = 'dark'\r\n")

    assert SettingsFile(path).read("testing") == {"ui.theme": "dark"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[ui]\ntheme = \n", "line 2"),
        ("[ui]\ntheme = 1\ntheme = 2\n", "line 3"),
        ("theme = 'dark'\n", "theme must be a table"),
        ("[environments]\nproduction = 1\n", "environments.production must be a table"),
        ("environments = 3\n", "environments must be a table"),
        ("[environments.development]\nui = 3\n", "environments.development.ui must be a table"),
        ("[environments.prod.ui]\ntheme = 'dark'\n", "[environments.prod]: the environments are"),
        ("a = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(path: Path, text: str, reason: str) -> None:
    path.write_text(text)

    assert reason in refusal(path).cause


def test_bytes_that_are_no_text_are_refused_with_their_line(path: Path) -> None:
    path.write_bytes(b"[ui]\ntheme = 'dark'\nfont = '\xff'\n")

    assert refusal(path).cause == "Line 3 is not UTF-8 text."


def test_a_file_of_senseless_size_is_not_read(path: Path) -> None:
    path.write_bytes(b"#" * (1 << 20) + b"\n")

    assert "larger than" in refusal(path).cause


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir()

    assert "directory" in refusal(path).cause.lower()


def test_a_file_that_may_not_be_read_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)

    with pytest.raises(ConfigurationError) as trouble:
        SettingsFile(path).read("development")

    assert trouble.value.cause == "Permission denied"


def test_process_variables_are_read_whatever_their_case() -> None:
    environ = {
        "HEYGEN__INFERENCE__MAX_TOKENS": "64",
        "heygen__ui__theme": "",
        "HEYGEN_HOME": "/somewhere",
        "HEYGEN__UI__THEME": "",
    }

    assert ProcessVariables(environ).read("production") == {
        "inference.max_tokens": "64",
        "ui.theme": "",
    }


@pytest.mark.parametrize("name", ["HEYGEN__DEBUG", "HEYGEN__", "HEYGEN____KEY", "HEYGEN__A__"])
def test_a_process_variable_that_names_no_setting_is_told(name: str) -> None:
    with pytest.raises(ConfigurationError) as trouble:
        ProcessVariables({name: "my-token"}).read("testing")

    assert name in trouble.value.cause
    assert "HEYGEN__SECTION__KEY" in trouble.value.remedy
    assert "my-token" not in repr(trouble.value.details)


def test_one_setting_with_two_values_is_told() -> None:
    environ = {"HEYGEN__UI__THEME": "dark", "heygen__ui__theme": "light"}

    with pytest.raises(ConfigurationError, match="process variables"):
        ProcessVariables(environ).read("testing")


@pytest.mark.parametrize("key", ["theme", "ui.", ".theme", "a.b.c", "a b.c", ""])
def test_the_command_line_takes_only_section_and_key(key: str) -> None:
    with pytest.raises(ConfigurationError, match="command line"):
        CommandLine({key: "1"}).read("testing")
