"""What libraries say through the standard library's logging joins the one log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loguru import Logger, Record


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
