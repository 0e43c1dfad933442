"""The thread that writes the log, so that whoever logs waits for nothing.

The caller leaves a small tuple in a bounded queue. The thread sleeps while there is nothing, gathers
for a moment, encodes a batch and appends it in one write. A disk that takes nothing (full, unplugged)
keeps the batch in memory and is asked again; what no longer fits the queue is counted, and the count
becomes a record of its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord

_GATHER_S = 0.02
_RETRY_S = 1.0
_MOST_IN_A_BATCH = 1000
_CLOSE_WAIT_S = 5.0


@dataclass(frozen=True)
class WriterState:
    """How the writing goes."""

    waiting: int
    """Records in memory that are not on disk yet."""
    dropped: int
    """Records lost since the start, because the queue was full."""
    problem: str
    """Why the disk takes nothing now, in the system's words; empty where it does."""


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
        self._queue: deque[PendingRecord | threading.Event] = deque()
        self._batch = b""
        self._batch_records = 0
        self._flushes: list[threading.Event] = []
        self._dropped = 0
        self._reported = 0
        self._drop_lock = threading.Lock()
        self._problem = ""
        self._failing_since = 0.0
        self._is_asleep = False
        self._is_stopping = False
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._work, name="log-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, record: PendingRecord) -> None:
        """Take the record for the disk, or count it as dropped; returns in microseconds."""
        if len(self._queue) >= self._capacity:
            with self._drop_lock:
                self._dropped += 1
            return
        self._queue.append(record)
        if record.level >= LogLevel.ERROR:
            self._hurry.set()
        if self._is_asleep:
            self._wake.set()

    def flush(self, timeout_s: float = 2.0) -> bool:
        """Wait until all that was put before is on disk; return whether it is."""
        if not self._thread.is_alive():
            return not self._queue and not self._batch
        reached = threading.Event()
        self._queue.append(reached)
        self._rouse()
        return reached.wait(timeout_s)

    def close(self) -> None:
        """Write what is left, as far as the disk takes it, and end the thread."""
        self._is_stopping = True
        self._rouse()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_WAIT_S)
        self._file.close()

    @property
    def state(self) -> WriterState:
        """Return how the writing goes."""
        return WriterState(
            waiting=len(self._queue) + self._batch_records,
            dropped=self._dropped,
            problem=self._problem,
        )

    def _rouse(self) -> None:
        self._hurry.set()
        self._wake.set()

    def _work(self) -> None:
        while not (self._is_stopping and not self._queue and not self._batch):
            if not self._queue and not self._batch:
                self._sleep()
            self._hurry.wait(self._retry_s if self._problem else _GATHER_S)
            self._hurry.clear()
            self._drain()
            if self._is_stopping and self._problem:
                return

    def _sleep(self) -> None:
        self._is_asleep = True
        # A record put between the last look and the line above woke nobody: look again.
        if not self._queue and not self._is_stopping:
            self._wake.wait()
        self._is_asleep = False
        self._wake.clear()

    def _drain(self) -> None:
        while self._batch or self._queue or self._dropped > self._reported:
            if not self._batch:
                self._fill_batch()
            if not self._write_batch():
                return

    def _fill_batch(self) -> None:
        lines: list[bytes] = []
        if self._dropped > self._reported:
            lines.append(self._drop_report())
        for _ in range(min(len(self._queue), _MOST_IN_A_BATCH)):
            item = self._queue.popleft()
            if isinstance(item, threading.Event):
                self._flushes.append(item)
            else:
                lines.append(self._encoder.encode(item))
        self._batch, self._batch_records = b"".join(lines), len(lines)

    def _write_batch(self) -> bool:
        try:
            if self._batch:
                self._file.append(self._batch)
        except OSError as error:
            self._failing_since = self._failing_since or time.monotonic()
            self._problem = error.strerror or str(error)
            return False
        self._batch, self._batch_records = b"", 0
        self._report_recovery()
        for reached in self._flushes:
            reached.set()
        self._flushes.clear()
        return True

    def _drop_report(self) -> bytes:
        count, self._reported = self._dropped - self._reported, self._dropped
        return self._own_record(
            f"{count} log records were dropped because the queue was full", {"dropped": count}
        )

    def _report_recovery(self) -> None:
        if not self._problem:
            return
        seconds = round(time.monotonic() - self._failing_since, 1)
        problem, self._problem, self._failing_since = self._problem, "", 0.0
        self._batch_records = 1
        self._batch = self._own_record(
            f"The log could not be written for {seconds} s: {problem}", {"seconds": seconds}
        )

    def _own_record(self, message: str, extra: dict[str, object]) -> bytes:
        return self._encoder.encode(
            PendingRecord(
                datetime.now(UTC), LogLevel.WARNING, __name__, message, extra, exception=""
            )
        )
