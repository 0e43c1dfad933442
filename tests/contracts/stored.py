"""Entities to store in the contract tests, and the two kinds of store that are held to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelType, ModelVersion
from heygen_desktop.domain.entities.run import Owner, Run, RunId, RunState
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.infrastructure.database.database import Database

from tests.fakes.unit_of_work import FakeUnitsOfWork

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
JANE = Actor("jane", "cli", "chawton")


def at(minutes: float) -> datetime:
    """Return the moment so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


class InMemory:
    """Runs a contract on the fake."""

    @pytest.fixture
    def units(self) -> UnitsOfWork:
        return FakeUnitsOfWork(busy_timeout_s=0.05)

    @pytest.fixture
    def of_another(self, units: FakeUnitsOfWork) -> UnitsOfWork:
        return FakeUnitsOfWork(beside=units)


class OnSqlite:
    """Runs a contract on a new database file."""

    @pytest.fixture
    def units(self, tmp_path: Path) -> Iterator[UnitsOfWork]:
        database = Database(tmp_path / "home", busy_timeout_s=0.05)
        database.open()
        yield database.units
        database.close()

    @pytest.fixture
    def of_another(self, units: UnitsOfWork, tmp_path: Path) -> Iterator[UnitsOfWork]:
        database = Database(tmp_path / "home")
        database.open()
        yield database.units
        database.close()


def an_artifact(
    path: str = "/models/tiny",
    *,
    kind: ArtifactFormat = ArtifactFormat.SAFETENSORS,
    architecture: str = "LlamaForCausalLM",
) -> Artifact:
    """Return an artifact in which no field has its default value."""
    return Artifact(
        path=Path(path),
        format=kind,
        files=(
            ArtifactFile("config.json", 700, 1_770_000_000_123_456_789),
            ArtifactFile("model.safetensors", 4_000_000, 1_770_000_000_123_456_789),
        ),
        size_bytes=4_000_700,
        weights_bytes=3_999_000,
        parameters=2**40,
        dtypes={"BF16": 900_000, "F32": 90_000},
        architecture=architecture,
        task="text-generation",
        context_length=2048,
        licence="apache-2.0",
        checksum="sha256:" + "ab" * 32,
        warnings=("The tokenizer has no padding token.",),
        layers=4,
        kv_heads=2,
        head_dim=64,
        header={"vocabulary": "32,000"},
        is_file=True,
    )


def a_version(text: str = "1.0.0", artifact: Artifact | None = None) -> ModelVersion:
    """Return a registered version."""
    return ModelVersion(SemanticVersion.parse(text), artifact or an_artifact(), NOON, actor=JANE)


def a_model(name: str = "tiny", *versions: ModelVersion) -> AIModel:
    """Return a model whose id is made from its name."""
    return AIModel(
        id=ModelId(f"id-of-{name}"),
        name=name,
        type=ModelType.LANGUAGE,
        created_at=NOON,
        updated_at=NOON,
        versions=versions or (a_version(),),
    )


def a_run(run_id: str = "0123456789ab", *, queued_at: datetime = NOON, model: str = "tiny") -> Run:
    """Return a queued run."""
    return Run(
        id=RunId(run_id),
        model_id=ModelId(f"id-of-{model}"),
        model=model,
        version="1.0.0",
        task="text-generation",
        params={"max_tokens": 64, "temperature": 0.7},
        inputs={"prompt": "Once upon a time"},
        seed=7,
        device="cpu",
        environment="development",
        owner=Owner(4242, 1_772_000_000.25, "chawton"),
        actor=JANE,
        priority=3,
        queued_at=queued_at,
    )


def in_state(run: Run, state: RunState) -> Run:
    """Return the run after the steps that lead to the state, a minute each."""
    if state is RunState.QUEUED:
        return run
    running = run.become(RunState.LOADING, at=run.queued_at + timedelta(minutes=1))
    if state is RunState.LOADING:
        return running
    running = running.become(RunState.RUNNING, at=run.queued_at + timedelta(minutes=2))
    if state is RunState.RUNNING:
        return running
    return running.become(state, at=run.queued_at + timedelta(minutes=3))
