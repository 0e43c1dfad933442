"""A process that keeps models loaded, and others that use them, over a real local socket."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
    HomeUnwritableError,
    InvalidParameterError,
    ModelLoadError,
    ResidentSilentError,
    RunCancelledError,
    RunFailedError,
    WorkerCrashedError,
    WorkerProtocolError,
)
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation, pack
from heygen_desktop.infrastructure.inference.messages import Cancel, Failed, Run
from heygen_desktop.infrastructure.inference.residents import line as line_module
from heygen_desktop.infrastructure.inference.residents import server as server_module
from heygen_desktop.infrastructure.inference.residents.client import Patience, ResidentInference
from heygen_desktop.infrastructure.inference.residents.keeper import ResidentKeeper
from heygen_desktop.infrastructure.inference.residents.line import (
    GONE,
    Line,
    clear,
    connected,
    listen,
)
from heygen_desktop.infrastructure.inference.residents.register import (
    Resident,
    ResidentRegister,
    new_key,
)
from heygen_desktop.infrastructure.inference.residents.server import (
    ResidentServer,
    keep_until_unneeded,
)

from tests.factories.parts import ScriptedInference
from tests.fakes.clock import FakeClock
from tests.fakes.processes import THIS_PROCESS, FakeProcesses
from tests.integration.inference.support import RealClock, eventually

KEEPER = Owner(900, 9.0)
MODEL = LoadRequest(
    ModelId("m1"), "starter", "1.0.0", Path("/models/starter"), ArtifactFormat.SAFETENSORS
)
TASK = TaskRequest("r1", "text-generation", {"prompt": "It"}, {"max_tokens": 4}, 7)
IMPATIENT = Patience(greeting_s=1.0, answer_s=1.0, silence_s=2.5, stop_s=1.0)


class Home:
    """One keeper and one caller, in two threads instead of two processes."""

    def __init__(self, folder: Path) -> None:
        self.processes = FakeProcesses(alive={KEEPER})
        self.clock = FakeClock()
        self.register = ResidentRegister(folder / "residents", self.processes)
        self.kept = ScriptedInference()
        self.own = ScriptedInference()
        self.server = ResidentServer(self.kept, self.register, KEEPER, self.clock)
        self.caller = ResidentInference(
            self.own, self.register, THIS_PROCESS, RealClock(), IMPATIENT
        )
        self.keeper = self.keeper_that_starts("raise SystemExit(3)")

    def keeper_that_starts(self, program: str) -> ResidentKeeper:
        command = (sys.executable, "-c", program)
        return ResidentKeeper(self.register, command, RealClock(), IMPATIENT)

    def line(self) -> Line:
        """Return a line to the resident, as a caller has it."""
        [resident] = self.register.all()
        return connected(resident.address, bytes.fromhex(resident.key), 5)


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
    with home.line():
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

    with pytest.raises(GONE):
        connected(resident.address, b"wrong", 5)

    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    assert len(home.kept.workers()) == 1


@pytest.mark.parametrize("nonsense", [pack(b"{}"), pack(b'{"type":"Format","disk":"C"}')])
def test_nonsense_ends_the_call_and_nothing_else(home: Home, nonsense: bytes) -> None:
    with home.line() as line:
        line._send(nonsense)
        answer = line.hear(10)

    assert isinstance(answer, Failed)
    assert isinstance(answer.error(), WorkerProtocolError)
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)


def test_what_is_no_question_is_refused(home: Home) -> None:
    with home.line() as line:
        line.say(Cancel())
        answer = line.hear(10)

    assert isinstance(answer, Failed)
    assert isinstance(answer.error(), WorkerProtocolError)


def test_a_caller_that_goes_away_stops_its_run_and_not_the_model(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    gone, words = threading.Event(), list[int]()

    def speak(word: int) -> None:
        words.append(word)
        _wait_at_second(word, gone)

    home.kept.before_word = speak

    with home.line() as line:
        line.say(Run(MODEL, TASK))
        assert eventually(lambda: 2 in words)
    gone.set()

    assert eventually(lambda: not _callers())
    assert words == [1, 2]
    assert len(home.kept.workers()) == 1


def _callers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "residents-caller"]


def _wait_at_second(word: int, gone: threading.Event) -> None:
    if word == 2:
        assert gone.wait(10)


def test_residents_of_two_machines_on_one_home_do_not_overwrite_each_other(home: Home) -> None:
    elsewhere = replace(KEEPER, host="another-machine")

    home.register.add(Resident(elsewhere, "/elsewhere", new_key()))

    assert [r.process for r in home.register.all()] == [KEEPER]
    home.register.remove(elsewhere)
    assert [r.process for r in home.register.all()] == [KEEPER]


def test_a_resident_that_died_is_struck_out(home: Home) -> None:
    dead = Owner(901, 1.0)
    home.register.add(Resident(dead, "/nowhere", new_key()))

    assert [r.process for r in home.register.all()] == [KEEPER]


def test_a_resident_that_dies_between_two_words_fails_the_run_by_name(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    home.kept.before_word = lambda word: (
        home.server._hang_up(socket.SHUT_RDWR) if word == 3 else None
    )

    with pytest.raises(WorkerCrashedError, match="another process"):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)


def test_a_resident_that_cannot_be_reached_is_passed_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.register.add(Resident(KEEPER, str(tmp_path / "no-socket"), new_key()))

    with pytest.raises(WorkerCrashedError, match="exit code 3"):
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
    sleeper = home.keeper_that_starts("input()")

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


def test_an_unload_that_is_not_answered_is_told_and_not_taken_for_nothing_to_unload(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    go_on = threading.Event()
    monkeypatch.setattr(home.kept, "unload", lambda model, version="": go_on.wait(10) and [])

    with pytest.raises(ResidentSilentError, match="1 s") as caught:
        home.caller.unload("starter")
    home.own.load(MODEL, on_update=ignore, should_stop=never)
    stopped = home.caller.unload("starter")
    go_on.set()

    assert caught.value.details["pid"] == KEEPER.pid
    assert [worker.model for worker in stopped] == ["starter"]


def test_a_run_that_takes_long_is_no_silence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    wait = threading.Event().wait

    def think(*_asked: object, should_stop: Callable[[], bool], **_more: object) -> TaskResult:
        deadline = time.monotonic() + 1.5 * IMPATIENT.silence_s
        while time.monotonic() < deadline:
            assert not should_stop()
            wait(0.02)
        return TaskResult({"text": "at last"}, RunFigures(), "stop")

    monkeypatch.setattr(home.kept, "run", think)

    result = home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)

    assert result.output == {"text": "at last"}


def test_a_resident_falls_silent_in_mid_run_and_the_run_fails_by_name(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    go_on = threading.Event()
    home.kept.before_word = lambda word: _hold(word == 3, go_on)

    with pytest.raises(ResidentSilentError):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)
    go_on.set()

    assert home.own.requests == []


def test_a_stop_that_a_silent_resident_does_not_hear_is_a_stop_all_the_same(home: Home) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    go_on, begun = threading.Event(), threading.Event()

    def silent(word: int) -> None:
        begun.set()
        _hold(True, go_on)

    home.kept.before_word = silent

    with pytest.raises(RunCancelledError):
        home.caller.run(MODEL, TASK, on_update=ignore, should_stop=begun.is_set)
    go_on.set()


def _hold(holds: bool, until: threading.Event) -> None:
    if holds:
        assert until.wait(30)


def test_a_model_is_asked_of_the_resident_that_has_it(home: Home, tmp_path: Path) -> None:
    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    empty, process = ScriptedInference(), Owner(100, 9.0)
    home.processes.alive.add(process)
    other = ResidentServer(empty, home.register, process, home.clock)
    other.start()
    assert home.register.all()[0].process == process

    again = home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    other.close()

    assert empty.workers() == []
    assert again in home.kept.workers()
    assert home.keeper.holds(MODEL)
    assert not home.keeper.holds(replace(MODEL, version="2.0.0"))


def test_two_who_want_a_keeper_at_once_start_one(home: Home, tmp_path: Path) -> None:
    home.server.close()
    count, program = tmp_path / "count", "import sys, time; open(sys.argv[1], 'a').write('x')"
    command = (sys.executable, "-c", f"{program}; time.sleep(30)", str(count))
    stop = threading.Event()

    def want() -> None:
        keeper = ResidentKeeper(home.register, command, RealClock(), IMPATIENT)
        with contextlib.suppress(RunCancelledError):
            keeper.load(MODEL, on_update=ignore, should_stop=stop.is_set)

    both = [threading.Thread(target=want) for _ in range(2)]
    for thread in both:
        thread.start()
    assert eventually(count.exists)
    assert not eventually(lambda: count.read_text() == "xx", within_s=0.5)
    stop.set()
    for thread in both:
        thread.join(20)

    assert count.read_text() == "x"


def test_a_deep_temporary_folder_does_not_keep_a_process_from_listening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(deep))
    home = Home(tmp_path)

    home.server.start()

    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    home.server.close()
    assert list(deep.iterdir()) == []


def test_a_machine_on_which_no_socket_can_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "socket_folders", lambda: (str(tmp_path / "nowhere"),))

    with pytest.raises(HomeUnwritableError, match="nowhere"):
        Home(tmp_path).server.start()


def test_where_there_are_no_such_sockets_a_port_of_this_machine_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "socket_folders", lambda: ())
    home = Home(tmp_path)
    home.server.start()

    home.keeper.load(MODEL, on_update=ignore, should_stop=never)
    home.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)
    home.server.close()

    assert home.kept.requests == [(MODEL, TASK)]


def test_a_side_that_takes_no_word_counts_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "SEND_LIMIT_S", 0.1)
    ours, theirs = socket.socketpair()

    with Line(ours) as line, theirs, pytest.raises(TimeoutError):
        while True:
            line.say(Run(MODEL, TASK))


def test_a_stranger_cannot_make_us_keep_more_than_a_few_bytes() -> None:
    ours, theirs = socket.socketpair()

    with Line(ours) as line, theirs:
        theirs.sendall(pack(b"x" * 65))
        with pytest.raises(ProtocolViolation, match="limit is 64"):
            line.prove(b"key", is_resident=True, within_s=5)


def test_nobodys_own_proof_can_be_played_back_to_them() -> None:
    ours, theirs = socket.socketpair()

    def echo() -> None:
        with contextlib.suppress(OSError):
            while data := theirs.recv(4096):
                theirs.sendall(data)

    mirror = threading.Thread(target=echo)
    mirror.start()
    with pytest.raises(PermissionError), Line(ours) as line:
        line.prove(b"key", is_resident=True, within_s=5)
    mirror.join(10)
    theirs.close()


def test_a_socket_that_is_cleared_leaves_nothing(tmp_path: Path) -> None:
    listener, address = listen((str(tmp_path),))
    listener.close()

    clear(address)
    clear(address)

    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Home]:
    """A home whose resident is a process of its own, and stopped with a real SIGSTOP."""
    home = Home(tmp_path)
    program = (
        f"from tests.integration.inference.test_residents import keep; keep({str(tmp_path)!r})"
    )
    keeper = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    home.processes.alive.add(Owner(keeper.pid, 1.0))
    assert eventually(lambda: len(home.register.all()) == 1, within_s=30)
    keeper.send_signal(signal.SIGSTOP)
    yield home
    keeper.send_signal(signal.SIGCONT)
    keeper.communicate(timeout=30)


def keep(folder: str) -> None:
    """Be a resident that holds the model, until standard input ends."""
    home = Home(Path(folder))
    me = Owner(os.getpid(), 1.0)
    home.kept.load(MODEL, on_update=ignore, should_stop=never)
    server = ResidentServer(home.kept, home.register, me, RealClock())
    server.start()
    sys.stdin.read()
    server.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_stopped_process_holds_up_no_run_load_or_unload(stopped: Home) -> None:
    began = time.monotonic()

    result = stopped.caller.run(MODEL, TASK, on_update=ignore, should_stop=never)
    with pytest.raises(ResidentSilentError):
        stopped.keeper.load(MODEL, on_update=ignore, should_stop=never)
    with pytest.raises(ResidentSilentError):
        stopped.caller.unload("other")

    assert result.output == {"text": "It is a truth."}
    assert stopped.own.requests == [(MODEL, TASK)]
    assert time.monotonic() - began < 10
