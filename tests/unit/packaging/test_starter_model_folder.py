"""The starter model in the repository is complete, small, and tells of no one's machine."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "starter-model"


def _json(name: str) -> Any:  # what JSON holds, only the test knows
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _tensors() -> Any:  # what JSON holds, only the test knows
    with (FOLDER / "model.safetensors").open("rb") as weights:
        (length,) = struct.unpack("<Q", weights.read(8))
        header = json.loads(weights.read(length))
    return {name: value for name, value in header.items() if name != "__metadata__"}


def test_the_folder_holds_all_parts_and_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        "README.md",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }


def test_the_folder_has_at_most_8_mb() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 8 * 1024 * 1024


def test_the_weights_are_of_the_shape_the_configuration_states() -> None:
    config, tensors = _json("config.json"), _tensors()

    assert config["architectures"] == ["LlamaForCausalLM"]
    assert tensors["model.embed_tokens.weight"] == {
        "dtype": "F16",
        "shape": [config["vocab_size"], config["hidden_size"]],
        "data_offsets": tensors["model.embed_tokens.weight"]["data_offsets"],
    }
    assert "lm_head.weight" not in tensors
    assert config["tie_word_embeddings"]


def test_model_and_tokenizer_agree_on_length_and_on_the_last_token() -> None:
    config, tokenizer, end = _json("config.json"), _json("tokenizer_config.json"), "<|endoftext|>"

    assert tokenizer["model_max_length"] == config["max_position_embeddings"] == 512
    assert tokenizer["eos_token"] == end
    assert _json("tokenizer.json")["model"]["vocab"][end] == config["eos_token_id"]


def test_the_model_samples_unless_told_otherwise() -> None:
    generation = _json("generation_config.json")

    assert generation["do_sample"] is True
    assert (generation["temperature"], generation["top_p"]) == (0.8, 0.92)


@pytest.mark.parametrize("name", ["README.md", "config.json", "tokenizer_config.json"])
def test_no_file_tells_of_the_machine_it_was_made_on(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")

    assert not re.search(r"/(home|root|tmp|Users|work)/|_name_or_path", text)


@pytest.mark.parametrize("setting", ["auto_map", "quantization_config", "trust_remote_code"])
def test_the_model_brings_no_code(setting: str) -> None:
    assert setting not in _json("config.json")
    assert setting not in _json("tokenizer_config.json")


def test_the_card_states_licence_data_and_figures() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")

    for heading in ("## Figures", "## Training", "## Text", "## Licence", "## Samples"):
        assert heading in card
    assert "license: apache-2.0" in card
    assert "bits per character" in card
    assert re.search(r"`[0-9a-f]{64}`", card)
