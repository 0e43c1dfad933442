from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import psutil
import pytest
from heygen_desktop.application.ports.processes import Processes
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.infrastructure.system.processes import SystemProcesses

from tests.fakes.processes import FakeProcesses


@dataclass(frozen=True)
class Scene:
    """A store of processes with one other process that lives, and a way to end it."""

    processes: Processes
    other: Owner
    end_other: Callable[[], None]


@pytest.fixture
def fake() -> Scene:
    other = Owner(777, 1_767_000_500.0)
    processes = FakeProcesses([other])
    return Scene(processes, other, lambda: processes.end(other))


@pytest.fixture
def real() -> Iterator[Scene]:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def end() -> None:
        child.kill()
        child.wait(10)

    started_at = psutil.Process(child.pid).create_time()
    yield Scene(SystemProcesses(), Owner(child.pid, started_at), end)
    end()
    assert child.stdin is not None
    child.stdin.close()


@pytest.fixture(params=["fake", "real"])
def scene(request: pytest.FixtureRequest) -> Scene:
    made: Scene = request.getfixturevalue(request.param)
    return made


class TestProcessesContract:
    def test_the_current_process_is_alive(self, scene: Scene) -> None:
        assert not scene.processes.is_gone(scene.processes.current())

    def test_the_current_process_is_always_the_same(self, scene: Scene) -> None:
        assert scene.processes.current() == scene.processes.current()

    def test_another_process_is_alive_until_it_ends(self, scene: Scene) -> None:
        was_gone = scene.processes.is_gone(scene.other)

        scene.end_other()

        assert not was_gone
        assert scene.processes.is_gone(scene.other)

    def test_a_reused_pid_is_another_process(self, scene: Scene) -> None:
        earlier = replace(scene.other, started_at=scene.other.started_at - 3600)

        assert scene.processes.is_gone(earlier)
        assert scene.processes.memory_bytes(earlier) is None

    def test_a_living_process_holds_memory(self, scene: Scene) -> None:
        held = scene.processes.memory_bytes(scene.other)

        assert held is not None
        assert held > 0

    def test_a_process_that_is_gone_holds_none(self, scene: Scene) -> None:
        scene.end_other()

        assert scene.processes.memory_bytes(scene.other) is None

    @pytest.mark.parametrize("pid", [-1, 2**40])
    def test_a_pid_that_cannot_be_is_not_alive(self, scene: Scene, pid: int) -> None:
        assert scene.processes.is_gone(Owner(pid, 0.0))

    def test_a_process_of_another_machine_is_not_known_to_be_gone(self, scene: Scene) -> None:
        elsewhere = replace(scene.other, host="another-machine")
        scene.end_other()

        assert not scene.processes.is_here(elsewhere)
        assert not scene.processes.is_gone(elsewhere)
        assert scene.processes.memory_bytes(elsewhere) is None

    def test_a_process_can_be_ended_and_nothing_happens_to_one_that_is_gone(
        self, scene: Scene
    ) -> None:
        earlier = replace(scene.other, started_at=scene.other.started_at - 3600)
        elsewhere = replace(scene.other, host="another-machine")
        for not_it in (earlier, elsewhere):
            scene.processes.end(not_it)
        was_gone = scene.processes.is_gone(scene.other)

        scene.processes.end(scene.other)
        scene.end_other()
        scene.processes.end(scene.other)

        assert not was_gone
        assert scene.processes.is_gone(scene.other)

    def test_a_process_noted_without_a_machine_is_one_of_this(self, scene: Scene) -> None:
        earlier = replace(scene.processes.current(), host="")

        assert scene.processes.is_here(earlier)
        assert scene.processes.is_here(scene.processes.current())
