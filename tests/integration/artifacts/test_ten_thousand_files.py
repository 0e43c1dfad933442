"""A folder of 10,000 files that are no model: a clear answer, soon."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import ArtifactEmptyError
from heygen_desktop.infrastructure.artifacts.readers import ArtifactReaders

SOON_S = 2.0
"""Measured 0.03 s; the rest is for a machine under load."""


@pytest.fixture(scope="module")
def many_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(10_000):
        name = f"{number}.{'bin' if number % 2 else 'jpg'}"
        os.close(os.open(folder / name, os.O_CREAT | os.O_WRONLY))
    return folder


def test_an_inspection_says_soon_that_none_of_them_is_a_model(many_files: Path) -> None:
    started = time.perf_counter()

    with pytest.raises(ArtifactEmptyError) as caught:
        ArtifactReaders().inspect(many_files)

    assert time.perf_counter() - started < SOON_S
    assert "None of its files (10,000 seen)" in caught.value.cause


def test_a_scan_passes_over_them_soon(many_files: Path) -> None:
    started = time.perf_counter()

    findings = ArtifactReaders().scan([many_files], should_stop=lambda: False)

    assert time.perf_counter() - started < SOON_S
    assert findings == []
