"""Signals: a polite stop first, the end after."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from heygen_desktop.presentation.cli.stopping import Interrupted, Stopping


def test_a_signal_ends_what_is_not_polite() -> None:
    with Stopping() as stopping, pytest.raises(Interrupted):
        signal.raise_signal(signal.SIGTERM)

    assert (stopping.exit_code, stopping.signal_name) == (143, "SIGTERM")


def test_the_first_signal_is_only_noted_by_polite_work() -> None:
    with Stopping() as stopping, stopping.politely():
        assert not stopping.asked()
        signal.raise_signal(signal.SIGINT)

        assert stopping.asked()
        assert stopping.exit_code == 130


def test_the_second_signal_ends_polite_work_too() -> None:
    with Stopping() as stopping, stopping.politely():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)


def test_the_third_signal_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []

    def die(code: int) -> None:
        killed.append(code)
        raise SystemExit(code)  # as the real one, it does not return

    monkeypatch.setattr(os, "_exit", die)

    with Stopping() as stopping, stopping.politely():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGINT)

    assert killed == [130]


def test_without_a_signal_nothing_is_asked() -> None:
    with Stopping() as stopping:
        assert (stopping.asked(), stopping.exit_code, stopping.signal_name) == (False, 0, "")


def test_a_signal_that_was_ignored_before_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Stopping() as stopping:
            signal.raise_signal(signal.SIGINT)

        assert not stopping.asked()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_off_the_main_thread_nobody_can_listen_and_nothing_breaks() -> None:
    asked: list[bool] = []

    def work() -> None:
        with Stopping() as stopping:
            asked.append(stopping.asked())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert asked == [False]
