"""Pieces that the inspector and the register sheet share: what files are, and what memory they take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from heygen_desktop.presentation.desktop.screens.library.details import (
    ArtifactPicture,
    Facts,
    MemoryPicture,
)
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import (
    RADIUS_SMALL,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_8,
)
from heygen_desktop.presentation.desktop.widgets.cards import KeyValueList
from heygen_desktop.presentation.desktop.widgets.labels import (
    Badge,
    ElidedLabel,
    SectionHeader,
    label,
)
from heygen_desktop.presentation.desktop.widgets.layout import clear_layout, column, row, turn
from heygen_desktop.presentation.desktop.wording import bytes_text

_BAR_HEIGHT = 12
_ROOM_FOR_TWO = 640
_COLOURS = {"Weights": 0, "Cache": 1, "Overhead": 2, "Measured peak": 0}
"""Index of the chart colour of each part of the estimate."""


class MemoryBar(QWidget):
    """What a model will hold, against what is free: coloured parts on a track that ends at free."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: MemoryPicture | None = None
        self.setFixedHeight(_BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_memory(self, picture: MemoryPicture) -> None:
        """Draw this estimate."""
        self._picture = picture
        self.setAccessibleName("Memory estimate")
        self.setAccessibleDescription(picture.sentence)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _BAR_HEIGHT)

    def segments(self) -> list[tuple[float, float, int]]:
        """Return start, end (pixels) and chart colour of each part."""
        picture = self._picture
        if picture is None:
            return []
        scale = self.width() / max(picture.needed_bytes, picture.free_bytes, 1)
        found, at = [], 0.0
        for name, size in picture.parts:
            found.append((at, at + size * scale, _COLOURS[name]))
            at += size * scale
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QPainterPath()
        track.addRoundedRect(QRectF(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        painter.fillPath(track, self._theme.colour("raised"))
        painter.setClipPath(track)
        for start, end, colour in self.segments():
            painter.fillRect(QRectF(start, 0, end - start, self.height()), self._chart(colour))
        self._draw_limit(painter)
        painter.end()

    def _draw_limit(self, painter: QPainter) -> None:
        """Where the model passes what is free, a line says how far that goes."""
        picture = self._picture
        if picture is None or picture.needed_bytes <= picture.free_bytes:
            return
        at = self.width() * picture.free_bytes / picture.needed_bytes
        painter.setPen(QPen(self._theme.colour("text"), 2))
        painter.drawLine(round(at), 0, round(at), self.height())

    def _chart(self, at: int) -> QColor:
        return QColor(self._theme.tokens.chart[at])


class ColourMark(QWidget):
    """A small square in a chart's colour, for a legend."""

    def __init__(self, theme: Theme, colour: int) -> None:
        super().__init__()
        self._theme = theme
        self._colour = colour
        self.setFixedSize(SPACE_2, SPACE_2)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.chart[self._colour]))
        painter.end()


class MemorySection(QWidget):
    """The estimate: verdict, bar, legend and the sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._badge = Badge()
        self.bar = MemoryBar(theme)
        self.sentence = label("", "soft", wraps=True, selectable=True)
        self._legend = QGridLayout()
        self._legend.setHorizontalSpacing(SPACE_2)
        self._legend.setVerticalSpacing(SPACE_1)
        self._legend.setColumnStretch(1, 1)
        header = SectionHeader("Memory", self._badge)
        column(header, self.bar, self._legend, self.sentence, on=self)

    def show_memory(self, picture: MemoryPicture) -> None:
        """Show this estimate."""
        self._badge.show_badge(picture.verdict, picture.tone)
        self.bar.show_memory(picture)
        self.sentence.setText(picture.sentence)
        clear_layout(self._legend)
        for at, (name, size) in enumerate((*picture.parts, ("Free now", picture.free_bytes))):
            if name in _COLOURS:
                mark = ColourMark(self._theme, _COLOURS[name])
                self._legend.addWidget(mark, at, 0, Qt.AlignmentFlag.AlignVCenter)
            self._legend.addWidget(label(name, "quiet"), at, 1)
            self._legend.addWidget(_right(label(bytes_text(size))), at, 2)


class Warnings(QFrame):
    """What a person should know before using the files; hidden where there is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setProperty("tone", "warning")
        margins = (SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self._column = column(on=self, spacing=SPACE_1, margins=margins)
        self.hide()

    def show_warnings(self, sentences: Sequence[str]) -> None:
        """Show these, or nothing."""
        clear_layout(self._column)
        for sentence in sentences:
            self._column.addWidget(label(sentence, wraps=True, selectable=True))
        self.setAccessibleName("Warnings: " + " ".join(sentences) if sentences else "")
        self.setVisible(bool(sentences))


class FactSection(QWidget):
    """A title over names and values; hidden where there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.list = KeyValueList()
        column(SectionHeader(title), self.list, on=self)

    def show_facts(self, facts: Facts) -> None:
        """Show these, or nothing at all."""
        self.list.show_rows(facts)
        self.setVisible(bool(facts))


class FileSection(QWidget):
    """The files with their sizes; long names are cut in the middle, so that shards stay apart."""

    def __init__(self) -> None:
        super().__init__()
        self._header = SectionHeader("Files")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_1)
        self._grid.setColumnStretch(0, 1)
        column(self._header, self._grid, on=self)

    def show_files(self, title: str, files: Facts) -> None:
        """Show these files under this title."""
        self._header.set_title(title)
        clear_layout(self._grid)
        for at, (name, size) in enumerate(files):
            self._grid.addWidget(ElidedLabel(name), at, 0)
            self._grid.addWidget(_right(label(size, "quiet")), at, 1)


class ArtifactSections:
    """What files are, in sections that their owner lays out."""

    def __init__(self, theme: Theme, facts_title: str, header_title: str) -> None:
        self.warnings = Warnings()
        self.safety = label("", "small", wraps=True)
        self.memory = MemorySection(theme)
        self.facts = FactSection(facts_title)
        self.header = FactSection(header_title)
        self.files = FileSection()

    def show_artifact(self, artifact: ArtifactPicture) -> None:
        """Show these files; what nothing is known of hides itself."""
        self.warnings.show_warnings(artifact.warnings)
        self.safety.setText(artifact.safety)
        self.memory.show_memory(artifact.memory)
        self.facts.show_facts(artifact.facts)
        self.header.show_facts(artifact.header)
        self.files.show_files(artifact.files_title, artifact.files)


class SideBySide(QWidget):
    """Two columns where there is room, one below the other where there is not."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._layout = row((left, 1), (right, 1), on=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _ROOM_FOR_TWO
        turn(self._layout, beside=wide)
        self._layout.setSpacing(SPACE_8 if wide else SPACE_4)


def _right(made: QLabel) -> QLabel:
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
