"""The register of workers, shared by all processes of a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Owner
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.infrastructure.database.encoding import moment_text, reading
from heygen_desktop.infrastructure.database.tables import workers
from heygen_desktop.infrastructure.database.transaction import Transaction


class SqliteWorkerRegister:
    """The workers of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, worker: Worker) -> None:
        known = _values(worker)
        process = {"pid": worker.process.pid, "started_at": worker.process.started_at}
        added = insert(workers).values(**process, **known)
        self._transaction.change(
            added.on_conflict_do_update(index_elements=list(process), set_=known)
        )

    def remove(self, process: Owner) -> None:
        self._transaction.change(
            delete(workers).where(
                workers.c.pid == process.pid, workers.c.started_at == process.started_at
            )
        )

    def all(self) -> Sequence[Worker]:
        query = select(workers).order_by(workers.c.loaded_at, workers.c.pid)
        return [self._worker(row) for row in self._transaction.rows(query)]

    def _worker(self, row: Row[Any]) -> Worker:
        with reading(self._transaction, f"worker {row.pid}"):
            return _worker(row)


def _values(worker: Worker) -> dict[str, object]:
    return {
        "host": worker.process.host,
        "owner_pid": worker.owner.pid,
        "owner_started_at": worker.owner.started_at,
        "owner_host": worker.owner.host,
        "model_id": worker.model_id,
        "model": worker.model,
        "version": worker.version,
        "device": worker.device,
        "dtype": worker.dtype,
        "load_s": worker.load_s,
        "loaded_at": moment_text(worker.loaded_at),
        "memory_bytes": worker.memory_bytes,
        "peak_memory_bytes": worker.peak_memory_bytes,
        "gpu_memory_bytes": worker.gpu_memory_bytes,
        "busy": worker.busy,
    }


def _worker(row: Row[Any]) -> Worker:
    return Worker(
        process=Owner(row.pid, row.started_at, row.host),
        owner=Owner(row.owner_pid, row.owner_started_at, row.owner_host),
        model_id=ModelId(row.model_id),
        model=row.model,
        version=row.version,
        device=row.device,
        dtype=row.dtype,
        load_s=row.load_s,
        loaded_at=datetime.fromisoformat(row.loaded_at),
        memory_bytes=row.memory_bytes,
        peak_memory_bytes=row.peak_memory_bytes,
        gpu_memory_bytes=row.gpu_memory_bytes,
        busy=row.busy,
    )
