"""The style sheet, made from the tokens. Short, because Qt reads it before the first paint.

Widgets choose a look through dynamic properties, so that no widget needs to know a colour:
``role`` (title, heading, soft, quiet, mono, card, rail, bar), ``tone`` (neutral, info, success, warning, danger
or an environment), ``kind`` (primary, danger, flat) on buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from heygen_desktop.presentation.desktop.theme.tokens import (
    CODE_FAMILIES,
    RADIUS,
    RADIUS_LARGE,
    RADIUS_SMALL,
    TEXT_HEADING_PX,
    TEXT_PX,
    TEXT_SMALL_PX,
    TEXT_TITLE_PX,
    Tokens,
)

_CODE = ", ".join(f'"{family}"' for family in (*CODE_FAMILIES, "monospace"))
_SIZE = re.compile(r"font-size: (\d+)px")
_IMAGES = Path(__file__).parent / "images"


def stylesheet_of(tokens: Tokens, percent: int = 100) -> str:
    """Return the application's style sheet, its text zoomed so."""
    parts = (_text(tokens), _surfaces(tokens), _buttons(tokens), _inputs(tokens), _views(tokens))
    sheet = "\n".join((*parts, _bars(tokens), *_tones(tokens), _focus(tokens)))
    return _SIZE.sub(lambda size: f"font-size: {round(int(size[1]) * percent / 100)}px", sheet)


def _text(t: Tokens) -> str:
    return f"""
QLabel[role="heading"] {{ font-size: {TEXT_HEADING_PX}px; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {TEXT_TITLE_PX}px; font-weight: 600; }}
QLabel[role="section"] {{ color: {t.text_quiet}; font-size: {TEXT_SMALL_PX}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="soft"] {{ color: {t.text_soft}; }}
QLabel[role="quiet"] {{ color: {t.text_quiet}; }}
QLabel[role="small"] {{ color: {t.text_quiet}; font-size: {TEXT_SMALL_PX}px; }}
QPlainTextEdit[role="prose"] {{ font-size: {TEXT_TITLE_PX}px; }}
QPlainTextEdit[role="mono"] {{ font-family: {_CODE}; font-size: {TEXT_PX}px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; padding: 4px 6px; }}
"""


def _surfaces(t: Tokens) -> str:
    return f"""
QMainWindow, QDialog, QWidget[role="page"] {{ background: {t.window}; }}
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: {RADIUS_LARGE}px; }}
QWidget[role="rail"] {{ background: {t.rail}; border-right: 1px solid {t.border}; }}
QWidget[role="bar"] {{ background: {t.rail}; border-top: 1px solid {t.border}; }}
QDialog[role="palette"] {{ background: {t.card}; border: 1px solid {t.border_strong}; }}
QWidget[role="drop"] {{ background: {t.selected}; border: 2px dashed {t.focus}; }}
QFrame[role="line"] {{ background: {t.border}; border: 0; max-height: 1px; min-height: 1px; }}
QSplitter::handle {{ background: {t.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }} QSplitter::handle:vertical {{ height: 1px; }}
QAbstractScrollArea {{ border: 1px solid transparent; }}
QGraphicsView {{ border: 0; }}
QScrollArea {{ background: transparent; }}
QScrollArea > QWidget > QWidget[role="body"] {{ background: transparent; }}
QFrame[role="body"] {{ border: 1px solid transparent; border-radius: {RADIUS_LARGE}px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMenu {{ background: {t.card}; border: 1px solid {t.border_strong}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: {RADIUS_SMALL}px; }}
QMenu::item:selected {{ background: {t.selected}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text_disabled}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; border-radius: {RADIUS}px;
  padding: 5px 12px; min-height: 18px; }}
QPushButton:hover {{ background: {t.hover}; border-color: {t.text_disabled}; }}
QPushButton:pressed {{ background: {t.selected}; }}
QPushButton:disabled {{ color: {t.text_disabled}; border-color: {t.border}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.raised}; color: {t.text_disabled}; border-color: {t.border}; }}
QPushButton[kind="danger"] {{ color: {t.tone("danger").text}; border-color: {t.tone("danger").line}; }}
QPushButton[kind="danger"]:disabled {{ border-color: {t.border}; }}
QPushButton[kind="danger"]:hover:enabled {{ background: {t.tone("danger").surface}; }}
QPushButton[kind="flat"], QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {RADIUS}px;
  padding: 5px 8px; color: {t.text_soft}; }}
QPushButton[kind="flat"]:hover, QToolButton:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; border-radius: {RADIUS_SMALL}px; padding: 1px 6px;
  color: {t.accent_text}; font-size: {TEXT_SMALL_PX}px; }}
QPushButton[kind="link"]:hover {{ background: {t.hover}; }}
QPushButton[kind]:disabled {{ color: {t.text_disabled}; }}
QWidget[role="bar"] QToolButton {{ padding: 2px; }}
QToolButton:checked {{ background: {t.selected}; color: {t.text}; }}
QToolButton:disabled {{ color: {t.text_disabled}; }}
QToolButton::menu-indicator {{ image: none; }}
QWidget[role="rail"] QToolButton {{ border-radius: {RADIUS_LARGE}px; padding: 8px 2px 6px 2px; font-size: {TEXT_SMALL_PX}px; }}
"""


