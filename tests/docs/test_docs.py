"""What the documentation says is so."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from heygen_desktop import __version__

from tests.docs.pages import ROOT, pages, with_generated_parts

LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+)(#[^)]*)?\)")
PATH = re.compile(r"`((?:heygen_desktop|tests|docs|packaging|resources)/[^`*<>{} ]+)`")
PLACEHOLDER = re.compile(r"NAME|NOUN")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_the_parts_written_from_the_code_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert with_generated_parts(text) == text, "run: python -m tests.docs"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    inside = [m[1] for m in LINK.finditer(text) if "://" not in m[1]]

    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))

    real = [path for path in named if not PLACEHOLDER.search(path)]
    assert [path for path in real if not (ROOT / path).exists()] == []


def test_every_make_word_that_is_named_exists() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word
        for page in pages()
        for word in re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8"))
    }

    assert named - known == set()
    assert {"run", "test", "check", "help"} <= known


def test_make_help_tells_every_word() -> None:
    help_text = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert {line.split()[1] for line in help_text.splitlines()} == known


def test_the_changelog_begins_with_the_version_that_the_program_has() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    named = re.findall(r"^## (\S+)", text, re.MULTILINE)

    assert named[named[0] == "Unreleased"] == __version__


def test_the_readme_shows_the_two_commands_and_the_window_on_its_first_screen() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    text = "\n".join(first)

    assert "make run" in text
    assert "make test" in text
    assert re.search(r"!\[[^\]]+\]\(docs/pictures/[^)]+\.png\)", text)


def test_nothing_can_pull_a_cuda_build_by_accident() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert "torch>=2.10" in project["project"]["dependencies"]
    assert "torch==2.13.0" in constraints
    assert "PySide6-Essentials==6.11.3" in constraints
