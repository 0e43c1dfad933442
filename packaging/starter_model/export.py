"""Write the trained model as a folder any program that reads Llama models can open.

The files are for strangers: nothing in them tells of the machine they were made on, and everybody
may read them.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from recipe import Recipe
from tokenizers import Tokenizer
from training import END_OF_TEXT, END_OF_TEXT_ID
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

LARGEST_FOLDER_BYTES = 8 * 1024 * 1024
_FROM_THE_MACHINE = ("_name_or_path", "name_or_path", "is_local", "local_files_only", "backend")
_TOKENIZER_CLASS = "PreTrainedTokenizerFast"
"""The name that releases 4 and 5 of transformers both know; 5 writes one of its own."""


class FolderTooLargeError(Exception):
    """The folder would make the repository and the installers too heavy."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"The folder has {size_bytes} bytes; {LARGEST_FOLDER_BYTES} are allowed.")
        self.size_bytes = size_bytes


def write_model(
    model: LlamaForCausalLM, tokenizer: Tokenizer, recipe: Recipe, folder: Path
) -> None:
    """Write weights (float16 safetensors), tokenizer and configurations into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config = _generation()
    model.to(torch.float16).save_pretrained(folder)
    _wrapped(tokenizer, recipe).save_pretrained(folder)
    _clean(folder / "config.json")
    _clean(folder / "generation_config.json")
    _clean(folder / "tokenizer_config.json", tokenizer_class=_TOKENIZER_CLASS)


def read_model(folder: Path) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """Return the model (float32) and tokenizer as a user's program gets them from the folder."""
    model: LlamaForCausalLM = AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=torch.float32,
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
    )
    tokenizer: PreTrainedTokenizerFast = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    return model, tokenizer


def seal(folder: Path) -> int:
    """Let everybody read the files and return the size of the folder in bytes.

    Raises:
        FolderTooLargeError: The folder is larger than `LARGEST_FOLDER_BYTES`.
    """
    files = [path for path in folder.iterdir() if path.is_file()]
    for path in files:
        path.chmod(0o644)  # safetensors are written for their owner only
    size_bytes = sum(path.stat().st_size for path in files)
    if size_bytes > LARGEST_FOLDER_BYTES:
        raise FolderTooLargeError(size_bytes)
    return size_bytes


def _generation() -> GenerationConfig:
    return GenerationConfig(
        do_sample=True,
        temperature=0.8,
        top_p=0.92,
        max_new_tokens=200,
        bos_token_id=END_OF_TEXT_ID,
        eos_token_id=END_OF_TEXT_ID,
        pad_token_id=END_OF_TEXT_ID,
    )


def _wrapped(tokenizer: Tokenizer, recipe: Recipe) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_OF_TEXT,
        eos_token=END_OF_TEXT,
        pad_token=END_OF_TEXT,
        model_max_length=recipe.longest,
        clean_up_tokenization_spaces=False,
    )


def _clean(path: Path, **changes: str) -> None:
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in content.items() if key not in _FROM_THE_MACHINE}
    path.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
