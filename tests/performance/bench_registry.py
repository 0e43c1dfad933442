"""Registering, listing and searching a library of ten thousand, against a plain SQLAlchemy table.

Run: ``python -m tests.performance.bench_registry [rounds] [models]``. The reference keeps a name, a path
and a document of the same size in one table, with one transaction a row and the same durable writes, and
reads rows into dataclasses: the least that a registry can do. Folders are there beforehand and headers are
read by ours alone. Medians of alternating rounds; exits 1 where ours passes a limit:

- one more at full size: at most ``ONE_MORE`` times the reference, and ``FLAT`` times one in a small library,
- listing all, and a search that all match: at most ``LIST_ALL`` times the reference,
- the first page: at most ``FIRST_PAGE`` of listing all.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.infrastructure.database.engine import writing_engine
from sqlalchemy import Column, Index, MetaData, Table, Text, insert, select

from tests.contracts.stored import a_model, a_version, an_artifact
from tests.factories.model_folders import write_model

ONE_MORE, FLAT, LIST_ALL, FIRST_PAGE = 10.0, 1.5, 6.0, 0.2
_ROUNDS, _MODELS, _SMALL, _SAMPLES = 3, 10_000, 50, 20

_rows = Table(
    "rows",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_rows_path", "path"),
)


@dataclass(frozen=True)
class _Row:
    name: str
    path: str
    document: dict[str, object]


class _Reference:
    """The least that a registry can do."""

    def __init__(self, folder: Path, models: int) -> None:
        path = folder / "reference.sqlite3"
        path.touch()
        self._engine = writing_engine(path, 5.0)
        self._document = json.dumps({"files": [["model.safetensors", 1]] * 8, "text": "x" * 500})
        with self._engine.begin() as connection:
            _rows.metadata.create_all(connection)
            connection.execute(insert(_rows), [self._values(f"m{n:05}") for n in range(models)])

    def add(self, name: str) -> None:
        with self._engine.begin() as connection:
            if not connection.execute(select(_rows).where(_rows.c.path == f"/{name}")).all():
                connection.execute(insert(_rows).values(self._values(name)))

    def list_all(self) -> list[_Row]:
        with self._engine.begin() as connection:
            found = connection.execute(select(_rows).order_by(_rows.c.name)).all()
        return [_Row(row.name, row.path, json.loads(row.document)) for row in found]

    def close(self) -> None:
        self._engine.dispose()

    def _values(self, name: str) -> dict[str, str]:
        return {"name": name, "path": f"/{name}", "document": self._document}


def _fill(application: Application, models: int) -> None:
    with application.list_models.units() as unit:
        for number in range(models):
            artifact = replace(an_artifact(f"/models/m{number:05}"), is_file=False)
            unit.models.add(a_model(f"m{number:05}", a_version("1.0.0", artifact)))
        unit.commit()


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _each(work: Callable[[str], object], names: list[str]) -> float:
    return statistics.median(_timed(lambda name=name: work(name)) for name in names)  # type: ignore[misc]  # mypy knows no lambda with a default


class _Ours:
    """The program on a home of its own, with models to register that lie on the disk."""

    def __init__(self, folder: Path, models: int, waiting: int) -> None:
        self._folders = folder / "models"
        for number in range(waiting):
            write_model(self._folders / f"new{number:04}")
        self.application = build(LaunchOptions(home=folder / "home"))
        _fill(self.application, models)

    def add(self, name: str) -> None:
        self.application.register_model(Registration(self._folders / name))

    def list_all(self, words: str = "") -> None:
        self.application.list_models(ModelFilter(search=words))

    def first_page(self) -> None:
        next(iter(self.application.list_models.pages()))

    def close(self) -> None:
        self.application.close()


def main(rounds: int = _ROUNDS, models: int = 0) -> int:
    """Measure, print, and return the exit code."""
    models = models or (_MODELS if rounds > 1 else _MODELS // 10)
    names = [f"new{number:04}" for number in range(rounds * _SAMPLES)]
    figures: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        figures.setdefault(name, []).append(seconds)

    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("small", "full")]
        small, full = _Ours(places[0], _SMALL, len(names)), _Ours(places[1], models, len(names))
        with closing(small), closing(full), closing(_Reference(places[1], models)) as reference:
            for number in range(rounds):
                some = names[number * _SAMPLES : (number + 1) * _SAMPLES]
                note("add, reference", _each(reference.add, some))
                note("add, small", _each(small.add, some))
                note("add", _each(full.add, some))
                note("list, reference", _timed(reference.list_all))
                note("list", _timed(full.list_all))
                note("search", _timed(lambda: full.list_all("m")))
                note("first page", _timed(full.first_page))
    return _verdict({name: statistics.median(seconds) for name, seconds in figures.items()}, models)


def _verdict(figures: dict[str, float], models: int) -> int:
    print(f"{models:,} models")
    for name, seconds in figures.items():
        print(f"  {name:16} {1000 * seconds:8.1f} ms")
    ratios = (
        ("one more / reference", figures["add"] / figures["add, reference"], ONE_MORE),
        ("one more / in a small library", figures["add"] / figures["add, small"], FLAT),
        ("list all / reference", figures["list"] / figures["list, reference"], LIST_ALL),
        ("broad search / reference", figures["search"] / figures["list, reference"], LIST_ALL),
        ("first page / list all", figures["first page"] / figures["list"], FIRST_PAGE),
    )
    for name, ratio, limit in ratios:
        print(f"  {name:32} {ratio:6.2f} (at most {limit})")
    return int(any(ratio > limit for _, ratio, limit in ratios))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
