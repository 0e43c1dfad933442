"""The fields that a person may fill in before a model is registered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from heygen_desktop.presentation.desktop.screens.library.registering.rows import (
    CandidatePicture,
    Draft,
)
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3
from heygen_desktop.presentation.desktop.widgets.labels import label, restyle
from heygen_desktop.presentation.desktop.widgets.layout import column


class _Field(QWidget):
    """A named line with room for a sentence under it."""

    def __init__(self, title: str, placeholder: str) -> None:
        super().__init__()
        name: QLabel = label(title, "section")
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.edit.setPlaceholderText(placeholder)
        self._said = label("", "small", wraps=True)
        name.setBuddy(self.edit)
        column(name, self.edit, self._said, on=self, spacing=SPACE_1)

    def show_field(self, text: str, error: str, hint: str = "") -> None:
        """Show a text and what is to say of it; an unchanged text keeps its cursor."""
        if self.edit.text() != text:
            self.edit.setText(text)
        self._said.setText(error or hint)
        self._said.setVisible(bool(error or hint))
        self._said.setMargin(SPACE_1 if error else 0)
        restyle(self._said, "tone", "danger" if error else "")
        self.edit.setAccessibleDescription(error or hint)


class DraftForm(QWidget):
    """Name, version, tags and a note. Speaks after each letter."""

    changed = Signal(str, object)
    """The candidate's key and the ``Draft``."""

    def __init__(self) -> None:
        super().__init__()
        self._key = ""
        self.name = _Field("Name", "Letters, digits, dots, dashes and underscores")
        self.version = _Field("Version", "1.0.0, or the next one of a name that exists")
        self.tags = _Field("Tags", "chat, small")
        self.note = _Field("Note", "What it is good for")
        fields = (self.name, self.version, self.tags, self.note)
        column(*fields, on=self, spacing=SPACE_3)
        for field in fields:
            field.edit.textEdited.connect(lambda _text: self._say())

    def show_draft(self, picture: CandidatePicture) -> None:
        """Show the draft of a candidate with what cannot be kept of it."""
        self._key = picture.key
        draft, errors = picture.draft, picture.errors
        self.name.show_field(draft.name, errors.name, picture.name_hint)
        self.version.show_field(draft.version, errors.version)
        self.tags.show_field(draft.tags, errors.tags)
        self.note.show_field(draft.note, "")
        self.setEnabled(picture.can_edit)

    def _say(self) -> None:
        draft = Draft(
            self.name.edit.text().strip(),
            self.version.edit.text().strip(),
            self.tags.edit.text(),
            self.note.edit.text(),
        )
        self.changed.emit(self._key, draft)
