"""``heygen monitor``: one reading, a stream of them, and a file of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from heygen_desktop.application.ports.metrics import GpuSample
from heygen_desktop.presentation.cli.commands.monitor import monitor

from tests.cli.terminal import Terminal
from tests.fakes.metrics import FakeMetrics, a_sample
from tests.unit.presentation.cli.streams import TerminalStream

GPU = GpuSample(0, "RTX", 55.0, 2_000_000_000, 8_000_000_000, 50.0, 90.0)


def test_one_reading_is_a_page_of_facts(terminal: Terminal) -> None:
    terminal.pauses = 1

    answer = terminal.run("monitor", "--once")

    facts = dict(line.split("  ", 1) for line in answer.out.splitlines())
    assert answer.code == 0
    assert facts["memory"].strip() == "4.3 GB of 17.2 GB"
    assert facts["GPU"].strip() == "No NVIDIA driver was found on this machine."


def test_rates_are_since_a_silent_reading_before(terminal: Terminal) -> None:
    terminal.pauses = 1

    terminal.run("monitor", "--once")

    assert len(terminal.parts.metrics.asked) == 2
    assert terminal.waited_s == [0.25]


def test_one_reading_under_json_is_one_document(with_starter: Terminal) -> None:
    with_starter.pauses = 1
    with_starter.parts.metrics = FakeMetrics(a_sample(gpus=(GPU,)))
    with_starter.run("load", "starter")

    sample = with_starter.run("monitor", "--once", "--json").document

    assert sample["gpus"][0]["name"] == "RTX"
    assert sample["workers"][0]["model"] == "starter@1.0.0"
    assert sample["cpu_percent"] == 12.5


def test_gpus_and_workers_have_their_own_lines(with_starter: Terminal) -> None:
    with_starter.pauses = 3
    with_starter.parts.metrics = FakeMetrics(a_sample(gpus=(GPU,)))
    with_starter.run("load", "starter")

    page = with_starter.run("monitor", "--once").out
    stream = with_starter.run("monitor", "--interval", "5").out

    assert "GPU 0    RTX: 55 %, 2.0 GB of 8.0 GB" in page
    assert "worker   starter@1.0.0: 50 % CPU, 1.1 GB (process 5000)" in page
    assert "gpu0 55 %  starter@1.0.0 1.1 GB" in stream


def test_readings_stream_until_ctrl_c(terminal: Terminal) -> None:
    terminal.pauses = 3

    answer = terminal.run("monitor", "--json")

    assert answer.code == 130
    assert len(answer.records) == 3
    assert answer.err == "The command was interrupted.\n"
    assert terminal.waited_s == [0.25, 1.0, 1.0, 1.0]


def test_the_interval_can_be_given_and_has_bounds(terminal: Terminal) -> None:
    terminal.pauses = 2

    terminal.run("monitor", "--interval", "5")

    assert terminal.waited_s == [0.25, 5.0, 5.0]
    assert terminal.run("monitor", "--interval", "0").code == 2


def test_each_reading_is_a_line_of_the_file(terminal: Terminal, tmp_path: Path) -> None:
    terminal.pauses = 3
    file = tmp_path / "readings.csv"

    terminal.run("monitor", "--csv", file)

    header, *lines = file.read_text(encoding="utf-8").splitlines()
    assert header.split(",")[:3] == ["at", "cpu_percent", "memory_used_bytes"]
    assert len(lines) == 3
    assert lines[0].split(",")[1:3] == ["12.5", str(4 * 1024**3)]
    assert lines[0].split(",")[-3:] == ["", "", "0"]


def test_a_file_that_cannot_be_written_is_told_before_the_first_reading(
    terminal: Terminal, tmp_path: Path
) -> None:
    answer = terminal.run("monitor", "--once", "--json", "--csv", tmp_path)

    assert (answer.code, answer.document["error"]["code"]) == (1, "file_unwritable")
    assert terminal.parts.metrics.asked == []


def test_a_full_disk_ends_the_stream_with_its_cause(terminal: Terminal) -> None:
    terminal.pauses = 3

    answer = terminal.run("monitor", "--csv", "/dev/full", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "disk_full")


def test_a_terminal_gets_a_table_that_stays_in_place(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = TerminalStream()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    terminal.pauses = 3

    code = terminal.perform(monitor)

    assert code == 130
    assert screen.getvalue().count("4.3 GB of 17.2 GB") >= 3
    assert "\x1b[1A" in screen.getvalue()


def test_a_file_that_vanishes_before_it_is_opened_is_told(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.pauses = 1
    folder = tmp_path / "sub"
    folder.mkdir()
    terminal.before_pause = folder.rmdir

    answer = terminal.run("monitor", "--once", "--json", "--csv", folder / "x.csv")

    assert (answer.code, answer.document["error"]["code"]) == (1, "file_unwritable")