def _inputs(t: Tokens) -> str:
    chevron = (_IMAGES / f"chevron-{t.name}.svg").as_posix()
    check = (_IMAGES / "check.svg").as_posix()
    return f"""
QLineEdit, QComboBox, QPlainTextEdit {{ background: {t.input}; color: {t.text};
  border: 1px solid {t.border_strong}; border-radius: {RADIUS}px; padding: 4px 8px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit, QComboBox {{ min-height: 20px; }}
QLineEdit, QPlainTextEdit {{ placeholder-text-color: {t.text_quiet}; }}
QPlainTextEdit[role="prose"] {{ border: 1px solid transparent; padding: 0; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.border_strong}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {t.accent}; }}
QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px; background: {t.text_soft}; }}
QSlider::handle:horizontal:hover {{ background: {t.text}; }}
QLineEdit[kind="in-place"], QPlainTextEdit[kind="in-place"] {{ background: {t.raised}; border-color: transparent; }}
QLineEdit[kind="in-place"]:hover, QPlainTextEdit[kind="in-place"]:hover {{ border-color: {t.border_strong}; }}
QLineEdit[kind="in-place"]:focus, QPlainTextEdit[kind="in-place"]:focus {{ background: {t.input}; border-color: {t.focus}; }}
QTextBrowser {{ background: transparent; padding: 4px 12px; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {t.text_disabled}; border-color: {t.border}; }}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"] {{ background: {t.card}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {t.border_strong};
  border-radius: 3px; background: {t.input}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url("{check}"); }}
QCheckBox::indicator:disabled {{ border-color: {t.border}; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.card}; border: 1px solid {t.border_strong}; padding: 4px; outline: 0;
  selection-background-color: {t.selected}; selection-color: {t.text}; }}
"""


def _views(t: Tokens) -> str:
    check = (_IMAGES / "check.svg").as_posix()
    return f"""
QAbstractItemView {{ background: {t.card}; outline: 0; color: {t.text};
  selection-background-color: {t.selected}; selection-color: {t.text}; alternate-background-color: {t.hover}; }}
QAbstractItemView[role="popup"] {{ border: 1px solid {t.border_strong}; }}
QTableView {{ gridline-color: {t.border}; background: transparent; }}
QTreeView {{ background: transparent; }}
QTreeView::item:focus {{ border: 1px solid {t.focus}; border-radius: {RADIUS_SMALL}px; }}
QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {t.border}; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{ background: {t.selected}; }}
QListView::item, QTreeView::item {{ padding: 4px 8px; }}
QAbstractItemView::indicator {{ width: 14px; height: 14px; border: 1px solid {t.text_quiet}; border-radius: {RADIUS_SMALL}px;
  background: {t.input}; }}
QAbstractItemView::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url("{check}"); }}
QAbstractItemView::indicator:disabled {{ border-color: {t.border}; }}
QHeaderView {{ background: transparent; border: 0; }}
QHeaderView::section {{ background: transparent; color: {t.text_quiet}; border: 0; border-bottom: 1px solid {t.border_strong};
  padding: 6px 11px; font-weight: 600; font-size: {TEXT_SMALL_PX}px; }}
QHeaderView::section:hover {{ color: {t.text}; }}
QTabBar::tab {{ background: transparent; color: {t.text_quiet}; padding: 5px 11px; border: 1px solid transparent;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {t.border}; }}
"""


def _bars(t: Tokens) -> str:
    return f"""
QProgressBar {{ background: {t.raised}; border: 0; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }} QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {t.border_strong}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }} QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.text_disabled}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; width: 0; height: 0; }}
"""


def _focus(t: Tokens) -> str:
    """Where the keys are, at every stop of Tab. What is coloured already takes the colour of text."""
    return f"""
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QAbstractScrollArea:focus {{ border-color: {t.focus}; }}
QPushButton[kind="primary"]:focus, QPushButton[kind="danger"]:focus, QPushButton[tone]:focus {{ border-color: {t.text}; }}
QCheckBox::indicator:focus {{ border-color: {t.focus}; }}
QTabBar::tab:focus, QFrame[role="body"]:focus {{ border-color: {t.focus}; }}
"""


def _tones(t: Tokens) -> Iterator[str]:
    for name, tone in {**t.tones, **t.environments}.items():
        yield f'QLabel[tone="{name}"] {{ background: {tone.surface}; color: {tone.text}; }}'
        yield (
            f'QFrame[role="panel"][tone="{name}"] {{ background: {tone.surface}; '
            f"border: 1px solid {tone.line}; border-radius: {RADIUS}px; }}"
        )
        if name in t.environments:
            yield f'QFrame[role="stripe"][tone="{name}"] {{ background: {tone.line}; }}'
        yield (
            f'QPushButton[tone="{name}"] {{ background: {tone.surface}; color: {tone.text}; '
            f"border: 1px solid {tone.line}; border-radius: 12px; padding: 2px 10px; font-weight: 600; }}"
        )
    yield (
        f'QPushButton[tone="off"] {{ background: transparent; color: {t.text_quiet}; '
        f"border: 1px dashed {t.border_strong}; border-radius: 12px; padding: 2px 10px; font-weight: 400; }}"
    )
    yield "QLabel[tone] { border-radius: 8px; padding: 1px 7px; font-size: 12px; font-weight: 600; }"
