"""The lives of models, runs and environments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from heygen_desktop.domain.entities.ai_model import (
    TRANSITIONS,
    AIModel,
    ModelId,
    ModelStatus,
    ModelType,
    ModelVersion,
)
from heygen_desktop.domain.entities.environment import PARENTS, Revision, lineage
from heygen_desktop.domain.entities.run import (
    RUN_TRANSITIONS,
    Owner,
    Run,
    RunId,
    RunState,
)
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.errors import (
    EnvironmentNotFoundError,
    InvalidTransitionError,
    ModelExistsError,
    ModelNotFoundError,
    RunFailedError,
)
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.version import SemanticVersion

from tests.factories.parts import an_artifact

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


def a_model(*versions: str) -> AIModel:
    model = AIModel(ModelId("1"), "llama", ModelType.LANGUAGE, NOW, NOW)
    for text in versions:
        model.add_version(ModelVersion(SemanticVersion.parse(text), an_artifact(), LATER))
    return model


def a_run() -> Run:
    return Run(
        id=RunId("r1"),
        model_id=ModelId("1"),
        model="llama",
        version="1.0.0",
        task="text-generation",
        params={},
        inputs={"prompt": "hello"},
        seed=1,
        device="cpu",
        environment="development",
        owner=Owner(1, 1.0),
        queued_at=NOW,
    )


def test_the_latest_version_is_the_highest_not_the_newest() -> None:
    model = a_model("10.0.0", "9.0.0")

    assert str(model.latest.version) == "10.0.0"
    assert model.updated_at == LATER


def test_a_version_is_found_by_number_and_by_alias() -> None:
    model = a_model("1.0.0", "2.0.0")
    model.aliases["champion"] = SemanticVersion(1, 0, 0)

    assert model.version().version == SemanticVersion(2, 0, 0)
    assert model.version("1.0.0") is model.version("champion")
    with pytest.raises(ModelNotFoundError, match=r"llama@3\.0\.0"):
        model.version("3.0.0")


def test_a_version_is_given_once() -> None:
    with pytest.raises(ModelExistsError):
        a_model("1.0.0", "1.0.0")


def test_a_model_without_versions_has_no_latest() -> None:
    with pytest.raises(ModelNotFoundError):
        _ = a_model().latest


def test_a_removed_version_takes_its_aliases_along() -> None:
    model = a_model("1.0.0", "2.0.0")
    model.aliases = {"old": SemanticVersion(1, 0, 0), "new": SemanticVersion(2, 0, 0)}

    model.remove_version(SemanticVersion(1, 0, 0), at=LATER)

    assert [str(v.version) for v in model.versions] == ["2.0.0"]
    assert set(model.aliases) == {"new"}


def test_what_is_not_verified_cannot_be_deployed() -> None:
    assert ModelStatus.DEPLOYED not in TRANSITIONS[ModelStatus.REGISTERED]


def test_a_run_that_has_ended_stays_as_it_is() -> None:
    for state, allowed in RUN_TRANSITIONS.items():
        assert state.is_final == (not allowed)


def test_a_run_notes_when_it_started_and_when_it_ended() -> None:
    loading = a_run().become(RunState.LOADING, at=NOW)
    running = loading.become(RunState.RUNNING, at=LATER)
    done = running.become(RunState.SUCCEEDED, at=LATER)

    assert (running.started_at, running.finished_at) == (NOW, None)
    assert (done.started_at, done.finished_at) == (NOW, LATER)


def test_a_queued_run_cannot_succeed() -> None:
    with pytest.raises(InvalidTransitionError, match="queued"):
        a_run().become(RunState.SUCCEEDED, at=NOW)


def test_a_failed_run_keeps_the_error_whole() -> None:
    failed = a_run().fail(RunFailedError("numbers overflowed"), at=LATER)

    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "run_failed"
    assert failed.failure.cause == "numbers overflowed."
    assert failed.failure.remedy


def test_production_inherits_from_nobody_and_nobody_untried_feeds_it() -> None:
    assert lineage("production") == ("production",)
    assert lineage("staging") == ("staging", "production")
    assert lineage("testing") == ("testing", "development")
    assert set(PARENTS) == {"development", "testing", "staging", "production"}


def test_an_unknown_environment_is_named_with_the_known_ones() -> None:
    with pytest.raises(EnvironmentNotFoundError) as caught:
        lineage("prod")

    assert "production" in caught.value.cause


def test_each_change_of_an_environment_is_a_revision_of_its_own() -> None:
    first = Revision("testing", 0).with_value("inference.threads", 2, at=NOW, actor=Actor())
    second = first.without("inference.threads", at=LATER, actor=Actor())

    assert (first.number, dict(first.values)) == (1, {"inference.threads": 2})
    assert (second.number, dict(second.values)) == (2, {})


def test_the_checksum_of_a_revision_covers_all_it_says() -> None:
    revision = Revision("testing", 1, {"a.b": 1, "c.d": "x"})

    same = Revision("testing", 1, {"c.d": "x", "a.b": 1})
    others = [
        Revision("staging", 1, revision.values),
        Revision("testing", 2, revision.values),
        Revision("testing", 1, {"a.b": 2, "c.d": "x"}),
    ]

    assert revision.checksum == same.checksum
    assert revision.checksum not in {other.checksum for other in others}


def test_a_secret_is_referred_to_by_its_name() -> None:
    assert Secret("token", "testing", "vault", NOW, NOW).reference == "${secret:token}"
