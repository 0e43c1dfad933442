"""What a person looks up: the keys of the screen in view, and what this program is made of."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from heygen_desktop.presentation.desktop.shell.licences import Part, program_parts
from heygen_desktop.presentation.desktop.theme.icons import application_icon
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_2, SPACE_4, SPACE_6
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.labels import Badge, IconLabel, label
from heygen_desktop.presentation.desktop.widgets.layout import column, held, row, scrolling

_MARGINS = (SPACE_6, SPACE_6, SPACE_6, SPACE_4)
_NAMED = ("torch", "transformers")
"""Packages whose versions a report of a fault should tell."""


class KeysDialog(QDialog):
    """Tells what can be done by keys."""

    def __init__(self, groups: Mapping[str, Mapping[str, str]], parent: QWidget) -> None:
        """List the keys.

        Args:
            groups: Under each heading what is done, and the keys that do it.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        close = button("Close", self.accept, "primary")
        groups_in_view = [_group(heading, keys) for heading, keys in groups.items()]
        body = held(column(*groups_in_view, None, spacing=SPACE_6))
        column(
            label("Keyboard shortcuts", "heading"),
            (scrolling(body, "Keyboard shortcuts"), 1),
            row(None, close),
            on=self,
            margins=_MARGINS,
            spacing=SPACE_4,
        )
        self.resize(480, min(body.sizeHint().height() + 140, parent.height() - SPACE_6))
        close.setFocus()


def _group(heading: str, keys: Mapping[str, str]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, SPACE_4, 0)
    grid.setVerticalSpacing(SPACE_2)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label(heading, "section"), 0, 0, 1, 2)
    for at, (what, pressed) in enumerate(keys.items(), start=1):
        grid.addWidget(label(what, wraps=True), at, 0)
        grid.addWidget(Badge(pressed), at, 1, Qt.AlignmentFlag.AlignRight)
    return made


class AboutDialog(QDialog):
    """What this is, which version, where its data lies, and what it is made of under which licences."""

    def __init__(self, version: str, home: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About HeyGen Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts = program_parts()
        self.report = _report(version, home, parts)
        close = button("Close", self.accept, "primary")
        title = (IconLabel(application_icon(), 48), (label("HeyGen Desktop", "heading"), 1))
        copy = button("Copy", lambda: QGuiApplication.clipboard().setText(self.report))
        copy.setToolTip("Copy the versions, for a report")
        column(
            row(*title, spacing=SPACE_4),
            label("The offline AI workstation. Nothing leaves this machine.", wraps=True),
            label(self.report, "soft", wraps=True, selectable=True),
            SPACE_2,
            label(
                "Licensed under the Apache License 2.0. The icons are Material Design Icons "
                "(Apache License 2.0). It is made with:",
                "quiet",
                wraps=True,
            ),
            (_table(parts), 1),
            SPACE_2,
            row(copy, None, close),
            on=self,
            margins=_MARGINS,
        )
        self.resize(560, min(600, parent.height() - SPACE_6))
        close.setFocus()


def _report(version: str, home: Path, parts: Sequence[Part]) -> str:
    named = {part.name: part.version for part in parts}
    versions = [f"{name} {named[name]}" for name in _NAMED if name in named]
    runs_on = (f"Python {platform.python_version()}", f"Qt {qVersion()}", *versions)
    return "\n".join(
        (f"Version {version}", ", ".join(runs_on), platform.platform(), f"Data folder: {home}")
    )


def _table(parts: Sequence[Part]) -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Packages and their licences")
    made.setHeaderLabels(("Package", "Version", "Licence"))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    for part in parts:
        item = QTreeWidgetItem(list(astuple(part)))
        item.setToolTip(2, part.licence)
        made.addTopLevelItem(item)
    for at in (0, 1):
        made.header().setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
    return made
