"""The design tokens, light and dark. Every colour, distance and radius in the window comes from here.

Text tokens keep a contrast of at least 4.5 to 1 on every surface they may stand on; a test proves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8 = 4, 8, 12, 16, 24, 32
"""The 4-px grid."""
RADIUS_SMALL, RADIUS, RADIUS_LARGE = 4, 6, 10
CODE_FAMILIES = ("JetBrains Mono", "DejaVu Sans Mono")
TEXT_PX, TEXT_SMALL_PX, TEXT_TITLE_PX, TEXT_HEADING_PX = 13, 12, 15, 20


@dataclass(frozen=True)
class Tone:
    """A tinted surface, the text that stands on it, and a line that stands out from both."""

    surface: str
    text: str
    line: str


@dataclass(frozen=True)
class Tokens:
    """One theme; every value is ``#rrggbb``."""

    name: str
    """``light`` or ``dark``."""
    window: str
    rail: str
    card: str
    raised: str
    input: str
    hover: str
    selected: str
    border: str
    border_strong: str
    """The edge of what can be typed in or pressed: 3 to 1 is not needed where text names it."""
    text: str
    text_soft: str
    text_quiet: str
    text_disabled: str
    """Exempt from the contrast rule: what is disabled may recede."""
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    focus: str
    tones: Mapping[str, Tone] = field(default_factory=dict)
    """``neutral info success warning danger``."""
    environments: Mapping[str, Tone] = field(default_factory=dict)
    """``development testing staging production``; each its own colour."""
    chart: tuple[str, ...] = ()
    """Lines in a chart, in the order in which they are used."""

    def tone(self, name: str) -> Tone:
        """Return a tone or an environment's colours; an unknown name is neutral."""
        return self.tones.get(name) or self.environments.get(name) or self.tones["neutral"]


DARK = Tokens(
    name="dark",
    window="#0f1216",
    rail="#0b0d10",
    card="#161a20",
    raised="#20262e",
    input="#0f1216",
    hover="#1b2028",
    selected="#1b2a44",
    border="#232a33",
    border_strong="#36404c",
    text="#e6edf3",
    text_soft="#b3bdc8",
    text_quiet="#8f99a5",
    text_disabled="#59636e",
    accent="#2f6fed",
    accent_hover="#2a63d4",
    on_accent="#ffffff",
    accent_text="#82b0ff",
    focus="#5c93ff",
    tones=MappingProxyType(
        {
            "neutral": Tone("#20262e", "#b3bdc8", "#59636e"),
            "info": Tone("#15233b", "#8ab6ff", "#3f7df0"),
            "success": Tone("#12291b", "#6bd68a", "#2f9e55"),
            "warning": Tone("#2f2409", "#efbd4d", "#c38a12"),
            "danger": Tone("#361517", "#ff9d96", "#e5484d"),
        }
    ),
    environments=MappingProxyType(
        {
            "development": Tone("#15233b", "#8ab6ff", "#3f7df0"),
            "testing": Tone("#251b3f", "#c5aaff", "#8b5cf6"),
            "staging": Tone("#33260a", "#f0bf4c", "#d69a14"),
            "production": Tone("#45181b", "#ffa39c", "#e5484d"),
        }
    ),
    chart=("#5c93ff", "#2dd4a7", "#f0a83c", "#c084fc", "#f4727a", "#38bdf8"),
)

LIGHT = Tokens(
    name="light",
    window="#f5f6f8",
    rail="#eceff3",
    card="#ffffff",
    raised="#edf0f4",
    input="#ffffff",
    hover="#e8ecf1",
    selected="#dde8ff",
    border="#dde1e7",
    border_strong="#c2c9d2",
    text="#15181c",
    text_soft="#414b57",
    text_quiet="#57616d",
    text_disabled="#a2abb6",
    accent="#2563eb",
    accent_hover="#1d55d0",
    on_accent="#ffffff",
    accent_text="#1b4fd0",
    focus="#2563eb",
    tones=MappingProxyType(
        {
            "neutral": Tone("#e8ecf1", "#414b57", "#a2abb6"),
            "info": Tone("#e3edff", "#1b4fd0", "#2563eb"),
            "success": Tone("#dff5e5", "#14622f", "#2f9e55"),
            "warning": Tone("#fdf0cf", "#774800", "#c38a12"),
            "danger": Tone("#ffe5e3", "#a41b12", "#d92d20"),
        }
    ),
    environments=MappingProxyType(
        {
            "development": Tone("#e0eaff", "#1b4fd0", "#2563eb"),
            "testing": Tone("#ede5ff", "#5f2fc4", "#7c3aed"),
            "staging": Tone("#fcebc2", "#744600", "#c07f00"),
            "production": Tone("#ffdedb", "#9f1a12", "#d92d20"),
        }
    ),
    chart=("#2563eb", "#0d9373", "#b86a00", "#7c3aed", "#d4384a", "#0579b8"),
)
