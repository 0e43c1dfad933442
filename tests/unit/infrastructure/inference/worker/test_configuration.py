"""config.json is data: what could choose code is left out, and what is no configuration refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from heygen_desktop.application.runtimes import RUNTIMES
from heygen_desktop.domain.errors import ArtifactUnsupportedError
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.infrastructure.inference.worker.runtime import Refused
from heygen_desktop.infrastructure.inference.worker.runtimes import MAKERS, runtime_for
from heygen_desktop.infrastructure.inference.worker.runtimes.configuration import (
    read_configuration,
)

from tests.integration.inference.support import request


def test_keys_that_could_choose_code_are_left_out_at_every_depth(tmp_path: Path) -> None:
    evil = {
        "auto_map": {"AutoModel": "evil.Evil"},
        "trust_remote_code": True,
        "_attn_implementation_internal": "evil/kernel",
        "attn_implementation": "evil/kernel",
        "_name_or_path": "evil",
        "custom_generate": "evil",
    }
    good = {"model_type": "llama", "hidden_size": 32, "eos_token_id": [1, 2]}
    content = {**good, **evil, "text_config": {**good, **evil}, "parts": [{**good, **evil}, 5]}
    (tmp_path / "config.json").write_text(json.dumps(content), encoding="utf-8")

    assert read_configuration(tmp_path) == {**good, "text_config": good, "parts": [good, 5]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid JSON"),
        (b"[1]", "no object"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"[" * 200_000, "not valid JSON"),
        (b" " * (4 * 1024 * 1024 + 1), "more than 4,194,304 bytes"),
    ],
)
def test_what_is_no_configuration_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "config.json").write_bytes(content)

    with pytest.raises(Refused, match=words):
        read_configuration(tmp_path)


def test_a_missing_configuration_is_refused_with_the_systems_reason(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_configuration(tmp_path)


def test_a_format_without_a_runtime_is_refused_by_name() -> None:
    with pytest.raises(ArtifactUnsupportedError) as caught:
        runtime_for(request(format=ArtifactFormat.ONNX), lambda stage, fraction: None)

    assert "no runtime for onnx" in caught.value.cause


def test_every_runtime_that_is_declared_can_be_made_and_no_other() -> None:
    assert {declaration.id for declaration in RUNTIMES} == set(MAKERS)
