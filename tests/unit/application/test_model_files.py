"""Files of registered models: checksums in their time, and changes that are noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.errors import (
    ArtifactChangedError,
    ArtifactCorruptError,
    ArtifactMissingError,
    ModelNotFoundError,
    RunCancelledError,
)
from heygen_desktop.domain.events import ModelVerified

from tests.factories.application import ended, fake_application
from tests.factories.parts import SOME_TIME_NS, FakeParts, an_artifact

ONE, TWO = Path("/models/one"), Path("/models/two")


@pytest.fixture
def parts() -> FakeParts:
    found = FakeParts()
    found.artifacts.known[ONE] = an_artifact(ONE)
    found.artifacts.known[TWO] = an_artifact(TWO)
    return found


@pytest.fixture
def application(parts: FakeParts) -> Application:
    made = fake_application(parts)
    made.register_model(Registration(ONE))
    return made


def times(application: Application) -> list[int | None]:
    return [f.modified_ns for f in application.get_model("one").version.artifact.files]


def test_a_checksum_that_is_computed_is_kept_and_waited_for_no_more(
    application: Application, parts: FakeParts
) -> None:
    seen: list[tuple[int, int]] = []

    verification = application.model_files.verify(
        "one", on_progress=lambda done, total: seen.append((done, total))
    )

    assert (verification.reference, verification.changed) == ("one@1.0.0", ())
    assert application.get_model("one").version.artifact.checksum.startswith("sha256:")
    assert application.model_files.waiting() == []
    assert seen[-1] == (7_000_700, 7_000_700)
    [event] = parts.events.of(ModelVerified)
    assert (event.model, event.version, event.was_changed) == ("one", "1.0.0", False)


def test_a_checksum_that_is_stopped_leaves_the_entry_and_is_computed_later(
    application: Application,
) -> None:
    with pytest.raises(RunCancelledError):
        application.model_files.verify("one", should_stop=lambda: True)

    assert application.model_files.waiting() == ["one@1.0.0"]


def test_the_oldest_entry_gets_its_checksum_first(
    application: Application, parts: FakeParts
) -> None:
    parts.clock.advance(60)
    application.register_model(Registration(TWO, name="another"))

    assert application.model_files.waiting() == ["one@1.0.0", "another@1.0.0"]


def test_files_that_changed_are_not_loaded(application: Application, parts: FakeParts) -> None:
    parts.artifacts.change(ONE)

    with pytest.raises(ArtifactChangedError, match="changed since they were registered"):
        application.load_model("one")

    assert parts.inference.workers() == []


def test_a_run_on_files_that_changed_fails_and_names_them(
    application: Application, parts: FakeParts
) -> None:
    parts.artifacts.change(ONE)

    run = ended(application.start_run(RunRequest("one", {"prompt": "It"})))

    assert run.state is RunState.FAILED
    assert run.failure is not None
    assert run.failure.cause == "Changed: model.safetensors."


@pytest.mark.parametrize(
    "problem", [ArtifactCorruptError(str(ONE), "It was cut short."), ArtifactMissingError(str(ONE))]
)
def test_what_became_damaged_is_told_as_that(
    application: Application, parts: FakeParts, problem: ArtifactCorruptError | ArtifactMissingError
) -> None:
    parts.artifacts.known[ONE] = problem

    with pytest.raises(type(problem)):
        application.load_model("one")


def test_a_model_that_is_shown_says_that_its_files_changed_or_are_gone(
    application: Application, parts: FakeParts
) -> None:
    as_registered = application.get_model("one").problem
    parts.artifacts.change(ONE)
    changed = application.get_model("one").problem
    del parts.artifacts.known[ONE]
    gone = application.get_model("one").problem

    assert as_registered is None
    assert isinstance(changed, ArtifactChangedError)
    assert isinstance(gone, ArtifactMissingError)


def test_another_time_of_the_same_content_is_no_change_once_verified(
    application: Application, parts: FakeParts
) -> None:
    application.model_files.verify("one")
    parts.artifacts.change(ONE, content=False)
    before = application.get_model("one").problem

    verification = application.model_files.verify("one")

    assert isinstance(before, ArtifactChangedError)
    assert verification.changed == ()
    assert application.get_model("one").problem is None
    application.load_model("one")


def test_another_content_is_told_and_kept_only_when_it_is_taken(
    application: Application, parts: FakeParts
) -> None:
    application.model_files.verify("one")
    old = application.get_model("one").version.artifact.checksum
    parts.artifacts.change(ONE)

    verification = application.model_files.verify("one")
    untouched = application.get_model("one")
    application.model_files.take(verification)
    taken = application.get_model("one")

    assert verification.changed == ("model.safetensors",)
    assert isinstance(untouched.problem, ArtifactChangedError)
    assert taken.version.artifact.checksum == verification.artifact.checksum != old
    assert taken.problem is None
    assert parts.events.of(ModelVerified)[-1].was_changed


def test_weights_that_were_exchanged_leave_memory_once_the_new_ones_are_taken(
    application: Application, parts: FakeParts
) -> None:
    application.load_model("one")
    parts.artifacts.change(ONE)
    verification = application.model_files.verify("one")
    before = len(parts.inference.workers())

    application.model_files.take(verification)

    assert (before, parts.inference.workers()) == (1, [])


def test_a_change_that_neither_size_nor_time_shows_is_found_by_the_checksum(
    application: Application, parts: FakeParts
) -> None:
    application.model_files.verify("one")
    parts.artifacts.changed.append(ONE)

    verification = application.model_files.verify("one")

    assert verification.changed == ("config.json", "model.safetensors")


def test_files_that_change_before_their_first_checksum_are_told(
    application: Application, parts: FakeParts
) -> None:
    parts.artifacts.change(ONE)

    verification = application.model_files.verify("one")

    assert verification.changed == ("model.safetensors",)
    assert application.model_files.waiting() == ["one@1.0.0"]


def test_files_that_change_while_they_are_read_are_not_verified(
    application: Application, parts: FakeParts
) -> None:
    with pytest.raises(ArtifactChangedError):
        application.model_files.verify("one", on_progress=lambda *_: parts.artifacts.change(ONE))

    assert application.model_files.waiting() == ["one@1.0.0"]


def test_files_that_change_again_are_not_taken(application: Application, parts: FakeParts) -> None:
    parts.artifacts.change(ONE)
    verification = application.model_files.verify("one")
    parts.artifacts.change(ONE)

    with pytest.raises(ArtifactChangedError):
        application.model_files.take(verification)


def test_an_entry_that_was_removed_meanwhile_is_not_brought_back(
    application: Application, parts: FakeParts
) -> None:
    def remove(done: int, total: int) -> None:
        if done == total:
            application.remove_model("one")

    application.model_files.verify("one", on_progress=remove)

    with pytest.raises(ModelNotFoundError):
        application.get_model("one")


def test_an_entry_of_0_1_0_takes_the_times_of_its_files_when_it_is_loaded(
    parts: FakeParts,
) -> None:
    now = an_artifact(ONE)
    parts.artifacts.known[ONE] = replace(
        now, files=tuple(replace(file, modified_ns=None) for file in now.files)
    )
    application = fake_application(parts)
    application.register_model(Registration(ONE))
    parts.artifacts.known[ONE] = now

    application.load_model("one")

    assert times(application) == [SOME_TIME_NS, SOME_TIME_NS]


def test_an_entry_of_0_1_0_whose_size_changed_is_not_loaded(parts: FakeParts) -> None:
    now = an_artifact(ONE)
    old = tuple(replace(file, modified_ns=None, size_bytes=1) for file in now.files)
    parts.artifacts.known[ONE] = replace(now, files=old)
    application = fake_application(parts)
    application.register_model(Registration(ONE))
    parts.artifacts.known[ONE] = now

    with pytest.raises(ArtifactChangedError):
        application.load_model("one")
