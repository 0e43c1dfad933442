"""Runs, one row each; figures, and what the task defines, are JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Function,
    Row,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from heygen_desktop.domain.entities.run import Run, RunFailure, RunFigures, RunId, RunState
from heygen_desktop.domain.errors import RunNotFoundError
from heygen_desktop.domain.repositories import RunFilter, RunPage
from heygen_desktop.domain.values.estimate import MeasuredPeaks
from heygen_desktop.infrastructure.database.encoding import (
    ACTOR,
    DOCUMENT,
    MOMENT,
    Columns,
    decoded,
    encoded,
    owner_columns,
    owner_of,
    read_rows,
)
from heygen_desktop.infrastructure.database.tables import runs
from heygen_desktop.infrastructure.database.transaction import Transaction

_BLOB = re.compile(r'"(sha256:[0-9a-f]{64})"')
_ACTIVE = tuple(state.value for state in RunState if not state.is_final)
_IS_THERE = runs.c.removal == ""
_WITH_OWN_WORDS = ("title", "is_pinned", "priority")
"""Columns that a step of the run's life leaves alone: a person changes them meanwhile."""
_LAST_CHARACTER = "\U0010ffff"
_MOST_RUNS_ASKED = 500
"""Runs whose peaks are looked at; it keeps the question below 2 ms however long the history is."""


