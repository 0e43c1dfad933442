"""The inspector: one model, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import ModelLoadError
from heygen_desktop.presentation.desktop.ports import Queue
from heygen_desktop.presentation.desktop.screens.library.inspector.presenter import (
    InspectorPresenter,
)
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow, row_of

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts, an_artifact
from tests.fakes.tasks import FakeNavigation, FakeNotices, LaterTaskRunner
from tests.unit.presentation.screens.library.views import SeenInspector

PATH = Path("/models/llama")


class Inspecting:
    """An inspector on fakes, with two models registered."""

    def __init__(self) -> None:
        self.parts = FakeParts()
        for path in (PATH, Path("/models/bert")):
            self.parts.artifacts.known[path] = an_artifact(path)
        self.app = fake_application(self.parts)
        self.app.register_model(Registration(PATH))
        self.app.register_model(Registration(Path("/models/bert")))
        self.app.model_files.verify("llama")
        self.view, self.tasks = SeenInspector(), LaterTaskRunner()
        self.navigation, self.notices = FakeNavigation(), FakeNotices()
        self.presenter = InspectorPresenter(
            self.view, self.app, self.tasks, self.parts.events, self.navigation, self.notices
        )

    def row(self, name: str = "llama") -> ModelRow:
        return row_of(self.app.get_model(name), ())

    def look_at(self, name: str = "llama") -> None:
        self.presenter.look_at(self.row(name))
        self.tasks.run_all()


@pytest.fixture
def shown() -> Inspecting:
    made = Inspecting()
    made.look_at()
    return made


def test_the_model_is_shown_with_its_files_and_its_memory(shown: Inspecting) -> None:
    details = shown.view.details

    assert details is not None
    assert (details.name, details.subtitle) == ("llama", "1.0.0 · Language · safetensors")
    assert ("Parameters", "3,499,500") in details.artifact.facts
    assert details.artifact.path == "/models/llama"
    assert details.short_checksum == "sha256:abababab…abab"
    assert details.artifact.memory.sentence.startswith("Fits on the CPU")


def test_no_model_shows_nothing(shown: Inspecting) -> None:
    shown.presenter.look_at(None)

    assert shown.view.details is None


def test_what_was_asked_about_the_last_model_falls_silent(shown: Inspecting) -> None:
    shown.presenter.look_at(shown.row("bert"))
    shown.presenter.look_at(shown.row("llama"))
    shown.tasks.run_all()

    assert shown.view.details is not None
    assert shown.view.details.name == "llama"
    assert shown.tasks.submitted[-2].is_cancelled


def test_a_model_that_is_gone_meanwhile_is_explained(shown: Inspecting) -> None:
    row = shown.row()
    shown.app.remove_model("llama")

    shown.presenter.look_at(row)
    shown.tasks.run_all()

    assert shown.view.details is None
    assert shown.view.unreadable is not None
    assert "llama" in shown.view.unreadable.title


def test_another_model_leaves_the_problem_of_the_last_one_behind(shown: Inspecting) -> None:
    shown.view.unload_requested.emit()
    shown.tasks.run_all()
    said = shown.view.problem

    shown.look_at("bert")

    assert said is not None and said.title == "'llama@1.0.0' is not loaded."
    assert shown.view.problem is None


def test_run_goes_to_the_run_screen_with_the_very_version(shown: Inspecting) -> None:
    shown.view.run_requested.emit()

    assert shown.navigation.shown == [("run", "llama@1.0.0")]


def test_a_past_run_is_opened_on_the_run_screen(shown: Inspecting) -> None:
    shown.view.past_run_requested.emit("abc")

    assert shown.navigation.shown == [("run", "abc")]


def test_loading_shows_its_stages_and_then_the_cost(shown: Inspecting) -> None:
    shown.view.load_requested.emit()
    began = list(shown.view.loading)
    shown.tasks.run_all()

    assert began == [("Loading llama", None)]
    assert shown.view.loading == [
        ("Loading llama", None),
        ("Loading llama: reading weights", 0.5),
    ]
    assert not shown.view.is_loading
    assert shown.notices.notices == ["llama is in memory after 3.1 s."]
    assert shown.view.details is not None
    assert shown.view.details.loaded == "In memory on the CPU as float32: 419 MB, process 5000."


def test_loading_waits_in_the_place_of_inference(shown: Inspecting) -> None:
    shown.view.load_requested.emit()

    assert shown.tasks.submitted[-1].queue is Queue.INFERENCE


def test_a_second_load_waits_for_the_first(shown: Inspecting) -> None:
    shown.view.load_requested.emit()
    shown.view.load_requested.emit()

    assert shown.tasks.waiting == 1


def test_a_load_that_fails_says_why_and_can_be_tried_again(shown: Inspecting) -> None:
    shown.parts.inference.trouble = ModelLoadError("llama", "a tensor is missing")
    shown.view.load_requested.emit()
    shown.tasks.run_all()
    problem = shown.view.problem

    shown.parts.inference.trouble = None
    shown.view.load_requested.emit()
    shown.tasks.run_all()

    assert problem is not None and problem.cause == "a tensor is missing."
    assert shown.view.problem is None
    assert not shown.view.is_loading


def test_a_cancelled_load_ends_at_once_and_says_nothing(shown: Inspecting) -> None:
    shown.view.load_requested.emit()

    shown.view.loading_cancelled.emit()
    shown.tasks.run_all()

    assert not shown.view.is_loading
    assert shown.notices.notices == []
    assert shown.app.list_loaded() == []


def test_cancelling_without_a_load_does_nothing(shown: Inspecting) -> None:
    shown.view.loading_cancelled.emit()

    assert shown.view.loading == []


def test_unloading_takes_the_model_out_of_memory(shown: Inspecting) -> None:
    shown.app.load_model("llama")

    shown.view.unload_requested.emit()
    shown.tasks.run_all()

    assert shown.notices.notices == ["llama left memory."]
    assert shown.view.details is not None and shown.view.details.loaded == ""


def test_a_run_of_the_model_appears_among_its_last_ones(shown: Inspecting) -> None:
    run = ended(shown.app.start_run(RunRequest("llama", {"prompt": "It is"})))
    shown.tasks.run_all()

    assert shown.view.details is not None
    assert [(line.id, line.state, line.tone) for line in shown.view.details.runs] == [
        (run.id, "Done", "success")
    ]
    assert "tok/s" in shown.view.details.runs[0].text


def test_a_run_of_another_model_asks_for_nothing(shown: Inspecting) -> None:
    shown.app.start_run(RunRequest("bert", {"prompt": "It is"}))

    assert shown.tasks.waiting == 0


def test_the_files_are_shown_in_the_file_manager(shown: Inspecting) -> None:
    shown.view.reveal_requested.emit()

    assert shown.view.revealed == ["/models/llama"]
    assert shown.notices.warnings == []


def test_without_a_file_manager_the_path_is_said(shown: Inspecting) -> None:
    shown.view.has_file_manager = False

    shown.view.reveal_requested.emit()

    assert shown.notices.warnings == ["No file manager opened. The files are at /models/llama"]


def test_without_a_model_no_button_does_anything() -> None:
    empty = Inspecting()

    for asked in (
        empty.view.run_requested,
        empty.view.load_requested,
        empty.view.unload_requested,
        empty.view.reveal_requested,
        empty.view.favourite_toggled,
    ):
        asked.emit()

    assert empty.tasks.waiting == 0
    assert empty.navigation.shown == []
    assert empty.view.revealed == []


def test_a_closed_inspector_hears_and_says_nothing(shown: Inspecting) -> None:
    shown.view.load_requested.emit()
    shown.view.unload_requested.emit()

    shown.presenter.close()
    shown.presenter.close()
    shown.tasks.run_all()

    assert shown.notices.notices == []
    assert shown.app.list_loaded() == []
    assert shown.parts.events.listeners == 0


def test_files_that_are_what_was_registered_are_said_to_be_so(shown: Inspecting) -> None:
    shown.view.verify_requested.emit()
    shown.tasks.run_all()

    assert shown.tasks.submitted[1].queue is Queue.FILES
    assert shown.view.loading[0] == ("Reading the files of llama", None)
    assert shown.view.loading[-1] == ("Reading the files of llama", 1.0)
    assert not shown.view.is_loading
    assert shown.notices.notices == ["The files of llama@1.0.0 are what was registered."]


def test_a_model_whose_files_changed_says_so_and_what_to_do(shown: Inspecting) -> None:
    shown.parts.artifacts.change(PATH)

    shown.look_at()

    assert shown.view.details is not None
    [warning] = shown.view.details.artifact.warnings
    assert warning.startswith("The files of llama@1.0.0 changed since they were registered.")
    assert "Verify" in warning


@pytest.mark.parametrize("agrees", [True, False])
def test_files_that_changed_are_taken_once_the_person_agrees(
    shown: Inspecting, agrees: bool
) -> None:
    shown.view.agrees = agrees
    shown.parts.artifacts.change(PATH)

    shown.view.verify_requested.emit()
    shown.tasks.run_all()

    assert "model.safetensors" in shown.view.questions[0]
    assert (shown.app.get_model("llama").problem is None) == agrees
    assert len(shown.notices.notices) == agrees


def test_reading_files_can_be_stopped(shown: Inspecting) -> None:
    shown.view.verify_requested.emit()

    shown.view.loading_cancelled.emit()
    shown.tasks.run_all()

    assert not shown.view.is_loading
    assert shown.notices.notices == []


def test_files_are_not_read_while_the_model_is_loaded(shown: Inspecting) -> None:
    shown.view.load_requested.emit()

    shown.view.verify_requested.emit()

    assert shown.tasks.waiting == 1


def test_files_that_cannot_be_read_say_why(shown: Inspecting) -> None:
    del shown.parts.artifacts.known[PATH]

    shown.view.verify_requested.emit()
    shown.tasks.run_all()

    assert shown.view.problem is not None
    assert shown.view.problem.title == "There is nothing at /models/llama."


def test_nothing_selected_is_nothing_to_verify(shown: Inspecting) -> None:
    shown.presenter.look_at(None)
    shown.tasks.run_all()

    shown.view.verify_requested.emit()

    assert shown.tasks.waiting == 0


def test_a_checksum_that_is_computed_meanwhile_is_shown(shown: Inspecting) -> None:
    shown.look_at("bert")

    shown.app.model_files.verify("bert")
    shown.tasks.run_all()

    assert shown.view.details is not None
    assert shown.view.details.short_checksum.startswith("sha256:")


def test_a_description_that_was_written_is_kept_and_can_be_taken_back(shown: Inspecting) -> None:
    shown.view.words_entered.emit("llama", "description", "Writes poems.")
    shown.tasks.run_all()
    kept, said = shown.app.get_model("llama").model.description, shown.notices.undoable

    shown.notices.undo()
    shown.tasks.run_all()

    assert (kept, said) == ("Writes poems.", "Changed the description of llama.")
    assert shown.app.get_model("llama").model.description == ""
    assert shown.notices.notices[-1] == "The description of llama came back."


def test_words_that_are_what_they_were_are_no_news(shown: Inspecting) -> None:
    shown.view.words_entered.emit("llama", "description", "  ")
    shown.tasks.run_all()

    assert shown.notices.notices == []


def test_tags_are_parted_by_commas_or_blanks(shown: Inspecting) -> None:
    shown.view.words_entered.emit("llama", "tags", "chat, small chat")
    shown.tasks.run_all()

    assert shown.app.get_model("llama").model.tags == ("chat", "small")
    assert shown.view.tag_problem == ""


def test_a_tag_that_cannot_be_one_is_explained_and_nothing_is_kept(shown: Inspecting) -> None:
    shown.view.words_entered.emit("llama", "tags", "chat, b@d")

    assert "Names use letters" in shown.view.tag_problem
    assert shown.tasks.waiting == 0


def test_words_are_kept_of_the_model_that_they_were_written_for(shown: Inspecting) -> None:
    shown.look_at("bert")

    shown.view.words_entered.emit("llama", "note", "Of llama.")
    shown.tasks.run_all()

    assert shown.app.get_model("llama").model.note == "Of llama."
    assert shown.app.get_model("bert").model.note == ""


def test_words_of_a_model_that_is_gone_say_why_they_are_not_kept(shown: Inspecting) -> None:
    shown.app.remove_model("llama")

    shown.view.words_entered.emit("llama", "note", "Of llama.")
    shown.tasks.run_all()

    assert shown.view.problem is not None and "llama" in shown.view.problem.title


def test_a_star_makes_a_favourite_and_the_next_one_no_longer(shown: Inspecting) -> None:
    shown.view.favourite_toggled.emit()
    shown.tasks.run_all()
    first = shown.app.get_model("llama").model.is_favourite

    shown.look_at()
    shown.view.favourite_toggled.emit()
    shown.tasks.run_all()

    assert first
    assert not shown.app.get_model("llama").model.is_favourite


def test_the_readme_of_a_model_is_shown(shown: Inspecting) -> None:
    shown.parts.artifacts.cards[PATH] = "# Llama\n"

    shown.look_at()

    assert shown.view.details is not None
    assert shown.view.details.readme == "# Llama"


def test_a_link_is_copied_and_said_not_to_be_opened(shown: Inspecting) -> None:
    shown.view.link_copied.emit("https://example.org")

    assert shown.notices.notices == ["Copied https://example.org. Links are not opened from here."]
