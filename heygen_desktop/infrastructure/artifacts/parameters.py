"""How many parameters the loaded model will have, told from the names and shapes of its tensors.

Files may hold more than parameters: constants that old versions saved with the weights (masks,
rotary frequencies, position numbers), and a second copy of an embedding that the model shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from heygen_desktop.infrastructure.artifacts.safetensors_header import StoredTensor

_CONSTANT = re.compile(
    r"(?:^|\.)(?:"
    r"masked_bias|causal_mask|final_logits_bias|(?:original_)?inv_freq|(?:cos|sin)_cached"
    r"|position_ids|relative_position_index|relative_coords_table"
    r"|running_mean|running_var|num_batches_tracked|e_score_correction_bias"
    r"|slope_rate|(?:query|key|diagonal)_decay"
    r")$"
)
_MASK = re.compile(r"(?:^|\.)(?:attn|attention|self_attn)\.bias$")
"""A causal mask where it has four dimensions (1, 1, n, n); with one it is a true bias."""
_SINUSOIDS = re.compile(r"(?:^|\.)attn\.embed_positions$")
_INPUT_EMBEDDING = re.compile(
    r"(?:^|\.)(?:embed_tokens|wte|embed_in|word_embeddings|tokens_embed|shared)\.weight$"
)
_OUTPUT_EMBEDDING = re.compile(
    r"^(?:lm_head|embed_out|lm_head\.decoder|cls\.predictions\.decoder)\.weight$"
)
_SHARED_EMBEDDING = re.compile(r"^(?:model\.)?shared\.weight$")
_SIDE_EMBEDDING = re.compile(r"^(?:model\.)?(?:encoder|decoder)\.embed_tokens\.weight$")
"""Encoder and decoder of models with a shared embedding both read it."""
_BIAS_TWINS = {
    "cls.predictions.decoder.bias": "cls.predictions.bias",
    "lm_head.decoder.bias": "lm_head.bias",
}


def model_parameters(tensors: Sequence[StoredTensor], *, is_tied: bool) -> list[StoredTensor]:
    """Return the tensors that become parameters of the model, each shared one once.

    The sum of their ``elements`` is ``model.num_parameters()`` of what ``transformers`` loads.

    Args:
        is_tied: config.json says that input and output embeddings are one tensor. Two stored
            copies then count once; ``transformers`` would keep both only if their values differ,
            which headers do not tell.
    """
    kept = [tensor for tensor in tensors if not _is_constant(tensor)]
    if not is_tied:
        return kept
    output = _copies(kept, _OUTPUT_EMBEDDING, _INPUT_EMBEDDING)
    sides = _copies(kept, _SIDE_EMBEDDING, _SHARED_EMBEDDING)
    copies = output | sides | _bias_copies(kept)
    return [tensor for tensor in kept if tensor.name not in copies]


def elements_by_dtype(tensors: Iterable[StoredTensor]) -> dict[str, int]:
    """Return the elements for each stored precision, the largest first."""
    counts: dict[str, int] = {}
    for tensor in tensors:
        counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.elements
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _is_constant(tensor: StoredTensor) -> bool:
    if _CONSTANT.search(tensor.name):
        return True
    if _MASK.search(tensor.name):
        return len(tensor.shape) == 4
    return _SINUSOIDS.search(tensor.name) is not None


def _copies(
    tensors: Sequence[StoredTensor], copy: re.Pattern[str], original: re.Pattern[str]
) -> set[str]:
    """Return the names of tensors that look like the copy of one which is stored in that shape."""
    shapes = {tensor.shape for tensor in tensors if original.search(tensor.name)}
    return {t.name for t in tensors if copy.match(t.name) and t.shape in shapes}


def _bias_copies(tensors: Sequence[StoredTensor]) -> set[str]:
    shapes = {tensor.name: tensor.shape for tensor in tensors}
    return {
        copy
        for copy, original in _BIAS_TWINS.items()
        if copy in shapes and shapes.get(original) == shapes[copy]
    }
