"""Models with their versions in two tables, read and stored whole."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, literal, select, update

from heygen_desktop.domain.entities.ai_model import (
    AIModel,
    ModelId,
    ModelStatus,
    ModelType,
    ModelVersion,
)
from heygen_desktop.domain.errors import ModelExistsError, ModelNotFoundError
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat
from heygen_desktop.domain.values.version import SemanticVersion
from heygen_desktop.infrastructure.database.encoding import (
    ACTOR,
    MOMENT,
    Columns,
    decoded,
    encoded,
    read_rows,
)
from heygen_desktop.infrastructure.database.tables import PlainText, model_versions, models
from heygen_desktop.infrastructure.database.transaction import Transaction

_WITH_LATEST = models.join(
    model_versions,
    and_(model_versions.c.model_id == models.c.id, model_versions.c.is_latest),
)


class SqliteModels:
    """The models of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, model: AIModel) -> None:
        self._check(model)
        self._transaction.change(insert(models).values(_model_values(model)))
        self._add_versions(model)

    def save(self, model: AIModel) -> None:
        self._check(model)
        changed = self._transaction.change(
            update(models).where(models.c.id == model.id).values(_model_values(model))
        )
        if not changed:
            raise ModelNotFoundError(model.name)
        self._transaction.change(
            delete(model_versions).where(model_versions.c.model_id == model.id)
        )
        self._add_versions(model)

    def remove(self, model_id: ModelId) -> None:
        self._transaction.change(delete(models).where(models.c.id == model_id))

    def by_id(self, model_id: ModelId) -> AIModel | None:
        return next(iter(self._read([models.c.id == model_id])), None)

    def by_name(self, name: str) -> AIModel | None:
        return next(iter(self._read([models.c.name == name])), None)

    def by_path(self, path: Path) -> Sequence[AIModel]:
        at = select(model_versions.c.model_id).where(
            model_versions.c.path == literal(str(path), PlainText)
        )
        found = self._read([models.c.id.in_(at)])
        # Several paths that are no valid text may be stored as the same one.
        return [m for m in found if any(v.artifact.path == path for v in m.versions)]

    def latest_versions(self) -> Mapping[str, str]:
        latest = select(models.c.name, model_versions.c.version).select_from(_WITH_LATEST)
        rows = self._transaction.rows(latest.order_by(models.c.name_key))
        return {row.name: row.version for row in rows}

    def without_checksum(self) -> Sequence[str]:
        waiting = (
            select(models.c.name, model_versions.c.version)
            .join_from(model_versions, models)
            .where(model_versions.c.checksum == "")
            .order_by(model_versions.c.created_at, models.c.name_key)
        )
        return [f"{row.name}@{row.version}" for row in self._transaction.rows(waiting)]

    def find(
        self, wanted: ModelFilter, *, after: str = "", limit: int | None = None
    ) -> Sequence[AIModel]:
        behind = [models.c.name_key > after.casefold()] if after else []
        return self._read([*behind, *_conditions(wanted)], limit)

    def _check(self, model: AIModel) -> None:
        if not model.versions:
            raise ValueError(f"model {model.name} has no version")
        same = [models.c.name_key == model.name.casefold(), models.c.id != model.id]
        for other in self._read(same):
            latest = other.latest
            raise ModelExistsError(other.name, str(latest.version), str(latest.artifact.path))

    def _add_versions(self, model: AIModel) -> None:
        last = len(model.versions) - 1
        self._transaction.change(
            insert(model_versions),
            [
                _version_values(model.id, version, position, is_latest=position == last)
                for position, version in enumerate(model.versions)
            ],
        )

    def _read(
        self, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
    ) -> list[AIModel]:
        found = select(models).select_from(_WITH_LATEST).where(*conditions)
        found = found.order_by(models.c.name_key).limit(limit)
        rows = self._transaction.rows(found)
        if not rows:
            return []
        id_of = model_versions.c.model_id
        ids = found.with_only_columns(models.c.id).scalar_subquery()
        versions = self._versions(id_of.in_(ids) if len(rows) > 1 else id_of == rows[0].id)
        return read_rows(
            self._transaction, rows, "model {id}", lambda row: _model(row, versions[row.id])
        )

    def _versions(self, chosen: ColumnElement[bool]) -> Mapping[str, list[ModelVersion]]:
        """Return the versions of each model, in order."""
        query = select(model_versions).where(chosen)
        rows = self._transaction.rows(
            query.order_by(model_versions.c.model_id, model_versions.c.position)
        )
        read = read_rows(
            self._transaction, rows, "version {version} of model {model_id}", _VERSION.entity
        )
        of_model: defaultdict[str, list[ModelVersion]] = defaultdict(list)
        for row, version in zip(rows, read, strict=True):
            of_model[row.model_id].append(version)
        return of_model


