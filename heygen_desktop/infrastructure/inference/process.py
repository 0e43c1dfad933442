"""One worker process: started, heard, and always waited for.

The channel is the child's standard input and output, which the child moves aside at once so that
nothing it prints can get into the protocol; its standard error is kept as evidence, the last lines
only. Three threads serve one process: one reads its messages (and waits for its end, so that there
is no zombie and a death in idle time is noticed), one reads its standard error, one writes, so that
no caller ever blocks on a process that has stopped reading.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.inference import TaskResult
from heygen_desktop.domain.entities.run import Produced
from heygen_desktop.infrastructure.inference.endings import Ending, system_kill_count
from heygen_desktop.infrastructure.inference.environment import worker_environment
from heygen_desktop.infrastructure.inference.framing import ProtocolViolation
from heygen_desktop.infrastructure.inference.messages import (
    Alive,
    Measured,
    Message,
    Shutdown,
    encode,
    heard,
)
from heygen_desktop.infrastructure.system.processes import process_of

_LINES_KEPT = 50
_LINE_CHARACTERS = 500
_UNREAD_MOST = 256


@dataclass(frozen=True)
class WorkerPolicy:
    """How long a worker is given, in seconds."""

    poll_s: float = 0.05
    """How often a waiting call asks whether to stop."""
    answer_s: float = 1.0
    """From a polite request (cancel, shut down) to SIGTERM."""
    terminate_s: float = 1.0
    """From SIGTERM to SIGKILL."""


class WorkerEnded(Exception):  # noqa: N818 - internal: an end is no error yet; Ending.error makes one
    """The process has ended and everything that it sent was read."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.how)
        self.ending = ending


