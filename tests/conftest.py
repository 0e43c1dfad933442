"""What holds for every suite: a test leaves nothing running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.leaks import Running


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Fail the test that leaves a thread or a process."""
    before = Running.now()
    yield
    assert before.begun_since() == []
