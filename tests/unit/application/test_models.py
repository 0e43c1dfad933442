"""The library: register in place, find, show, forget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.change_model import ModelChange
from heygen_desktop.application.use_cases.models.register_model import Registered, Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.ai_model import ModelType
from heygen_desktop.domain.errors import (
    ArtifactChangedError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    InvalidNameError,
    InvalidVersionError,
    ModelExistsError,
    ModelNotFoundError,
    RunCancelledError,
)
from heygen_desktop.domain.events import ModelChanged, ModelRegistered, ModelRemoved
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.domain.values.estimate import Verdict

from tests.factories.application import ended, fake_application
from tests.factories.parts import STARTER_PATH, FakeParts, WrittenSource, an_artifact

ONE, TWO = Path("/models/one"), Path("/models/two")


@pytest.fixture
def parts() -> FakeParts:
    found = FakeParts()
    found.artifacts.known[ONE] = an_artifact(ONE)
    found.artifacts.known[TWO] = an_artifact(TWO, task="feature-extraction")
    return found


def test_a_registered_model_has_what_its_headers_say(parts: FakeParts) -> None:
    application = fake_application(parts)

    registered = application.register_model(Registration(ONE, tags=("small",), note="Mine."))

    model, version = registered.summary.model, registered.summary.version
    assert registered.created
    assert (model.name, str(version.version), model.type) == ("one", "1.0.0", ModelType.LANGUAGE)
    assert (model.tags, model.note, model.licence) == (("small",), "Mine.", "apache-2.0")
    assert registered.summary.estimate.verdict is Verdict.FITS
    [event] = parts.events.of(ModelRegistered)
    assert (event.model, event.parameters) == ("one", 3_499_500)


def test_the_same_files_are_registered_once(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))

    again = application.register_model(Registration(ONE))

    assert not again.created
    assert len(application.list_models()) == 1
    assert len(parts.events.of(ModelRegistered)) == 1


def test_a_registered_model_is_there_before_its_checksum(parts: FakeParts) -> None:
    application = fake_application(parts)

    registered = application.register_model(Registration(ONE))

    assert registered.summary.version.artifact.checksum == ""
    assert application.model_files.waiting() == [registered.reference]


def test_changed_files_are_not_answered_with_the_old_entry(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))
    parts.artifacts.change(ONE)

    with pytest.raises(ArtifactChangedError) as caught:
        application.register_model(Registration(ONE))

    assert "model.safetensors" in caught.value.cause
    assert "heygen models verify one@1.0.0" in caught.value.remedy


def test_changed_files_may_become_the_next_version(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))
    parts.artifacts.change(ONE)

    second = application.register_model(Registration(ONE, name="one", version="1.1.0"))

    assert second.reference == "one@1.1.0"
    assert application.get_model("one@1.1.0").problem is None
    assert isinstance(application.get_model("one@1.0.0").problem, ArtifactChangedError)


def test_many_are_registered_together_and_each_that_cannot_be_says_why(parts: FakeParts) -> None:
    application = fake_application(parts)
    read: list[tuple[int, int]] = []

    one, gone, two, taken = application.register_model.many(
        [
            Registration(ONE),
            Registration(Path("/nowhere")),
            Registration(TWO),
            Registration(TWO, name="one", version="1.0.0"),
        ],
        on_progress=lambda done, total: read.append((done, total)),
    )

    assert isinstance(one, Registered) and one.reference == "one@1.0.0"
    assert isinstance(gone, ArtifactMissingError)
    assert isinstance(two, Registered) and two.created
    assert isinstance(taken, ModelExistsError)
    assert [s.model.name for s in application.list_models()] == ["one", "two"]
    assert read == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_headers_that_were_read_just_before_are_not_read_again(parts: FakeParts) -> None:
    application = fake_application(parts)
    seen = application.inspect_artifact(ONE).artifact
    parts.artifacts.known[ONE] = replace(seen, parameters=1)

    unchanged = application.register_model(Registration(ONE, seen=seen))

    assert unchanged.summary.version.artifact.parameters == seen.parameters


def test_headers_are_read_again_where_the_files_changed_since(parts: FakeParts) -> None:
    application = fake_application(parts)
    seen = application.inspect_artifact(ONE).artifact
    parts.artifacts.change(ONE)

    registered = application.register_model(Registration(ONE, seen=seen))

    assert registered.summary.version.artifact.files != seen.files
    assert registered.summary.version.artifact == application.inspect_artifact(ONE).artifact


def test_the_same_files_twice_in_one_batch_make_one_entry(parts: FakeParts) -> None:
    application = fake_application(parts)

    first, second = application.register_model.many([Registration(ONE), Registration(ONE)])

    assert isinstance(first, Registered) and first.created
    assert isinstance(second, Registered) and not second.created
    assert len(parts.events.of(ModelRegistered)) == 1


def test_other_files_under_a_given_name_become_its_next_version(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))

    second = application.register_model(Registration(TWO, name="llama"))

    assert str(second.summary.version.version) == "1.1.0"
    assert str(application.get_model("llama").version.artifact.path) == str(TWO)
    assert str(application.get_model("llama@1.0.0").version.artifact.path) == str(ONE)


def test_a_version_that_is_taken_is_refused(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama", version="2.0.0"))

    with pytest.raises(ModelExistsError, match=r"llama 2\.0\.0"):
        application.register_model(Registration(TWO, name="llama", version="2.0.0"))


def test_a_folder_that_happens_to_have_a_taken_name_asks_for_another(parts: FakeParts) -> None:
    other = Path("/elsewhere/one")
    parts.artifacts.known[other] = an_artifact(other)
    application = fake_application(parts)
    application.register_model(Registration(ONE))

    with pytest.raises(ModelExistsError) as caught:
        application.register_model(Registration(other))

    assert "--name" in caught.value.remedy
    assert str(ONE) in caught.value.cause


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Registration(ONE, name="a/b"), InvalidNameError),
        (Registration(ONE, version="one"), InvalidVersionError),
        (Registration(ONE, tags=("a tag",)), InvalidNameError),
        (Registration(Path("/nowhere")), ArtifactMissingError),
    ],
)
def test_what_cannot_be_registered_leaves_the_library_as_it_was(
    parts: FakeParts, wanted: Registration, error: type[Exception]
) -> None:
    application = fake_application(parts)

    with pytest.raises(error):
        application.register_model(wanted)

    assert application.list_models() == []


def test_a_registration_that_is_stopped_registers_nothing(parts: FakeParts) -> None:
    application = fake_application(parts)

    with pytest.raises(RunCancelledError):
        application.register_model.many([Registration(ONE)], should_stop=lambda: True)

    assert application.list_models() == []


def test_a_look_before_registering_changes_nothing(parts: FakeParts) -> None:
    application = fake_application(parts)

    before = application.inspect_artifact(ONE)
    application.register_model(Registration(ONE, name="llama"))
    after = application.inspect_artifact(ONE)

    assert (before.artifact.suggested_name, before.registered_as) == ("one", "")
    assert after.registered_as == "llama@1.0.0"


def test_a_scan_says_what_the_library_has_already(parts: FakeParts) -> None:
    broken = Path("/models/broken")
    parts.artifacts.known[broken] = ArtifactMissingError(str(broken))
    application = fake_application(parts)
    application.register_model(Registration(ONE))

    found = application.scan_folders([Path("/models")])

    assert [(f.path.name, f.seen.registered_as if f.seen else "") for f in found] == [
        ("broken", ""),
        ("one", "one@1.0.0"),
        ("two", ""),
    ]


def test_a_search_narrows_the_list(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, note="for poems"))
    application.register_model(Registration(TWO))

    assert [s.model.name for s in application.list_models(ModelFilter(search="POEMS"))] == ["one"]
    assert len(application.list_models()) == 2


def test_a_misspelt_name_is_answered_with_the_nearest_one(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama-small"))

    with pytest.raises(ModelNotFoundError) as caught:
        application.get_model("lama-small")

    assert "llama-small" in caught.value.remedy


def test_a_removed_model_is_forgotten_with_all_versions(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))
    application.register_model(Registration(TWO, name="llama"))

    application.remove_model("llama")

    assert application.list_models() == []
    assert parts.events.of(ModelRemoved)[0].version == ""


def test_a_removed_model_comes_back_as_it_was(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama", tags=("good",)))
    application.register_model(Registration(TWO, name="llama"))
    before = application.get_model("llama").model

    application.remove_model.restore(application.remove_model("llama"))

    assert application.get_model("llama").model == before
    assert parts.events.of(ModelRegistered)[-1].version == "1.1.0"


def test_a_removed_version_comes_back_too(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))
    application.register_model(Registration(TWO, name="llama"))

    application.remove_model.restore(application.remove_model("llama@1.1.0"))

    assert str(application.get_model("llama").version.version) == "1.1.0"


def test_a_removed_model_does_not_push_another_of_its_name_away(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))
    removed = application.remove_model("llama")
    application.register_model(Registration(TWO, name="llama"))

    with pytest.raises(ModelExistsError):
        application.remove_model.restore(removed)

    assert application.get_model("llama").version.artifact.path == TWO


def test_what_is_said_of_a_model_is_kept_and_the_rest_stays(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, tags=("small",), note="Mine."))

    application.update_model("one", ModelChange(description=" Writes \n poems. "))
    application.update_model("one", ModelChange(tags=("chat", "small", "chat")))
    application.update_model("one", ModelChange(is_favourite=True))

    model = application.get_model("one").model
    assert (model.description, model.note, model.tags) == (
        "Writes poems.", "Mine.", ("chat", "small"),
    )  # fmt: skip
    assert model.is_favourite
    assert [event.model for event in parts.events.of(ModelChanged)] == ["one"] * 3


def test_a_note_may_have_lines_and_may_be_taken_away(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))

    application.update_model("one", ModelChange(note="First.\n\nSecond.\n"))
    kept = application.get_model("one").model.note
    application.update_model("one", ModelChange(note="", is_favourite=False))

    assert kept == "First.\n\nSecond."
    assert application.get_model("one").model.note == ""


def test_a_tag_that_cannot_be_one_changes_nothing(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))

    with pytest.raises(InvalidNameError):
        application.update_model("one", ModelChange(note="New.", tags=("b@d",)))

    assert application.get_model("one").model.note == ""


def test_a_readme_that_cannot_be_read_is_no_readme(
    parts: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = fake_application(parts)
    version = application.register_model(Registration(ONE)).summary.version
    parts.artifacts.cards[ONE] = "# One"
    read = application.model_files.card(version)

    def refuse(_artifact: object) -> str:
        raise ArtifactUnreadableError("README.md", "It is closed.")

    monkeypatch.setattr(parts.artifacts, "card", refuse)

    assert (read, application.model_files.card(version)) == ("# One", "")


def test_one_version_can_be_removed_alone(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))
    application.register_model(Registration(TWO, name="llama"))

    application.remove_model("llama@1.1.0")

    assert str(application.get_model("llama").version.version) == "1.0.0"


def test_the_last_version_takes_the_model_along(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE, name="llama"))

    application.remove_model("llama@1.0.0")

    assert application.list_models() == []


def test_a_model_that_passes_free_memory_is_called_too_large(parts: FakeParts) -> None:
    parts.devices.free["cpu"] = 1_000
    application = fake_application(parts)

    registered = application.register_model(Registration(ONE))

    assert registered.summary.estimate.verdict is Verdict.TOO_LARGE


def test_where_there_is_a_gpu_the_estimate_is_for_it(parts: FakeParts) -> None:
    parts.devices.free["cuda:0"] = 10**11
    application = fake_application(parts)

    estimate = application.inspect_artifact(ONE).estimate

    assert estimate.device == "cuda:0"
    assert estimate.weights_bytes == 3_499_500 * 2


def test_a_new_home_gets_the_starter_model_once(parts: FakeParts) -> None:
    application = fake_application(parts)

    first = application.ensure_starter_model(only_in_a_new_home=True)
    second = application.ensure_starter_model()
    third = application.ensure_starter_model(only_in_a_new_home=True)

    assert first is not None and first.created
    assert second is not None and not second.created
    assert third is None
    assert [s.model.name for s in application.list_models()] == ["starter"]


def test_an_installation_without_its_starter_model_says_so(parts: FakeParts) -> None:
    del parts.artifacts.known[STARTER_PATH]

    with pytest.raises(ArtifactMissingError):
        fake_application(parts).ensure_starter_model()


def test_a_file_is_named_without_its_ending(parts: FakeParts) -> None:
    path = Path("/models/some thing.gguf")
    parts.artifacts.known[path] = replace(an_artifact(path))

    assert (
        fake_application(parts).inspect_artifact(path).artifact.suggested_name == "some-thing.gguf"
    )


def test_a_device_that_is_not_plugged_in_does_not_hide_the_library(parts: FakeParts) -> None:
    application = fake_application(parts)
    application.register_model(Registration(ONE))
    application.change_setting.set("development", "inference.device", "cuda:3")

    [summary] = application.list_models()

    assert summary.estimate.device == "cpu"


class TestOneLookForEveryAnswer:
    def test_two_hundred_models_are_listed_with_one_reading_and_one_look_at_each_device(
        self, counted: FakeParts
    ) -> None:
        application = fake_application(counted)
        for number in range(200):
            path = Path(f"/models/{number:03}")
            counted.artifacts.known[path] = an_artifact(path)
            application.register_model(Registration(path))
        forget_counts(counted)

        listed = application.list_models()

        assert len(listed) == 200
        assert counted.sources[0].reads == 1
        assert counted.devices.looks == 1

    @pytest.mark.parametrize("what", ["get", "inspect", "register", "load", "run"])
    def test_each_answer_costs_one_reading_and_one_look(
        self, counted: FakeParts, what: str
    ) -> None:
        application = fake_application(counted)
        application.register_model(Registration(ONE))
        answers: dict[str, Callable[[], object]] = {
            "get": lambda: application.get_model("one"),
            "inspect": lambda: application.inspect_artifact(TWO),
            "register": lambda: application.register_model(Registration(TWO)),
            "load": lambda: application.load_model("one"),
            "run": lambda: ended(application.start_run(RunRequest("one", {"prompt": "It"}))),
        }
        forget_counts(counted)

        answers[what]()

        assert counted.sources[0].reads == 1
        assert counted.devices.looks == 1


@pytest.fixture
def counted(parts: FakeParts) -> FakeParts:
    parts.sources.append(WrittenSource())
    parts.devices.free["cuda:0"] = 10**11
    return parts


def forget_counts(parts: FakeParts) -> None:
    parts.sources[0].reads = 0
    parts.devices.looks = 0
