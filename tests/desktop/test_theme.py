"""The look of the window, and its icons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.theme import icons
from heygen_desktop.presentation.desktop.theme.fonts import code_font, text_font, zoomed
from heygen_desktop.presentation.desktop.theme.icons import IconFont
from heygen_desktop.presentation.desktop.theme.stylesheet import stylesheet_of
from heygen_desktop.presentation.desktop.theme.theme import Theme, ThemeChoice
from heygen_desktop.presentation.desktop.theme.tokens import DARK, LIGHT
from heygen_desktop.presentation.desktop.widgets.labels import label
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot


@pytest.fixture
def worn(theme: Theme) -> Iterator[Theme]:
    """The theme of the tests, dark again afterwards."""
    yield theme
    theme.zoom_to(100)
    theme.apply("dark")


def inked(
    icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
) -> QColor:
    """Return the colour of the icon's most opaque pixel."""
    image: QImage = icon.pixmap(QSize(24, 24), mode, state).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda colour: colour.alpha())


def same(first: QColor, second: str) -> bool:
    """Whether two colours are one, but for the rounding of transparency."""
    other = QColor(second)
    pairs = zip(first.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]  # the stubs say object
    return all(abs(a - b) <= 3 for a, b in pairs)


def test_a_theme_reaches_palette_and_style_sheet(
    worn: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(worn.changed):
        worn.apply("light")

    assert worn.tokens is LIGHT
    assert worn.choice is ThemeChoice.LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
    assert LIGHT.card in qapp.styleSheet()


def test_a_theme_nobody_knows_is_refused(worn: Theme) -> None:
    with pytest.raises(ValueError, match="sepia"):
        worn.apply("sepia")


def test_the_system_decides_where_the_person_did_not(worn: Theme, qapp: QApplication) -> None:
    worn.apply("system")

    hinted = qapp.styleHints().colorScheme()
    assert worn.tokens is (LIGHT if hinted is Qt.ColorScheme.Light else DARK)


def test_the_system_is_followed_when_it_changes(worn: Theme, qapp: QApplication) -> None:
    worn.apply("system")
    worn._tokens = LIGHT if worn.tokens is DARK else DARK

    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())

    assert worn.tokens is worn._wanted()


def test_a_person_who_chose_is_not_overruled_by_the_system(worn: Theme, qapp: QApplication) -> None:
    worn.apply("light")

    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)

    assert worn.tokens is LIGHT


def test_an_icon_without_room_is_empty_and_qt_has_nothing_to_say(worn: Theme) -> None:
    engine = icons.GlyphEngine("any", "x", lambda _mode, _state: QColor("red"))

    drawn = engine.pixmap(QSize(0, 16), QIcon.Mode.Normal, QIcon.State.Off)

    assert drawn.isNull()


def test_an_icon_follows_the_theme_without_being_made_anew(worn: Theme) -> None:
    icon = worn.icon("cube-outline", "text")
    assert same(inked(icon), DARK.text)

    worn.apply("light")

    assert same(inked(icon), LIGHT.text)


def test_an_icon_says_that_it_is_checked_or_disabled(worn: Theme) -> None:
    icon = worn.icon("cube-outline")

    assert same(inked(icon, state=QIcon.State.On), DARK.accent_text)
    assert same(inked(icon, mode=QIcon.Mode.Disabled), DARK.text_disabled)
    assert same(inked(QIcon(icon)), DARK.text_soft)


def test_an_icon_that_is_not_in_the_family_is_a_mistake(worn: Theme) -> None:
    with pytest.raises(KeyError):
        worn.icon("unicorn-of-nowhere")


def test_a_missing_font_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="materialdesignicons6"):
        IconFont(tmp_path).glyph("cube")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icons, "_PACKAGE", "no_such_package_here")

    with pytest.raises(FileNotFoundError, match="no_such_package_here"):
        IconFont()


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=lambda tokens: tokens.name)
def test_the_style_sheet_names_an_image_that_is_there(tokens: object, worn: Theme) -> None:
    sheet = stylesheet_of(DARK if tokens is DARK else LIGHT)

    file = sheet.split('url("')[1].split('"')[0]
    assert Path(file).is_file()
    assert len(sheet) < 12_000


def test_text_is_thirteen_pixels_high(qapp: QApplication) -> None:
    assert text_font().pixelSize() == code_font().pixelSize() == 13


def test_a_token_gives_its_colour(worn: Theme) -> None:
    assert worn.colour("accent").name() == DARK.accent
    with pytest.raises(AttributeError):
        worn.colour("glitter")


def test_every_text_follows_the_zoom(worn: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    heading, code = label("Library", "heading"), QPlainTextEdit()
    code.setProperty("role", "mono")
    for each in (heading, code):
        qtbot.addWidget(each)
        each.ensurePolished()
    before = [each.fontMetrics().height() for each in (heading, code)]

    with qtbot.waitSignal(worn.changed):
        worn.zoom_to(150)

    assert worn.zoom == 150
    assert (zoomed(12), code_font().pixelSize(), text_font().pixelSize()) == (18, 20, 13)
    after = [each.fontMetrics().height() for each in (heading, code)]
    assert all(large > 1.3 * usual for large, usual in zip(after, before, strict=True))
