"""Who sits at which machine, and which processes live: a reused pid is never taken for an old worker."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import sys
from typing import TYPE_CHECKING

from heygen_desktop.domain.entities.run import Owner

if TYPE_CHECKING:
    import psutil
if sys.platform != "win32":
    import pwd

SAME_START_WITHIN_S = 1.0
"""Start times are counted from the boot time, which moves when the machine's clock is set."""


def login_name() -> str:
    """Return the name of the account that this process runs under; its number where it has no name."""
    if sys.platform == "win32":
        return getpass.getuser()
    # Not getpass: it believes LOGNAME and USER, which anybody may set.
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def host_name() -> str:
    """Return the name under which other machines know this one; it stays for the life of this process."""
    return platform.node()


def process_of(pid: int) -> Owner:
    """Return the process of this machine; one that has just died counts from the epoch."""
    import psutil  # noqa: PLC0415  most commands ask of no process

    try:
        started_at = float(psutil.Process(pid).create_time())
    except psutil.Error:
        started_at = 0.0
    return Owner(pid, started_at, host_name())


class SystemProcesses:
    """Fulfils ``Processes`` by asking the operating system through psutil."""

    def current(self) -> Owner:
        return process_of(os.getpid())

    def is_here(self, process: Owner) -> bool:
        return process.host in ("", host_name())

    def is_gone(self, process: Owner) -> bool:
        """Whether it has ended; a zombie, which only waits for its parent, has."""
        return self.is_here(process) and self._find(process) is None

    def memory_bytes(self, process: Owner) -> int | None:
        found = self._find(process) if self.is_here(process) else None
        if found is None:
            return None
        import psutil  # noqa: PLC0415  see above

        try:
            return int(found.memory_info().rss)
        except psutil.Error:
            return None

    def end(self, process: Owner) -> None:
        found = self._find(process) if self.is_here(process) else None
        if found is not None:
            import psutil  # noqa: PLC0415  see above

            with contextlib.suppress(psutil.Error):  # it ended by itself meanwhile
                found.kill()

    @staticmethod
    def _find(process: Owner) -> psutil.Process | None:
        import psutil  # noqa: PLC0415  see above

        try:
            found = psutil.Process(process.pid)
            is_same = abs(found.create_time() - process.started_at) < SAME_START_WITHIN_S
            return found if is_same and found.status() != psutil.STATUS_ZOMBIE else None
        except (psutil.Error, ValueError, OverflowError):
            return None
