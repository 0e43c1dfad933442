"""How the worker is started where the program is not frozen into executables."""

from __future__ import annotations

import sys


def default_command() -> tuple[str, ...]:
    """Return the command of the worker: this Python, without the current folder on its path.

    An installer gives its own executable to the Supervisor instead.
    """
    return (sys.executable, "-P", "-m", "heygen_desktop.infrastructure.inference.worker")