class SqliteRuns:
    """The runs of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run: Run) -> None:
        self._transaction.change(insert(runs).values(_values(run) | {"cancel_requested": False}))

    def save(self, run: Run) -> None:
        values = {
            name: value for name, value in _values(run).items() if name not in _WITH_OWN_WORDS
        }
        self._change_one(run.id, **values)

    def label(self, run_id: RunId, *, title: str, is_pinned: bool) -> None:
        self._change_one(run_id, title=title, is_pinned=is_pinned)

    def prioritise(self, run_id: RunId, priority: int) -> None:
        self._change_one(run_id, priority=priority)

    def remove(self, wanted: RunFilter, removal: str) -> int:
        ended = runs.c.state.not_in(_ACTIVE)
        chosen = update(runs).where(ended, *_conditions(wanted))
        return self._transaction.change(chosen.values(removal=removal))

    def restore(self, removal: str) -> None:
        self._transaction.change(
            update(runs).where(runs.c.removal == removal, ~_IS_THERE).values(removal="")
        )

    def purge(self) -> None:
        self._transaction.change(delete(runs).where(~_IS_THERE))

    def by_id(self, run_id: str) -> Run | None:
        exact = self._read([runs.c.id == run_id, _IS_THERE], limit=1)
        if exact or not run_id:
            return next(iter(exact), None)
        # A range instead of LIKE: it is answered from the index, and % and _ mean themselves.
        beginning = [runs.c.id >= run_id, runs.c.id < run_id + _LAST_CHARACTER]
        found = self._read([*beginning, _IS_THERE], limit=2)
        return found[0] if len(found) == 1 else None

    def find(self, wanted: RunFilter) -> RunPage:
        if wanted.limit < 0 or wanted.offset < 0:
            raise ValueError("limit and offset are 0 or more")
        conditions = _conditions(wanted)
        count = select(func.count()).select_from(runs).where(*conditions)
        total: int = self._transaction.rows(count)[0][0]
        first = [runs.c.is_pinned.desc()] if wanted.pinned_first else []
        page = self._read(conditions, *first, limit=wanted.limit, offset=wanted.offset)
        return RunPage(page, total)

    def active(self) -> Sequence[Run]:
        query = select(runs).where(runs.c.state.in_(_ACTIVE), _IS_THERE)
        return self._all(query.order_by(runs.c.queued_at, runs.c.sequence))

    def request_cancel(self, run_id: RunId) -> None:
        self._transaction.change(
            update(runs).where(runs.c.id == run_id).values(cancel_requested=True)
        )

    def cancel_requested(self, run_ids: Sequence[RunId]) -> Sequence[RunId]:
        query = select(runs.c.id).where(runs.c.id.in_(run_ids), runs.c.cancel_requested)
        return [RunId(row.id) for row in self._transaction.rows(query)]

    def blobs(self) -> Set[str]:
        documents = (runs.c.inputs, runs.c.output)
        query = select(*documents).where(or_(*(each.contains("sha256:") for each in documents)))
        return {
            blob
            for row in self._transaction.rows(query)
            for text in row
            for blob in _BLOB.findall(text)
        }

    def peaks(self, model_id: str, version: str, device: str, dtype: str) -> MeasuredPeaks:
        newest = (
            select(
                _figure("peak_host_bytes").label("host"),
                _figure("peak_device_bytes").label("gpu"),
                (_figure("prompt_tokens") + _figure("tokens")).label("tokens"),
            )
            .where(
                runs.c.model_id == model_id,
                runs.c.version == version,
                runs.c.device == device,
                runs.c.state == RunState.SUCCEEDED.value,
                runs.c.dtype.in_((dtype, "")),
            )
            .order_by(runs.c.sequence.desc())
            .limit(_MOST_RUNS_ASKED)
            .subquery()
        ).c
        tokens = func.coalesce(func.max(newest.tokens), 0)
        query = select(func.max(newest.host), func.max(newest.gpu), tokens)
        return MeasuredPeaks(*self._transaction.rows(query)[0])

    def _change_one(self, run_id: RunId, **values: object) -> None:
        if not self._transaction.change(update(runs).where(runs.c.id == run_id).values(values)):
            raise RunNotFoundError(run_id)

    def _read(
        self,
        conditions: Sequence[ColumnElement[bool]],
        *first: ColumnElement[bool],
        limit: int,
        offset: int = 0,
    ) -> list[Run]:
        query = select(runs).where(*conditions).limit(limit).offset(offset)
        return self._all(query.order_by(*first, runs.c.queued_at.desc(), runs.c.sequence.desc()))

    def _all(self, query: Executable) -> list[Run]:
        return read_rows(self._transaction, self._transaction.rows(query), "run {id}", _run)


def _conditions(wanted: RunFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_IS_THERE]
    if wanted.model:
        conditions.append(runs.c.model == wanted.model)
    if wanted.states:
        conditions.append(runs.c.state.in_([state.value for state in wanted.states]))
    if wanted.ids:
        conditions.append(runs.c.id.in_(wanted.ids))
    if wanted.but_pinned:
        conditions.append(~runs.c.is_pinned)
    return conditions + [_says(word) for word in wanted.search.split()]


def _says(word: str) -> ColumnElement[bool]:
    c = runs.c
    words = c.title + " " + c.model + "@" + c.version + " " + c.task
    # Values in a document only: the names of its fields are not the person's words.
    values = (func.json_tree(each).table_valued("atom").c.atom for each in (c.inputs, c.output))
    return or_(_contains(words, word), *(exists().where(_contains(text, word)) for text in values))


def _contains(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """SQLite ignores the case of ASCII letters alone; of others, the usual forms are looked for."""
    forms = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(text.contains(form, autoescape=True) for form in sorted(forms)))


def _figure(name: str) -> Function[int]:
    return func.json_extract(runs.c.figures, f"$.{name}")


def _run(row: Row[Any]) -> Run:
    return _COLUMNS.entity(row, owner=owner_of(row, "owner_"))


def _values(run: Run) -> dict[str, object]:
    return _COLUMNS.values(run) | owner_columns(run.owner, "owner_")


_COLUMNS = Columns(
    Run,
    runs,
    {
        "seed": (str, int),
        "state": (str, RunState),
        "queued_at": MOMENT,
        "started_at": MOMENT,
        "finished_at": MOMENT,
        "figures": (
            lambda figures: encoded(figures.document()),
            lambda text: RunFigures.of(decoded(text)),
        ),
        "params": DOCUMENT,
        "inputs": DOCUMENT,
        "output": DOCUMENT,
        "failure": (
            lambda failure: None if failure is None else encoded(asdict(failure)),
            lambda text: None if text is None else RunFailure(**decoded(text)),
        ),
        "actor": ACTOR,
    },
)
