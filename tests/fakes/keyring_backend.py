"""A keyring backend in memory, with the faults that real ones have."""

from __future__ import annotations

import threading

from heygen_desktop.infrastructure.secrets.backends import Found


class WrittenBackend:
    """Fulfils ``Backend``; set ``trouble``, ``forgets`` or clear ``answers`` to bring a fault about."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None
        """Raised by every call."""
        self.set_trouble: Exception | None = None
        """Raised by ``set_password`` alone."""
        self.forgets = False
        """Values vanish as soon as they are set."""
        self.asked_to_set = 0
        """How often ``set_password`` was called."""
        self.is_locked = False
        self.is_here = True
        self.name = "Secret Service"
        self.answers = threading.Event()
        """While cleared, a read hangs: as a keyring does behind its dialog."""
        self.answers.set()
        self.changes = threading.Event()
        """While cleared, a change hangs after it was made."""
        self.changes.set()

    def find(self) -> Found | None:
        """Return the backend as it is found on a machine; None where it is not here."""
        return Found(self.name, self, lambda: self.is_locked) if self.is_here else None

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked_to_set += 1
        if self.set_trouble is not None:
            raise self.set_trouble
        if not self.forgets:
            self.values[service, username] = password
        self.changes.wait(30)

    def delete_password(self, service: str, username: str) -> None:
        del self.values[service, username]
        self.changes.wait(30)

    def _answer(self) -> None:
        self.answers.wait(30)
        if self.trouble is not None:
            raise self.trouble
