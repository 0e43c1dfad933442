"""The log's way from a call to the disk: loguru in front, one writer thread behind.

loguru's logger is global by nature and the one exception to "no globals": the composition root hands
it in, and ``close`` takes away again what ``start`` gave it. What other libraries say through the
standard library's logging and warnings comes the same way, from WARNING on.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.files import LogFile
from heygen_desktop.infrastructure.logging.lines import LineEncoder, PendingRecord
from heygen_desktop.infrastructure.logging.redaction import Redactor
from heygen_desktop.infrastructure.logging.writer import LogWriter

if TYPE_CHECKING:
    from loguru import Logger, Message, Record


class LogPipeline:
    """Takes loguru's records to ``heygen.jsonl`` in its folder; ``start`` and ``close`` once each.

    ``logger.bind(category="runs", run_id=...)`` sets a record's category and ids; any other bound
    value lands in ``extra``. ``logger.contextualize(request_id=...)`` gives one to all calls of a block.
    """

    def __init__(
        self,
        folder: Path,
        *,
        logger: Logger,
        level: LogLevel = LogLevel.INFO,
        max_bytes: int = 16 * 1024 * 1024,
        kept_files: int = 10,
        session_id: str = "",
        capacity: int = 200_000,
    ) -> None:
        """Nothing is opened yet.

        Args:
            folder: Made when the first record is written, for this user alone.
            logger: loguru's.
            level: Records below it are not taken.
            max_bytes: A file that would pass it is rotated first.
            kept_files: Rotated files that are kept beside the current one.
            session_id: Stands in every record that brings none of its own.
            capacity: Records that wait in memory at most; the rest is counted and dropped.
        """
        self._logger = logger
        self._level = level
        self._redactor = Redactor()
        file = LogFile(folder, max_bytes=max_bytes, kept_files=kept_files)
        encoder = LineEncoder(self._redactor, session_id=session_id)
        self._writer = LogWriter(file, encoder, capacity=capacity)
        self._handler_id: int | None = None
        self._intercept = InterceptHandler(logger)

    def start(self) -> None:
        """Begin to take records, from loguru, logging and warnings; loguru's stderr output ends."""
        self._remove_handler(0)  # the one that loguru brings along
        self._writer.start()
        self._handler_id = self._add_handler()
        logging.getLogger().addHandler(self._intercept)
        logging.captureWarnings(True)
        # A program that ends without close() would lose its last 20 ms.
        atexit.register(self.close)

    def close(self) -> None:
        """Write what is left, end the thread and leave loguru and logging as they were; twice is safe."""
        if self._handler_id is None:
            return
        atexit.unregister(self.close)
        logging.captureWarnings(False)
        logging.getLogger().removeHandler(self._intercept)
        self._remove_handler(self._handler_id)
        self._handler_id = None
        self._writer.close()

    def set_level(self, level: LogLevel) -> None:
        """Take records from this level on, from now."""
        self._level = level
        if self._handler_id is None:
            return
        old, self._handler_id = self._handler_id, self._add_handler()
        self._remove_handler(old)

    def add_known_value(self, value: str) -> None:
        """Redact this very text from now on; see ``Redactor`` for short ones."""
        self._redactor.add_known_value(value)

    def flush(self, timeout_s: float = 2.0) -> bool:
        """Return once everything logged before is on disk; False where it is not in time."""
        return self._writer.flush(timeout_s)

    def _add_handler(self) -> int:
        # An empty format: the record itself is taken, and diagnose would print values of variables.
        return self._logger.add(
            self._take,
            level=int(self._level),
            format=lambda _record: "",
            backtrace=False,
            diagnose=False,
            catch=True,
        )

    def _remove_handler(self, handler_id: int) -> None:
        with contextlib.suppress(ValueError):  # somebody took it away before
            self._logger.remove(handler_id)

    def _take(self, message: Message) -> None:
        record = message.record
        error = record["exception"]
        self._writer.put(
            PendingRecord(
                record["time"],
                record["level"].no,
                record["name"] or "",
                record["message"],
                record["extra"],
                "" if error is None or error.value is None else _traceback_of(error.value),
            )
        )


def _traceback_of(error: BaseException) -> str:
    """Return the traceback as text, without the values of variables."""
    return "".join(traceback.format_exception(error))


class InterceptHandler(logging.Handler):
    """Hands records of the standard library to loguru, under their own logger's name."""

    def __init__(self, logger: Logger, level: int = logging.WARNING) -> None:
        super().__init__(level)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the record on; what goes wrong is told on stderr, as logging does it."""
        try:
            self._pass_on(record)
        except Exception:  # noqa: BLE001  logging's rule: an error of a handler never reaches the caller
            self.handleError(record)

    def _pass_on(self, record: logging.LogRecord) -> None:
        def named(target: Record) -> None:
            target["name"] = record.name

        error = record.exc_info[1] if record.exc_info else None
        self._logger.patch(named).opt(exception=error).log(
            record.levelno, "{}", record.getMessage()
        )
