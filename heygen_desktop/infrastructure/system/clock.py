"""The machine's own clock, behind the port so that tests can give another."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Fulfils ``Clock``."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
