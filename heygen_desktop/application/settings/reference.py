"""The settings reference, written from the schema, so that the page cannot fall behind the code."""

from __future__ import annotations

import json

from heygen_desktop.application.forms import FormField
from heygen_desktop.application.settings.effective import setting_fields


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
