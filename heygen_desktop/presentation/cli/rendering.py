"""Tables and facts as text. The one module that knows rich; it is imported when something is shown."""

from __future__ import annotations

import io

from rich.console import Console, JustifyMethod, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from heygen_desktop.presentation.cli.shown import Facts, Table
from heygen_desktop.presentation.wording import printable

_WIDE = 10_000
"""Where no terminal sets a width: nothing is folded or cut."""


def rendered(shown: Table | Facts, *, terminal_width: int | None, colour: bool) -> str:
    """Return the text, ending in a newline.

    Args:
        terminal_width: Columns of the terminal; None where there is none, and then no line is folded.
        colour: Whether styles may be written.
    """
    file = io.StringIO()
    console = Console(
        file=file,
        width=terminal_width or _WIDE,
        force_terminal=terminal_width is not None,
        no_color=not colour,
        highlight=False,
        legacy_windows=False,
    )
    console.print(renderable(shown))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def renderable(shown: Table | Facts) -> RenderableType:
    """Return what rich prints; nothing in it is read as markup."""
    return _table(shown) if isinstance(shown, Table) else _facts(shown)


def _table(shown: Table) -> RichTable:
    table = RichTable(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in shown.columns:
        side: JustifyMethod = "right" if column.startswith(">") else "left"
        table.add_column(Text(column.removeprefix(">")), justify=side, overflow="fold")
    for row in shown.rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _facts(shown: Facts) -> RichTable:
    table = RichTable(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in shown.rows:
        table.add_row(Text(name), Text(printable(value, keep="\n")))
    return table
