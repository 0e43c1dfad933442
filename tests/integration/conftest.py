"""The home that the tests of bad input share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.heygen_home import HeygenHome


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> HeygenHome:
    """A home with the starter model, a run and a changed setting; nothing in it may get lost."""
    return HeygenHome(tmp_path_factory.mktemp("furnished") / "home").furnish()


@pytest.fixture
def home(tmp_path: Path) -> HeygenHome:
    """A home of the test's own, furnished as the shared one."""
    return HeygenHome(tmp_path / "home").furnish()


@pytest.fixture
def unharmed(furnished: HeygenHome) -> Iterator[HeygenHome]:
    """The shared home; afterwards all that was in it is as it was, and the next command works."""
    before = furnished.kept()
    yield furnished
    listed = furnished("models", "list").document
    assert [each["name"] for each in listed["items"]] == ["starter"]
    assert furnished.kept() == before
