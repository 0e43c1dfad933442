"""A session bus with one service on it: notes what is asked, and answers or refuses."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    Parser,
    new_error,
    new_method_return,
    new_signal,
)

NOTE = 7
_ANSWERS: dict[str, tuple[str, tuple[object, ...]]] = {
    "Hello": ("s", (":1.1",)),
    "Notify": ("u", (NOTE,)),
}


class FakeSessionBus:
    """Speaks D-Bus on a socket, to one program, on a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:path={folder / 'bus'}"
        self.asked: list[tuple[str, str, tuple[object, ...]]] = []
        """Member, signature and body of each call but those of the bus itself."""
        self.refuses = False
        self.is_silent = False
        """Whether calls are noted and never answered."""
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / "bus"))
        self._server.listen(1)
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def press(self, note: int, *, action: str = "default") -> None:
        """Say that a person pressed a note."""
        service = DBusAddress(
            "/org/freedesktop/Notifications", interface="org.freedesktop.Notifications"
        )
        self._send(new_signal(service, "ActionInvoked", "us", (note, action)))

    def close(self) -> None:
        """End the bus, as a desktop does that goes down."""
        for each in (self._client, self._server):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            self._client, _ = self._server.accept()
            self._let_in(self._client)
            parser = Parser()
            while data := self._client.recv(4096):
                parser.add_data(data)
                while (message := parser.get_next_message()) is not None:
                    self._answer(message)

    def _let_in(self, client: socket.socket) -> None:
        heard = b""
        while not heard.endswith(b"BEGIN\r\n"):
            heard += client.recv(1)
            if heard.endswith(b"\r\n") and b"AUTH" in heard.splitlines()[-1]:
                client.sendall(b"OK 1234deadbeef\r\n")

    def _answer(self, call: Message) -> None:
        call.header.fields[HeaderFields.sender] = ":1.1"  # as a bus adds it
        member = call.header.fields[HeaderFields.member]
        if member not in ("Hello", "AddMatch"):
            self.asked.append(
                (member, call.header.fields.get(HeaderFields.signature, ""), call.body)
            )
            if self.is_silent:
                return
            if self.refuses:
                self._send(new_error(call, "org.freedesktop.DBus.Error.ServiceUnknown"))
                return
        self._send(new_method_return(call, *_ANSWERS.get(member, ("", ()))))

    def _send(self, message: Message) -> None:
        assert self._client is not None
        self._client.sendall(message.serialise(serial=len(self.asked) + 1))
