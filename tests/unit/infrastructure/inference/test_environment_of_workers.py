"""What a worker inherits, and how it is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import heygen_desktop
import pytest
from heygen_desktop.infrastructure.inference.environment import default_command, worker_environment

ROOT = str(Path(heygen_desktop.__file__).parent.parent)


def test_a_worker_inherits_only_what_is_named() -> None:
    mine = {
        "PATH": "/bin",
        "HSA_OVERRIDE_GFX_VERSION": "10.3.0",
        "CUDA_VISIBLE_DEVICES": "1",
        "HF_TOKEN": "canary",
        "HTTPS_PROXY": "http://user:canary@proxy",
        "DBUS_SESSION_BUS_ADDRESS": "unix:canary",
        "LD_PRELOAD": "canary.so",
        "HEYGEN__SERVER__KEY": "canary",
    }

    theirs = worker_environment(mine, threads=3)

    assert "canary" not in str(theirs)
    assert theirs["PATH"] == "/bin"
    assert theirs["HSA_OVERRIDE_GFX_VERSION"] == "10.3.0"
    assert theirs["CUDA_VISIBLE_DEVICES"] == "1"
    assert theirs["OMP_NUM_THREADS"] == "3"


def test_a_worker_is_offline_and_polite_whatever_we_inherited() -> None:
    theirs = worker_environment({"HF_HUB_OFFLINE": "0", "OMP_WAIT_POLICY": "ACTIVE"}, threads=1)

    assert theirs["HF_HUB_OFFLINE"] == "1"
    assert theirs["TRANSFORMERS_OFFLINE"] == "1"
    assert theirs["HF_HUB_DISABLE_TELEMETRY"] == "1"
    assert theirs["OMP_WAIT_POLICY"] == "PASSIVE"


@pytest.mark.parametrize(
    ("inherited", "expected"),
    [({}, ROOT), ({"PYTHONPATH": "/elsewhere"}, f"{ROOT}{os.pathsep}/elsewhere")],
)
def test_our_own_package_is_found_first(inherited: dict[str, str], expected: str) -> None:
    assert worker_environment(inherited, threads=1)["PYTHONPATH"] == expected


def test_the_worker_does_not_search_the_current_folder() -> None:
    command = default_command()

    assert command[0] == sys.executable
    assert "-P" in command
    assert command[-1] == "heygen_desktop.infrastructure.inference.worker"
