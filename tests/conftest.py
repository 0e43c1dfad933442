"""What holds for every suite: a test leaves nothing running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.leaks import Running

# No example is judged by a clock: the machine may have other work.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_by_the_file() -> Iterator[None]:
    """Fail the last test of a file whose shared fixtures leave a thread or a process."""
    before = Running.now()
    yield
    assert before.begun_since() == []


@pytest.fixture(autouse=True)
def nothing_is_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a thread or a process; what the tests of a file share ends with the file."""
    before = Running.now()
    yield
    if request.node.get_closest_marker("shares_a_worker") is None:
        assert before.begun_since() == []
