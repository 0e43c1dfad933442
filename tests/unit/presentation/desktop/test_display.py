"""A missing display is said before Qt is asked, because Qt would end the process."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DisplayMissingError
from heygen_desktop.presentation.desktop.qt import display
from heygen_desktop.presentation.desktop.qt.display import require_display


def test_no_display_is_an_error_with_a_remedy() -> None:
    with pytest.raises(DisplayMissingError) as caught:
        require_display({}, "linux")

    assert "Neither DISPLAY" in caught.value.cause
    assert caught.value.remedy


@pytest.mark.parametrize(
    "environment",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "vnc:port=5901"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"DISPLAY": "far.example:0"},
    ],
)
def test_what_can_be_tried_is_left_to_qt(environment: dict[str, str]) -> None:
    require_display(environment, "linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_always_have_a_display(platform: str) -> None:
    require_display({}, platform)


def test_asking_for_x_without_a_display_is_refused() -> None:
    with pytest.raises(DisplayMissingError):
        require_display({"QT_QPA_PLATFORM": "xcb"}, "linux")


def test_a_display_that_nobody_answers_at_is_said_by_name() -> None:
    with pytest.raises(DisplayMissingError) as caught:
        require_display({"DISPLAY": ":64123"}, "linux")

    assert caught.value.cause == "No X server answers at DISPLAY=:64123."


def test_a_display_that_answers_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_X_SOCKETS", tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen()

        require_display({"DISPLAY": ":7.0"}, "linux")
