"""What a worker does to itself before anything else: die with its parent, yield, and stay offline.

Linux: the parent holds the writing end of a pipe. The worker asks the kernel to send it SIGKILL when
that end closes, which happens however the parent dies. It works while native code holds the
interpreter, and it does not depend on which thread of the parent started the worker (as PDEATHSIG
does). Elsewhere the thread that reads the command channel ends the process when that channel ends;
it needs the interpreter, so there a worker stuck in native code outlives its parent until that code
returns.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_OOM_SCORE = Path("/proc/self/oom_score_adj")
_NETWORK_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_F_SETSIG = 10  # the fcntl module names it only from Python 3.13


def die_with_parent(life: int) -> None:
    """Let the kernel kill this process when the other end of the pipe closes.

    Args:
        life: The reading end, inherited; -1 where the platform has no such thing.
    """
    if life < 0 or sys.platform != "linux":
        return
    import fcntl  # noqa: PLC0415 - there is none on Windows
    import select  # noqa: PLC0415 - with its only use

    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, _F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(life, fcntl.F_GETFL)
    fcntl.fcntl(life, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    # A parent that died before the line above sent no signal.
    if select.select([life], [], [], 0)[0]:
        os._exit(0)


def yield_to_others(niceness: int) -> None:
    """Take less of the processor, leave no core file, and be the first to go when memory runs out.

    Threads started later inherit it. What the system refuses is said on standard error and goes on:
    each of these is a courtesy, not a condition.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    try:
        os.nice(max(0, niceness - os.nice(0)))  # a program started niced is not made nicer still
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if _OOM_SCORE.exists():
            _OOM_SCORE.write_text("800", encoding="ascii")
    except OSError as error:
        print(f"the system refused a courtesy: {error}", file=sys.stderr)  # noqa: T201 - standard error is the worker's log


def forbid_network() -> None:
    """Refuse every connection and name look-up of this process, from now on; it cannot be undone.

    Sockets between local processes (AF_UNIX) stay possible.
    """
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _NETWORK_EVENTS or _is_local(arguments):
        return
    raise PermissionError(f"a worker has no network: {event} was refused")


def _is_local(arguments: tuple[object, ...]) -> bool:
    with suppress(IndexError):
        return int(getattr(arguments[0], "family", -1)) == 1  # AF_UNIX, where it exists
    return False
