"""Lets other processes of this home use the models that this one keeps loaded."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import Inference, LoadRequest, Update
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.errors import HeyGenError, RunFailedError
from heygen_desktop.infrastructure.inference.framing import FrameTooLargeError
from heygen_desktop.infrastructure.inference.residents import wire
from heygen_desktop.infrastructure.inference.residents.register import (
    Resident,
    ResidentRegister,
    new_key,
)

_GONE = (OSError, EOFError, AuthenticationError)
_GOODBYE_S = 2.0
"""How long the end waits for what is said to callers just now."""
_BREATH_S = 0.05


class ResidentServer:
    """Listens from ``start`` to ``close``; each caller has a thread of its own."""

    def __init__(
        self, inference: Inference, register: ResidentRegister, process: Owner, clock: Clock
    ) -> None:
        """Nothing is opened yet.

        Args:
            inference: What this process itself has; never one that asks residents in turn.
        """
        self._inference = inference
        self._register = register
        self._process = process
        self._clock = clock
        self._listener: Listener | None = None
        self._accepting: threading.Thread | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._threads: list[threading.Thread] = []
        self._callers: set[Connection] = set()
        self._calls = 0
        self._calls_lock = threading.Lock()
        self._last_call_s = clock.monotonic()
        self._closing = threading.Event()

    def start(self) -> None:
        """Listen, and be found by others. Raises StorageError and its kinds."""
        self._folder = tempfile.TemporaryDirectory(prefix="heygen-")
        address = _address(Path(self._folder.name))
        key = new_key()
        listener = Listener(address, backlog=16)
        self._listener = listener
        self._accepting = self._spawn(
            partial(self._accept, listener, bytes.fromhex(key)), "residents-accept"
        )
        self._register.add(Resident(self._process, address, key))

    def close(self) -> None:
        """Stop listening; what callers still wait for is stopped. Safe to call twice."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._closing.set()
        self._register.remove(self._process)
        _knock(str(listener.address))
        if self._accepting is not None:  # first, because it makes the other threads
            self._accepting.join(_GOODBYE_S)
        listener.close()
        # Whoever waits for words is woken at once; whoever still speaks may finish the sentence.
        for way in (socket.SHUT_RD, socket.SHUT_RDWR):
            self._hang_up(way)
            deadline = time.monotonic() + _GOODBYE_S
            for thread in self._threads:
                thread.join(max(0.0, deadline - time.monotonic()))
        if self._folder is not None:
            self._folder.cleanup()

    def idle_s(self) -> float:
        """Return the seconds since the last caller was served; 0 while one is."""
        with self._calls_lock:
            return 0.0 if self._calls else self._clock.monotonic() - self._last_call_s

    def _hang_up(self, way: int) -> None:
        with self._calls_lock:
            for connection in self._callers:
                _shut(connection, way)

    def _accept(self, listener: Listener, key: bytes) -> None:
        while not self._closing.is_set():
            try:
                connection = listener.accept()
            except OSError:  # the listener was closed, or there is no descriptor left just now
                self._closing.wait(_BREATH_S)
                continue
            # The proof of the key is asked for over there: whoever says nothing holds up nobody.
            self._spawn(partial(self._serve, connection, key), "residents-caller")

    def _spawn(self, work: Callable[[], None], name: str) -> threading.Thread:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _serve(self, connection: Connection, key: bytes) -> None:
        # A caller that goes away, talks nonsense or does not know the key ends its own call only.
        with connection, contextlib.suppress(*_GONE), self._reachable(connection):
            deliver_challenge(connection, key)
            answer_challenge(connection, key)
            with self._counted():
                self._converse(connection)

    def _converse(self, connection: Connection) -> None:
        try:
            wire.send(connection, self._answer(connection, wire.receive_ask(connection)))
        except HeyGenError as error:
            wire.send(connection, wire.answer_of_error(error))
        except FrameTooLargeError as error:
            refused = RunFailedError(f"Its output is too large to be handed over: {error}.")
            wire.send(connection, wire.answer_of_error(refused))

    @contextlib.contextmanager
    def _reachable(self, connection: Connection) -> Iterator[None]:
        """Let ``close`` hang up on the caller."""
        with self._calls_lock:
            if self._closing.is_set():
                raise EOFError
            self._callers.add(connection)
        try:
            yield
        finally:
            with self._calls_lock:
                self._callers.discard(connection)

    def _answer(self, connection: Connection, ask: wire.Ask) -> wire.Answer:
        match ask:
            case wire.AskServes():
                return wire.AnswerYesNo(serves(self._inference, ask.model))
            case wire.AskUnload():
                stopped = self._inference.unload(ask.model, ask.version)
                return wire.AnswerWorkers(tuple(stopped))
            case wire.AskLoad():
                worker = self._inference.load(
                    ask.model,
                    on_update=_sender(connection),
                    should_stop=lambda: self._wants_stop(connection),
                )
                return wire.AnswerWorkers((worker,))
            case wire.AskRun():
                result = self._inference.run(
                    ask.model,
                    ask.request,
                    on_update=_sender(connection),
                    should_stop=lambda: self._wants_stop(connection),
                )
                return wire.AnswerResult.of(result)
            case wire.AskStop():
                return wire.AnswerYesNo(False)

    def _wants_stop(self, connection: Connection) -> bool:
        """Anything the caller says now, its going away included, means stop."""
        return self._closing.is_set() or connection.poll(0)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._calls_lock:
            self._calls += 1
        try:
            yield
        finally:
            with self._calls_lock:
                self._calls -= 1
                self._last_call_s = self._clock.monotonic()


def serves(inference: Inference, model: LoadRequest) -> bool:
    """Whether this version is loaded there, on the device and in the precision asked for."""
    return any(model.is_met_by(worker) for worker in inference.workers())


def _sender(connection: Connection) -> Callable[[Update], None]:
    return lambda update: wire.send(connection, wire.answer_of(update))


def _address(folder: Path) -> str:
    """A short place: a socket's path may have some hundred bytes only, and homes can be deep."""
    if sys.platform == "win32":
        return rf"\\.\pipe\heygen-{os.getpid()}-{new_key()[:16]}"
    return str(folder / "s")


def _knock(address: str) -> None:
    """Wake a sleeping accept(): closing its socket from another thread does not."""
    with contextlib.suppress(OSError):
        Client(address).close()


def _shut(connection: Connection, way: int) -> None:
    """End one way of a connection, or both, and so wake the thread that waits on it."""
    if sys.platform == "win32":  # pipes have no such thing; the thread is a daemon
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(way)
