"""Length-prefixed frames, so that a broken or hostile writer can never make the reader allocate much.

A frame is four bytes, the length of the body as an unsigned big-endian number, and the body.
"""

from __future__ import annotations

import struct

MOST_BYTES = 8 * 1024 * 1024
"""The longest body that either side sends or accepts."""
READ_BYTES = 64 * 1024
"""As much as is read from a pipe or socket at once."""

_LENGTH = struct.Struct(">I")


class ProtocolViolation(Exception):  # noqa: N818 - it names what happened; the error for users is WorkerProtocolError
    """The other side sent what it must not send. The text is one sentence."""


class UnsendableError(ValueError):
    """What is our own cannot be sent: too large for a frame, or no Unicode in it."""

    def __init__(self, given: str, expected: str) -> None:
        super().__init__(f"{given}, not {expected}")
        self.given = given
        self.expected = expected


def pack(body: bytes) -> bytes:
    """Return the frame for a body.

    Raises:
        UnsendableError: The body has more than ``MOST_BYTES``.
    """
    if len(body) > MOST_BYTES:
        raise UnsendableError(f"{len(body):,} bytes", f"at most {MOST_BYTES >> 20} MiB")
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Puts what arrives together again, however it was cut up on its way.

    Args:
        most: The longest body that is accepted; may be changed between two frames.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self._rest = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what was read."""
        self._rest += data

    def cut(self) -> bytes | None:
        """Return the next body that is whole, or None.

        Raises:
            ProtocolViolation: A length passes the limit; nothing was kept for it.
        """
        if len(self._rest) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._rest)
        if length > self.most:
            raise ProtocolViolation(
                f"A frame of {length:,} bytes was announced; the limit is {self.most:,}."
            )
        end = _LENGTH.size + length
        if len(self._rest) < end:
            return None
        body = bytes(self._rest[_LENGTH.size : end])
        del self._rest[:end]
        return body

    def end(self) -> None:
        """Note that nothing more comes.

        Raises:
            ProtocolViolation: It ended inside a frame.
        """
        if self._rest:
            raise ProtocolViolation(f"The stream ended {len(self._rest):,} bytes into a frame.")
