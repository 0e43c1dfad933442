"""Models that stay in memory between commands, and what happens when the one who keeps them dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import psutil
import pytest

from tests.integration.heygen_home import HeygenHome, lives, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]


@pytest.fixture
def keeping(home: HeygenHome) -> Iterator[HeygenHome]:
    """A home whose starter model is in memory; afterwards nobody keeps anything."""
    home("load", "starter")
    yield home
    keepers = home.keepers()
    for keeper in keepers:
        keeper.kill()
    psutil.wait_procs(keepers, timeout=10)


def test_a_kept_model_is_listed_used_and_let_go_and_its_keeper_follows(
    keeping: HeygenHome,
) -> None:
    [listed] = keeping("ps").document["items"]
    run = keeping("run", "starter", "Once", "--param", "max_tokens=4").document["run"]
    again = keeping("load", "starter").document
    unloaded = keeping("unload", "starter").document
    error = keeping("unload", "starter").refused()

    assert run["figures"]["load_s"] == 0
    assert again["pid"] == listed["pid"]
    assert unloaded["total"] == 1
    assert error["code"] == "model_not_loaded"
    wait_for(lambda: not psutil.pid_exists(listed["pid"]), within_s=5)
    wait_for(lambda: not keeping.keepers(), within_s=20)
    assert not list((keeping.path / "data" / "residents").iterdir())


def test_a_killed_keeper_takes_its_worker_along_and_the_next_commands_work(
    keeping: HeygenHome,
) -> None:
    [listed] = keeping("ps").document["items"]
    [keeper] = keeping.keepers()
    worker = psutil.Process(listed["pid"])

    keeper.kill()

    wait_for(lambda: not lives(worker), within_s=1)
    assert keeping("ps").document["total"] == 0
    assert keeping("unload", "starter").refused()["code"] == "model_not_loaded"
    assert keeping("load", "starter").document["pid"] != listed["pid"]
    assert len(keeping.keepers()) == 1


def test_a_second_home_sees_nothing_of_the_first(
    keeping: HeygenHome, furnished: HeygenHome
) -> None:
    assert furnished("ps").document["total"] == 0
    assert furnished("unload", "--all").document["total"] == 0
    assert keeping("ps").document["total"] == 1
    assert not furnished.keepers()
