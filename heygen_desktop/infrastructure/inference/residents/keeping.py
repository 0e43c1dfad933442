"""How long a process that keeps models stays."""

from __future__ import annotations

from collections.abc import Callable

from heygen_desktop.application.ports.inference import Inference
from heygen_desktop.infrastructure.inference.residents.server import ResidentServer

EMPTY_LIMIT_S = 10.0
"""A process that keeps nothing goes after so long without a caller."""
LOOK_EVERY_S = 1.0


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
