"""The nine import contracts hold, and each of them fails when it is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BREACHES = {
    "Layers point inwards": ("domain/errors.py", "import heygen_desktop.application.forms"),
    "Fronts see no infrastructure": (
        "presentation/wording.py",
        "import heygen_desktop.infrastructure.files.home",
    ),
    "Domain and application know no framework": ("application/forms.py", "import sqlalchemy"),
    "The domain is standard library only": ("domain/events.py", "import numpy"),
    "Presenters know no Qt": (
        "presentation/desktop/screens/library/presenter.py",
        "import PySide6.QtCore",
    ),
    "Views know no presenter and no use case": (
        "presentation/desktop/screens/library/view.py",
        "import heygen_desktop.presentation.desktop.screens.library.presenter",
    ),
    "Screens know no other screen": (
        "presentation/desktop/screens/run/rows.py",
        "import heygen_desktop.presentation.desktop.screens.logs.view",
    ),
    "The fronts know not each other": (
        "presentation/cli/main.py",
        "import heygen_desktop.presentation.desktop.ports",
    ),
    "torch lives in the worker process only": ("bootstrap.py", "import torch"),
}


def verdicts(folder: Path) -> dict[str, str]:
    """Return KEPT or BROKEN by contract, for the package in this folder."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout, re.MULTILINE))


@pytest.mark.slow
def test_every_contract_is_kept_and_fails_when_it_is_broken(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "heygen_desktop", tmp_path / "heygen_desktop", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    before = verdicts(tmp_path)

    for file, statement in BREACHES.values():
        with (tmp_path / "heygen_desktop" / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{statement}\n")
    after = verdicts(tmp_path)

    assert before == dict.fromkeys(BREACHES, "KEPT")
    assert after == dict.fromkeys(BREACHES, "BROKEN")
