"""The history as a person keeps it: names, pins, and what is taken away and brought back."""

from __future__ import annotations

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.runs.history import LONGEST_TITLE
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Run
from heygen_desktop.domain.errors import RunNotFoundError
from heygen_desktop.domain.events import HistoryChanged
from heygen_desktop.domain.repositories import RunFilter

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    built = fake_application(parts)
    built.ensure_starter_model()
    return built


def a_run(application: Application, prompt: str = "It was") -> Run:
    return ended(application.start_run(RunRequest("starter", {"prompt": prompt})))


def listed(application: Application) -> list[str]:
    return [run.id for run in application.list_runs().runs]


@pytest.mark.parametrize(
    ("typed", "title"),
    [(" The  good\none ", "The good one"), ("", ""), ("x" * 999, "x" * LONGEST_TITLE)],
)
def test_a_name_is_one_line_of_a_length_that_can_be_read(
    application: Application, typed: str, title: str
) -> None:
    run = a_run(application)
    application.history.rename(run.id, "before")

    application.history.rename(run.id, typed)

    assert application.get_run(run.id).title == title


def test_a_pin_leaves_the_name_and_a_name_the_pin(application: Application) -> None:
    run = a_run(application)

    application.history.rename(run.id, "first")
    application.history.pin(run.id, True)
    application.history.rename(run.id, "second")

    stored = application.get_run(run.id)
    assert (stored.title, stored.is_pinned) == ("second", True)
    application.history.pin(run.id, False)
    assert not application.get_run(run.id).is_pinned


def test_a_run_that_is_gone_can_be_neither_named_nor_pinned(application: Application) -> None:
    with pytest.raises(RunNotFoundError):
        application.history.rename("never", "x")
    with pytest.raises(RunNotFoundError):
        application.history.pin("never", True)


def test_what_is_taken_away_together_comes_back_together(application: Application) -> None:
    first, second, third = (a_run(application, prompt) for prompt in ("one", "two", "three"))

    removal = application.history.remove(RunFilter(ids=(first.id, third.id)))
    application.history.remove(RunFilter(ids=(second.id,)))
    gone = listed(application)
    application.history.restore(removal)

    assert gone == []
    assert removal.count == 2
    assert listed(application) == [third.id, first.id]


def test_what_is_forgotten_for_good_stays_away(application: Application) -> None:
    run = a_run(application)
    removal = application.history.remove(RunFilter())

    application.history.purge()
    application.history.restore(removal)

    with pytest.raises(RunNotFoundError):
        application.get_run(run.id)


def test_every_change_is_told_to_whoever_lists_runs(
    application: Application, parts: FakeParts
) -> None:
    run = a_run(application)

    application.history.rename(run.id, "x")
    application.history.pin(run.id, True)
    application.history.restore(application.history.remove(RunFilter(ids=(run.id,))))

    assert len(parts.events.of(HistoryChanged)) == 4
