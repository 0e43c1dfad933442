"""What a person sees of the environments' pages, found among their widgets."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.screens.environments.secrets.values import RevealedValue
from heygen_desktop.presentation.desktop.screens.environments.settings.setting_line import (
    SettingLine,
)
from heygen_desktop.presentation.desktop.screens.environments.settings.view import SettingsForm
from PySide6.QtWidgets import QPlainTextEdit


def line_of(form: SettingsForm, key: str) -> SettingLine:
    """Return the line of a setting; its tooltip is the key."""
    [found] = [line for line in form.findChildren(SettingLine) if line.toolTip() == key]
    return found


def in_clear(revealed: RevealedValue) -> str:
    """Return the value that stands there in clear; empty while none does."""
    return revealed.findChildren(QPlainTextEdit)[0].toPlainText()