class WorkerProcess:
    """A running worker. ``send`` and ``receive`` belong to the task whose turn it is.

    Args:
        command: The program and its first arguments.
        threads: Threads it computes with, at least 1.
        niceness: 0 to 19.
        on_end: Called once, on a thread of this object, when the process is gone and waited for.

    Raises:
        OSError: The program cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        threads: int,
        niceness: int,
        clock: Clock,
        policy: WorkerPolicy,
        on_end: Callable[[WorkerProcess, Ending], None],
    ) -> None:
        self.clock = clock
        self.policy = policy
        self._on_end = on_end
        self._kills_before = system_kill_count()
        self._life, self._popen = _start(command, threads=threads, niceness=niceness)
        self.owner = process_of(self._popen.pid)
        self._inbox: queue.Queue[Message] = queue.Queue(_UNREAD_MOST)
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._last_lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._state = threading.Lock()
        self._asked = ""
        self._violation = ""
        self._ending: Ending | None = None
        self.step = 0
        """The worker's own count of progress, from its last sign of life."""
        self.signs = 0
        """How many messages came, signs of life included."""
        self.peak_host_bytes: int | None = None
        """The highest resident memory that it has told."""
        self._threads = [
            self._thread("errors", self._keep_errors),
            self._thread("commands", self._write_commands),
        ]
        self._reader = self._thread("answers", self._read_answers)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def send(self, message: Message) -> None:
        """Hand over a message; returns at once, and says nothing where the process is gone.

        Raises:
            HeyGenError: The message is one that cannot be sent; ``encode`` says which.
        """
        self._outbox.put(encode(message))

    def receive(self, timeout_s: float) -> Message | None:
        """Return the next message but signs of life, or None where none came in time.

        Raises:
            WorkerEnded: The process is gone and all that it sent was returned.
        """
        ended = self._ended.is_set()
        try:
            return self._inbox.get(timeout=0.001 if ended else timeout_s)
        except queue.Empty:
            if ended and self._ending is not None:
                raise WorkerEnded(self._ending) from None
            return None

    def violate(self, what: str) -> None:
        """Note that the process sent what it must not send, and kill it."""
        with self._state:
            self._violation = self._violation or what
        self._stopping.set()
        self._popen.kill()

    def terminate(self, why: str) -> None:
        """Send SIGTERM. Returns at once."""
        self._note_reason(why)
        self._popen.terminate()

    def kill(self, why: str) -> None:
        """Send SIGKILL. Returns at once."""
        self._note_reason(why)
        self._popen.kill()

    def stop(self, why: str) -> None:
        """Ask it to end, then insist; returns when it is gone."""
        self._note_reason(why)
        self.send(Shutdown())
        if not self._ended.wait(self.policy.answer_s):
            self._popen.terminate()
            if not self._ended.wait(self.policy.terminate_s):
                self._popen.kill()
        self.join()

    @property
    def is_stopping(self) -> bool:
        """Whether it has ended or is being ended."""
        return self._stopping.is_set() or self._ended.is_set()

    def join(self, timeout_s: float = 10.0) -> None:
        """Wait until the process and this object's threads are gone.

        The limit is for a process that the system cannot kill just now (it waits for a dead disk).
        """
        self._ended.wait(timeout_s)
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout_s)

    def _note_reason(self, why: str) -> None:
        """Note that we stop it, and why; the first reason stays."""
        with self._state:
            self._asked = self._asked or why
        self._stopping.set()

    def _thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        # Daemon: a program that forgets close() still ends, and its end ends the worker.
        thread = threading.Thread(target=work, name=f"worker-{self.pid}-{name}", daemon=True)
        thread.start()
        return thread

    def _read_answers(self) -> None:
        stream = _pipe(self._popen.stdout)
        try:
            for message in heard(partial(os.read, stream.fileno())):
                self._accept(message)
        except ProtocolViolation as violation:
            # Death in the middle of a frame is a death, and its signal says more.
            if not self._ends_by_itself():
                self.violate(str(violation))
        self._bury(stream)

    def _accept(self, message: Message) -> None:
        self.signs += 1
        if isinstance(message, Alive):
            self.step = message.step
            return
        self._note_peak(message)
        while not self._stopping.is_set():
            try:
                self._inbox.put(message, timeout=self.policy.poll_s)
            except queue.Full:
                continue
            return
        with suppress(queue.Full):  # it is being stopped: what nobody reads any more is dropped
            self._inbox.put_nowait(message)

    def _note_peak(self, message: Message) -> None:
        match message:
            case Measured():
                peak: int | None = message.peak_host_bytes
            case Produced() | TaskResult():
                peak = message.figures.peak_host_bytes
            case _:
                return
        self.peak_host_bytes = max(peak or 0, self.peak_host_bytes or 0)

    def _ends_by_itself(self) -> bool:
        with suppress(subprocess.TimeoutExpired):
            return self._popen.wait(0.2) < 0
        return False

    def _bury(self, stream: BinaryIO) -> None:
        try:
            code = self._popen.wait(self.policy.answer_s)
        except subprocess.TimeoutExpired:
            self.violate("The worker closed its channel but went on running.")
            code = self._popen.wait()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(self.policy.answer_s)
        stream.close()
        os.close(self._life)
        self._ending = self._describe(code)
        self._ended.set()
        self._on_end(self, self._ending)

    def _describe(self, code: int) -> Ending:
        now = system_kill_count()
        with self._state:
            return Ending(
                code=code,
                asked=self._asked,
                violation=self._violation,
                last_output="\n".join(tuple(self._last_lines)),
                system_kills=None
                if now is None or self._kills_before is None
                else now - self._kills_before,
                peak_memory_bytes=self.peak_host_bytes,
            )

    def _keep_errors(self) -> None:
        stream = _pipe(self._popen.stderr)
        with stream:
            # A limit for each read: a worker that never ends its line must not fill our memory.
            while line := stream.readline(_LINE_CHARACTERS):
                if text := line.decode("utf-8", "replace").rstrip():
                    self._last_lines.append(text)

    def _write_commands(self) -> None:
        stream = _pipe(self._popen.stdin)
        # The process may be gone at any write; the thread that reads notices that and says so.
        with suppress(BrokenPipeError), stream:
            while (frame := self._outbox.get()) is not None:
                stream.write(frame)
                stream.flush()


def _start(
    command: Sequence[str], *, threads: int, niceness: int
) -> tuple[int, subprocess.Popen[bytes]]:
    """Return the descriptor that must stay open as long as the worker shall live, and the process."""
    theirs, ours = os.pipe()
    inherit = (theirs,) if sys.platform != "win32" else ()
    try:
        popen = subprocess.Popen(
            [*command, "--life", str(theirs if inherit else -1), "--niceness", str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=worker_environment(os.environ, threads=threads),
            close_fds=True,
            pass_fds=inherit,
            start_new_session=True,
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return ours, popen


def _pipe(stream: object) -> BinaryIO:
    return cast(BinaryIO, stream)  # Popen types its pipes as optional; all three were asked for
