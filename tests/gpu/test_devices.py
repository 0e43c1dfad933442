"""The list of devices, against what torch finds in a process that is started like a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

import pytest
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.local import VARIABLE, LocalDevices
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
from heygen_desktop.infrastructure.inference.environment import worker_environment

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(300)]

GIB = 1 << 30
ASK_TORCH = """
import json, torch
print(json.dumps([
    (f"cuda:{index}", torch.cuda.get_device_name(index), *torch.cuda.mem_get_info(index))
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
]))
"""


@pytest.fixture
def driver() -> Iterator[NvidiaDriver]:
    driver = NvidiaDriver(monotonic=time.monotonic)
    if not driver.cards():
        pytest.skip(driver.problem())
    yield driver
    driver.close()


def found_by_torch(environ: Mapping[str, str]) -> list[tuple[str, str, int, int]]:
    """Return id, name, free and total bytes of each GPU that a worker finds."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASK_TORCH],
        env=worker_environment(environ, threads=1),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(name, card, free, total) for name, card, free, total in json.loads(done.stdout)]


@pytest.mark.parametrize("visible", [None, "0", "", "-1", "0,0", "7,0", "by its identifier"])
def test_the_gpus_are_those_that_a_worker_finds(driver: NvidiaDriver, visible: str | None) -> None:
    environ = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if visible is not None:
        is_named = visible == "by its identifier"
        environ[VARIABLE] = driver.cards()[0].uuid if is_named else visible

    seen = LocalDevices(Host(), driver, environ).look()
    found = found_by_torch(environ)

    assert seen.usable == ("cpu", *(name for name, *_ in found))
    assert [device.name for device in seen.devices if device.id in seen.usable][1:] == [
        card for _, card, *_ in found
    ]


def test_the_memory_is_that_which_torch_tells(driver: NvidiaDriver) -> None:
    seen = LocalDevices(Host(), driver, os.environ).look()
    found = found_by_torch(os.environ)

    for name, _, free, total in found:
        device = seen.get(name)
        assert abs(device.total_bytes - total) < 2 * GIB
        assert abs(device.free_bytes - free) < 2 * GIB
