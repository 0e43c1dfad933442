"""A process that keeps models loaded, and others that use them, over a real local socket."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Owner, Produced, RunFigures
from heygen_desktop.domain.errors import (
    InvalidParameterError,
    ModelLoadError,
    RunCancelledError,
    RunFailedError,
    WorkerCrashedError,
    WorkerProtocolError,
)
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.inference.residents import client, wire
from heygen_desktop.infrastructure.inference.residents.client import ResidentInference
from heygen_desktop.infrastructure.inference.residents.keeper import ResidentKeeper
from heygen_desktop.infrastructure.inference.residents.keeping import keep_until_unneeded
from heygen_desktop.infrastructure.inference.residents.register import (
    Resident,
    ResidentRegister,
    new_key,
)
from heygen_desktop.infrastructure.inference.residents.server import ResidentServer

from tests.factories.parts import ScriptedInference
from tests.fakes.clock import FakeClock
from tests.fakes.processes import THIS_PROCESS, FakeProcesses

KEEPER = Owner(900, 9.0)
MODEL = LoadRequest(
    ModelId("m1"), "starter", "1.0.0", Path("/models/starter"), ArtifactFormat.SAFETENSORS
)
TASK = TaskRequest("r1", "text-generation", {"prompt": "It"}, {"max_tokens": 4}, 7)


class Home:
    """One keeper and one caller, in two threads instead of two processes."""

    def __init__(self, folder: Path) -> None:
        self.processes = FakeProcesses(alive={KEEPER})
        self.clock = FakeClock()
        self.register = ResidentRegister(folder / "residents", self.processes)
        self.kept = ScriptedInference()
        self.own = ScriptedInference()
        self.server = ResidentServer(self.kept, self.register, KEEPER, self.clock)
        self.caller = ResidentInference(self.own, self.register, THIS_PROCESS)
        self.keeper = ResidentKeeper(self.register, (sys.executable, "-c", "raise SystemExit(3)"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    made.server.start()
    yield made
    made.server.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("residents-")]


def never() -> bool:
    return False


def ignore(_update: Update) -> None:
    """Nobody looks."""


def test_a_kept_model_is_used_by_another_process(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    updates: list[Update] = []

    result = home.caller.run(MODEL, TASK, on_update=updates.append, should_stop=never)

    assert result.output == {"text": "It is a truth."}
    assert [u.text for u in updates if isinstance(u, Produced)] == ["It ", "is ", "a ", "truth."]
    assert [u.was_loaded for u in updates if isinstance(u, Loaded)] == [True]
    assert home.kept.requests == [(MODEL, TASK)]
    assert home.own.requests == []


def test_a_stranger_who_says_nothing_holds_up_neither_callers_nor_the_end(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    [resident] = home.register.all()
    with _stranger(resident.address):
        served = threading.Thread(target=_run_once, args=(home,), daemon=True)
        served.start()
        served.join(10)
        closed = threading.Thread(target=home.server.close, daemon=True)
        closed.start()
        closed.join(10)

        assert home.kept.requests == [(MODEL, TASK)]
        assert not closed.is_alive()


def test_a_caller_who_asks_nothing_does_not_hold_up_the_end(home: Home) -> None:
    [resident] = home.register.all()
    with Client(resident.address, authkey=bytes.fromhex(resident.key)):
        closed = threading.Thread(target=home.server.close, daemon=True)
        closed.start()
        closed.join(10)

        assert not closed.is_alive()


def test_a_run_that_the_end_stops_is_told_as_stopped(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    closing = threading.Thread(target=home.server.close, daemon=True)
    home.kept.before_word = lambda n: _close_at_third(n, closing)

    with pytest.raises(RunCancelledError):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)

    closing.join(10)


def _close_at_third(word: int, closing: threading.Thread) -> None:
    if word == 3:
        closing.start()
        # The server must have begun to close when the question whether to stop follows.
        closing.join(0.2)


@contextmanager
def _stranger(address: str) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        yield


def _run_once(home: Home) -> None:
    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)


@pytest.mark.parametrize("prompt", ["x" * 9 * 1024**2, "half a character: \udce9"])
def test_an_input_that_no_message_can_carry_is_refused_as_at_home(home: Home, prompt: str) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    task = TaskRequest("r1", "text-generation", {"prompt": prompt}, {}, 7)

    with pytest.raises(InvalidParameterError, match="The input"):
        home.caller.run(MODEL, task, on_update=ignore, should_stop=never)

    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)
    assert home.kept.requests == [(MODEL, TASK)]


def test_a_path_that_no_message_can_carry_is_refused_as_at_home(home: Home) -> None:
    odd = replace(MODEL, path=Path("/models/caf\udce9"))

    with pytest.raises(ModelLoadError, match="starter"):
        home.keeper.load(odd, on_update=ignore, should_stop=never)

    home.caller.run(odd, TASK, on_update=ignore, should_stop=never)
    assert home.own.requests == [(odd, TASK)]


def test_an_output_that_no_message_can_carry_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    huge = TaskResult({"text": "x" * 9 * 1024**2}, RunFigures(), "stop")
    monkeypatch.setattr(home.kept, "run", lambda *_asked, **_more: huge)

    with pytest.raises(RunFailedError):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)


def test_what_nobody_keeps_runs_at_home(home: Home) -> None:
    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)

    assert home.own.requests == [(MODEL, TASK)]


def test_what_is_loaded_here_is_not_asked_for_elsewhere(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    home.caller.load(MODEL, on_update=ignore, should_stop=never)

    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)

    assert home.kept.requests == []


def test_a_kept_model_in_another_precision_does_not_serve(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    other = LoadRequest(
        MODEL.model_id, "starter", "1.0.0", MODEL.path, MODEL.format, dtype="float16"
    )

    home.caller.run(other, TASK, on_update=ignore, should_stop=never)

    assert len(home.own.requests) == 1


def test_a_stop_reaches_the_run_in_the_other_process(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    told = threading.Event()
    arrived = threading.Event()
    home.kept.before_word = lambda n: _wait_at_third(n, told, arrived)

    with pytest.raises(RunCancelledError):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=lambda: _told(told, arrived))


def _wait_at_third(word: int, told: threading.Event, arrived: threading.Event) -> None:
    if word == 3:
        arrived.set()
        assert told.wait(10)
        # The question whether to stop follows; give the message time to cross the socket.
        threading.Event().wait(0.2)


def _told(told: threading.Event, arrived: threading.Event) -> bool:
    if arrived.is_set():
        told.set()
    return arrived.is_set()


def test_an_error_over_there_is_the_same_error_here(home: Home) -> None:
    home.kept.trouble = ModelLoadError("starter", "no such layer")

    with pytest.raises(ModelLoadError) as caught:
        home.keeper.load(MODEL, on_update=ignore, should_stop=never)

    assert (caught.value.cause, caught.value.details["name"]) == ("no such layer.", "starter")


def test_a_kept_model_is_unloaded_from_anywhere(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)

    stopped = home.caller.unload("starter")

    assert [worker.model for worker in stopped] == ["starter"]
    assert home.kept.workers() == []
    assert home.caller.unload("starter") == []


def test_the_register_is_for_the_user_alone_and_does_not_show_keys(home: Home) -> None:
    [resident] = home.register.all()
    [file] = (home.register._folder).glob("*.json")

    assert file.stat().st_mode & 0o077 == 0
    assert resident.key not in repr(resident)


def test_who_does_not_know_the_key_is_not_heard(home: Home) -> None:
    [resident] = home.register.all()

    with pytest.raises((AuthenticationError, OSError, EOFError)):
        Client(resident.address, authkey=b"wrong")

    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    assert len(home.kept.workers()) == 1


def test_nonsense_ends_the_call_and_nothing_else(home: Home) -> None:
    [resident] = home.register.all()
    with Client(resident.address, authkey=bytes.fromhex(resident.key)) as connection:
        connection.send_bytes(b'{"say": "format the disk"}')
        answer = wire.receive_answer(connection)

    assert isinstance(answer, wire.AnswerError)
    assert answer.code == WorkerProtocolError.code
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)


def test_a_caller_that_goes_away_stops_its_run(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    [resident] = home.register.all()
    gone, ended = threading.Event(), threading.Event()
    home.kept.before_word = lambda n: _wait_at_second(n, gone)

    with Client(resident.address, authkey=bytes.fromhex(resident.key)) as connection:
        wire.send(connection, wire.AskRun.of(MODEL, TASK))
        wire.receive_answer(connection)
    gone.set()

    while home.server.idle_s() == 0.0 and not ended.wait(0.01):
        home.clock.advance(1)
    assert home.server.idle_s() >= 0.0


def _wait_at_second(word: int, gone: threading.Event) -> None:
    if word == 2:
        assert gone.wait(10)


def test_a_resident_that_died_is_struck_out(home: Home) -> None:
    dead = Owner(901, 1.0)
    home.register.add(Resident(dead, "/nowhere", new_key()))

    assert [r.process for r in home.register.all()] == [KEEPER]


def test_a_resident_that_dies_between_two_words_fails_the_run_by_name(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.register.add(Resident(KEEPER, str(tmp_path / "no-socket"), new_key()))

    with pytest.raises(WorkerCrashedError, match="another process"):
        home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    assert home.caller.unload("starter") == []
    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)
    assert len(home.own.requests) == 1


def test_a_keeper_that_does_not_start_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path)

    with pytest.raises(WorkerCrashedError, match="exit code 3"):
        home.keeper.load(MODEL, on_update=ignore, should_stop=never)


def test_a_keeper_that_is_not_wanted_any_more_is_stopped(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sleeper = ResidentKeeper(home.register, (sys.executable, "-c", "input()"))

    with pytest.raises(RunCancelledError):
        sleeper.load(MODEL, on_update=ignore, should_stop=lambda: True)


def test_a_keeper_without_models_goes(home: Home) -> None:
    def passes(seconds: float) -> bool:
        home.clock.advance(seconds)
        return False

    assert (
        keep_until_unneeded(home.server, home.kept, idle_limit_s=lambda: 0.0, wait=passes)
        == "nothing is loaded"
    )


def test_a_model_that_nobody_uses_goes_after_its_time(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    waited = []

    def passes(seconds: float) -> bool:
        waited.append(seconds)
        home.clock.advance(seconds)
        return False

    why = keep_until_unneeded(home.server, home.kept, idle_limit_s=lambda: 60.0, wait=passes)

    assert why == "nobody used it"
    assert sum(waited) >= 60


def test_a_keeper_that_is_asked_to_end_ends(home: Home) -> None:
    assert (
        keep_until_unneeded(home.server, home.kept, idle_limit_s=lambda: 0.0, wait=lambda _: True)
        == "asked to end"
    )


def test_a_resident_that_does_not_answer_is_passed_over(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ANSWER_LIMIT_S", 0.1)
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    go_on = threading.Event()
    monkeypatch.setattr(home.kept, "unload", lambda model, version="": go_on.wait(10) and [])

    stopped = home.caller.unload("starter")
    go_on.set()

    assert stopped == []
