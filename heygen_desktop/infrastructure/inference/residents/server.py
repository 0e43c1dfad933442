"""Lets other processes of this home use the models that this one keeps loaded."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import Inference, LoadRequest, Update
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.infrastructure.inference.residents import wire
from heygen_desktop.infrastructure.inference.residents.register import (
    Resident,
    ResidentRegister,
    new_key,
)


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
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._threads: list[threading.Thread] = []
        self._calls = 0
        self._calls_lock = threading.Lock()
        self._last_call_s = clock.monotonic()
        self._is_closing = False

    def start(self) -> None:
        """Listen, and be found by others. Raises StorageError and its kinds."""
        self._folder = tempfile.TemporaryDirectory(prefix="heygen-")
        address = _address(Path(self._folder.name))
        key = new_key()
        listener = Listener(address, authkey=bytes.fromhex(key), backlog=16)
        self._listener = listener
        self._spawn(partial(self._accept, listener), "residents-accept")
        self._register.add(Resident(self._process, address, key))

    def close(self) -> None:
        """Stop listening; what callers still wait for is stopped. Safe to call twice."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._is_closing = True
        self._register.remove(self._process)
        _knock(str(listener.address))
        listener.close()
        for thread in self._threads:
            thread.join()
        if self._folder is not None:
            self._folder.cleanup()

    def idle_s(self) -> float:
        """Return the seconds since the last caller was served; 0 while one is."""
        with self._calls_lock:
            return 0.0 if self._calls else self._clock.monotonic() - self._last_call_s

    def _accept(self, listener: Listener) -> None:
        while not self._is_closing:
            try:
                connection = listener.accept()
            except (OSError, EOFError, AuthenticationError):
                # A stranger who does not know the key, or the listener was closed.
                continue
            self._spawn(partial(self._serve, connection), "residents-caller")

    def _spawn(self, work: Callable[[], None], name: str) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, connection: Connection) -> None:
        # A caller that goes away or talks nonsense ends its own call, nothing else.
        with self._counted(), connection, contextlib.suppress(EOFError, OSError):
            try:
                wire.send(connection, self._answer(connection, wire.receive_ask(connection)))
            except HeyGenError as error:
                wire.send(connection, wire.answer_of_error(error))

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
        return self._is_closing or connection.poll(0)

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
    return any(
        worker.model_id == model.model_id
        and worker.version == model.version
        and model.device in ("auto", worker.device)
        and model.dtype in ("auto", worker.dtype)
        for worker in inference.workers()
    )


def _sender(connection: Connection) -> Callable[[Update], None]:
    return lambda update: wire.send(connection, wire.answer_of(update))


def _address(folder: Path) -> str:
    """A short place: a socket's path may have some hundred bytes only, and homes can be deep."""
    if sys.platform == "win32":
        return rf"\\.\pipe\heygen-{os.getpid()}-{new_key()[:16]}"
    return str(folder / "s")


def _knock(address: str) -> None:
    """Wake a sleeping accept(): closing its socket from another thread does not."""
    with contextlib.suppress(OSError, EOFError, AuthenticationError):
        Client(address).close()
