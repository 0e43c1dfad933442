"""The environments: one is chosen, and both sides follow."""

from __future__ import annotations

import pytest
from heygen_desktop.application.use_cases.environments import ListEnvironments
from heygen_desktop.domain.errors import DatabaseBusyError
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    EnvironmentChanged,
    ProgramStarted,
    SecretChanged,
    SettingChanged,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.screens.environments.presenter import EnvironmentsPresenter

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.clock import FAKE_START
from tests.fakes.tasks import FakeEvents, LaterTaskRunner, NowTaskRunner
from tests.unit.presentation.screens.environments.views import FakeEnvironmentsView


class NotedPart:
    """A side of the screen that notes what it was told."""

    def __init__(self) -> None:
        self.environment = ""
        self.refreshed = 0
        self.is_closed = False

    def show(self, environment: str) -> None:
        self.environment = environment

    def refresh(self) -> None:
        self.refreshed += 1

    def close(self) -> None:
        self.is_closed = True


class Room:
    """The screen over a fake application in which testing is in use."""

    def __init__(self, tasks: NowTaskRunner | LaterTaskRunner | None = None) -> None:
        self.parts = FakeParts()
        self.app = fake_application(self.parts, environment="testing")
        self.view, self.events = FakeEnvironmentsView(), FakeEvents()
        self.settings, self.secrets = NotedPart(), NotedPart()
        self.presenter = EnvironmentsPresenter(
            self.view, self.app.list_environments, self.app.use_environment, self.settings, self.secrets,
            tasks or NowTaskRunner(), self.events,
        )  # fmt: skip


def test_the_environment_in_use_is_chosen_at_first() -> None:
    room = Room()

    room.presenter.refresh()

    assert [row.name for row in room.view.rows if row.is_active] == ["testing"]
    assert room.view.selected == "testing"
    assert (room.settings.environment, room.secrets.environment) == ("testing", "testing")


def test_each_environment_says_whom_it_inherits_from_and_how_far_it_has_come() -> None:
    room = Room()
    room.app.change_setting.set("testing", "inference.threads", 4)

    room.presenter.refresh()

    rows = {row.name: row for row in room.view.rows}
    assert rows["testing"].spoken == (
        "testing, in use, inherits from development, 1 own setting · revision 1"
    )
    assert rows["production"].spoken == "production, inherits nothing, no own settings"


def test_an_environment_whose_settings_were_all_reset_still_tells_its_revision() -> None:
    room = Room()
    room.app.change_setting.set("testing", "inference.threads", 4)
    room.app.change_setting.unset("testing", "inference.threads")

    room.presenter.refresh()

    row = next(row for row in room.view.rows if row.name == "testing")
    assert row.history == "no own settings · revision 2"


def test_the_environment_that_is_to_be_used_is_in_use_at_once() -> None:
    room = Room()
    room.presenter.refresh()

    room.view.use_requested.emit("production")
    [changed] = room.parts.events.of(EnvironmentChanged)
    room.events.publish(changed)

    assert [row.name for row in room.view.rows if row.is_active] == ["production"]
    assert (changed.environment, changed.former) == ("production", "testing")


def test_choosing_another_one_shows_its_settings_and_secrets() -> None:
    room = Room()
    room.presenter.refresh()

    room.view.environment_selected.emit("production")
    room.view.retry_requested.emit()

    assert room.view.selected == "production"
    assert (room.settings.environment, room.secrets.environment) == ("production", "production")


def test_one_that_was_asked_for_before_the_list_came_stays_chosen() -> None:
    tasks = LaterTaskRunner()
    room = Room(tasks)
    room.presenter.refresh()

    room.presenter.select("staging")
    tasks.run_all()

    assert room.view.selected == "staging"


def test_a_setting_that_changed_elsewhere_refreshes_list_and_form() -> None:
    room = Room()
    room.presenter.refresh()
    room.app.change_setting.set("testing", "inference.threads", 4)
    before = room.settings.refreshed

    room.events.publish(SettingChanged(FAKE_START, "testing", "inference.threads", 1))

    assert room.settings.refreshed == before + 1
    assert "1 own setting" in next(r.history for r in room.view.rows if r.name == "testing")


def test_a_secret_that_changed_here_refreshes_the_secrets_and_one_elsewhere_does_not() -> None:
    room = Room()
    room.presenter.refresh()
    before = room.secrets.refreshed

    room.events.publish(SecretChanged(FAKE_START, "testing", "token", deleted=False))
    room.events.publish(SecretChanged(FAKE_START, "staging", "token", deleted=False))
    room.events.publish(ProgramStarted(FAKE_START, "cli", "1", "testing"))

    assert room.secrets.refreshed == before + 1


def test_a_list_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_self: ListEnvironments) -> None:
        raise DatabaseBusyError("heygen.db", 5)

    room = Room()
    monkeypatch.setattr(ListEnvironments, "__call__", busy)

    room.presenter.refresh()

    assert room.view.problem is not None
    assert "locked" in room.view.problem.title


def test_a_closed_screen_leaves_no_listener_and_stays_quiet() -> None:
    tasks = LaterTaskRunner()
    room = Room(tasks)
    room.presenter.refresh()

    room.presenter.close()
    room.presenter.close()
    tasks.run_all()

    assert room.events.listeners == 0
    assert room.view.rows == ()
    assert room.settings.is_closed
    assert room.secrets.is_closed


def test_a_screen_that_was_never_shown_closes_too() -> None:
    room = Room()

    room.presenter.close()

    assert room.events.listeners == 0


@pytest.mark.parametrize(
    ("topic", "settings", "secrets"),
    [(Topic.SETTINGS, 1, 0), (Topic.SECRETS, 0, 1), (Topic.RUNS, 0, 0)],
)
def test_what_another_program_changed_is_read_anew(
    topic: Topic, settings: int, secrets: int
) -> None:
    room = Room()
    room.presenter.refresh()
    before = room.settings.refreshed, room.secrets.refreshed

    room.events.publish(ChangedElsewhere(FAKE_START, {topic}))

    after = room.settings.refreshed, room.secrets.refreshed
    assert (after[0] - before[0], after[1] - before[1]) == (settings, secrets)
