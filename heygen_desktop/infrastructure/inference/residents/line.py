"""One end of a local socket between two processes of one user: whole messages, each wait with its end.

Before a message is heard, both sides prove that they know the key of the resident, and neither says
it: each answers the other's fresh number with a keyed hash. Until then no more than a few bytes of a
stranger are kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from heygen_desktop.infrastructure.inference.framing import (
    MOST_BYTES,
    READ_BYTES,
    Frames,
    ProtocolViolation,
    pack,
)
from heygen_desktop.infrastructure.inference.messages import (
    PROTOCOL_VERSION,
    Alive,
    Message,
    decode,
    encode,
)

GONE = (OSError, EOFError, ProtocolViolation)
"""What ends a conversation: the other side is away, silent, not who it must be, or talks nonsense."""
SEND_LIMIT_S = 10.0
"""How long the other side may take no word before it counts as gone."""
SIGN_OF_LIFE_S = 1.0
_NUMBER_BYTES = 32
_PROOF_BYTES = 2 * _NUMBER_BYTES


class Line:
    """A socket to another process. Belongs to one thread; others may only ``hang_up``."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._frames = Frames(most=_PROOF_BYTES)
        self._said_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def say(self, message: Message) -> None:
        """Send a message.

        Raises:
            OSError: The other side is gone, or takes nothing.
            HeyGenError: The message is one that cannot be sent; ``encode`` says which.
        """
        self._send(encode(message))

    def show_life(self) -> None:
        """Say that we live, where nothing was said for a second. Raises OSError."""
        if time.monotonic() - self._said_at >= SIGN_OF_LIFE_S:
            self.say(Alive())

    def hear(self, within_s: float) -> Message | None:
        """Return the next message, or None where none came in time.

        Raises:
            EOFError, OSError: The other side is gone.
            ProtocolViolation: It sent what it must not send.
        """
        body = self._next_body(within_s)
        return None if body is None else decode(body)

    def hang_up(self, way: int = socket.SHUT_RDWR) -> None:
        """End one way of the connection, or both, and so wake the thread that waits on it."""
        self._connection.shutdown(way)

    def prove(self, key: bytes, *, is_resident: bool, within_s: float) -> None:
        """Prove to each other that both know the key.

        Raises:
            OSError, EOFError, ProtocolViolation: The other side does not, or says nothing.
        """
        deadline = time.monotonic() + within_s
        mine = secrets.token_bytes(_NUMBER_BYTES)
        self._send(pack(mine))
        theirs = self._number(deadline)
        self._send(pack(_proof(key, is_resident, mine, theirs)))
        if not hmac.compare_digest(
            self._number(deadline), _proof(key, not is_resident, theirs, mine)
        ):
            raise PermissionError("the other side does not know the key")
        self._frames.most = MOST_BYTES

    def _number(self, deadline: float) -> bytes:
        body = self._next_body(deadline - time.monotonic())
        if body is None:
            raise TimeoutError("the other side did not say who it is")
        return body

    def _send(self, frame: bytes) -> None:
        self._connection.settimeout(SEND_LIMIT_S)
        self._connection.sendall(frame)
        self._said_at = time.monotonic()

    def _next_body(self, within_s: float) -> bytes | None:
        deadline = time.monotonic() + within_s
        while (body := self._frames.cut()) is None:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.0))
            try:
                data = self._connection.recv(READ_BYTES)
            except (TimeoutError, BlockingIOError):
                return None
            if not data:
                raise EOFError("the other side hung up")
            self._frames.feed(data)
        return body


def listen(folders: Sequence[str]) -> tuple[socket.socket, str]:
    """Return a socket that listens, and the address under which ``connected`` finds it.

    Args:
        folders: Tried one after the other, since the path of a socket may have a hundred bytes only.
            None are needed where a port of this machine is taken instead, as Windows has no such
            sockets; the key keeps others from it.

    Raises:
        OSError: It cannot listen in any of them.
    """
    if not folders:
        listener = socket.create_server(("127.0.0.1", 0))
        return listener, f"127.0.0.1:{listener.getsockname()[1]}"
    trouble = []
    for folder in folders:
        try:
            return _listen_in(folder)
        except OSError as error:
            trouble.append(str(error))
    raise OSError("; ".join(trouble))


def _listen_in(folder: str) -> tuple[socket.socket, str]:
    private = Path(tempfile.mkdtemp(prefix="heygen-", dir=folder))
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(private / "s"))
        listener.listen(16)
    except OSError:
        listener.close()
        private.rmdir()
        raise
    return listener, str(private / "s")


def clear(address: str) -> None:
    """Remove what a socket that listens no more has left on the disk."""
    path = Path(address)
    if path.is_socket():
        path.unlink()
        path.parent.rmdir()


def connected(address: str, key: bytes, within_s: float) -> Line:
    """Return a line to the resident at an address, who has proved to be the one of that key.

    Raises:
        OSError, EOFError, ProtocolViolation: There is none, or it does not answer in time.
    """
    host, colon, port = address.rpartition(":")
    is_port = bool(colon) and port.isdigit()
    connection = socket.socket(socket.AF_INET if is_port else socket.AF_UNIX)
    line = Line(connection)
    try:
        connection.settimeout(within_s)
        connection.connect((host, int(port)) if is_port else address)
        line.prove(key, is_resident=False, within_s=within_s)
    except BaseException:
        connection.close()
        raise
    return line


def _proof(key: bytes, is_resident: bool, mine: bytes, theirs: bytes) -> bytes:
    # Who speaks is part of it, so that nobody's own words can be played back to them.
    who = b"resident" if is_resident else b"caller"
    content = b"heygen %d %s " % (PROTOCOL_VERSION, who) + mine + theirs
    return hmac.new(key, content, hashlib.sha256).digest()
