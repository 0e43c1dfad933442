"""Length-prefixed frames, so that a broken or hostile writer can never make the reader allocate much.

A frame is four bytes, the length of the body as an unsigned big-endian number, and the body.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

MOST_BYTES = 8 * 1024 * 1024
"""The longest body that either side sends or accepts."""

_LENGTH = struct.Struct(">I")


class ProtocolViolation(Exception):  # noqa: N818 - it names what happened; the error for users is WorkerProtocolError
    """The other side sent what it must not send. The text is one sentence."""


class FrameTooLargeError(ValueError):
    """A message of our own does not fit a frame."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"a message of {size_bytes:,} bytes passes the limit of {MOST_BYTES:,}")
        self.size_bytes = size_bytes


def pack(body: bytes) -> bytes:
    """Return the frame for a body.

    Raises:
        FrameTooLargeError: The body has more than ``MOST_BYTES``.
    """
    if len(body) > MOST_BYTES:
        raise FrameTooLargeError(len(body))
    return _LENGTH.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next body, or None where the stream ended between two frames. Blocks.

    Raises:
        ProtocolViolation: The announced length passes the limit (nothing was allocated for it),
            or the stream ended inside a frame.
    """
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise ProtocolViolation("The stream ended inside a frame's length.")
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise ProtocolViolation(
            f"A frame of {length:,} bytes was announced; the limit is {MOST_BYTES:,}."
        )
    body = stream.read(length)
    if len(body) < length:
        raise ProtocolViolation(f"The stream ended after {len(body):,} of {length:,} bytes.")
    return body
