"""Who sits at which machine, as the operating system knows them."""

from __future__ import annotations

import getpass
import os
import platform
import sys

if sys.platform != "win32":
    import pwd


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
