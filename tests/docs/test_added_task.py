"""The task of docs/how-to/add-a-task.md, as it stands there, works in every front."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Task, Tasks
from heygen_desktop.domain.entities.run import Json

from tests.cli.terminal import Terminal
from tests.docs.pages import ROOT
from tests.factories.parts import STARTER_PATH, an_artifact
from tests.unit.presentation.screens.run.stage import Stage

PAGE = ROOT / "docs" / "how-to" / "add-a-task.md"
NAME = "text_classification"
ANSWER: dict[str, Json] = {"labels": [{"label": "joy", "score": 0.75}]}


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Task]:
    """The task that the page's code makes, from a file of its own."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    plain = re.sub(r"^   ", "", code, flags=re.MULTILINE)
    (tmp_path / f"{NAME}.py").write_text(plain, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    task = importlib.import_module(NAME).TEXT_CLASSIFICATION
    assert isinstance(task, Task)
    yield task
    del sys.modules[NAME]


def test_it_runs_in_the_terminal(added: Task) -> None:
    terminal = Terminal(tasks=Tasks((*TASKS, added)))
    terminal.parts.artifacts.known[STARTER_PATH] = an_artifact(task=added.tag)
    terminal.parts.inference.answers[added.tag] = ANSWER
    terminal.application().ensure_starter_model()

    answer = terminal.run("run", "starter", "So glad", "--param", "top_k=1")

    assert answer.code == 0
    assert [line.split() for line in answer.out.splitlines()] == [
        ["Label", "Score"],
        ["joy", "0.75"],
    ]


def test_it_runs_in_the_window(added: Task) -> None:
    stage = Stage(task=added)
    stage.parts.inference.answers[added.tag] = ANSWER

    stage.run("So glad")

    assert stage.view.parameters["top_k"].value == 2
    assert stage.view.parts == list(added.parts(ANSWER))
    assert stage.view.history[0].output == "joy 0.75"
