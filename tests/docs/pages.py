"""The parts of the documentation that are written from the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from heygen_desktop.application.forms import FormField
from heygen_desktop.application.settings.effective import setting_fields

ROOT = Path(__file__).resolve().parents[2]


def settings_reference() -> str:
    """Return the table of all settings in Markdown, a heading for each section."""
    lines: list[str] = []
    section = ""
    for field in setting_fields().values():
        if field.key.partition(".")[0] != section:
            section = field.key.partition(".")[0]
            lines += ["", f"### {section}", "", "| setting | default | must be | meaning |"]
            lines += ["|---|---|---|---|"]
        lines.append(_row(field))
    return "\n".join(lines).strip() + "\n"


def _row(field: FormField) -> str:
    default = json.dumps(field.default)
    return f"| `{field.key}` | `{default}` | {field.expected} | {field.help} |"


GENERATED: Mapping[str, Callable[[], str]] = {"settings": settings_reference}
"""Marker in a page, and what stands between it and its end."""


def pages() -> list[Path]:
    """Return every Markdown page of the project that people read."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def with_generated_parts(text: str) -> str:
    """Return the page with its generated parts written anew."""
    for name, write in GENERATED.items():
        begin, end = rf"(<!-- {name}: [^>]*-->\n)", rf"(<!-- end of {name} -->)"
        part = write().replace("\\", r"\\")
        text = re.sub(f"{begin}.*?{end}", rf"\g<1>{part}\g<2>", text, flags=re.DOTALL)
    return text
