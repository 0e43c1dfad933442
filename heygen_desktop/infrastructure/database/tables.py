"""The tables as they are at the newest revision; a test holds the migrations to them.

What is filtered, joined or ordered by is a column; the rest of an entity is one JSON document, so
that a new detail of a header needs no migration. Moments are ISO 8601 text in UTC with
microseconds, which sorts as time does.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)


class PlainText(TypeDecorator[str]):
    """Text that any Python string fits into.

    A file name or argument that is no valid UTF-8 reaches Python as lone surrogates, which SQLite
    does not take: they are stored, and looked for, as question marks. What must come back to the
    letter is in a JSON document, which escapes them.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else value.encode("utf-8", "replace").decode("utf-8")


def _text(name: str) -> Column[str]:
    return Column(name, PlainText, nullable=False)


def _optional_text(name: str) -> Column[str]:
    return Column(name, PlainText, nullable=True)


def _text_since(name: str) -> Column[str]:
    """Text that rows from before it was noted have empty."""
    return Column(name, PlainText, nullable=False, server_default="")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

models = Table(
    "models",
    metadata,
    Column("id", PlainText, primary_key=True),
    _text("name"),
    _text("name_key"),
    _text("type"),
    _text("task"),
    _text("tags"),
    _text("search_text"),
    _text("created_at"),
    _text("updated_at"),
    _text("document"),
    Index("uq_models_name_key", "name_key", unique=True),
    Index("ix_models_name", "name"),
)
"""``name_key`` is the name without case; ``search_text`` what a search looks through."""

model_versions = Table(
    "model_versions",
    metadata,
    Column("model_id", PlainText, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    _text("version"),
    Column("position", Integer, nullable=False),
    Column("is_latest", Boolean, nullable=False),
    _optional_text("actor"),
    _text("status"),
    _text("format"),
    _text("created_at"),
    _text("path"),
    _text("checksum"),
    _text("artifact"),
    PrimaryKeyConstraint("model_id", "version"),
    Index("ix_model_versions_status", "status"),
    Index("ix_model_versions_path", "path"),
    Index("ix_model_versions_checksum", "checksum"),
)
"""``position`` counts the versions of a model in their order, the earliest 0; ``checksum`` is empty
until it was computed."""

runs = Table(
    "runs",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    _text("id"),
    _text("model_id"),
    _text("model"),
    _text("version"),
    _text("task"),
    _text("device"),
    _text("environment"),
    _text("seed"),
    _text("state"),
    Column("cancel_requested", Boolean, nullable=False),
    Column("owner_pid", Integer, nullable=False),
    Column("owner_started_at", Float, nullable=False),
    _text_since("owner_host"),
    _optional_text("actor"),
    _text_since("dtype"),
    Column("priority", Integer, nullable=False, server_default="0"),
    _text_since("title"),
    Column("is_pinned", Boolean, nullable=False, server_default="0"),
    _text_since("removal"),
    _text("queued_at"),
    _optional_text("started_at"),
    _optional_text("finished_at"),
    _text("finish_reason"),
    _text("params"),
    _text("inputs"),
    _text("output"),
    _optional_text("failure"),
    _text("figures"),
    Index("uq_runs_id", "id", unique=True),
    Index("ix_runs_queued_at", "queued_at", "sequence"),
    Index("ix_runs_listed", "is_pinned", "queued_at", "sequence"),
    Index("ix_runs_state", "state", "queued_at"),
    Index("ix_runs_model", "model", "queued_at"),
    Index("ix_runs_peak", "model_id", "version", "device", "state"),
)
"""``sequence`` keeps runs of the same moment in order; ``seed`` is text, for it may pass 2**63;
``removal`` is empty but for runs that were removed and may still be brought back."""

environment_revisions = Table(
    "environment_revisions",
    metadata,
    _text("environment"),
    Column("number", Integer, nullable=False),
    Column("values", PlainText, nullable=False),
    _text("checksum"),
    _optional_text("created_at"),
    _optional_text("actor"),
    PrimaryKeyConstraint("environment", "number"),
)

secrets = Table(
    "secrets",
    metadata,
    _text("name"),
    _text("environment"),
    _text("store"),
    _text("created_at"),
    _text("updated_at"),
    _optional_text("actor"),
    PrimaryKeyConstraint("name", "environment"),
)

workers = Table(
    "workers",
    metadata,
    Column("pid", Integer, nullable=False),
    Column("started_at", Float, nullable=False),
    _text_since("host"),
    Column("owner_pid", Integer, nullable=False),
    Column("owner_started_at", Float, nullable=False),
    _text_since("owner_host"),
    _text("model_id"),
    _text("model"),
    _text("version"),
    _text("device"),
    _text("dtype"),
    Column("load_s", Float, nullable=False),
    _text("loaded_at"),
    Column("memory_bytes", Integer, nullable=False),
    Column("peak_memory_bytes", Integer, nullable=False),
    Column("gpu_memory_bytes", Integer),
    Column("busy", Boolean, nullable=False),
    PrimaryKeyConstraint("pid", "started_at"),
)

changes = Table(
    "changes",
    metadata,
    Column("topic", PlainText, primary_key=True),
    Column("times", Integer, nullable=False),
)
"""How many transactions changed something of a kind: one look tells a program what others did."""

readings = Table(
    "readings",
    metadata,
    Column("at", PlainText, primary_key=True),
    _text("figures"),
)
