"""The form of settings: what holds, what is typed, what is set, and what is taken back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.domain.errors import ConfigurationError, DatabaseBusyError
from heygen_desktop.presentation.desktop.ports import Queue
from heygen_desktop.presentation.desktop.screens.environments.settings.presenter import (
    SettingsPresenter,
)

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, WrittenSource
from tests.fakes.tasks import FakeNotices, LaterTaskRunner, NowTaskRunner
from tests.unit.presentation.screens.environments.views import FakeSettingsView

THREADS, TOKENS = "inference.threads", "generation.max_tokens"


@dataclass
class Room:
    """A form over a fake application."""

    parts: FakeParts
    app: Application
    view: FakeSettingsView
    presenter: SettingsPresenter
    tasks: NowTaskRunner
    notices: FakeNotices

    def own(self, environment: str, key: str) -> object:
        """Return what the environment itself sets, or None."""
        with self.parts.units(read_only=True) as unit:
            return unit.environments.current(environment).values.get(key)


def a_room(environment: str = "development", *sources: WrittenSource) -> Room:
    parts = FakeParts(sources=list(sources))
    app, view, tasks = fake_application(parts), FakeSettingsView(), NowTaskRunner()
    notices = FakeNotices()
    presenter = SettingsPresenter(view, app.read_settings, app.change_setting, tasks, notices)
    presenter.show(environment)
    return Room(parts, app, view, presenter, tasks, notices)


def test_every_setting_of_the_schema_is_shown_under_its_section() -> None:
    room = a_room()

    assert list(room.view.sections) == [
        "Appearance", "Inference", "Generation", "Transformers", "Logging", "Monitoring", "Secrets",
    ]  # fmt: skip
    assert room.view.row(THREADS).text == "0"
    assert room.view.row(THREADS).badge == "default"
    assert room.view.row("inference.keep_loaded_min").text == "30"
    assert room.view.row("generation.temperature").text == "0.8"
    assert room.view.changed == 0


def test_an_impossible_value_is_told_while_it_is_typed() -> None:
    room = a_room()

    room.view.value_typed.emit(THREADS, "many")
    assert room.view.value_problems[THREADS] == ("Threads must be a whole number from 0 to 256.")
    room.view.value_typed.emit(THREADS, "4")

    assert room.view.value_problems[THREADS] == ""


def test_an_impossible_value_is_not_set() -> None:
    room = a_room()

    room.view.value_entered.emit(THREADS, "999")

    assert room.view.value_problems[THREADS]
    assert room.own("development", THREADS) is None


def test_an_entered_value_is_set_in_this_environment_and_shown() -> None:
    room = a_room("testing")

    room.view.value_entered.emit(THREADS, " 4 ")

    row = room.view.row(THREADS)
    assert room.own("testing", THREADS) == 4
    assert (row.text, row.badge, row.tone, row.own is not None) == (
        "4",
        "set here",
        "testing",
        True,
    )
    assert room.notices.undoable == "Threads is 4 in testing."
    assert room.view.changed == 1
    assert Queue.CHANGES in [task.queue for task in room.tasks.submitted]


def test_entering_what_is_there_changes_nothing() -> None:
    room = a_room()

    room.view.value_entered.emit(THREADS, "00")

    assert room.own("development", THREADS) is None
    assert room.notices.undoable == ""


def test_an_inherited_value_says_from_whom() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")

    room.presenter.show("testing")

    row = room.view.row(THREADS)
    assert (row.text, row.badge, row.tone, row.own is not None) == (
        "4", "from development", "development", False,
    )  # fmt: skip


def test_reset_lets_the_value_be_inherited_again() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")

    room.view.reset_requested.emit(THREADS)

    assert room.own("development", THREADS) is None
    assert room.notices.undoable == "Threads is reset in development."


def test_undo_takes_a_first_value_away() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")

    room.notices.undo()

    assert room.own("development", THREADS) is None
    assert room.view.row(THREADS).text == "0"
    assert room.notices.undoable == ""
    assert room.notices.notices[-1] == "Threads is reset in development."


def test_undo_brings_a_former_value_back() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")
    room.view.reset_requested.emit(THREADS)

    room.notices.undo()

    assert room.own("development", THREADS) == 4
    assert room.notices.notices[-1] == "Threads is 4 again in development."


def test_undo_does_not_follow_into_another_environment() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")
    room.presenter.show("development")
    assert room.notices.undoable == "Threads is 4 in development."

    room.presenter.show("staging")
    room.notices.undo()

    assert room.own("development", THREADS) == 4


def test_undo_with_nothing_to_take_back_does_nothing() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")
    room.notices.undo()

    room.notices.undo()

    assert room.own("development", THREADS) is None


def test_what_was_done_elsewhere_can_still_be_undone_once_the_form_is_shown() -> None:
    notices = FakeNotices()
    notices.notify("Removed tiny.", undo=lambda: None)
    app = fake_application()
    form = SettingsPresenter(
        FakeSettingsView(), app.read_settings, app.change_setting, NowTaskRunner(), notices
    )

    form.show("development")

    assert notices.undoable == "Removed tiny."


def test_production_is_edited_only_after_it_was_confirmed() -> None:
    room = a_room("production")
    assert room.view.locked == "production"

    room.view.value_entered.emit(THREADS, "4")
    room.view.reset_requested.emit(THREADS)
    assert room.own("production", THREADS) is None
    room.view.unlock_requested.emit()
    room.view.value_entered.emit(THREADS, "4")

    assert room.own("production", THREADS) == 4
    assert room.view.locked == ""


def test_what_is_the_persons_own_can_be_changed_and_undone_wherever_one_is() -> None:
    room = a_room("production")

    room.view.value_entered.emit("appearance.theme", "dark")
    room.presenter.show("testing")

    row = room.view.row("appearance.theme")
    assert (row.text, row.badge, row.is_personal) == ("dark", "yours", True)
    assert "yours: dark" in row.origin
    assert room.notices.undoable == "Theme is dark in every environment."
    room.notices.undo()
    assert room.view.row("appearance.theme").text == "system"


def test_production_is_asked_for_once_in_a_session() -> None:
    room = a_room("production")
    room.view.unlock_requested.emit()

    room.presenter.show("development")
    room.presenter.show("production")

    assert room.view.locked == ""


def test_a_value_that_a_process_variable_hides_says_so() -> None:
    room = a_room("development", WrittenSource("process", "HEYGEN__*", {THREADS: "8"}))

    room.view.value_entered.emit(THREADS, "4")

    row = room.view.row(THREADS)
    assert row.note == ("HEYGEN__INFERENCE__THREADS overrides what is set here: 8 is used.")
    assert (row.text, row.badge) == ("4", "process")
    assert row.origin.splitlines() == [
        "process (HEYGEN__*): 8", "instead of development: 4", "instead of default: 0",
    ]  # fmt: skip


def test_a_value_that_the_command_line_hides_says_so() -> None:
    room = a_room("development", WrittenSource("command line", "command line", {THREADS: 8}))

    assert room.view.row(THREADS).note.startswith("The command line overrides")
    assert room.view.row(THREADS).text == "0"


def test_a_value_of_the_file_is_marked_and_shown_in_the_editor() -> None:
    room = a_room("development", WrittenSource("file", "heygen.toml", {THREADS: 3}))

    row = room.view.row(THREADS)

    assert (row.text, row.badge, row.note, row.is_changed) == ("3", "heygen.toml", "", True)


def test_values_that_were_passed_over_are_told_with_their_place() -> None:
    room = a_room("development", WrittenSource("file", "heygen.toml", {THREADS: "many"}))

    problem = room.view.layers_problem

    assert problem is not None
    assert problem.title == "A setting is ignored."
    assert "inference.threads cannot be '\"many\"'. (heygen.toml)" in problem.cause
    assert "must be a whole number" in problem.as_text


def test_several_values_that_were_passed_over_are_counted() -> None:
    broken = WrittenSource("process", "x", trouble=ConfigurationError("x", "It is broken."))
    room = a_room("development", WrittenSource("file", "f", {THREADS: "many"}), broken)

    assert room.view.layers_problem is not None
    assert room.view.layers_problem.title == "2 settings are ignored."
    assert "It is broken." in room.view.layers_problem.cause


def test_a_dismissed_problem_does_not_come_back_with_the_next_change() -> None:
    room = a_room("development", WrittenSource("file", "heygen.toml", {TOKENS: "x"}))
    room.view.layers_problem = None

    room.view.value_entered.emit(THREADS, "4")

    assert room.view.layers_problem is None


def test_search_finds_titles_keys_and_help() -> None:
    room = a_room()

    for words, key in (("precis", "inference.dtype"), ("stall_timeout", "inference.stall_timeout_s"),
                       ("surprising", "generation.temperature")):  # fmt: skip
        room.view.narrowed.emit(words, False)
        assert room.view.keys == [key]


def test_only_changed_shows_what_some_layer_changes_until_all_is_shown_again() -> None:
    room = a_room()
    room.view.value_entered.emit(THREADS, "4")
    everything = len(room.view.keys)

    room.view.narrowed.emit("", True)
    assert room.view.keys == [THREADS]
    room.view.narrowed.emit("nothing like this", True)
    assert room.view.keys == []
    room.view.narrowed.emit("", False)

    assert len(room.view.keys) == everything


def test_a_change_that_fails_is_told_and_the_old_value_stays_in_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = a_room()

    def busy(*_arguments: object) -> object:
        raise DatabaseBusyError("heygen.db", 5)

    monkeypatch.setattr(type(room.app.change_setting), "set", busy)
    room.view.value_entered.emit(THREADS, "4")

    assert room.view.problem is not None
    assert "locked" in room.view.problem.title
    assert room.view.row(THREADS).text == "0"
    assert room.notices.undoable == ""


def test_trying_again_reads_the_settings_anew() -> None:
    room = a_room()
    room.app.change_setting.set("development", THREADS, 7)

    room.view.retry_requested.emit()

    assert room.view.row(THREADS).text == "7"


def test_nothing_is_read_before_an_environment_is_chosen() -> None:
    app, view, tasks = fake_application(), FakeSettingsView(), NowTaskRunner()
    notices = FakeNotices()
    presenter = SettingsPresenter(view, app.read_settings, app.change_setting, tasks, notices)

    presenter.refresh()
    view.value_entered.emit(THREADS, "4")
    view.reset_requested.emit(THREADS)

    assert not tasks.submitted


def test_an_answer_for_the_environment_before_falls_silent() -> None:
    app, view, tasks = fake_application(), FakeSettingsView(), LaterTaskRunner()
    notices = FakeNotices()
    app.change_setting.set("development", THREADS, 4)
    presenter = SettingsPresenter(view, app.read_settings, app.change_setting, tasks, notices)

    presenter.show("development")
    presenter.show("staging")
    tasks.run_all()

    assert view.row(THREADS).environment == "staging"


def test_a_form_that_was_closed_stays_quiet() -> None:
    app, view, tasks = fake_application(), FakeSettingsView(), LaterTaskRunner()
    notices = FakeNotices()
    presenter = SettingsPresenter(view, app.read_settings, app.change_setting, tasks, notices)
    presenter.show("development")
    tasks.run_all()
    view.value_entered.emit(THREADS, "4")

    presenter.close()
    tasks.run_all()

    assert notices.notices == []


def test_a_setting_copies_as_the_command_that_sets_it() -> None:
    room = a_room("production")

    assert room.view.row(THREADS).command == "heygen env set production inference.threads 0"
