"""Checksums behind the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.domain.errors import ArtifactCorruptError, DatabaseBusyError
from heygen_desktop.presentation.desktop.ports import Queue
from heygen_desktop.presentation.desktop.shell.checksums import SIDE_BY_SIDE, Checksums
from heygen_desktop.presentation.desktop.verifying import Pace, pace

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, an_artifact
from tests.fakes.tasks import FakeNotices, LaterTaskRunner
from tests.fakes.unit_of_work import FakeModels

NAMES = ("a", "b", "c")


class Window:
    """Three models that have no checksum, and what the window says of them."""

    def __init__(self) -> None:
        self.parts = FakeParts()
        self.app = fake_application(self.parts)
        for name in NAMES:
            self.register(name)
        self.tasks, self.notices, self.said = LaterTaskRunner(), FakeNotices(), list[str]()
        self.checksums = Checksums(
            self.app.model_files, self.tasks, self.parts.events, self.notices, self.said.append
        )

    def register(self, name: str) -> None:
        path = Path("/models") / name
        self.parts.artifacts.known[path] = an_artifact(path)
        self.app.register_model(Registration(path))
        self.parts.clock.advance(1)

    def waiting(self) -> list[str]:
        return list(self.app.model_files.waiting())


@pytest.fixture
def window() -> Window:
    return Window()


def test_what_an_earlier_window_left_is_computed(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_all()

    assert window.waiting() == []
    assert window.said[-1] == ""
    assert {task.queue for task in window.tasks.submitted[1:]} == {Queue.FILES}


def test_it_says_how_far_it_is_and_how_many_wait(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_all()

    assert window.said[0] == "Checksum of a 0 %, 2 more"
    assert "Checksum of a 50 %, 2 more" in window.said
    assert "Checksum of c 50 %" in window.said


def test_only_a_few_are_read_side_by_side(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_next()

    assert window.tasks.waiting == SIDE_BY_SIDE < len(NAMES)


def test_a_model_that_is_registered_later_is_computed_too(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_all()

    window.register("d")
    window.tasks.run_all()

    assert window.waiting() == []


def test_a_model_that_is_registered_again_is_computed_again(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_all()
    window.app.remove_model("a")

    window.register("a")
    window.tasks.run_all()

    assert window.waiting() == []


def test_one_that_cannot_be_read_is_told_once_and_holds_up_no_other(window: Window) -> None:
    window.parts.artifacts.known[Path("/models/a")] = ArtifactCorruptError("/models/a", "Cut.")

    window.checksums.start()
    window.tasks.run_all()
    window.checksums.start()
    window.tasks.run_all()

    assert window.waiting() == ["a@1.0.0"]
    assert window.notices.warnings == [
        "The checksum of a@1.0.0 was not computed. /models/a is damaged or incomplete."
    ]


def test_files_that_changed_before_their_checksum_are_told(window: Window) -> None:
    window.parts.artifacts.change(Path("/models/b"))

    window.checksums.start()
    window.tasks.run_all()

    assert window.waiting() == ["b@1.0.0"]
    [warning] = window.notices.warnings
    assert warning.startswith("The files of b@1.0.0 changed since they were registered.")


def test_one_that_is_removed_meanwhile_is_missed_by_nobody(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_next()
    window.app.remove_model("a")
    window.tasks.run_all()

    assert window.notices.warnings == []
    assert window.waiting() == []


def test_a_library_that_cannot_be_read_is_told(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_models: FakeModels) -> list[str]:
        raise DatabaseBusyError("home", 5.0)

    monkeypatch.setattr(FakeModels, "without_checksum", busy)

    window.checksums.start()
    window.tasks.run_all()

    assert window.notices.warnings == ["The database is locked by another process."]


def test_a_closed_window_leaves_the_rest_to_the_next(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_next()

    window.checksums.close()
    window.checksums.close()
    window.tasks.run_all()
    window.register("d")

    assert len(window.waiting()) == 4
    assert window.parts.events.listeners == 0


def test_it_is_paused_and_goes_on_later(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_next()

    window.checksums.pause_or_go_on()
    window.register("d")
    window.tasks.run_all()
    paused, waiting = window.said[-1], window.waiting()
    window.checksums.pause_or_go_on()
    window.tasks.run_all()

    assert paused == "4 checksums paused"
    assert len(waiting) == 4
    assert window.waiting() == []
    assert window.said[-1] == ""


def test_speed_and_time_left_are_said_once_they_are_no_guess() -> None:
    assert pace(100, 1_000, 0.1) == Pace(0.1, "", None)
    assert pace(500_000_000, 2_000_000_000, 0.5) == Pace(0.25, "1.0 GB/s", 1.5)
    assert pace(0, 0, 1.0).share == 1.0


def test_what_is_computed_is_told_with_speed_and_time_left(window: Window) -> None:
    window.checksums.start()
    window.tasks.run_next()

    window.tasks.submitted[1].progress(Pace(0.25, "1.0 GB/s", 90))

    assert window.said[-1] == "Checksum of a 25 %, 1.0 GB/s, 1 min 30 s left, 2 more"
