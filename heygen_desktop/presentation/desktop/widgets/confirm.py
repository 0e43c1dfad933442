"""A question before something that cannot be taken back."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from heygen_desktop.presentation.desktop.theme.tokens import SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import label
from heygen_desktop.presentation.desktop.widgets.layout import STYLE, column, row


class ConfirmDialog(QDialog):
    """Says what will happen, names the act on its button, and leaves Cancel as the default."""

    def __init__(
        self, title: str, consequence: str, action: str, parent: QWidget | None = None
    ) -> None:
        """Word the question.

        Args:
            title: A question: ``Remove llama-tiny 1.0.0 from the library?``
            consequence: What is lost and what stays.
            action: The verb on the button: ``Remove``.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleDescription(consequence)
        self.setMinimumWidth(380)
        cancel = button("Cancel", self.reject)
        act = button(action, self.accept, "danger")
        cancel.setDefault(True)
        act.setAutoDefault(False)
        column(
            label(title, "title", wraps=True),
            label(consequence, "soft", wraps=True),
            SPACE_4,
            row(None, cancel, act, spacing=STYLE),
            on=self,
            margins=(SPACE_6, SPACE_4, SPACE_6, SPACE_4),
        )
        cancel.setFocus()

    @classmethod
    def ask(cls, parent: QWidget, title: str, consequence: str, action: str) -> bool:
        """Ask, wait, and return whether the act was chosen."""
        dialog = cls(title, consequence, action, parent)
        try:
            return dialog.exec() == QDialog.DialogCode.Accepted
        finally:
            dialog.deleteLater()
