"""The check that every test passes at its end."""

from __future__ import annotations

import subprocess
import sys
import threading

from tests.leaks import Running


def test_a_thread_that_goes_on_is_named_until_it_ends() -> None:
    before, release = Running.now(), threading.Event()
    thread = threading.Thread(target=release.wait, name="forgotten")

    thread.start()
    left = before.begun_since(grace_s=0)
    release.set()

    assert left == ["thread forgotten"]
    assert before.begun_since() == []


def test_a_process_that_goes_on_is_named_until_it_ends() -> None:
    before = Running.now()

    with subprocess.Popen(
        [sys.executable, "-c", "input('forgotten')"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        left = before.begun_since(grace_s=0)

    assert [words.split()[:2] for words in left] == [["process", str(process.pid)]]
    assert before.begun_since() == []


def test_what_ran_before_the_test_is_not_its_own() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()

    left = Running.now().begun_since(grace_s=0)
    release.set()
    thread.join()

    assert left == []
