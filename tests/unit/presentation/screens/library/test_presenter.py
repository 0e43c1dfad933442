"""The list: what it shows, how it is narrowed, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.domain.entities.ai_model import ModelType
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    SecretChanged,
    SettingChanged,
    WorkerStopped,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.screens.library.narrowing import LibraryPicture
from heygen_desktop.presentation.desktop.screens.library.presenter import LibraryPresenter
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow

from tests.factories.application import fake_application
from tests.factories.parts import STARTER_PATH, FakeParts, an_artifact
from tests.fakes.clock import FAKE_START
from tests.fakes.tasks import FakeNotices, LaterTaskRunner
from tests.unit.presentation.screens.library.views import SeenLibrary


class SeenRows:
    """Fulfils ``Inspector``: notes what it was told to look at."""

    def __init__(self) -> None:
        self.rows: list[ModelRow | None] = []

    @property
    def name(self) -> str:
        row = self.rows[-1]
        return row.name if row else ""

    def look_at(self, row: ModelRow | None) -> None:
        self.rows.append(row)


class Library:
    """A library on fakes, with the given models registered."""

    def __init__(self, names: Sequence[str] = (), view: SeenLibrary | None = None) -> None:
        self.parts = FakeParts()
        for name in names:
            path = Path("/models") / name
            self.parts.artifacts.known[path] = an_artifact(path)
        self.app: Application = fake_application(self.parts)
        for name in names:
            self.app.register_model(Registration(Path("/models") / name))
        self.view, self.inspector = view or SeenLibrary(), SeenRows()
        self.tasks, self.notices = LaterTaskRunner(), FakeNotices()
        self.presenter = LibraryPresenter(
            self.view, self.inspector, self.app, self.tasks, self.parts.events, self.notices
        )

    def show(self) -> None:
        self.presenter.refresh()
        self.tasks.run_all()


@pytest.fixture
def library() -> Library:
    made = Library(["bert", "llama", "whisper"])
    made.show()
    return made


def test_an_empty_library_says_how_to_begin() -> None:
    library = Library()

    library.show()

    assert library.view.page == "empty"
    assert library.inspector.rows == [None]


def test_models_are_listed_with_what_their_headers_say(library: Library) -> None:
    assert library.view.names == ["bert", "llama", "whisper"]
    assert library.view.picture.total == "3 models"
    row = library.view.picture.rows[0]
    assert (row.architecture, row.parameters, row.precisions) == (
        "LlamaForCausalLM", 3_499_500, ("fp16",),
    )  # fmt: skip
    assert (row.verdict, row.status, row.type) == ("Fits", "Registered", "language")


def test_the_first_model_is_looked_at_when_none_was_chosen(library: Library) -> None:
    assert library.view.selected == "bert"
    assert library.inspector.name == "bert"


def test_a_chosen_model_stays_in_view_when_the_list_comes_anew(library: Library) -> None:
    library.view.model_selected.emit("llama")

    library.show()

    assert library.view.selected == "llama"
    assert library.inspector.name == "llama"


def test_a_search_shows_what_matches_and_says_of_how_many(library: Library) -> None:
    library.view.search_changed.emit(" WHIS ")

    assert library.view.names == ["whisper"]
    assert library.view.picture.total == "1 of 3 models"
    assert library.inspector.name == "whisper"


def test_a_search_needs_no_reading(library: Library) -> None:
    asked = len(library.tasks.submitted)

    library.view.search_changed.emit("bert")
    library.view.search_changed.emit("bert ")

    assert len(library.tasks.submitted) == asked
    assert library.view.names == ["bert"]


def test_a_search_forgives_letters_that_are_missing(library: Library) -> None:
    library.view.search_changed.emit("wspr")

    assert library.view.names == ["whisper"]


def test_after_a_search_the_chosen_model_is_in_focus_again(library: Library) -> None:
    library.view.model_selected.emit("whisper")

    library.view.search_changed.emit("bert")
    meanwhile = library.inspector.name
    library.view.search_changed.emit("")

    assert meanwhile == "bert"
    assert (library.view.selected, library.inspector.name) == ("whisper", "whisper")


def test_a_search_without_a_match_says_what_was_searched_for(library: Library) -> None:
    library.view.search_changed.emit("zebra")

    assert library.view.page == "No model matches “zebra”."
    assert library.view.picture.total == "0 of 3 models"
    assert library.view.picture.way_back == "Clear search"
    assert library.inspector.rows[-1] is None


def test_clearing_the_filters_brings_every_model_back(library: Library) -> None:
    library.view.search_changed.emit("zebra")
    library.tasks.run_all()

    library.view.filters_cleared.emit()
    library.tasks.run_all()

    assert library.view.cleared == 1
    assert library.view.names == ["bert", "llama", "whisper"]


def audio_library() -> Library:
    library = Library(["bert", "llama"])
    path = Path("/models/whisper")
    library.parts.artifacts.known[path] = an_artifact(path, task="automatic-speech-recognition")
    library.app.register_model(Registration(path, type=ModelType.AUDIO))
    library.show()
    return library


def test_a_facet_narrows_the_list_and_the_same_one_again_widens_it() -> None:
    library = audio_library()

    library.view.facet_requested.emit("type", "audio")
    narrowed, total = library.view.names, library.view.picture.total
    library.view.facet_requested.emit("type", "audio")

    assert (narrowed, total) == (["whisper"], "1 of 3 models")
    assert library.view.names == ["bert", "llama", "whisper"]


def test_facets_and_words_that_leave_nothing_are_named_and_can_be_taken_back() -> None:
    library = audio_library()
    library.view.facet_requested.emit("type", "audio")

    library.view.search_changed.emit("bert")

    assert library.view.page == "No model matches “bert”, Audio."
    assert library.view.picture.way_back == "Clear search and filters"
    [types] = [group for group in library.view.picture.groups if group.title == "Type"]
    assert ("Audio", 0, True) in [(f.title, f.count, f.is_on) for f in types.facets]


def test_another_screen_may_point_at_a_model_that_the_filter_hides(library: Library) -> None:
    library.view.search_changed.emit("bert")
    library.tasks.run_all()

    library.presenter.show_model("whisper@1.0.0")
    library.tasks.run_all()

    assert library.view.selected == "whisper"
    assert library.inspector.name == "whisper"


def test_a_registered_model_appears_by_itself(library: Library) -> None:
    library.app.register_model(Registration(STARTER_PATH, name="new"))
    library.tasks.run_all()

    assert "new" in library.view.names


def test_a_change_of_the_device_asks_anew_whether_models_fit(library: Library) -> None:
    library.parts.devices.free["cpu"] = 1_000_000

    library.parts.events.publish(SettingChanged(FAKE_START, "development", "inference.device", 2))
    library.tasks.run_all()

    assert {row.verdict for row in library.view.picture.rows} == {"Too large"}


def test_what_does_not_concern_models_asks_for_nothing(library: Library) -> None:
    asked = len(library.tasks.submitted)

    library.parts.events.publish(SettingChanged(FAKE_START, "development", "appearance.theme", 2))
    library.parts.events.publish(SecretChanged(FAKE_START, "development", "token", False))

    assert len(library.tasks.submitted) == asked


def test_a_model_in_memory_says_so_until_its_worker_is_gone(library: Library) -> None:
    worker = library.app.load_model("bert")
    library.show()
    held = library.view.picture.rows[0]
    library.app.unload_model("bert")
    library.parts.events.publish(
        WorkerStopped(FAKE_START, "bert", "1.0.0", worker.process.pid, "unloaded", True)
    )
    library.tasks.run_all()

    assert (held.status, held.is_loaded) == ("In memory", True)
    assert library.view.picture.rows[0].status == "Registered"


def test_a_model_is_removed_at_once_and_comes_back_by_undo(library: Library) -> None:
    library.view.model_selected.emit("bert")
    library.view.removal_requested.emit(["bert"])
    library.tasks.run_all()
    left, said = library.view.names, library.notices.undoable

    library.notices.undo()
    library.tasks.run_all()

    assert left == ["llama", "whisper"]
    assert said == "Removed bert from the library. The files stay where they are."
    assert library.notices.notices[-1] == "bert is back in the library."
    assert library.view.names == ["bert", "llama", "whisper"]
    assert library.inspector.name == "bert"


def test_models_that_were_removed_together_come_back_together(library: Library) -> None:
    library.view.removal_requested.emit(["bert", "llama"])
    library.tasks.run_all()

    library.notices.undo()
    library.tasks.run_all()

    assert library.notices.notices[-1] == "2 models are back in the library."
    assert library.view.names == ["bert", "llama", "whisper"]


def test_a_name_that_was_taken_meanwhile_says_why_the_model_does_not_come_back(
    library: Library,
) -> None:
    library.view.removal_requested.emit(["bert"])
    library.tasks.run_all()
    library.app.register_model(Registration(STARTER_PATH, name="bert"))

    library.notices.undo()
    library.tasks.run_all()

    assert library.view.problem is not None
    assert "bert" in library.view.problem.title


def test_several_models_are_removed_at_once_and_their_neighbour_is_shown(library: Library) -> None:
    library.view.removal_requested.emit(["bert", "llama"])
    library.tasks.run_all()

    assert library.view.names == ["whisper"]
    assert library.inspector.name == "whisper"
    assert library.notices.notices == [
        "Removed 2 models from the library. The files stay where they are."
    ]


def test_removing_nothing_changes_nothing(library: Library) -> None:
    library.view.removal_requested.emit([])

    assert library.tasks.waiting == 0


def test_a_model_that_another_front_removed_first_is_no_problem(library: Library) -> None:
    library.app.remove_model("bert")

    library.view.removal_requested.emit(["bert"])
    library.tasks.run_all()

    assert library.view.problem is None
    assert library.view.names == ["llama", "whisper"]


def test_the_starter_model_is_added_and_shown() -> None:
    library = Library()
    library.show()

    library.view.starter_requested.emit()
    library.tasks.run_all()

    assert library.view.names == ["starter"]
    assert library.inspector.name == "starter"


def test_an_installation_without_the_starter_model_says_so() -> None:
    library = Library()
    del library.parts.artifacts.known[STARTER_PATH]

    library.view.starter_requested.emit()
    library.tasks.run_all()

    assert library.view.problem is not None
    assert library.view.problem.title == f"There is nothing at {STARTER_PATH}."


def test_a_list_that_cannot_be_read_says_why_and_recovers(library: Library) -> None:
    free = dict(library.parts.devices.free)
    library.parts.devices.free.clear()
    library.view.refresh_requested.emit()
    library.tasks.run_all()
    problem = library.view.problem

    library.parts.devices.free.update(free)
    library.view.refresh_requested.emit()
    library.tasks.run_all()

    assert problem is not None and problem.remedy
    assert library.view.problem is None


def test_a_closed_library_hears_and_says_nothing(library: Library) -> None:
    library.presenter.refresh()
    library.view.removal_requested.emit(["bert"])
    before = replace(library.view)

    library.presenter.close()
    library.presenter.close()
    library.tasks.run_all()

    assert library.view.picture.rows == before.picture.rows
    assert library.notices.notices == []
    assert library.parts.events.listeners == 0
    assert [summary.model.name for summary in library.app.list_models()] == ["llama", "whisper"]


def test_removals_that_follow_each_other_are_all_made_and_told(library: Library) -> None:
    library.view.removal_requested.emit(["bert"])
    library.view.removal_requested.emit(["llama"])
    library.tasks.run_all()

    assert library.view.names == ["whisper"]
    assert library.notices.notices == [
        "Removed bert from the library. The files stay where they are.",
        "Removed llama from the library. The files stay where they are.",
    ]


def test_a_change_that_failed_stays_told_when_the_list_is_read_anew() -> None:
    library = Library()
    del library.parts.artifacts.known[STARTER_PATH]
    library.view.starter_requested.emit()
    library.tasks.run_all()

    library.show()

    assert library.view.problem is not None
    assert library.view.problem.title == f"There is nothing at {STARTER_PATH}."


def test_a_library_that_was_never_shown_closes_too() -> None:
    library = Library()

    library.presenter.close()

    assert library.parts.events.listeners == 0


class Watched(SeenLibrary):
    """Notes every list it was told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[tuple[list[str], str]] = []

    def show_list(self, picture: LibraryPicture) -> str:
        selected = super().show_list(picture)
        self.lists.append((self.names, picture.total))
        return selected


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Five models that are read two at a time."""
    monkeypatch.setattr("heygen_desktop.application.use_cases.models.library.PAGE", 2)
    return Library(["a", "b", "c", "d", "e"], view=Watched())


def lists(library: Library) -> list[tuple[list[str], str]]:
    assert isinstance(library.view, Watched)
    return library.view.lists


def test_the_beginning_of_a_long_list_is_shown_before_the_rest_is_read(long: Library) -> None:
    long.show()

    assert lists(long) == [(["a", "b"], "Reading…"), (["a", "b", "c", "d", "e"], "5 models")]


def test_a_list_that_comes_anew_is_shown_at_once_and_whole(long: Library) -> None:
    long.show()
    lists(long).clear()

    long.show()

    assert lists(long) == [(["a", "b", "c", "d", "e"], "5 models")]


def test_the_beginning_of_a_list_leaves_a_choice_further_down_alone(long: Library) -> None:
    long.presenter.show_model("e")

    long.tasks.run_all()

    assert long.view.selected == "e"
    assert long.inspector.name == "e"


def test_the_beginning_of_a_list_is_narrowed_like_the_whole(long: Library) -> None:
    long.view.facet_requested.emit("type", "vision")

    long.show()

    assert all(names == [] for names, _total in lists(long))


def test_a_list_that_is_asked_for_again_is_read_no_further(long: Library) -> None:
    read: list[str] = []
    whole = long.app.list_models

    def pages(_wanted: object = None) -> Iterator[Sequence[ModelSummary]]:
        for page in whole.pages():
            read.append(page[0].model.name)
            long.tasks.submitted[0].cancel()
            yield page

    vars(long.app)["list_models"] = SimpleNamespace(pages=pages)
    long.presenter.refresh()

    long.tasks.run_all()

    assert read == ["a"]


@pytest.mark.parametrize("topic", [Topic.MODELS, Topic.WORKERS, Topic.SETTINGS])
def test_what_another_program_changed_is_shown_at_once(library: Library, topic: Topic) -> None:
    library.app.remove_model("llama")
    library.tasks.run_all()

    library.parts.events.publish(ChangedElsewhere(FAKE_START, {topic}))
    library.tasks.run_all()

    assert library.view.names == ["bert", "whisper"]


def test_runs_of_another_program_leave_the_list_as_it_is(library: Library) -> None:
    library.parts.events.publish(ChangedElsewhere(FAKE_START, {Topic.RUNS, Topic.SECRETS}))

    assert library.tasks.waiting == 0
