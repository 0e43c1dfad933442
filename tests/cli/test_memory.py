"""``heygen ps``, ``load`` and ``unload``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cli.terminal import Terminal


def test_nothing_in_memory_is_an_empty_list(terminal: Terminal) -> None:
    answer = terminal.run("ps")

    assert (answer.code, answer.out, answer.err) == (0, "", "No model is in memory.\n")
    assert terminal.run("ps", "--json").document == {"items": [], "total": 0}


def test_a_loaded_model_is_listed_with_its_cost(with_starter: Terminal) -> None:
    loaded = with_starter.run("load", "starter", "--device", "cpu")
    listed = with_starter.run("ps")

    assert loaded.code == 0
    assert "heygen unload starter" in loaded.err
    assert listed.out == loaded.out
    assert listed.out.splitlines()[1].split() == [
        "starter@1.0.0", "cpu", "float32", "419", "MB", "537", "MB", "3.1", "s", "5000", "idle",
    ]  # fmt: skip


def test_a_script_gets_the_worker(with_starter: Terminal) -> None:
    worker = with_starter.run("load", "starter", "--json").document

    assert worker.keys() >= {"model", "version", "pid", "device", "memory_bytes", "load_s"}
    assert with_starter.run("ps", "--json").document == {"items": [worker], "total": 1}


def test_loading_what_is_not_registered_fails(terminal: Terminal) -> None:
    answer = terminal.run("load", "nothing", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "model_not_found")


def test_unloading_tells_what_it_freed(with_starter: Terminal) -> None:
    with_starter.run("load", "starter")

    answer = with_starter.run("unload", "starter")

    assert answer.out == "Unloaded 1 model, 419 MB freed.\n"
    assert with_starter.run("ps", "--json").document["total"] == 0


def test_unloading_what_is_still_loading_tells_that_the_load_was_stopped(
    with_starter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_starter.run("load", "starter")
    inference = with_starter.parts.inference
    [worker] = inference.workers()
    loading = replace(worker, is_loading=True, version="2.0.0")
    monkeypatch.setattr(inference, "unload", lambda *_asked: [loading])

    alone = with_starter.run("unload", "starter")
    monkeypatch.setattr(inference, "unload", lambda *_asked: [loading, worker])
    both = with_starter.run("unload", "starter")

    assert alone.out.splitlines() == ["Stopped the loading of starter@2.0.0."]
    assert both.out.splitlines()[1].startswith("Unloaded 1 model, ")


def test_unloading_all_of_nothing_is_fine(terminal: Terminal) -> None:
    assert terminal.run("unload", "--all", "--json").document == {"items": [], "total": 0}


def test_unloading_what_is_not_loaded_fails(with_starter: Terminal) -> None:
    answer = with_starter.run("unload", "starter", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (1, "model_not_loaded")


def test_unloading_needs_a_name_or_all_and_not_both(terminal: Terminal) -> None:
    assert terminal.run("unload").code == 2
    assert terminal.run("unload", "starter", "--all", "--json").code == 2
