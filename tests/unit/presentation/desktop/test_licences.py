"""What the program is made of."""

from __future__ import annotations

import pytest
from heygen_desktop.presentation.desktop.shell.licences import program_parts


def test_every_package_that_is_needed_has_a_version_and_a_licence() -> None:
    parts = {part.name: part for part in program_parts()}

    assert parts["heygen-desktop"].licence == "Apache-2.0"
    assert parts["torch"].version
    assert all(part.version and part.licence for part in parts.values())
    assert all("\n" not in part.licence for part in parts.values())
    assert "pytest" not in parts, "only the developers need it"


def test_a_library_that_takes_the_place_of_pythons_reader_of_packages_changes_nothing() -> None:
    before = program_parts()

    pytest.importorskip("importlib_metadata")  # keyring brings it

    assert program_parts() == before
