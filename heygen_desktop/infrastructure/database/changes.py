"""How often each kind of thing was changed: what tells a program that another one did so."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Set

from sqlalchemy import Executable
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import UpdateBase

from heygen_desktop.domain.repositories import Topic
from heygen_desktop.infrastructure.database import tables

_TOPICS: Mapping[str, Topic] = {
    tables.models.name: Topic.MODELS,
    tables.model_versions.name: Topic.MODELS,
    tables.runs.name: Topic.RUNS,
    tables.environment_revisions.name: Topic.SETTINGS,
    tables.secrets.name: Topic.SECRETS,
    tables.workers.name: Topic.WORKERS,
}


def topic_of(statement: Executable) -> Topic | None:
    """Return what kind of thing a statement changes; None for what nobody waits for."""
    return _TOPICS.get(str(statement.table)) if isinstance(statement, UpdateBase) else None


def counted_up(topics: Iterable[Topic]) -> Executable:
    """Return the statement that counts one more change of each of these."""
    statement = insert(tables.changes).values([{"topic": each, "times": 1} for each in topics])
    return statement.on_conflict_do_update(
        index_elements=["topic"], set_={"times": tables.changes.c.times + 1}
    )


class Changes:
    """What this process has committed, to be taken off what all have. Used from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ours: Counter[Topic] = Counter()
        self._seen: Counter[Topic] | None = None
        """Changes of others that were told; None before the first look."""

    def made(self, topics: Set[Topic], by: int = 1) -> None:
        """Note a commit of this process. It is noted before it is visible, so that none of ours is
        taken for another's; ``by=-1`` takes it back where the commit failed."""
        with self._lock:
            for topic in topics:
                self._ours[topic] += by

    def by_others(self, counts: Mapping[Topic, int]) -> Set[Topic]:
        """Return what others changed since the last call; nothing at the first.

        Args:
            counts: All changes that are committed, of every process.
        """
        with self._lock:
            now = Counter({topic: count - self._ours[topic] for topic, count in counts.items()})
            if self._seen is None:
                self._seen = now
            changed = {topic for topic, count in now.items() if count > self._seen[topic]}
            self._seen |= now
            return changed
