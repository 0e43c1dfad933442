"""The worker's end of the pipe to the program."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from heygen_desktop.infrastructure.inference.messages import Message, encode, heard


class Channel:
    """Messages both ways. ``send`` is safe from any thread; ``messages`` belongs to one.

    Args:
        commands: Descriptor to read from; owned from now on.
        answers: Descriptor to write to; owned from now on.
    """

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, "rb", buffering=0)
        self._answers = os.fdopen(answers, "wb", buffering=0)
        self._writing = threading.Lock()

    def send(self, message: Message) -> None:
        """Write a whole message; blocks while the program does not read.

        Raises:
            RunFailedError: It does not fit a frame; nothing was written.
            BrokenPipeError: The program is gone.
        """
        self.send_frame(encode(message))

    def send_frame(self, frame: bytes) -> None:
        """Write bytes that are a frame already."""
        view = memoryview(frame)
        with self._writing:
            while view:
                view = view[self._answers.write(view) or 0 :]

    def messages(self) -> Iterator[Message]:
        """Yield what the program says, until it closes its end."""
        return heard(self._commands.read)

    def close(self) -> None:
        """Close both ends."""
        self._commands.close()
        self._answers.close()


def take_over_standard_streams() -> Channel:
    """Move the channel off the standard streams, so that nothing printed can get into it.

    Afterwards standard input is empty and standard output goes where standard error goes.
    """
    channel = Channel(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return channel
