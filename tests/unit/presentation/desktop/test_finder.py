"""What the palette finds by its name."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import DatabaseBusyError
from heygen_desktop.presentation.desktop.shell.finder import Finder, Thing, things_of

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts, an_artifact
from tests.fakes.tasks import FakeNavigation, FakeNotices, LaterTaskRunner

LLAMA = Path("/models/llama")


class Palette:
    """A finder over a home with a model, a run of it and a secret."""

    def __init__(self) -> None:
        parts = FakeParts()
        parts.artifacts.known[LLAMA] = an_artifact(LLAMA)
        self.app = fake_application(parts)
        self.app.register_model(Registration(LLAMA))
        request = RunRequest("llama", {"prompt": "Once upon a time"})
        self.run_id = ended(self.app.start_run(request)).id
        self.app.secrets.set("testing", "hub-token", "hf_1")
        self.tasks, self.navigation = LaterTaskRunner(), FakeNavigation()
        self.notices, self.told = FakeNotices(), list[int]()
        self.finder = Finder(
            partial(things_of, self.app),
            self.tasks,
            self.navigation,
            self.notices,
            lambda: self.told.append(len(self.finder.commands())),
        )

    def choose(self, title: str) -> tuple[str, str]:
        """Do what the palette does when this title is chosen; return where that led."""
        next(each for each in self.finder.commands() if each.title == title).run()
        return self.navigation.shown[-1]


@pytest.fixture
def palette() -> Palette:
    made = Palette()
    made.finder.look()
    made.tasks.run_all()
    return made


def test_each_thing_with_a_name_is_found_and_shown_where_it_lives(palette: Palette) -> None:
    assert palette.choose("llama") == ("library", "llama")
    assert palette.choose("Once upon a time") == ("run", f"run:{palette.run_id}")
    assert palette.choose("Temperature  generation.temperature") == (
        "environments",
        "setting:generation.temperature",
    )
    assert palette.choose("production") == ("environments", "production")
    assert palette.choose("hub-token") == ("environments", "secret:testing/hub-token")


def test_a_name_says_what_it_is_the_name_of(palette: Palette) -> None:
    kinds = {command.title: command.hint for command in palette.finder.commands()}

    assert kinds["llama"] == "Model"
    assert kinds["Once upon a time"].startswith("Run of llama · ")
    assert kinds["development"] == "Environment in use"
    assert kinds["staging"] == "Environment"
    assert kinds["hub-token"] == "Secret of testing"


def test_a_run_that_a_person_named_is_found_by_that_name(palette: Palette) -> None:
    palette.app.history.rename(palette.run_id, "The best beginning")

    palette.finder.look()
    palette.tasks.run_all()

    assert palette.choose("The best beginning") == ("run", f"run:{palette.run_id}")


def test_there_are_too_many_of_them_to_be_listed_unasked(palette: Palette) -> None:
    assert all(command.only_if_wanted for command in palette.finder.commands())


def test_a_look_tells_when_it_has_found_something_and_keeps_what_it_had(palette: Palette) -> None:
    known = len(palette.finder.commands())

    palette.finder.look()
    assert len(palette.finder.commands()) == known
    palette.tasks.run_all()

    assert palette.told == [known, known]


def test_after_it_is_closed_nobody_is_told(palette: Palette) -> None:
    palette.finder.look()
    palette.finder.close()
    palette.tasks.run_all()

    assert len(palette.told) == 1


def test_why_nothing_can_be_read_is_told() -> None:
    def busy() -> list[Thing]:
        raise DatabaseBusyError("books.db", 5.0)

    notices, tasks = FakeNotices(), LaterTaskRunner()
    finder = Finder(busy, tasks, FakeNavigation(), notices, lambda: None)

    finder.look()
    tasks.run_all()

    assert notices.warnings == ["The database is locked by another process."]
