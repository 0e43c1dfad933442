"""Toy screens for tests of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext, ScreenSpec
from PySide6.QtWidgets import QLabel


@dataclass
class ToyScreens:
    """Two screens that note what happens to them."""

    story: list[str] = field(default_factory=list)
    context: ScreenContext | None = None

    def specs(self) -> tuple[ScreenSpec, ...]:
        """Return their lines of the list."""
        return (
            ScreenSpec(
                "library",
                "Library",
                "cube-outline",
                self._library,
                takes_files=True,
                commands={"Act in library": "Ctrl+O"},
            ),
            ScreenSpec("run", "Run", "play-circle-outline", self._run, commands={"Act in run": ""}),
        )

    def _library(self, context: ScreenContext) -> Screen:
        self.context = context
        return self._screen(
            "library",
            receive_files=lambda paths: self.story.append(f"files {_names(paths)}"),
        )

    def _run(self, context: ScreenContext) -> Screen:
        self.context = context
        return self._screen("run", receive=lambda text: self.story.append(f"run gets {text}"))

    def _screen(self, name: str, **more: object) -> Screen:
        self.story.append(f"{name} built")
        return Screen(
            QLabel(name),
            _ToyPresenter(self.story, name),
            {f"Act in {name}": lambda: self.story.append(f"{name} acts")},
            shown=lambda: self.story.append(f"{name} shown"),
            hidden=lambda: self.story.append(f"{name} hidden"),
            **more,  # type: ignore[arg-type]  # the two keywords above, each with its own type
        )


@dataclass
class _ToyPresenter:
    story: list[str]
    name: str

    def close(self) -> None:
        self.story.append(f"{self.name} closed")


def _names(paths: Sequence[Path]) -> str:
    return " ".join(path.name for path in paths)
