"""What the tests of the commands share."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal() -> Terminal:
    """A terminal on a home in which nothing was done yet."""
    return Terminal()


@pytest.fixture
def with_starter(terminal: Terminal) -> Terminal:
    """A terminal on a home that has the starter model."""
    terminal.application().ensure_starter_model()
    return terminal