def _conditions(wanted: ModelFilter) -> list[ColumnElement[bool]]:
    # instr() takes the word as it is: % and _ mean themselves, and case was folded beforehand.
    conditions = [
        func.instr(models.c.search_text, literal(word, PlainText)) > 0
        for word in _words(wanted.search)
    ]
    for column, value in (
        (models.c.type, wanted.type),
        (model_versions.c.format, wanted.format),
        (model_versions.c.status, wanted.status),
    ):
        if value:
            conditions.append(column == value)
    if wanted.tag:
        tags = func.json_each(models.c.tags).table_valued("value")
        conditions.append(
            select(tags.c.value).where(tags.c.value == literal(wanted.tag, PlainText)).exists()
        )
    return conditions


def _words(search: str) -> list[str]:
    return _folded(search).split()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _search_text(model: AIModel) -> str:
    """One field a line; a word has no line break, so it cannot match across two fields."""
    artifact = model.latest.artifact
    said = (model.name, model.description, model.note, *model.tags)
    return _folded("\n".join((*said, artifact.architecture, str(artifact.path))))


def _model_values(model: AIModel) -> dict[str, object]:
    document = {
        "description": model.description,
        "note": model.note,
        "is_favourite": model.is_favourite,
        "licence": model.licence,
        "creator": model.creator,
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
    }
    return _MODEL.values(model) | {
        "name_key": model.name.casefold(),
        "search_text": _search_text(model),
        "document": encoded(document),
    }


def _model(row: Row[Any], versions: Sequence[ModelVersion]) -> AIModel:
    document = decoded(row.document)
    aliases = document["aliases"]
    return _MODEL.entity(
        row,
        description=document.get("description", ""),  # entries from before it was kept have none
        note=document["note"],
        is_favourite=document.get("is_favourite", False),
        licence=document["licence"],
        creator=document["creator"],
        versions=tuple(versions),
        aliases={alias: SemanticVersion.parse(text) for alias, text in aliases.items()},
    )


def _version_values(
    model_id: ModelId, version: ModelVersion, position: int, *, is_latest: bool
) -> dict[str, object]:
    return _VERSION.values(version) | {
        "model_id": model_id,
        "position": position,
        "is_latest": is_latest,
        "format": version.artifact.format.value,
        "path": str(version.artifact.path),
        "checksum": version.artifact.checksum,
    }


_ARTIFACT_FIELDS = tuple(field.name for field in fields(Artifact))


def _artifact_document(artifact: Artifact) -> dict[str, object]:
    """Every field under its name, so that a field added to the entity is stored without a word."""
    document = {name: getattr(artifact, name) for name in _ARTIFACT_FIELDS}
    return document | {
        "path": str(artifact.path),
        "files": [[file.name, file.size_bytes, file.modified_ns] for file in artifact.files],
        "dtypes": dict(artifact.dtypes),
        "header": dict(artifact.header),
    }


def _artifact(document: dict[str, Any]) -> Artifact:
    """A field that the document does not have keeps its default: it was added since."""
    known = {name: document[name] for name in _ARTIFACT_FIELDS if name in document}
    known["path"] = Path(known["path"])
    known["format"] = ArtifactFormat(known["format"])
    known["files"] = tuple(ArtifactFile(*file) for file in known["files"])
    known["warnings"] = tuple(known["warnings"])
    return Artifact(**known)


_MODEL = Columns(
    AIModel,
    models,
    {
        "type": (str, ModelType),
        "tags": (lambda tags: encoded(list(tags)), lambda text: tuple(json.loads(text))),
        "created_at": MOMENT,
        "updated_at": MOMENT,
    },
)
_VERSION = Columns(
    ModelVersion,
    model_versions,
    {
        "version": (str, SemanticVersion.parse),
        "artifact": (
            lambda artifact: encoded(_artifact_document(artifact)),
            lambda text: _artifact(decoded(text)),
        ),
        "created_at": MOMENT,
        "status": (str, ModelStatus),
        "actor": ACTOR,
    },
)
