"""The register sheet: files are looked at first, then registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactEmptyError,
    ArtifactUnsafeError,
    DatabaseBusyError,
)
from heygen_desktop.presentation.desktop.screens.library.registering.presenter import (
    RegisterPresenter,
)
from heygen_desktop.presentation.desktop.screens.library.registering.rows import Draft

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, ScriptedArtifacts, an_artifact
from tests.fakes.tasks import FakeNotices, LaterTaskRunner
from tests.fakes.unit_of_work import FakeModels
from tests.unit.presentation.screens.library.views import SeenSheet

MODELS = Path("/models")
LLAMA, BERT, BROKEN, NOTES = (MODELS / name for name in ("llama", "bert", "broken", "notes"))


class Registering:
    """A sheet on fakes: two models, a damaged one and a folder of notes lie on the disk."""

    def __init__(self, parts: FakeParts | None = None) -> None:
        self.parts = parts or FakeParts()
        self.parts.artifacts.known |= {
            LLAMA: an_artifact(LLAMA, warnings=("config.json names code of its own.",)),
            BERT: an_artifact(BERT),
            BROKEN: ArtifactCorruptError(str(BROKEN), "The header claims 900 bytes."),
            NOTES: ArtifactEmptyError(str(NOTES), 12),
        }
        self.app = fake_application(self.parts)
        self.view, self.tasks = SeenSheet(), LaterTaskRunner()
        self.notices = FakeNotices()
        self.shown: list[str] = []
        self.presenter = RegisterPresenter(
            self.view,
            self.app,
            self.tasks,
            self.notices,
            self.shown.append,
        )

    def look_at(self, *paths: Path) -> None:
        self.view.paths_chosen.emit(list(paths))
        self.tasks.run_all()

    def scan(self, folder: Path = MODELS) -> None:
        self.view.scan_requested.emit(folder)
        self.tasks.run_all()

    def names(self) -> list[str]:
        return sorted(s.model.name for s in self.app.list_models())


@pytest.fixture
def sheet() -> Registering:
    return Registering()


def test_a_folder_is_described_before_it_is_registered(sheet: Registering) -> None:
    sheet.look_at(LLAMA)

    picture = sheet.view.picture
    assert sheet.view.is_open
    assert picture is not None and picture.artifact is not None
    assert picture.artifact.summary == (
        "LlamaForCausalLM · 3.5 M parameters · fp16 · 7.0 MB · apache-2.0"
    )
    assert picture.artifact.warnings == ("config.json names code of its own.",)
    assert picture.artifact.memory.verdict == "Fits"
    assert picture.artifact.safety.startswith("Loading runs no code")
    assert picture.draft.name == "llama"
    assert sheet.view.button == ("Register", True)
    assert sheet.names() == []


def test_registering_keeps_what_was_written_and_shows_the_model(sheet: Registering) -> None:
    sheet.look_at(LLAMA)

    sheet.view.draft_changed.emit(str(LLAMA), Draft("mine", "2.0.0", "chat, chat small", "Good."))
    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    found = sheet.app.get_model("mine@2.0.0")
    assert (found.model.tags, found.model.note) == (("chat", "small"), "Good.")
    assert sheet.shown == ["mine@2.0.0"]
    assert sheet.notices.notices == ["Registered mine@2.0.0."]
    assert not sheet.view.is_open


def test_a_name_that_cannot_be_one_is_refused_while_it_is_typed(sheet: Registering) -> None:
    sheet.look_at(LLAMA)

    sheet.view.draft_changed.emit(str(LLAMA), Draft("a/b", "one", "good, b@d"))

    picture = sheet.view.picture
    assert picture is not None
    assert "For example: a-b." in picture.errors.name
    assert "1.0.0" in picture.errors.version
    assert "Names use letters" in picture.errors.tags
    assert sheet.view.button == ("Register", False)


def test_a_sheet_with_a_wrong_name_registers_nothing(sheet: Registering) -> None:
    sheet.look_at(LLAMA)
    sheet.view.draft_changed.emit(str(LLAMA), Draft("a/b"))

    sheet.view.register_requested.emit()

    assert sheet.tasks.waiting == 0


def test_a_path_that_is_registered_is_shown_and_said_so(sheet: Registering) -> None:
    sheet.app.register_model(Registration(LLAMA))

    sheet.look_at(LLAMA)

    assert not sheet.view.is_open
    assert sheet.shown == ["llama@1.0.0"]
    assert sheet.notices.notices == ["llama is in the library already, as llama@1.0.0."]


def test_a_name_that_is_taken_gets_a_number_so_that_nothing_joins_it(sheet: Registering) -> None:
    other = Path("/elsewhere/llama")
    sheet.parts.artifacts.known[other] = an_artifact(other)
    third = Path("/third/llama")
    sheet.parts.artifacts.known[third] = an_artifact(third)
    sheet.app.register_model(Registration(LLAMA))

    sheet.look_at(other, third)

    assert [row.name for row in sheet.view.found.rows] == ["llama-2", "llama-3"]


def test_a_name_of_the_library_says_that_it_becomes_a_new_version(sheet: Registering) -> None:
    sheet.app.register_model(Registration(LLAMA))
    sheet.look_at(BERT)

    sheet.view.draft_changed.emit(str(BERT), Draft("llama"))

    assert sheet.view.picture is not None
    assert sheet.view.picture.name_hint == "Becomes a new version of llama 1.0.0."
    sheet.view.register_requested.emit()
    sheet.tasks.run_all()
    assert sheet.shown == ["llama@1.1.0"]


def test_a_damaged_file_says_why_and_what_to_do(sheet: Registering) -> None:
    sheet.look_at(BROKEN)

    picture = sheet.view.picture
    assert picture is not None and picture.problem is not None
    assert picture.problem.cause == "The header claims 900 bytes."
    assert picture.problem.remedy
    assert picture.artifact is None
    assert sheet.view.button == ("Register", False)


def test_a_missing_path_is_explained(sheet: Registering) -> None:
    sheet.look_at(Path("/nowhere"))

    assert sheet.view.picture is not None and sheet.view.picture.problem is not None
    assert sheet.view.picture.problem.title == "There is nothing at /nowhere."
    assert not sheet.view.picture.can_search_below


def test_a_folder_without_a_model_offers_to_search_below_it(sheet: Registering) -> None:
    sheet.look_at(NOTES)

    assert sheet.view.picture is not None
    assert sheet.view.picture.can_search_below


def test_a_pickle_is_refused_and_its_row_tells_the_cause(sheet: Registering) -> None:
    pickle = MODELS / "pickle.bin"
    sheet.parts.artifacts.known[pickle] = ArtifactUnsafeError(str(pickle), "It is a pickle.")

    sheet.look_at(pickle, LLAMA)

    row = sheet.view.found.rows[0]
    assert (row.state, row.summary, row.is_chosen, row.tone) == (
        "Unusable", "It is a pickle.", None, "danger",
    )  # fmt: skip
    assert sheet.view.picture is not None and sheet.view.picture.key == str(LLAMA)


def test_several_dropped_at_once_are_all_offered(sheet: Registering) -> None:
    sheet.look_at(LLAMA, BERT)

    assert [row.is_chosen for row in sheet.view.found.rows] == [True, True]
    assert sheet.view.button == ("Register 2 models", True)
    assert ("Reading 2 of 2 places", 0.5, "", None) in sheet.view.progress


def test_only_what_is_ticked_is_registered(sheet: Registering) -> None:
    sheet.look_at(LLAMA, BERT)

    sheet.view.candidate_ticked.emit(str(LLAMA), False)
    assert sheet.view.button == ("Register", True)
    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    assert sheet.names() == ["bert"]


def test_nothing_ticked_leaves_nothing_to_register(sheet: Registering) -> None:
    sheet.look_at(LLAMA)

    sheet.view.candidate_ticked.emit(str(LLAMA), False)

    assert sheet.view.button == ("Register", False)


def test_all_or_none_are_chosen_but_only_what_can_be(sheet: Registering) -> None:
    sheet.look_at(LLAMA, BERT, BROKEN)

    sheet.view.all_ticked.emit(False)
    none = [row.is_chosen for row in sheet.view.found.rows]
    sheet.view.all_ticked.emit(True)

    assert none == [False, False, None]
    assert [row.is_chosen for row in sheet.view.found.rows] == [True, True, None]


def test_leaving_in_the_middle_stops_what_runs_and_says_so(sheet: Registering) -> None:
    sheet.look_at(LLAMA)
    sheet.view.register_requested.emit()

    sheet.view.close_requested.emit()
    sheet.tasks.run_all()

    assert sheet.names() == []
    assert sheet.notices.notices == ["Stopped. Nothing more was registered."]
    assert not sheet.view.is_open


def test_selecting_a_finding_shows_what_is_known_of_it(sheet: Registering) -> None:
    sheet.look_at(LLAMA, BERT)

    sheet.view.candidate_selected.emit(str(BERT))
    sheet.view.candidate_selected.emit("nobody")

    assert sheet.view.picture is not None
    assert sheet.view.picture.key == str(BERT)


def test_a_search_lists_models_problems_and_what_is_registered(sheet: Registering) -> None:
    sheet.app.register_model(Registration(BERT))

    sheet.scan()

    assert [(row.key, row.state, row.is_chosen) for row in sheet.view.found.rows] == [
        (str(BERT), "Registered", None),
        (str(BROKEN), "Unusable", None),
        (str(LLAMA), "Fits", True),
        (str(NOTES), "Unusable", None),
    ]
    assert sheet.view.found.rows[0].summary.startswith("as bert@1.0.0 · LlamaForCausalLM")
    assert sheet.view.picture is not None and sheet.view.picture.key == str(LLAMA)


def test_a_search_in_a_folder_that_is_not_there_says_so(sheet: Registering) -> None:
    sheet.scan(Path("/nowhere"))

    assert sheet.view.problem is not None
    assert sheet.view.problem.title == "There is nothing at /nowhere."
    assert sheet.view.picture is None
    assert not sheet.view.is_busy


def test_a_search_that_finds_nothing_says_what_to_do() -> None:
    barren = Registering(FakeParts(artifacts=NothingThere()))

    barren.scan(Path("/notes"))

    assert barren.view.problem is not None
    assert barren.view.problem.title == "No model was found below /notes."
    assert barren.view.problem.remedy


def test_registering_many_goes_on_after_one_that_fails(sheet: Registering) -> None:
    sheet.look_at(BERT, LLAMA)
    sheet.parts.artifacts.known[BERT] = ArtifactCorruptError(str(BERT), "It was cut short.")

    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    assert sheet.names() == ["llama"]
    assert sheet.view.is_open
    assert [(row.state, row.tone) for row in sheet.view.found.rows] == [
        ("Not registered", "danger"), ("Registered", "info"),
    ]  # fmt: skip
    assert sheet.view.picture is not None and sheet.view.picture.problem is not None
    assert sheet.view.picture.problem.cause == "It was cut short."


def test_a_taken_version_can_be_mended_and_tried_again(sheet: Registering) -> None:
    sheet.app.register_model(Registration(LLAMA))
    sheet.look_at(BERT)
    sheet.view.draft_changed.emit(str(BERT), Draft("llama", "1.0.0"))
    sheet.view.register_requested.emit()
    sheet.tasks.run_all()
    refused = sheet.view.picture

    sheet.view.draft_changed.emit(str(BERT), Draft("llama", "1.0.1"))
    mended = sheet.view.picture
    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    assert refused is not None and refused.problem is not None
    assert refused.problem.title == "llama 1.0.0 is already registered."
    assert mended is not None and mended.problem is None
    assert sheet.shown == ["llama@1.0.1"]


def test_while_something_runs_nothing_else_begins_and_nothing_changes(sheet: Registering) -> None:
    sheet.look_at(LLAMA)
    sheet.view.register_requested.emit()

    sheet.view.paths_chosen.emit([BERT])
    sheet.view.scan_requested.emit(MODELS)
    sheet.view.register_requested.emit()
    sheet.view.draft_changed.emit(str(LLAMA), Draft("late"))
    sheet.view.candidate_ticked.emit(str(LLAMA), False)
    sheet.view.all_ticked.emit(False)

    assert sheet.tasks.waiting == 1
    assert len(sheet.notices.warnings) == 3
    assert sheet.view.picture is not None and not sheet.view.picture.can_edit
    assert sheet.view.button == ("Register", False)
    sheet.tasks.run_all()
    assert sheet.names() == ["llama"]


def test_cancelling_before_the_library_was_asked_registers_nothing(sheet: Registering) -> None:
    sheet.look_at(BERT, LLAMA)
    sheet.view.register_requested.emit()

    sheet.view.cancel_requested.emit()
    sheet.tasks.run_all()

    assert sheet.names() == []
    assert sheet.notices.notices == ["Stopped. Nothing more was registered."]
    assert not sheet.view.is_busy
    assert sheet.view.is_open
    assert sheet.view.button == ("Register 2 models", True)


def test_the_sheet_says_how_many_headers_are_read(sheet: Registering) -> None:
    sheet.look_at(BERT, LLAMA)

    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    assert ("Reading 2 of 2 places", 0.5, "", None) in sheet.view.progress
    assert sheet.notices.notices == ["Registered 2 models."]


def test_a_model_is_in_the_library_before_its_checksum(sheet: Registering) -> None:
    sheet.look_at(LLAMA)

    sheet.view.register_requested.emit()
    sheet.tasks.run_all()

    assert sheet.app.model_files.waiting() == ["llama@1.0.0"]


def test_cancelling_a_search_shows_nothing_of_it(sheet: Registering) -> None:
    sheet.view.scan_requested.emit(MODELS)

    sheet.view.cancel_requested.emit()
    sheet.tasks.run_all()

    assert sheet.view.found.rows == []
    assert not sheet.view.is_busy


def test_cancelling_when_nothing_runs_says_nothing(sheet: Registering) -> None:
    sheet.view.cancel_requested.emit()

    assert sheet.notices.notices == []


def test_leaving_forgets_what_was_found(sheet: Registering) -> None:
    sheet.look_at(LLAMA, BERT)

    sheet.view.close_requested.emit()
    sheet.look_at(LLAMA)

    assert [row.name for row in sheet.view.found.rows] == ["llama"]


def test_no_path_asks_for_nothing(sheet: Registering) -> None:
    sheet.look_at()

    assert sheet.tasks.submitted == []


def test_a_library_that_cannot_be_read_ends_the_reading_with_its_cause(
    sheet: Registering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_models: FakeModels) -> dict[str, str]:
        raise DatabaseBusyError("home", 5.0)

    monkeypatch.setattr(FakeModels, "latest_versions", busy)

    sheet.look_at(BERT)

    assert sheet.view.problem is not None and sheet.view.problem.title.startswith(
        "The database is locked"
    )
    assert sheet.view.is_open
    assert not sheet.view.is_busy


def test_a_closed_sheet_says_nothing_any_more(sheet: Registering) -> None:
    sheet.view.paths_chosen.emit([LLAMA])

    sheet.presenter.close()
    sheet.presenter.close()
    sheet.tasks.run_all()

    assert sheet.view.found.rows == []
    assert not sheet.view.is_open


class NothingThere(ScriptedArtifacts):
    """A disk without a model."""

    def scan(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        return []
