"""Running a piece of a program in a process of its own, and hearing what it says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRELUDE = """
import sys
from dataclasses import replace
from pathlib import Path
from heygen_desktop.infrastructure.database.database import Database
from tests.contracts.stored import a_model, a_run, NOON, at

folder = Path(sys.argv[1])
"""
ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def program(
    body: str, folder: Path, *, prefix: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """Start the prelude and the body on a folder; kill it at the end of the block."""
    process = subprocess.Popen(
        [*prefix, sys.executable, "-c", PRELUDE + body, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line the program prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
