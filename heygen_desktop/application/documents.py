"""The JSON documents that every front prints or serves. Additions are allowed, renames are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from heygen_desktop.domain.entities.run import Json

if TYPE_CHECKING:
    from datetime import datetime

    from heygen_desktop.application.models import ModelSummary
    from heygen_desktop.application.ports.diagnostics import Check
    from heygen_desktop.application.ports.logs import LogRecord
    from heygen_desktop.application.ports.metrics import Sample
    from heygen_desktop.application.settings.effective import EffectiveSettings, EffectiveValue
    from heygen_desktop.application.use_cases.environments import (
        EnvironmentSummary,
    )
    from heygen_desktop.application.use_cases.models.library import FoundModel
    from heygen_desktop.domain.entities.run import Run, RunFailure
    from heygen_desktop.domain.entities.secret import Secret
    from heygen_desktop.domain.entities.worker import Worker
    from heygen_desktop.domain.errors import HeyGenError
    from heygen_desktop.domain.values.estimate import FitEstimate

Document = dict[str, Json]
T = TypeVar("T")
_OF_FOUND = ("format", "architecture", "task", "parameters", "size_bytes")


def list_document(
    items: Sequence[T], document: Callable[[T], Document], *, total: int | None = None
) -> Document:
    """Return ``{"items": [...], "total": n}``."""
    documents: list[Json] = [document(item) for item in items]
    return {"items": documents, "total": len(items) if total is None else total}


def model_document(summary: ModelSummary) -> Document:
    """Return a model as its contract shows it."""
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    return {
        "id": model.id,
        "name": model.name,
        "version": str(version.version),
        "type": model.type,
        "format": artifact.format,
        "task": model.task,
        "status": version.status,
        "path": str(artifact.path),
        "size_bytes": artifact.size_bytes,
        "weights_bytes": artifact.weights_bytes,
        "parameters": artifact.parameters,
        "dtypes": dict(artifact.dtypes),
        "architecture": artifact.architecture,
        "context_length": artifact.context_length,
        "licence": model.licence,
        "tags": list(model.tags),
        "description": model.description,
        "note": model.note,
        "favourite": model.is_favourite,
        "checksum": artifact.checksum,
        "verdict": summary.estimate.verdict,
        "estimate": estimate_document(summary.estimate),
        "files": [{"name": f.name, "size_bytes": f.size_bytes} for f in artifact.files],
        "warnings": list(artifact.warnings),
        "versions": [str(v.version) for v in model.versions],
        "created_at": moment(version.created_at),
    }


def estimate_document(estimate: FitEstimate) -> Document:
    """Return what loading costs and what is free."""
    return {**asdict(estimate), "needed_bytes": estimate.needed_bytes}


def found_document(found: FoundModel) -> Document:
    """Return one finding of a scan."""
    seen, problem = found.seen, found.problem
    artifact = seen.artifact if seen else None
    return {
        "path": str(found.path),
        **{name: getattr(artifact, name, None) for name in _OF_FOUND},
        "registered_as": (seen.registered_as or None) if seen else None,
        "error": error_body(problem) if problem else None,
    }


def run_document(run: Run, log: Sequence[LogRecord] = ()) -> Document:
    """Return a run as its contract shows it.

    Args:
        log: The records that name the run, oldest first.
    """
    return {
        "id": run.id,
        "title": run.title or None,
        "pinned": run.is_pinned,
        "model": run.model,
        "version": run.version,
        "task": run.task,
        "state": run.state,
        "inputs": dict(run.inputs),
        "params": dict(run.params),
        "seed": run.seed,
        "device": run.device,
        "dtype": run.dtype or None,
        "environment": run.environment,
        "priority": run.priority,
        "actor": asdict(run.actor),
        "queued_at": moment(run.queued_at),
        "started_at": moment(run.started_at),
        "finished_at": moment(run.finished_at),
        "figures": dict(run.figures.document()),
        "output": dict(run.output),
        "finish_reason": run.finish_reason or None,
        "error": error_body(run.failure) if run.failure else None,
        "log_lines": [log_document(record) for record in log],
    }


def worker_document(worker: Worker) -> Document:
    """Return one loaded model and its measured cost."""
    return {
        "model": worker.model,
        "version": worker.version,
        "pid": worker.process.pid,
        "owner_pid": worker.owner.pid,
        "device": worker.device,
        "dtype": worker.dtype,
        "load_s": worker.load_s,
        "loaded_at": moment(worker.loaded_at),
        "memory_bytes": worker.memory_bytes,
        "peak_memory_bytes": worker.peak_memory_bytes,
        "gpu_memory_bytes": worker.gpu_memory_bytes,
        "busy": worker.busy,
        "loading": worker.is_loading,
    }


def environment_document(summary: EnvironmentSummary) -> Document:
    """Return one line of the list of environments."""
    return {
        "environment": summary.name,
        "parent": summary.parent,
        "revision": summary.revision,
        "own_values": summary.own_values,
        "active": summary.is_active,
    }


def settings_document(effective: EffectiveSettings) -> Document:
    """Return ``{"environment", "revision", "settings": {"section.key": {...}}}``."""
    return {
        "environment": effective.environment,
        "revision": effective.revision,
        "settings": {key: value_document(value) for key, value in effective.values.items()},
        "problems": [error_body(problem) for problem in effective.problems],
    }


def value_document(value: EffectiveValue) -> Document:
    """Return a setting's value, its layer, and what it hides."""
    return {
        "value": value.value,
        "layer": value.layer,
        "origin": value.origin,
        "hidden": [asdict(hidden) for hidden in value.hidden],
    }


def secret_document(secret: Secret) -> Document:
    """Return what may be known of a secret."""
    return {
        "name": secret.name,
        "environment": secret.environment,
        "store": secret.store,
        "reference": secret.reference,
        "created_at": moment(secret.created_at),
        "updated_at": moment(secret.updated_at),
    }


def log_document(record: LogRecord) -> Document:
    """Return a record with the keys that its line on disk has."""
    return {
        "time": moment(record.time),
        "level": record.level.name,
        "category": record.category,
        "message": record.message,
        "logger": record.logger,
        **record.ids,
        "extra": dict(record.extra),
        "exception": record.exception or None,
    }


def check_document(check: Check) -> Document:
    """Return one finding of the doctor."""
    return {**asdict(check), "remedy": check.remedy or None}


def sample_document(sample: Sample) -> Document:
    """Return one reading of the machine."""
    return {**asdict(sample), "at": moment(sample.at)}


def error_body(error: HeyGenError | RunFailure) -> Document:
    """Return the five parts of an error, as it was raised or as it was stored."""
    return {
        "code": error.code,
        "message": error.message,
        "cause": error.cause,
        "remedy": error.remedy,
        "details": dict(error.details),
    }


def moment(at: datetime | None) -> str | None:
    """Return an ISO 8601 time with zone, or None."""
    return at.isoformat() if at else None
