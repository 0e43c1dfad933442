"""The message bus of a Linux desktop, where there is one: it shows notifications and folders."""

from __future__ import annotations

import contextlib
import itertools
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from jeepney import Message, Parser

Body = tuple[object, ...]
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
_READ_AT_ONCE = 65_536


class SessionBus(QObject):
    """Asks services, waits for none of them, and hears their signals. Used on the UI thread."""

    def __init__(self, parent: QObject, heard: Callable[[str, Body], None]) -> None:
        """Connect to nothing yet.

        Args:
            parent: Ends it with itself.
            heard: Gets the name and the content of each signal of an interface that was listened to.
        """
        super().__init__(parent)
        self._heard = heard
        self._socket: socket.socket | None = None
        self._parser: Parser | None = None
        self._notifier: QSocketNotifier | None = None
        self._is_tried = False
        self._serials = itertools.count(1)
        self._waiting: dict[object, tuple[Callable[[Body], object], Callable[[], object]]] = {}

    def ask(
        self,
        service: tuple[str, str],
        method: str,
        signature: str,
        body: Body,
        answered: Callable[[Body], object],
        failed: Callable[[], object],
    ) -> None:
        """Call a method of a service, and return at once.

        Args:
            service: Its name, which is its interface's too, and its object's path.
            method: What is called.
            signature: The types of ``body``, as D-Bus writes them.
            body: The arguments.
            answered: Gets what it returned.
            failed: Called where there is no bus or no such service, or it refuses.
        """
        self._open()
        if self._socket is None:
            failed()
            return
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415 - Linux only

        name, path = service
        message = new_method_call(DBusAddress(path, name, name), method, signature, body)
        serial = next(self._serials)
        self._waiting[serial] = (answered, failed)
        try:
            self._socket.sendall(message.serialise(serial=serial))
        except OSError:
            self.close()

    def listen(self, interface: str) -> None:
        """From now on hear the signals of that interface."""
        self._tell_bus("AddMatch", "s", (f"type='signal',interface='{interface}'",))

    def close(self) -> None:
        """Let the bus go; what was asked and not answered has failed. Safe to repeat."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        waiting, self._waiting = self._waiting, {}
        for _answered, failed in waiting.values():
            failed()

    def _open(self) -> None:
        if self._is_tried:
            return
        self._is_tried = True
        with contextlib.suppress(ImportError, OSError, KeyError, ValueError, RuntimeError):
            from jeepney import Parser  # noqa: PLC0415 - Linux only
            from jeepney.bus import find_session_bus  # noqa: PLC0415
            from jeepney.io.blocking import prep_socket  # noqa: PLC0415

            self._socket = prep_socket(find_session_bus(), timeout=1.0)
            self._socket.setblocking(False)
            self._parser = Parser()
            self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._read)
            self._tell_bus("Hello", "", ())

    def _tell_bus(self, method: str, signature: str, body: Body) -> None:
        self.ask(_BUS, method, signature, body, lambda _body: None, lambda: None)

    def _read(self) -> None:
        if self._socket is None or self._parser is None:
            return
        try:
            data = self._socket.recv(_READ_AT_ONCE)
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self._parser.add_data(data)
        while (message := self._parser.get_next_message()) is not None:
            self._take(message)

    def _take(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415 - Linux only

        fields, kind = message.header.fields, message.header.message_type
        if kind is MessageType.signal:
            self._heard(str(fields[HeaderFields.member]), message.body)
            return
        waiting = self._waiting.pop(fields.get(HeaderFields.reply_serial), None)
        if waiting is not None:
            answered, failed = waiting
            answered(message.body) if kind is MessageType.method_return else failed()
