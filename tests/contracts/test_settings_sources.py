from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.application.ports.settings import SettingsSource
from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.infrastructure.config.sources import (
    CommandLine,
    ProcessVariables,
    SettingsFile,
)


@pytest.fixture(params=["file", "process", "command line"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> SettingsSource:
    if request.param == "process":
        return ProcessVariables({"HEYGEN__UI__THEME": "dark", "PATH": "/bin"})
    if request.param == "command line":
        return CommandLine({"ui.theme": "dark"})
    path = tmp_path / "heygen.toml"
    path.write_text('[ui]\ntheme = "dark"\n')
    return SettingsFile(path)


class TestSettingsSourceContract:
    def test_it_says_which_layer_it_is(
        self, source: SettingsSource, request: pytest.FixtureRequest
    ) -> None:
        assert source.layer in request.node.name

    def test_it_says_where_its_values_come_from(self, source: SettingsSource) -> None:
        assert source.origin

    @pytest.mark.parametrize("environment", PARENTS)
    def test_a_value_is_known_by_section_and_key(
        self, source: SettingsSource, environment: str
    ) -> None:
        assert dict(source.read(environment)) == {"ui.theme": "dark"}

    def test_what_one_reader_changes_no_other_sees(self, source: SettingsSource) -> None:
        dict(source.read("testing")).clear()

        assert dict(source.read("testing")) == {"ui.theme": "dark"}
