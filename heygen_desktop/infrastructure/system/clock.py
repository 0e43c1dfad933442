"""The machine's own clock and random source, behind their ports so that tests can give others."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """Fulfils ``Clock``."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class RandomIds:
    """Fulfils ``Ids``: 48 random bits, so 10 million ids clash with a chance below 1 in 5."""

    def new(self) -> str:
        return secrets.token_hex(6)
