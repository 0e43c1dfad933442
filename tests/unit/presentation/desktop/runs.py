"""Runs as the window's tests need them."""

from __future__ import annotations

from datetime import UTC, datetime

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Owner, Run, RunId, RunState

AT = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def a_run(run_id: str = "run-1", *, state: RunState = RunState.QUEUED) -> Run:
    """Return a run of llama-tiny in that state."""
    return Run(
        id=RunId(run_id),
        model_id=ModelId("model-1"),
        model="llama-tiny",
        version="1.0.0",
        task="text-generation",
        params={},
        inputs={"prompt": "Hello"},
        seed=1,
        device="cpu",
        environment="development",
        owner=Owner(4242, 1_767_000_000.0),
        queued_at=AT,
        state=state,
    )
