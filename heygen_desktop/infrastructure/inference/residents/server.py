"""Lets other processes of this home use the models that this one keeps loaded, while they need them."""

from __future__ import annotations

import contextlib
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import Inference, Update
from heygen_desktop.domain.entities.run import Owner, RunFailure
from heygen_desktop.domain.errors import (
    HeyGenError,
    HomeUnwritableError,
    WorkerProtocolError,
)
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation
from heygen_desktop.infrastructure.inference.messages import (
    Failed,
    ListWorkers,
    Load,
    Message,
    Run,
    Unload,
    Workers,
)
from heygen_desktop.infrastructure.inference.residents.line import GONE, Line, clear, listen
from heygen_desktop.infrastructure.inference.residents.register import (
    Resident,
    ResidentRegister,
    new_key,
)

_GREETING_S = 5.0
"""How long a caller may take to prove who it is, and then to ask."""
_GOODBYE_S = 2.0
"""How long the end waits for what is said to callers just now."""
_BREATH_S = 0.05
EMPTY_LIMIT_S = 10.0
"""A process that keeps nothing goes after so long without a caller."""
LOOK_EVERY_S = 1.0


def socket_folders() -> Sequence[str]:
    """Return where sockets are put: the user's choice of a folder may be too deep for one."""
    return () if sys.platform == "win32" else (tempfile.gettempdir(), "/tmp")  # noqa: S108 - a private folder is made in it


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
        self._listener: socket.socket | None = None
        self._address = ""
        self._accepting: threading.Thread | None = None
        self._threads: list[threading.Thread] = []
        self._lines: set[Line] = set()
        self._calls = 0
        self._calls_lock = threading.Lock()
        self._last_call_s = clock.monotonic()
        self._closing = threading.Event()

    def start(self) -> None:
        """Listen, and be found by others. Raises StorageError and its kinds."""
        folders = socket_folders()
        try:
            listener, self._address = listen(folders)
        except OSError as error:
            raise HomeUnwritableError(
                ", ".join(folders), f"No socket fits there: {error}."
            ) from error
        self._listener = listener
        key = new_key()
        self._accepting = self._spawn(
            partial(self._accept, listener, bytes.fromhex(key)), "residents-accept"
        )
        self._register.add(Resident(self._process, self._address, key))

    def close(self) -> None:
        """Stop listening; what callers still wait for is stopped. Safe to call twice."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._closing.set()
        self._register.remove(self._process)
        _knock(listener)
        if self._accepting is not None:  # first, because it makes the other threads
            self._accepting.join(_GOODBYE_S)
        listener.close()
        # Whoever waits for words is woken at once; whoever still speaks may finish the sentence.
        for way in (socket.SHUT_RD, socket.SHUT_RDWR):
            self._hang_up(way)
            deadline = time.monotonic() + _GOODBYE_S
            for thread in self._threads:
                thread.join(max(0.0, deadline - time.monotonic()))
        clear(self._address)

    def idle_s(self) -> float:
        """Return the seconds since the last caller was served; 0 while one is."""
        with self._calls_lock:
            return 0.0 if self._calls else self._clock.monotonic() - self._last_call_s

    def _hang_up(self, way: int) -> None:
        with self._calls_lock:
            for line in self._lines:
                with contextlib.suppress(OSError):  # it is gone already
                    line.hang_up(way)

    def _accept(self, listener: socket.socket, key: bytes) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:  # there is no descriptor left just now
                self._closing.wait(_BREATH_S)
                continue
            # The proof of the key is asked for over there: whoever says nothing holds up nobody.
            self._spawn(partial(self._serve, Line(connection), key), "residents-caller")

    def _spawn(self, work: Callable[[], None], name: str) -> threading.Thread:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _serve(self, line: Line, key: bytes) -> None:
        # A caller that goes away, talks nonsense or does not know the key ends its own call only.
        with line, contextlib.suppress(*GONE), self._reachable(line):
            line.prove(key, is_resident=True, within_s=_GREETING_S)
            with self._counted():
                self._converse(line)

    def _converse(self, line: Line) -> None:
        try:
            line.say(self._answer(line))
        except HeyGenError as error:
            line.say(Failed(RunFailure.of(error)))
        except ProtocolViolation as error:
            told = WorkerProtocolError(f"a resident was told: {error}")
            line.say(Failed(RunFailure.of(told)))

    @contextlib.contextmanager
    def _reachable(self, line: Line) -> Iterator[None]:
        """Let ``close`` hang up on the caller."""
        with self._calls_lock:
            if self._closing.is_set():
                raise EOFError
            self._lines.add(line)
        try:
            yield
        finally:
            with self._calls_lock:
                self._lines.discard(line)

    def _answer(self, line: Line) -> Message:
        caller = _Caller(line, self._closing)
        match line.hear(_GREETING_S):
            case ListWorkers():
                return Workers(tuple(self._inference.workers()))
            case Unload(model, version):
                return Workers(tuple(self._inference.unload(model, version)))
            case Load(model):
                worker = self._inference.load(
                    model, on_update=caller.tell, should_stop=caller.wants_stop
                )
                return Workers((worker,))
            case Run(model, task):
                return self._inference.run(
                    model, task, on_update=caller.tell, should_stop=caller.wants_stop
                )
            case _:
                raise ProtocolViolation("what is no question")

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


def keep_until_unneeded(
    server: ResidentServer,
    inference: Inference,
    *,
    idle_limit_s: Callable[[], float],
    wait: Callable[[float], bool],
) -> str:
    """Block until nobody needs this process any more, and return why, in a few words.

    Args:
        idle_limit_s: Seconds without a caller after which even a loaded model goes; 0 for never.
        wait: Waits so many seconds and returns True where the end was asked for meanwhile.
    """
    while not wait(LOOK_EVERY_S):
        idle_s = server.idle_s()
        if not inference.workers() and idle_s >= EMPTY_LIMIT_S:
            return "nothing is loaded"
        limit_s = idle_limit_s()
        if limit_s and idle_s >= limit_s:
            return "nobody used it"
    return "asked to end"


@dataclass
class _Caller:
    """Who asked, while the answer is made. One who goes away wants no more than the stop."""

    line: Line
    closing: threading.Event
    is_gone: bool = False

    def tell(self, update: Update) -> None:
        """Pass an update on."""
        self._try(lambda: self.line.say(update))

    def wants_stop(self) -> bool:
        """Show that we live, and return whether to stop: anything that the caller says means that."""
        self._try(self.line.show_life)
        self._try(self._listen)
        return self.is_gone or self.closing.is_set()

    def _listen(self) -> None:
        self.is_gone = self.line.hear(0) is not None

    def _try(self, work: Callable[[], None]) -> None:
        try:
            if not self.is_gone:
                work()
        except GONE:
            self.is_gone = True


def _knock(listener: socket.socket) -> None:
    """Wake a sleeping accept(): closing its socket from another thread does not."""
    with contextlib.suppress(OSError), socket.socket(listener.family) as knocking:
        knocking.connect(listener.getsockname())
