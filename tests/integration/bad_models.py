"""Model folders that lie, are cut short, or would run code: written byte by byte."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

from tests.factories.model_folders import framed, write_json, write_model

MARKER = "the-payload-ran"


class _Payload:
    """What an attacker pickles: unpickling it makes a file."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self._marker),)


def pickled(folder: Path) -> Path:
    """A folder whose weights are a pickle that would make ``MARKER`` beside itself."""
    folder.mkdir()
    write_json(folder / "config.json", {"model_type": "llama"})
    payload = pickle.dumps(_Payload(folder / MARKER))
    (folder / "pytorch_model.bin").write_bytes(payload)
    return folder


def truncated(folder: Path) -> Path:
    """A folder whose weights end in the middle."""
    file = write_model(folder).path / "model.safetensors"
    os.truncate(file, file.stat().st_size // 2)
    return folder


def cut_in_the_header(folder: Path) -> Path:
    """A folder whose weights end inside their header."""
    os.truncate(write_model(folder).path / "model.safetensors", 100)
    return folder


def header_of_2_to_the_63(folder: Path) -> Path:
    """A folder whose weights say that their header has 2**63 bytes."""
    return _with_weights(folder, (2**63).to_bytes(8, "little") + b"{}" + bytes(64))


def offsets_beyond_the_file(folder: Path) -> Path:
    """A folder whose only tensor ends far behind the file."""
    tensor = {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}
    return _with_weights(folder, framed({"weight": tensor}) + bytes(64))


def overlapping_tensors(folder: Path) -> Path:
    """A folder with two tensors that share bytes."""
    tensor = {"dtype": "F32", "shape": [8], "data_offsets": [0, 32]}
    other = {"dtype": "F32", "shape": [8], "data_offsets": [16, 48]}
    return _with_weights(folder, framed({"one": tensor, "other": other}) + bytes(48))


def header_without_end(folder: Path) -> Path:
    """A folder whose header nests deeper than any reader's stack."""
    text = b'{"a":' * 100_000
    return _with_weights(folder, len(text).to_bytes(8, "little") + text)


def config_that_is_no_json(folder: Path) -> Path:
    """A folder whose config.json is cut short."""
    (write_model(folder).path / "config.json").write_text('{"model_type": "ll', encoding="utf-8")
    return folder


def own_code(folder: Path) -> Path:
    """A folder of an unknown architecture that brings its code along."""
    config = {
        "model_type": "my-llama",
        "architectures": ["MyLlama"],
        "auto_map": {"AutoModelForCausalLM": "modeling.MyLlama"},
    }
    write_model(folder, config=config)
    payload = f"import os; os.mkdir({str(folder / MARKER)!r})"
    (folder / "modeling.py").write_text(payload, encoding="utf-8")
    return folder


def empty(folder: Path) -> Path:
    """A folder with nothing in it."""
    folder.mkdir()
    return folder


def ten_thousand_files(folder: Path) -> Path:
    """A folder of 10,000 files that have nothing to do with models."""
    for number in range(100):
        below = folder / f"{number:02}"
        below.mkdir(parents=True)
        for other in range(100):
            (below / f"photo-{other:02}.jpg").touch()
    return folder


def larger_than_memory(folder: Path) -> Path:
    """A small file whose key-value cache alone would take terabytes."""
    write_model(folder, config={"num_hidden_layers": 2, "head_dim": 2**30})
    return folder


def sparse(folder: Path, size_bytes: int) -> Path:
    """A model with one tensor of so many bytes, which take no room on the disk."""
    folder = _with_weights(folder, b"")
    tensor = {"dtype": "U8", "shape": [size_bytes], "data_offsets": [0, size_bytes]}
    file = folder / "model.safetensors"
    file.write_bytes(framed({"model.embed_tokens.weight": tensor}))
    os.truncate(file, file.stat().st_size + size_bytes)
    return folder


def _with_weights(folder: Path, content: bytes) -> Path:
    write_model(folder)
    (folder / "model.safetensors").write_bytes(content)
    return folder


def with_unknown_keys(folder: Path) -> Path:
    """A good folder whose config.json has keys that nobody here knows."""
    unknown = json.loads('{"quantum_entangled": true, "nested": {"deep": [1, null]}}')
    return write_model(folder, config=unknown).path
