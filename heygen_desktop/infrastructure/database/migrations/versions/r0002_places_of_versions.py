"""Find a version by its path, and those whose checksum is not computed yet, without reading all."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both as columns with an index each, filled from the documents."""
    for name in ("path", "checksum"):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("model_versions", column)
    _fill()
    op.create_index("ix_model_versions_path", "model_versions", ["path"], unique=False)
    op.create_index("ix_model_versions_checksum", "model_versions", ["checksum"], unique=False)


def _fill() -> None:
    """A path that is no valid text is looked for with question marks, as every such text is."""
    connection = op.get_bind()
    statement = sa.text(
        "UPDATE model_versions SET path = :path, checksum = :checksum"
        " WHERE model_id = :model_id AND version = :version"
    )
    rows = connection.execute(sa.text("SELECT model_id, version, artifact FROM model_versions"))
    values = []
    for model_id, version, document in rows:
        artifact = json.loads(document)
        path = artifact["path"].encode("utf-8", "replace").decode("utf-8")
        checksum = artifact["checksum"]
        values.append(
            {"path": path, "checksum": checksum, "model_id": model_id, "version": version}
        )
    if values:
        connection.execute(statement, values)
