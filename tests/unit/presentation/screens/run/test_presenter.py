"""The Run screen's story, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.tasks.text_generation import TEXT_GENERATION
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.domain.entities.ai_model import ModelStatus
from heygen_desktop.domain.entities.run import Loading, Owner, RunId, RunState
from heygen_desktop.domain.errors import DatabaseBusyError, WorkerCrashedError
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    ModelRemoved,
    RunChanged,
    RunLoading,
    RunProduced,
    SecretChanged,
)
from heygen_desktop.domain.repositories import ModelFilter, RunFilter, Topic
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRun
from heygen_desktop.presentation.desktop.screens.run.listing import PAGE

from tests.factories.application import fake_application
from tests.factories.labels import A_LABELLING, LABELS
from tests.factories.parts import FakeParts, ScriptedArtifacts, an_artifact
from tests.factories.pictures import NEGATIVE, PICTURE, PICTURES, turned_round
from tests.factories.updates import produced
from tests.fakes.clock import FAKE_START
from tests.fakes.tasks import FakeMemory, LaterTaskRunner
from tests.unit.presentation.screens.run.stage import Stage


def test_without_a_model_the_screen_says_so_and_the_starter_model_can_be_added() -> None:
    stage = Stage(has_starter=False)
    stage.write()
    assert stage.view.says_no_models
    assert not stage.view.can_run

    stage.view.starter_requested.emit()

    assert stage.view.picked == "starter@1.0.0"
    assert stage.view.can_run


def test_without_a_model_the_library_is_a_click_away() -> None:
    stage = Stage(has_starter=False)

    stage.view.library_requested.emit()

    assert stage.navigation.shown == [("library", "")]


def test_folders_with_models_are_found_by_the_library() -> None:
    stage = Stage()

    stage.view.scan_requested.emit()

    assert stage.navigation.shown == [("library", "scan:")]


def test_only_models_that_a_panel_fits_are_offered_in_all_their_living_versions() -> None:
    stage = Stage()
    stage.register("tiny", "1.0.0")
    stage.register("tiny", "2.0.0")
    stage.register("ears", task="automatic-speech-recognition")
    stage.register("old")
    with stage.parts.units() as unit:
        model = unit.models.by_name("old")
        assert model is not None
        model.versions = tuple(replace(v, status=ModelStatus.ARCHIVED) for v in model.versions)
        unit.models.save(model)
        unit.commit()

    stage.presenter.shown()

    shown = [row.reference for row in stage.view.models]
    assert shown == ["starter@1.0.0", "tiny@1.0.0", "tiny@2.0.0"]


def test_the_last_model_and_prompt_are_remembered() -> None:
    memory = FakeMemory()
    first = Stage(memory=memory)
    first.register("tiny")
    first.view.model_picked.emit("tiny@1.0.0")
    first.run("Once upon")
    second = Stage(memory=memory)
    second.register("tiny")

    second.presenter.shown()

    assert second.view.prompt == "Once upon"
    second.presenter.receive("tiny")
    assert second.view.picked == "tiny@1.0.0"
    assert memory.recall("run/model") == "tiny@1.0.0"


def test_a_run_streams_its_text_after_the_prompt_and_ends_with_its_figures() -> None:
    stage = Stage()

    run_id = stage.run("So")

    assert stage.view.output == ("So", "It is a truth.")
    assert [line.state for line in stage.view.states][-1] == "Done"
    assert {"Queued", "Loading", "Running"} <= {line.state for line in stage.view.states}
    assert stage.view.strip.made == "4 tokens"
    assert stage.view.strip.speed == "41.2 tok/s"
    assert stage.view.strip.load == "3.1 s"
    assert stage.view.details["Seed"] == str(stage.stored(run_id).seed)
    assert stage.view.history[0].state.endswith("Done")
    assert stage.view.history[0].output == "It is a truth."
    assert not stage.view.can_stop


def test_the_output_names_its_model_and_goes_when_another_is_picked() -> None:
    stage = Stage()
    stage.register("tiny")
    stage.presenter.shown()
    run_id = stage.run("So")
    named = stage.view.made_by

    stage.view.model_picked.emit("starter@1.0.0")
    stayed = stage.view.output
    stage.view.model_picked.emit("tiny@1.0.0")

    assert named == "starter@1.0.0"
    assert stayed == ("So", "It is a truth.")
    assert (stage.view.output, stage.view.made_by) == (None, "")
    stage.view.run_selected.emit(run_id)
    stage.presenter.shown()
    assert stage.view.made_by == "starter@1.0.0"


def test_text_that_came_is_never_shown_anew() -> None:
    stage = Stage()
    anew: list[int] = []
    stage.parts.inference.before_word = lambda _number: anew.append(stage.view.shown_anew)

    stage.run()

    assert anew == [1, 1, 1, 1]
    assert stage.view.shown_anew == 1


def test_a_second_run_of_a_loaded_model_needs_no_load() -> None:
    stage = Stage()
    stage.run()

    stage.run()

    assert stage.view.strip.load == "none"


def test_nothing_runs_without_a_prompt() -> None:
    stage = Stage()

    stage.view.run_requested.emit()

    assert stage.view.history == []
    assert not stage.view.can_run


def test_stop_while_text_comes_keeps_what_was_made() -> None:
    stage = Stage()
    stage.parts.inference.before_word = lambda number: (
        stage.view.stop_requested.emit() if number == 3 else None
    )

    run_id = stage.run()

    assert stage.stored(run_id).state is RunState.CANCELLED
    assert stage.view.output == ("It is a truth", "It is ")
    assert stage.view.states[-1].state == "Stopped"
    assert "kept" in stage.view.states[-1].text
    assert "Stopping" in [line.state for line in stage.view.states]


def test_stop_in_the_queue_ends_the_run_before_its_turn() -> None:
    stage = Stage(is_busy=True)
    stage.run("one")
    waiting = stage.run("two")
    stage.parts.executor.is_busy = False

    stage.view.stop_requested.emit()
    stage.view.stop_requested.emit()

    assert stage.stored(waiting).state is RunState.CANCELLED
    assert "before anything was made" in stage.view.states[-1].text
    stage.let_go()
    assert [task.inputs["prompt"] for _, task in stage.parts.inference.requests] == ["one"]


def test_several_runs_wait_at_a_time_and_the_newest_is_in_view() -> None:
    stage = Stage(is_busy=True)
    first, second = stage.run("one"), stage.run("two")
    assert stage.view.output == ("two", "")

    stage.let_go()

    assert stage.stored(first).state is stage.stored(second).state is RunState.SUCCEEDED
    assert stage.view.output == ("two", "It is a truth.")
    stage.view.run_selected.emit(first)
    assert stage.view.output == ("one", "It is a truth.")


def test_a_stop_that_comes_too_late_is_no_trouble() -> None:
    stage = Stage(is_busy=True)
    run_id = stage.run()
    stage.let_go()
    assert stage.view.states[-1].state == "Done"

    stage.view.stop_requested.emit()

    assert stage.view.problem is None
    assert stage.stored(run_id).state is RunState.SUCCEEDED


def test_a_stop_crossing_the_end_is_no_trouble() -> None:
    stage = Stage(is_busy=True)
    run_id = stage.run()
    # The end is stored, but its event has not arrived yet.
    stage.parts.events.events.clear()
    with stage.parts.units() as unit:
        stored = unit.runs.by_id(run_id)
        assert stored is not None
        running = stored.become(RunState.RUNNING, at=FAKE_START)
        unit.runs.save(running.become(RunState.SUCCEEDED, at=FAKE_START))
        unit.commit()

    stage.view.stop_requested.emit()

    assert stage.view.problem is None


def test_a_crash_is_explained_with_the_last_words_of_the_worker() -> None:
    stage = Stage()
    stage.parts.inference.trouble = WorkerCrashedError("loading", "signal 9", "the last line")

    stage.run()

    assert stage.view.failure is not None
    assert stage.view.failure.title.startswith("The model's process ended")
    assert "the last line" in stage.view.failure.details_text
    assert stage.view.failure.remedy
    assert stage.view.states[-1].state == "Failed"
    assert stage.view.history[0].tone == "danger"


def test_the_log_of_a_run_is_a_click_away() -> None:
    stage = Stage()
    run_id = stage.run()

    stage.view.log_requested.emit()

    assert stage.navigation.shown == [("logs", run_id)]


def test_running_again_with_the_same_seed_repeats_everything() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("temperature", "0.1")
    first = stage.stored(stage.run("So"))
    stage.view.parameter_changed.emit("temperature", "0.9")
    stage.write("Otherwise")

    stage.view.run_again_requested.emit(True)

    again = stage.stored(stage.view.selected)
    assert again.id != first.id
    assert (again.seed, again.params, again.inputs) == (first.seed, first.params, first.inputs)
    assert again.device == "cpu"
    assert stage.parts.inference.requests[-1][0].device == "auto"


def test_running_again_with_a_new_seed_draws_one() -> None:
    stage = Stage()
    first = stage.stored(stage.run())

    stage.view.run_again_requested.emit(False)

    assert stage.stored(stage.view.selected).seed != first.seed


def test_the_parameters_of_a_run_are_taken_and_the_prompt_stays() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("seed", "7")
    stage.view.parameter_changed.emit("top_p", "0.5")
    stage.run("So")
    stage.view.parameter_changed.emit("seed", "")
    stage.view.parameter_changed.emit("top_p", "0.6")
    stage.write("Otherwise")

    stage.view.parameters_wanted.emit()
    taken = (stage.view.parameters["top_p"].value, stage.view.seed)
    stage.notices.undo()

    assert taken == (0.5, 7)
    assert stage.view.prompt == "Otherwise"
    assert (stage.view.parameters["top_p"].value, stage.view.seed) == (0.6, None)


def test_parameters_come_with_the_model_of_their_run_and_go_back_with_the_other() -> None:
    stage = Stage()
    stage.register("tiny")
    stage.presenter.shown()
    run_id = stage.run()
    stage.view.model_picked.emit("tiny@1.0.0")
    stage.view.run_selected.emit(run_id)

    stage.view.parameters_wanted.emit()
    taken = stage.view.picked
    stage.notices.undo()

    assert (taken, stage.view.picked) == ("starter@1.0.0", "tiny@1.0.0")


def test_the_input_of_a_run_takes_the_place_of_what_is_written_and_gives_it_back() -> None:
    stage = Stage()
    stage.run("So")
    stage.write("Otherwise")

    stage.view.inputs_wanted.emit()
    taken = stage.view.prompt
    stage.notices.undo()

    assert (taken, stage.view.prompt) == ("So", "Otherwise")


def test_running_again_leaves_what_is_written_as_it_is() -> None:
    stage = Stage()
    stage.run("So")
    stage.view.parameter_changed.emit("top_p", "0.6")
    stage.write("Otherwise")

    stage.view.run_again_requested.emit(True)

    assert stage.stored(stage.view.selected).inputs == {"prompt": "So"}
    assert (stage.view.prompt, stage.view.parameters["top_p"].value) == ("Otherwise", 0.6)


def test_a_parameter_that_a_run_did_not_know_yet_is_at_its_own_default_when_it_is_repeated() -> (
    None
):
    stage = Stage()
    run = stage.stored(stage.run("So"))
    old = replace(run, params={key: run.params[key] for key in ("max_tokens", "temperature")})
    with stage.parts.units() as unit:
        unit.runs.save(old)
        unit.commit()
    stage.application.change_setting.set("development", "generation.top_p", 0.3)
    stage.presenter.shown()
    stage.parts.events.publish(RunChanged(FAKE_START, old))

    stage.view.run_again_requested.emit(True)

    assert stage.stored(stage.view.selected).params["top_p"] == 0.95


@pytest.mark.parametrize("leave", ["hidden", "close"])
def test_what_is_written_and_changed_is_there_again_after_a_restart(leave: str) -> None:
    memory = FakeMemory()
    first = Stage(memory=memory)
    first.write("Never run")
    first.view.parameter_changed.emit("top_p", "0.6")
    first.view.parameter_changed.emit("seed", "7")
    getattr(first.presenter, leave)()

    second = Stage(memory=memory)

    assert second.view.prompt == "Never run"
    assert (second.view.parameters["top_p"].value, second.view.seed) == (0.6, 7)
    assert second.view.parameters["temperature"].value == 0.8


def test_a_change_to_the_programs_own_value_is_remembered_beside_another_setting() -> None:
    memory = FakeMemory()
    first = Stage(memory=memory)
    first.application.change_setting.set("development", "generation.temperature", 0.6)
    first.view.parameter_changed.emit("temperature", "0.8")
    first.presenter.close()
    tasks = LaterTaskRunner()

    again = Stage(memory=memory, tasks=tasks)
    again.application.change_setting.set("development", "generation.temperature", 0.6)
    again.presenter.shown()
    tasks.run_all()

    assert again.view.parameters["temperature"].value == 0.8
    assert again.view.parameters["temperature"].setting == 0.6


def test_what_was_changed_for_one_task_is_remembered_when_a_model_of_another_is_picked() -> None:
    memory = FakeMemory()
    stage = Stage(memory=memory, task=LABELS)
    stage.register("writer")
    stage.view.parameter_changed.emit("top_k", "3")
    stage.presenter.receive("writer")
    stage.presenter.close()

    again = Stage(memory=FakeMemory({**memory.values, "run/model": "starter"}), task=LABELS)

    assert again.view.parameters["top_k"].value == 3


@pytest.mark.parametrize(
    "remembered", ['{"top_p": 7, "gone": 1, "seed": "x"}', "[1]", "{", '{"device": "abacus"}']
)
def test_remembered_parameters_that_cannot_be_any_more_are_passed_over(remembered: str) -> None:
    stage = Stage(memory=FakeMemory({"run/parameters/text-generation": remembered}))

    assert stage.view.parameters["top_p"].value == 0.95
    assert (stage.view.seed, stage.view.parameters["device"].value) == (None, "auto")
    assert stage.view.parameters["top_p"].objection == ""


def test_a_run_whose_model_is_gone_can_be_read_but_not_repeated() -> None:
    stage = Stage()
    stage.register("tiny")
    stage.presenter.receive("tiny@1.0.0")
    stage.run()
    stage.application.remove_model("tiny")

    stage.view.run_again_requested.emit(True)

    assert len(stage.view.history) == 1
    assert stage.notices.warnings == ["tiny@1.0.0 is not in the library any more."]
    assert stage.view.picked == "starter@1.0.0"


def test_without_a_run_in_view_its_acts_do_nothing() -> None:
    stage = Stage()

    for event in (
        stage.view.stop_requested,
        stage.view.parameters_wanted,
        stage.view.inputs_wanted,
        stage.view.copy_requested,
        stage.view.save_requested,
        stage.view.seed_reuse_requested,
        stage.view.unload_requested,
    ):
        event.emit()
    stage.view.run_again_requested.emit(True)
    stage.view.save_place_chosen.emit("nowhere.txt")
    stage.view.run_selected.emit("unknown")

    assert stage.view.history == []
    assert stage.view.problem is None
    assert stage.view.seed is None


def test_the_last_seed_can_be_used_again_before_a_run_is_in_view() -> None:
    stage = Stage()
    earlier = stage.earlier_run()
    stage.presenter.shown()

    stage.view.seed_reuse_requested.emit()

    assert stage.view.seed == earlier.seed


def test_parameters_follow_the_settings_until_they_are_changed_by_hand() -> None:
    stage = Stage()
    assert stage.view.parameters["max_tokens"].value == 256
    stage.view.parameter_changed.emit("temperature", "0.1")

    stage.application.change_setting.set("development", "generation.max_tokens", 32)
    stage.application.change_setting.set("development", "generation.temperature", 0.5)

    assert stage.view.parameters["max_tokens"].value == 32
    assert stage.view.parameters["temperature"].value == 0.1
    assert stage.view.parameters["temperature"].setting == 0.5
    stage.view.parameter_changed.emit("temperature", "0.5")
    assert stage.view.parameters["temperature"].value == 0.5


def test_a_parameter_that_cannot_be_one_is_in_the_way_of_a_run_and_says_why() -> None:
    stage = Stage()
    stage.write("So")

    stage.view.parameter_changed.emit("top_p", "7")
    row, could_run = stage.view.parameters["top_p"], stage.view.can_run
    stage.view.parameter_changed.emit("top_p", "0.7")

    assert row.objection == "Top-p must be a number from 0 to 1."
    assert (row.value, could_run) == (0.95, False)
    assert stage.view.parameters["top_p"].objection == ""
    assert (stage.view.parameters["top_p"].value, stage.view.can_run) == (0.7, True)


def test_stop_strings_are_typed_one_a_line_and_may_hold_the_end_of_one() -> None:
    stage = Stage()

    stage.view.parameter_changed.emit("stop", "User:\n\n\\n\\n\n")
    run_id = stage.run("So")
    stage.view.command_line_requested.emit()

    assert stage.stored(run_id).params["stop"] == ["User:", "\n\n"]
    assert stage.view.details["Stop strings"] == "User:, \\n\\n"
    assert "--param 'stop=User:\n\\n\\n'" in stage.view.copied


def test_the_parameters_of_a_run_take_the_place_of_what_could_not_be() -> None:
    stage = Stage()
    stage.run("So")
    stage.view.parameter_changed.emit("max_tokens", "many")

    stage.view.parameters_wanted.emit()

    assert stage.view.parameters["max_tokens"].objection == ""
    assert stage.view.can_run


def test_the_device_is_chosen_among_those_of_the_machine() -> None:
    stage = Stage()

    assert stage.view.parameters["device"].field.choices == ("auto", "cpu")
    stage.view.parameter_changed.emit("device", "cpu")
    stage.run()

    assert stage.parts.inference.requests[-1][0].device == "cpu"


def test_a_seed_that_is_too_large_is_refused_before_anything_is_queued() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("seed", "9" * 19)

    stage.run()

    assert stage.view.history == []
    assert not stage.view.can_run
    assert (
        stage.view.parameters["seed"].objection
        == f"Seed must be a whole number from 0 to {2**63 - 1}."
    )
    stage.view.command_line_requested.emit()
    assert stage.view.copied == ""


def test_an_empty_seed_is_drawn() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("seed", "")

    run_id = stage.run()

    assert stage.stored(run_id).state is RunState.SUCCEEDED


def test_the_request_is_copied_as_a_command() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("seed", "7")
    stage.write("It's a truth")

    stage.view.command_line_requested.emit()

    assert stage.view.copied == (
        "heygen run starter@1.0.0 'It'\"'\"'s a truth' --param max_tokens=256 "
        "--param temperature=0.8 --param top_k=0 --param top_p=0.95 --param min_p=0 "
        "--param repetition_penalty=1 --seed 7"
    )
    assert stage.notices.notices == ["The command was copied."]


def test_without_a_model_there_is_no_command_to_copy() -> None:
    stage = Stage(has_starter=False)

    stage.view.command_line_requested.emit()

    assert stage.view.copied == ""


def test_the_picked_model_shows_what_it_holds_and_can_be_unloaded() -> None:
    stage = Stage()
    stage.run()
    stage.presenter.shown()
    chip = stage.view.chip
    assert chip is not None
    assert chip.text == "In memory 419 MB"

    stage.view.unload_requested.emit()

    assert stage.view.chip is None
    assert list(stage.application.list_loaded()) == []


def test_the_output_is_saved_where_the_person_says(tmp_path: Path) -> None:
    stage = Stage()
    stage.run("So")

    stage.view.save_requested.emit()
    assert stage.view.suggested.startswith("starter-")
    stage.view.save_place_chosen.emit(str(tmp_path / "said.txt"))

    assert (tmp_path / "said.txt").read_text() == "It is a truth."
    assert stage.notices.notices == ["Saved said.txt."]


def test_an_output_that_cannot_be_saved_is_a_problem(tmp_path: Path) -> None:
    stage = Stage()
    stage.run()

    stage.view.save_place_chosen.emit(str(tmp_path / "missing" / "said.txt"))

    assert stage.view.problem is not None
    assert "cannot be written" in stage.view.problem.title


def test_the_history_comes_in_pages() -> None:
    stage = Stage()
    for _ in range(PAGE + 3):
        stage.earlier_run()

    stage.presenter.shown()
    assert (len(stage.view.history), stage.view.total) == (PAGE, PAGE + 3)
    stage.view.more_requested.emit()

    assert len(stage.view.history) == PAGE + 3


def test_an_earlier_run_is_shown_with_all_that_made_it() -> None:
    stage = Stage()
    run = stage.earlier_run("Earlier")
    stage.presenter.shown()

    stage.view.run_selected.emit(run.id)

    assert stage.view.output == ("Earlier", "It is a truth.")
    assert stage.view.details["Run"] == run.id
    assert stage.view.details["Temperature"] == "0.8"
    assert stage.view.details["Stop strings"] == "none"
    assert stage.view.failure is None


def test_the_status_bar_hands_over_a_run() -> None:
    stage = Stage()
    run = stage.earlier_run("Earlier")

    stage.presenter.receive(run.id)

    assert stage.view.selected == run.id
    assert stage.view.output == ("Earlier", "It is a truth.")


def test_another_screen_hands_over_a_run_that_is_known_already() -> None:
    stage = Stage()
    first, _second = stage.run("one"), stage.run("two")

    stage.presenter.receive(f"run:{first}")

    assert stage.view.output == ("one", "It is a truth.")


def test_a_run_that_was_never_recorded_is_a_problem() -> None:
    stage = Stage()

    stage.presenter.receive("run:ffffffffffff")

    assert stage.view.problem is not None
    assert "ffffffffffff" in stage.view.problem.title


def test_the_beginning_of_a_runs_id_is_not_taken_for_the_run() -> None:
    stage = Stage()
    run = stage.earlier_run()

    stage.presenter.receive(run.id[:4])

    assert stage.view.output is None
    assert len(stage.notices.warnings) == 1


def test_the_library_hands_over_a_model() -> None:
    stage = Stage()
    stage.register("tiny", "1.0.0")
    stage.register("tiny", "2.0.0")

    stage.presenter.receive("tiny@1.0.0")
    assert stage.view.picked == "tiny@1.0.0"
    stage.presenter.receive("tiny")
    assert stage.view.picked == "tiny@2.0.0"


def test_a_model_that_cannot_be_run_here_is_named() -> None:
    stage = Stage()
    stage.register("ears", task="automatic-speech-recognition")

    stage.presenter.receive("ears@1.0.0")
    stage.presenter.shown()

    assert stage.notices.warnings == ["ears@1.0.0 is not among the models that can be run here."]
    assert stage.view.picked == "starter@1.0.0"


def test_a_model_that_just_appeared_elsewhere_is_found_too() -> None:
    stage = Stage()
    later = Path("/models/later")
    known = {later: an_artifact(later)}
    elsewhere = FakeParts(
        units=stage.parts.units, ids=stage.parts.ids, artifacts=ScriptedArtifacts(known)
    )
    fake_application(elsewhere).register_model(Registration(later, name="later"))

    stage.presenter.receive("later")

    assert stage.view.picked == "later@1.0.0"


def test_a_run_of_another_process_is_followed_through_the_books() -> None:
    stage = Stage()
    earlier = stage.earlier_run()
    running = replace(
        earlier,
        state=RunState.RUNNING,
        finished_at=None,
        output={},
        owner=Owner(1, 1.0),
    )
    with stage.parts.units() as unit:
        unit.runs.save(running)
        unit.commit()
    stage.presenter.receive(f"run:{earlier.id}")
    pace = stage.view.ticks_every_s
    assert stage.view.output == ("Earlier", "")
    with stage.parts.units() as unit:
        unit.runs.save(earlier)
        unit.commit()

    stage.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS}))

    assert stage.view.output == ("Earlier", "It is a truth.")
    assert pace < stage.view.ticks_every_s


def test_text_that_was_missed_before_the_screen_opened_comes_with_the_end() -> None:
    stage = Stage(is_busy=True)
    run_id = stage.run("So")
    run = stage.stored(run_id)
    stage.parts.events.publish(RunProduced(FAKE_START, run.id, produced("truth.", 4)))

    stage.let_go()

    assert stage.view.output == ("So", "It is a truth.")


def test_events_of_runs_that_nobody_knows_are_passed_over() -> None:
    stage = Stage()

    stage.parts.events.publish(RunProduced(FAKE_START, "stranger", produced("text", 1)))
    stage.parts.events.publish(RunLoading(FAKE_START, "stranger", Loading("reading weights", 0.5)))
    stage.parts.events.publish(SecretChanged(FAKE_START, "development", "token", deleted=False))

    assert stage.view.output is None
    assert stage.parts.events.listener_errors == []


def test_runs_out_of_view_move_on_in_the_history_alone() -> None:
    stage = Stage(is_busy=True)
    first, second = stage.run("one"), stage.run("two")

    stage.parts.events.publish(RunLoading(FAKE_START, first, Loading("reading weights", 0.5)))
    stage.parts.events.publish(RunProduced(FAKE_START, first, produced("text", 7)))
    stage.view.ticked.emit()

    assert stage.view.output == ("two", "")
    assert {row.id: row.output for row in stage.view.history} == {first: "text", second: ""}


def test_the_clock_rests_while_nobody_looks_and_is_slow_while_nothing_runs() -> None:
    stage = Stage(is_busy=True)
    paces = [stage.view.ticks_every_s]

    for act in (
        stage.run,
        stage.presenter.hidden,
        stage.presenter.shown,
        stage.view.stop_requested.emit,
        stage.let_go,
    ):
        act()
        paces.append(stage.view.ticks_every_s)

    assert paces == [15.0, 0.25, 0, 0.25, 0.25, 15.0]


def test_how_long_ago_a_run_was_moves_by_itself() -> None:
    stage = Stage()
    stage.run()
    before = stage.view.history[0].when

    stage.parts.clock.advance(180)
    stage.view.ticked.emit()

    assert (before, stage.view.history[0].when) == ("just now", "3 min ago")


def test_a_tick_moves_the_clock_of_the_run_in_view() -> None:
    stage = Stage()
    seen: list[str] = []

    def at_word(_number: int) -> None:
        stage.view.ticked.emit()
        seen.append(stage.view.strip.elapsed)

    stage.parts.inference.before_word = at_word

    stage.run()

    assert all(text.endswith(("s", "min")) for text in seen)


def test_trouble_with_the_books_is_shown_and_gone_with_the_next_run() -> None:
    stage = Stage()
    stage.parts.units.commit_error = DatabaseBusyError("heygen.db", 5.0)

    stage.run()
    problem = stage.view.problem
    assert problem is not None
    assert problem.title == "The database is locked by another process."
    stage.parts.units.commit_error = None
    stage.run()

    assert stage.view.problem is None
    assert stage.view.states[-1].state == "Done"


def test_models_that_change_elsewhere_are_read_anew() -> None:
    stage = Stage()
    stage.parts.events.publish(ModelRemoved(FAKE_START, "elsewhere", ""))
    stage.application.remove_model("starter")

    assert stage.view.says_no_models
    assert not stage.view.can_run


def test_a_closed_screen_listens_no_more() -> None:
    stage = Stage(is_busy=True)
    stage.run()

    stage.presenter.close()
    stage.presenter.close()
    stage.let_go()

    run = next(iter(stage.application.list_runs().runs))
    assert run.state is RunState.SUCCEEDED
    assert stage.view.output == ("It is a truth", "")
    assert stage.parts.events.listeners == 0
    assert not stage.view.ticks_every_s


def test_after_closing_nothing_is_asked_or_answered() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)

    stage.presenter.close()
    before = tasks.waiting
    stage.presenter.shown()
    tasks.run_all()

    assert before == len(tasks.submitted)
    assert stage.view.models == []


def test_a_later_answer_replaces_an_earlier_question() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)
    stage.presenter.shown()

    tasks.run_all()

    assert sum(task.is_cancelled for task in tasks.submitted) >= 4
    assert stage.view.picked == "starter@1.0.0"


@pytest.mark.parametrize(
    ("seconds", "when"), [(0, "just now"), (3600, "1 h ago"), (90_000, "yesterday")]
)
def test_when_a_run_was_is_said_in_words(seconds: int, when: str) -> None:
    run = Stage().earlier_run()

    row = KnownRun(run, TEXT_GENERATION).row(run.queued_at + timedelta(seconds=seconds))

    assert row.when == when


def test_a_second_task_gets_form_output_history_and_copy_from_its_schemas(tmp_path: Path) -> None:
    stage = Stage(task=LABELS)
    stage.parts.inference.answers[LABELS.tag] = A_LABELLING
    stage.application.change_setting.set("development", "generation.max_tokens", 99)
    stage.presenter.shown()

    assert stage.view.inputs == {"sentence": "", "context": ""}
    assert stage.view.parameters["max_tokens"].value == 7
    assert not stage.view.can_run
    stage.view.input_changed.emit("context", "Before")
    assert not stage.view.can_run
    run_id = stage.run("So glad")
    stage.view.copy_requested.emit()
    stage.view.save_place_chosen.emit(str(tmp_path / "labels.txt"))

    run = stage.stored(run_id)
    assert (run.inputs, run.output) == ({"sentence": "So glad", "context": "Before"}, A_LABELLING)
    assert run.params == {"max_tokens": 7, "top_k": 2}
    assert stage.view.output == ("So glad\n\n", "")
    assert stage.view.parts == list(LABELS.parts(A_LABELLING))
    [row] = stage.view.history
    assert (row.input, row.output) == ("So glad", "joy 0.75, anger 0.25")
    assert stage.view.copied == LABELS.as_text(A_LABELLING)
    assert (tmp_path / "labels.txt").read_text(encoding="utf-8") == stage.view.copied
    assert (stage.view.details["Context"], stage.view.details["Top-k"]) == ("Before", "2")


def test_the_input_of_a_run_of_another_task_comes_with_its_model() -> None:
    stage = Stage(task=LABELS)
    stage.parts.inference.answers[LABELS.tag] = A_LABELLING
    stage.register("writer")
    run_id = stage.run("So glad")
    stage.presenter.receive("writer")
    stage.view.run_selected.emit(run_id)

    stage.view.inputs_wanted.emit()

    assert stage.view.picked == "starter@1.0.0"
    assert stage.view.inputs == {"sentence": "So glad", "context": ""}


def test_parameters_are_kept_under_a_name_for_their_model_and_taken_again() -> None:
    memory = FakeMemory()
    stage = Stage(memory=memory)
    stage.register("tiny")
    stage.presenter.shown()
    stage.view.parameter_changed.emit("temperature", "0.1")
    stage.view.parameter_changed.emit("seed", "7")
    stage.view.preset_named.emit(" Precise ")
    kept = (stage.view.presets, stage.view.preset)
    stage.view.parameter_changed.emit("temperature", "0.9")
    changed = stage.view.preset
    stage.view.model_picked.emit("tiny@1.0.0")
    of_another = stage.view.presets
    stage.view.model_picked.emit("starter@1.0.0")

    stage.view.preset_picked.emit("Precise")

    assert kept == (("Precise",), "Precise")
    assert (changed, of_another) == (None, ())
    assert (stage.view.parameters["temperature"].value, stage.view.seed) == (0.1, 7)
    assert Stage(memory=memory).view.presets == ("Precise",)


def test_a_preset_that_is_taken_gives_back_what_it_replaced() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("temperature", "0.1")

    stage.view.preset_picked.emit("")
    taken = (stage.view.preset, stage.view.parameters["temperature"].value)
    stage.notices.undo()

    assert taken == ("", 0.8)
    assert stage.view.parameters["temperature"].value == 0.1


def test_a_preset_is_removed_at_once_and_can_be_had_back() -> None:
    stage = Stage()
    stage.view.parameter_changed.emit("temperature", "0.1")
    stage.view.preset_named.emit("Precise")

    stage.view.preset_removed.emit("Precise")
    without = stage.view.presets
    stage.notices.undo()

    assert (without, stage.view.presets) == ((), ("Precise",))
    assert stage.view.parameters["temperature"].value == 0.1


def test_a_preset_needs_a_model_and_a_name() -> None:
    stage = Stage(has_starter=False)
    stage.view.preset_named.emit("Precise")
    stage.view.starter_requested.emit()
    stage.view.preset_named.emit("  ")

    assert stage.view.presets == ()
    assert stage.notices.notices == []


def test_presets_that_cannot_be_read_are_none() -> None:
    stage = Stage(memory=FakeMemory({"run/presets/starter": '{"a": 1, "b": {"top_p": 9}}'}))

    stage.view.preset_picked.emit("b")

    assert stage.view.presets == ("b",)
    assert stage.view.parameters["top_p"].value == 0.95


def test_the_tokens_of_what_is_written_are_counted_against_what_the_model_reads() -> None:
    stage = Stage()
    before = stage.view.count.text
    stage.write("It is a truth")
    stage.view.parameter_changed.emit("max_tokens", "100")
    fits = stage.view.count
    stage.view.parameter_changed.emit("max_tokens", "510")
    is_cut = stage.view.count
    stage.write("word " * 600)
    too_long = stage.view.count

    assert before == ""
    assert (fits.text, fits.tone) == ("4 of 512 tokens", "neutral")
    assert (is_cut.tone, is_cut.hint) == (
        "warning",
        "The answer ends after 508 tokens at the latest",
    )
    assert (too_long.text, too_long.tone) == ("600 of 512 tokens", "danger")


def test_an_input_that_the_model_cannot_read_is_refused_before_anything_is_loaded() -> None:
    stage = Stage()
    stage.write("word " * 600)

    stage.view.run_requested.emit()

    assert stage.view.problem is not None
    assert stage.view.problem.title == "The prompt has 600 tokens; the model reads at most 512."
    assert not stage.application.list_runs().runs


def test_an_input_that_was_shortened_is_run_and_nothing_is_held_against_it() -> None:
    stage = Stage()
    stage.write("word " * 600)
    stage.view.run_requested.emit()
    stage.write("word " * 6)

    stage.view.run_requested.emit()

    assert stage.view.problem is None
    assert len(stage.application.list_runs().runs) == 1


def test_while_tokens_are_counted_the_last_count_refuses_nothing() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)
    tasks.run_all()
    stage.write("word " * 600)
    tasks.run_all()
    stage.write("It is")

    stage.view.run_requested.emit()
    tasks.run_all()

    assert stage.view.problem is None
    assert len(stage.application.list_runs().runs) == 1


def test_tokens_that_cannot_be_counted_are_not_told_and_no_trouble() -> None:
    stage = Stage()
    stage.register("tiny", context_length=None)
    stage.presenter.shown()
    stage.write("It is")
    stage.parts.artifacts.tokens_fail = True

    stage.view.model_picked.emit("tiny@1.0.0")
    unknown = stage.view.count.text
    stage.parts.artifacts.tokens_fail = False
    stage.write("It is a")

    assert (unknown, stage.view.problem) == ("", None)
    assert stage.view.count.text == "3 tokens"


def test_what_is_written_while_tokens_are_counted_is_counted_next() -> None:
    tasks = LaterTaskRunner()
    stage = Stage(tasks=tasks)
    tasks.run_all()
    stage.write("one")
    stage.write("one two")
    stage.write("one two three")

    tasks.run_all()

    assert stage.view.count.text.startswith("3 of")


def test_an_example_becomes_the_main_input() -> None:
    stage = Stage()
    assert "She opened the letter, and read" in stage.view.examples

    stage.view.example_picked.emit("She opened the letter, and read")

    assert stage.view.prompt == "She opened the letter, and read"
    assert stage.view.can_run


def test_a_chosen_file_is_kept_run_told_and_saved(tmp_path: Path) -> None:
    stage = Stage(task=PICTURES)
    stage.parts.inference.makes[PICTURES.tag] = turned_round
    (tmp_path / "cat.png").write_bytes(PICTURE)
    assert not stage.view.can_run

    stage.view.file_chosen.emit("image", str(tmp_path / "cat.png"))
    (tmp_path / "cat.png").unlink()
    stage.view.command_line_requested.emit()
    stage.view.run_requested.emit()
    stage.view.save_requested.emit()
    stage.view.save_place_chosen.emit(str(tmp_path / "out.png"))

    assert stage.view.history[0].input == "cat.png, 10,240 bytes"
    assert stage.view.suggested == "negative.png"
    assert (tmp_path / "out.png").read_bytes() == NEGATIVE
    assert stage.view.copied.startswith("heygen run starter@1.0.0 /")


def test_a_file_that_cannot_be_kept_or_is_gone_is_a_problem(tmp_path: Path) -> None:
    stage = Stage(task=PICTURES)
    stage.view.file_chosen.emit("image", str(tmp_path / "missing.png"))
    assert stage.view.problem is not None
    (tmp_path / "cat.png").write_bytes(PICTURE)
    stage.view.file_chosen.emit("image", str(tmp_path / "cat.png"))
    stage.parts.blobs.contents.clear()

    stage.view.command_line_requested.emit()

    assert stage.view.problem is not None
    assert "cat.png" in stage.view.problem.title


def test_runs_of_another_program_are_in_the_history_at_once() -> None:
    stage = Stage()
    other = replace(stage.stored(stage.run("One")), id=RunId("other"), inputs={"prompt": "Two"})
    with stage.parts.units() as unit:
        unit.runs.add(other)
        unit.commit()

    stage.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS}))

    assert {row.id for row in stage.view.history} > {"other"}


@pytest.mark.parametrize("search", ["", "e"])
def test_a_run_in_view_that_another_program_deletes_gives_way_to_its_neighbour(search: str) -> None:
    stage = Stage()
    one, three = (stage.run(prompt) for prompt in ("one", "three"))
    stage.view.search_requested.emit(search)
    elsewhere = fake_application(FakeParts(units=stage.parts.units, ids=stage.parts.ids))

    elsewhere.history.remove(RunFilter(ids=(three,)))
    stage.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS}))

    assert names(stage) == ["one"]
    assert stage.view.selected == one


def test_a_run_that_another_program_deleted_is_not_brought_into_view() -> None:
    stage = Stage()
    deleted, left = (stage.run(prompt) for prompt in ("one", "two"))
    elsewhere = fake_application(FakeParts(units=stage.parts.units, ids=stage.parts.ids))
    elsewhere.history.remove(RunFilter(ids=(deleted,)))
    stage.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS}))

    stage.presenter.receive(f"run:{deleted}")

    assert stage.view.problem is not None
    assert stage.view.selected == left


def test_a_run_of_another_program_that_ends_beside_the_search_leaves_the_queue() -> None:
    stage = Stage()
    run = replace(stage.earlier_run(), owner=Owner(77, 1.0))
    at_work = replace(run, id=RunId("elsewhere"), state=RunState.RUNNING, finished_at=None)
    with stage.parts.units() as unit:
        unit.runs.add(at_work)
        unit.commit()
    stage.view.search_requested.emit("nothing like it")
    before = [row.id for row in stage.view.queue]

    with stage.parts.units() as unit:
        unit.runs.save(replace(run, id=RunId("elsewhere")))
        unit.commit()
    stage.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS}))

    assert (before, stage.view.queue) == (["elsewhere"], [])


def test_models_memory_and_settings_that_another_program_changed_are_read_anew() -> None:
    stage = Stage()
    with stage.parts.units() as unit:
        for model in unit.models.find(ModelFilter()):
            unit.models.remove(model.id)
        unit.commit()

    stage.parts.events.publish(ChangedElsewhere(FAKE_START, set(Topic)))

    assert stage.view.says_no_models
    assert stage.parts.events.listener_errors == []


def names(stage: Stage) -> list[str]:
    return [row.name for row in stage.view.history]


def test_stop_reaches_what_is_at_work_whichever_run_is_in_view() -> None:
    stage = Stage()
    done = stage.run("earlier")
    stage.is_busy = True
    waiting = stage.run("waiting")

    stage.view.run_selected.emit(done)
    told = stage.view.stops
    stage.view.stop_requested.emit()
    stage.let_go()

    assert told == "starter@1.0.0"
    assert stage.stored(waiting).state is RunState.CANCELLED
    assert (stage.view.stops, stage.view.can_stop) == ("", False)


def test_a_stop_that_is_pressed_twice_stops_one_run() -> None:
    stage = Stage(is_busy=True)
    first, second = stage.run("first"), stage.run("second")
    assert stage.view.stops == "the run in view"
    stage.parts.executor.is_busy = False

    stage.view.stop_requested.emit()
    stage.view.stop_requested.emit()

    assert stage.stored(second).state is RunState.CANCELLED
    assert stage.stored(first).state is RunState.QUEUED


def test_any_run_of_the_queue_can_be_stopped_and_says_so_until_it_has_ended() -> None:
    stage = Stage(is_busy=True)
    first, _second = stage.run("first"), stage.run("second")
    stage.view.run_stop_requested.emit("never")

    stage.view.run_stop_requested.emit(first)
    stage.view.run_stop_requested.emit(first)

    assert [row.state for row in stage.view.history][1] == "■  Stopping"
    assert next(row for row in stage.view.queue if row.id == first).place == "Stopping"
    stage.let_go()
    assert stage.stored(first).state is RunState.CANCELLED
    assert [row.state for row in stage.view.history] == ["✓  Done", "■  Stopped"]


def test_the_queue_lists_what_is_at_work_and_then_what_waits_in_its_order() -> None:
    stage = Stage()
    lists: list[list[tuple[str, str]]] = []
    stage.parts.inference.before_word = lambda number: (
        lists.append([(row.place, row.input) for row in stage.view.queue]) if number == 1 else None
    )
    stage.is_busy = True
    for prompt in ("a", "b", "c"):
        stage.run(prompt)

    stage.let_go()

    assert lists[0] == [("Running", "a"), ("1", "b"), ("2", "c")]
    assert lists[2] == [("Running", "c")]
    assert stage.view.queue == []


def test_waiting_runs_are_put_in_another_order() -> None:
    stage = Stage(is_busy=True)
    at_work, *waiting = (stage.run(prompt) for prompt in ("at work", "a", "b", "c"))

    stage.view.queue_arranged.emit([waiting[2], waiting[0], waiting[1]])

    queued = [row.id for row in stage.view.queue if row.id != at_work]
    assert queued == [waiting[2], waiting[0], waiting[1]]
    stage.let_go()
    ran = [task.inputs["prompt"] for _, task in stage.parts.inference.requests]
    assert ran == ["at work", "c", "a", "b"]


def test_a_cleared_queue_can_be_filled_again() -> None:
    stage = Stage(is_busy=True)
    for prompt in ("a", "b"):
        stage.run(prompt)
    stage.parts.executor.is_busy = False

    stage.view.queue_clear_requested.emit()
    stage.let_go()
    left = list(stage.view.queue)
    stage.view.queue_clear_requested.emit()
    told = list(stage.notices.notices)
    stage.notices.undo()

    assert left == []
    assert told == ["Stopped 2 waiting runs."]
    assert stage.notices.notices[-1] == "2 runs wait again."
    ran = [task.inputs["prompt"] for _, task in stage.parts.inference.requests]
    assert ran == ["a", "b"]


def test_runs_that_wait_again_take_the_place_of_those_that_were_stopped() -> None:
    stage = Stage(is_busy=True)
    _at_work, first, second = (stage.run(prompt) for prompt in ("at work", "a", "b"))
    stage.view.run_renamed.emit(first, "The good one")
    stage.view.pin_requested.emit([first], True)
    stage.view.select_run(first)
    stage.view.queue_clear_requested.emit()
    stage.let_go()

    stage.notices.undo()
    stage.let_go()
    stage.view.search_requested.emit("")

    assert names(stage) == ["The good one", "b", "at work"]
    assert not {first, second} & {row.id for row in stage.view.history}
    assert stage.view.selected == stage.view.history[0].id
    assert stage.view.history[0].is_pinned


def test_a_run_of_another_program_waits_in_the_queue_and_cannot_be_moved_or_cleared() -> None:
    stage = Stage()
    run = stage.earlier_run()
    with stage.parts.units() as unit:
        elsewhere = replace(run, id=RunId("elsewhere"), state=RunState.QUEUED, finished_at=None)
        unit.runs.add(replace(elsewhere, owner=Owner(77, 1.0)))
        unit.commit()

    stage.presenter.shown()
    [row] = stage.view.queue
    stage.view.queue_clear_requested.emit()

    assert (row.whose, row.can_move, row.can_stop) == ("Another program", False, True)
    assert stage.stored("elsewhere").state is RunState.QUEUED
    stage.view.run_stop_requested.emit("elsewhere")
    assert stage.stored("elsewhere").state is RunState.CANCELLED
    assert stage.view.queue == []


def test_a_search_lists_what_matches_and_an_empty_one_all() -> None:
    stage = Stage()
    for prompt in ("a apple", "a lie", "another apple"):
        stage.run(prompt)

    stage.view.search_requested.emit("Apple ")
    found = names(stage)
    stage.view.search_requested.emit("")

    assert found == ["another apple", "a apple"]
    assert names(stage) == ["another apple", "a lie", "a apple"]


def test_a_new_run_is_listed_though_it_does_not_match_the_search() -> None:
    stage = Stage()
    stage.run("a apple")
    stage.view.search_requested.emit("apple")

    stage.run("a lie")

    assert names(stage) == ["a lie", "a apple"]


def test_a_run_is_named_and_pinned_over_newer_ones() -> None:
    stage = Stage()
    first = stage.run("first")
    stage.run("second")

    stage.view.run_renamed.emit(first, "The good one")
    stage.view.pin_requested.emit([first], True)

    assert names(stage) == ["The good one", "second"]
    assert stage.view.history[0].is_pinned
    stage.view.pin_requested.emit([first], False)
    stage.view.run_renamed.emit(first, "")
    assert names(stage) == ["second", "first"]


def test_a_name_is_taken_back() -> None:
    stage = Stage()
    run_id = stage.run("first")
    told: list[str] = []

    for title in ("The good one", "The best one", ""):
        stage.view.run_renamed.emit(run_id, title)
        told.append(stage.notices.undoable)
    taken_back = []
    for _ in told:
        stage.notices.undo()
        taken_back += names(stage)

    assert told == [
        "Named the run “The good one”.",
        "Named the run “The best one”.",
        "Took the name of the run away.",
    ]
    assert taken_back == ["The best one", "The good one", "first"]
    assert stage.notices.notices[-1] == "The run is called as it was."


def test_a_pin_is_taken_back_from_those_that_got_it() -> None:
    stage = Stage()
    first, second, third = (stage.run(prompt) for prompt in ("first", "second", "third"))
    stage.view.pin_requested.emit([first], True)

    stage.view.pin_requested.emit([first, second, third], True)
    told = stage.notices.undoable
    stage.view.pin_requested.emit([first], True)
    stage.notices.undo()

    assert told == "Pinned 2 runs."
    assert [row.is_pinned for row in stage.view.history] == [True, False, False]
    assert stage.notices.notices[-1] == "Unpinned 2 runs."


def test_a_name_given_to_a_run_at_work_stays() -> None:
    stage = Stage(is_busy=True)
    run_id = stage.run("first")

    stage.view.run_renamed.emit(run_id, "The good one")
    stage.let_go()

    assert names(stage) == ["The good one"]
    assert stage.stored(run_id).title == "The good one"


def test_deleted_runs_are_gone_at_once_and_come_back() -> None:
    stage = Stage()
    first, _second, third = (stage.run(prompt) for prompt in ("first", "second", "third"))

    stage.view.removal_requested.emit([first, third])
    left, told = names(stage), stage.notices.undoable
    stage.notices.undo()

    assert (left, told) == (["second"], "Deleted 2 runs.")
    assert names(stage) == ["third", "second", "first"]
    assert stage.notices.notices[-1] == "2 runs are back in the history."


def test_a_run_in_view_that_is_deleted_gives_way_to_its_neighbour() -> None:
    stage = Stage()
    first, second, third = (stage.run(prompt) for prompt in ("first", "second", "third"))
    shown: list[str] = []
    stage.view.run_selected.emit(second)

    for run_id in (second, third, first):
        stage.view.removal_requested.emit([run_id])
        shown.append(stage.view.output[0] if stage.view.output else "")

    assert shown == ["first", "first", ""]


def test_clearing_leaves_pinned_runs_what_is_under_way_and_what_the_search_hides() -> None:
    stage = Stage()
    pinned = stage.run("a pinned apple")
    stage.run("a lie")
    stage.run("a apple")
    stage.view.pin_requested.emit([pinned], True)

    stage.view.search_requested.emit("apple")
    stage.view.clear_requested.emit()
    told = stage.notices.undoable
    stage.view.clear_requested.emit()
    stage.view.search_requested.emit("")

    assert names(stage) == ["a pinned apple", "a lie"]
    stay = "Pinned runs and those not found stay."
    assert told == f"Deleted 1 run. {stay}"
    assert f"Nothing to delete. {stay}" in stage.notices.notices


def test_more_and_more_runs_are_asked_for() -> None:
    stage = Stage()
    asked: list[int] = []
    stage.view.history = []
    listing = stage.presenter.listing

    for _ in range(2):
        stage.view.more_requested.emit()
        asked.append(listing._limit)

    assert asked == [2 * PAGE, 4 * PAGE]


def test_two_runs_are_compared_the_earlier_one_at_the_left() -> None:
    stage = Stage()
    stage.parts.clock.advance(1)
    first = stage.run("It is a truth")
    stage.parts.clock.advance(1)
    second = stage.run("It is a lie")

    stage.view.comparison_requested.emit([second, first])

    comparison = stage.view.comparison
    assert comparison is not None
    assert (comparison.left.name, comparison.right.name) == ("It is a truth", "It is a lie")
    assert comparison.left.state.word == "Done"
