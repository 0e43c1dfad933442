"""The thread that writes the log, so that whoever logs waits for nothing.

The caller leaves a small tuple in a queue. The thread sleeps while there is nothing, gathers for a
moment, encodes a batch and appends it in one write. A disk that takes nothing (full, unplugged) keeps
the batch in memory and is asked again; what no longer fits the queue is counted, and the count becomes a
record of its own. What cannot be encoded costs its own record, and is counted and told as well.

Why not the standard library's: ``QueueHandler`` with ``QueueListener`` behind loguru takes the caller 1.7
times as long and writes half as many records a second, before it redacts or rotates anything; loguru's own
``enqueue`` takes 8 times as long (``tests/performance/bench_logs.py``).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord

_GATHER_S = 0.02
_RETRY_S = 1.0
_MOST_IN_A_BATCH = 1000
_CLOSE_WAIT_S = 5.0


class LogWriter:
    """Owns the thread; ``put`` is for any thread and never raises."""

    def __init__(
        self,
        file: LogFile,
        encoder: LineEncoder,
        *,
        capacity: int = 200_000,
        retry_s: float = _RETRY_S,
    ) -> None:
        self._file = file
        self._encoder = encoder
        self._capacity = capacity
        self._retry_s = retry_s
        self._queue: SimpleQueue[PendingRecord | threading.Event] = SimpleQueue()
        self._lines: list[bytes] = []
        """Encoded, and not on disk yet."""
        self._flushes: list[threading.Event] = []
        self._losses: Counter[str] = Counter()
        """How many were lost for which reason, as far as the log does not tell of them yet."""
        self._losing = threading.Lock()
        self._problem = ""
        self._failing_since = 0.0
        self._is_stopping = False
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._work, name="log-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, record: PendingRecord) -> None:
        """Take the record for the disk, or count it as dropped; returns in microseconds."""
        if self._queue.qsize() >= self._capacity:
            self._lose("the queue was full")
            return
        self._queue.put(record)
        if record.level >= LogLevel.ERROR:
            self._hurry.set()

    def flush(self, timeout_s: float = 2.0) -> bool:
        """Wait until all that was put before is on disk; return whether it is."""
        if not self._thread.is_alive():
            return self._queue.empty() and not self._lines
        return self._mark().wait(timeout_s)

    def close(self) -> None:
        """Write what is left, as far as the disk takes it, and end the thread."""
        self._is_stopping = True
        self._mark()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_WAIT_S)
        if not self._thread.is_alive() and self._gather():
            self._write()  # what came while the thread ended
        self._file.close()

    def _mark(self) -> threading.Event:
        """Return what is set once all before it is on disk, and do not wait for more to gather."""
        reached = threading.Event()
        self._queue.put(reached)
        self._hurry.set()
        return reached

    def _lose(self, why: str) -> None:
        with self._losing:
            self._losses[why] += 1

    def _work(self) -> None:
        while not self._is_done():
            try:
                self._write_on()
            except BaseException as error:  # noqa: BLE001  whatever it was, there is no other writer
                self._lose(f"the writer met {type(error).__name__} and was started again")

    def _is_done(self) -> bool:
        nothing_left = self._queue.empty() and not self._lines and not self._losses
        return self._is_stopping and (nothing_left or bool(self._problem))

    def _write_on(self) -> None:
        if not self._lines and not self._losses:
            self._take(self._queue.get())
        self._hurry.wait(self._retry_s if self._problem else _GATHER_S)
        self._hurry.clear()
        while self._gather() and self._write():
            pass

    def _gather(self) -> bool:
        """Encode a batch of what waits, unless one waits for the disk; return whether there is any."""
        if not self._problem:
            self._tell_losses()
            with suppress(Empty):
                while len(self._lines) < _MOST_IN_A_BATCH:
                    self._take(self._queue.get_nowait())
        return bool(self._lines or self._flushes)

    def _take(self, item: PendingRecord | threading.Event) -> None:
        if isinstance(item, threading.Event):
            self._flushes.append(item)
            return
        try:
            self._lines.append(self._encoder.encode(item))
        except Exception as error:  # noqa: BLE001  objects of others are looked at, and may raise anything
            self._lose(f"{type(error).__name__} was raised by what {item.logger} logged")

    def _write(self) -> bool:
        """Append the batch; return whether the disk took it."""
        try:
            if self._lines:
                self._file.append(b"".join(self._lines))
        except Exception as error:  # noqa: BLE001  told, and tried again: the records are in memory
            self._failing_since = self._failing_since or time.monotonic()
            self._problem = getattr(error, "strerror", None) or str(error) or type(error).__name__
            return False
        self._lines.clear()
        for reached in self._flushes:
            reached.set()
        self._flushes.clear()
        if self._problem:
            self._tell_recovery()
        return True

    def _tell_losses(self) -> None:
        with self._losing:
            losses, self._losses = self._losses, Counter()
        for why, count in losses.items():
            records = "record was" if count == 1 else "records were"
            self._tell(f"{count} log {records} dropped because {why}", dropped=count)

    def _tell_recovery(self) -> None:
        seconds = round(time.monotonic() - self._failing_since, 1)
        problem, self._problem, self._failing_since = self._problem, "", 0.0
        self._tell(f"The log could not be written for {seconds} s: {problem}", seconds=seconds)

    def _tell(self, message: str, **extra: object) -> None:
        now = datetime.now(UTC)
        own = PendingRecord(now, LogLevel.WARNING, __name__, message, extra, exception="")
        self._lines.append(self._encoder.encode(own))
