"""A unit of work: all of it is stored, or nothing is."""

from __future__ import annotations

from collections.abc import Set
from types import TracebackType
from typing import Protocol, Self

from heygen_desktop.application.ports.metrics import ReadingRegister
from heygen_desktop.domain.repositories import (
    EnvironmentRepository,
    ModelRepository,
    RunRepository,
    SecretRegister,
    Topic,
    WorkerRegister,
)


class UnitOfWork(Protocol):
    """One transaction. ``with units() as unit: ...; unit.commit()``; without commit it is undone.

    Raises, on enter, on use and on commit: DatabaseBusyError, DatabaseCorruptError, DiskFullError.
    """

    @property
    def models(self) -> ModelRepository: ...
    @property
    def runs(self) -> RunRepository: ...
    @property
    def environments(self) -> EnvironmentRepository: ...
    @property
    def secrets(self) -> SecretRegister: ...
    @property
    def workers(self) -> WorkerRegister: ...
    @property
    def readings(self) -> ReadingRegister: ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def commit(self) -> None:
        """Store everything that was changed; after it returns, a power cut loses nothing."""


class UnitsOfWork(Protocol):
    """Where units of work come from. Safe to call from any thread; a unit stays on its thread."""

    def __call__(self, *, read_only: bool = False) -> UnitOfWork:
        """Return a new unit of work. A read-only one takes no write lock and cannot commit."""

    def changed_elsewhere(self) -> Set[Topic]:
        """Return what other programs on this home committed since the last call; at first, nothing.

        One short read, for a single caller. Raises as a unit of work does.
        """
