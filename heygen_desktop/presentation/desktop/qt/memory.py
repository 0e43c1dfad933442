"""What the window remembers, in an ini file of the home."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings


class IniMemory:
    """Fulfils ``ports.Memory``. Qt writes the file whole, under a lock; losing it costs comfort only."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def recall(self, key: str) -> str:
        """See ``ports.Memory``."""
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""

    def remember(self, key: str, value: str) -> None:
        """See ``ports.Memory``."""
        if value:
            self._settings.setValue(key, value)
        else:
            self._settings.remove(key)

    def close(self) -> None:
        """Write what is not on disk yet."""
        self._settings.sync()
