"""Whether a window can be opened. Asked before Qt, which would end the process instead of answering."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from heygen_desktop.domain.errors import DisplayMissingError

_LOCAL_X = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
_X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers put their sockets, not a file of ours


def require_display(environment: Mapping[str, str], platform: str) -> None:
    """Return where there is a display, or where Qt was told to do without one.

    Args:
        environment: The process environment.
        platform: ``sys.platform``; only Linux may lack a display.

    Raises:
        DisplayMissingError: No display is named, or the one that is named does not answer.
    """
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if platform != "linux" or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return
    if environment.get("WAYLAND_DISPLAY"):
        return
    display = environment.get("DISPLAY", "")
    if not display:
        raise DisplayMissingError
    local = _LOCAL_X.fullmatch(display)
    if local is not None and not _answers(int(local.group(1))):
        raise DisplayMissingError(f"No X server answers at DISPLAY={display}.")


def _answers(number: int) -> bool:
    """Whether an X server of this machine listens, at its file or at its abstract address."""
    file = str(_X_SOCKETS / f"X{number}")
    return any(_can_connect(address) for address in (file, f"\0{file}"))


def _can_connect(address: str) -> bool:
    import socket  # noqa: PLC0415 - 3 ms, needed on X alone

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True
