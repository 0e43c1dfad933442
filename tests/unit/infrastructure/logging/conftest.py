"""A pipeline on loguru's one logger, taken off it again after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.pipeline import LogPipeline
from loguru import logger

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[LogPipeline]:
    made = LogPipeline(tmp_path, logger=logger, level=LogLevel.DEBUG, session_id="s1")
    made.start()
    yield made
    made.close()


@pytest.fixture
def lines(pipeline: LogPipeline, tmp_path: Path) -> Lines:
    """Return what was written so far, each line as its fields."""

    def read() -> list[dict[str, Any]]:
        assert pipeline.flush()
        return [
            orjson.loads(line) for line in (tmp_path / "heygen.jsonl").read_bytes().splitlines()
        ]

    return read
