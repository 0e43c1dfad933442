"""The nine import contracts hold, and each of them fails when it is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
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
    "Presenters, and all that they are made of, know no Qt": (
        "presentation/desktop/screens/library/registering/reading.py",
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
    "torch lives in the worker process only": (
        "infrastructure/inference/residents/server.py",
        "import heygen_desktop.infrastructure.inference.worker.runtimes.transformers",
    ),
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


def test_only_the_worker_may_import_torch() -> None:
    sources = contract("torch lives in the worker process only")["source_modules"]
    files = [path.relative_to(ROOT) for path in (ROOT / "heygen_desktop").rglob("*.py")]
    modules = {".".join(file.with_suffix("").parts) for file in files if file.stem != "__init__"}

    free = {name for name in modules if not any(matches(each, name) for each in sources)}

    assert free == {name for name in modules if ".inference.worker." in name}


def matches(pattern: str, module: str) -> bool:
    """Return whether import-linter means the module with this: a star is one level, two are all."""
    levels = re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^.]+")
    return re.fullmatch(levels, module) is not None


def contract(name: str) -> dict[str, list[str]]:
    """Return what pyproject.toml says of a contract."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(c for c in document["tool"]["importlinter"]["contracts"] if c["name"] == name)
