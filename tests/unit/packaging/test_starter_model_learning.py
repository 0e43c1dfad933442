"""The parts that compute: slow, since each needs torch, which is imported only when a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "starter-model"


@pytest.fixture
def torch_as_it_was() -> Iterator[None]:
    """Give torch back its own number of threads and its choice of algorithms."""
    import torch  # noqa: PLC0415

    threads = torch.get_num_threads()
    yield
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)


@pytest.mark.parametrize("shape", [(64, 192), (192, 64)])
def test_a_step_moves_all_directions_alike(shape: tuple[int, int]) -> None:
    import torch  # noqa: PLC0415
    from muon import orthogonal  # noqa: PLC0415

    random = torch.randn(shape, generator=torch.Generator().manual_seed(0))

    strengths = torch.linalg.svdvals(orthogonal(random))

    assert strengths.min().item() > 0.5
    assert strengths.max().item() < 1.3


@pytest.mark.usefixtures("torch_as_it_was")
def test_the_same_recipe_makes_the_same_weights(tmp_path: Path) -> None:
    from corpus import Corpus  # noqa: PLC0415
    from recipe import Recipe  # noqa: PLC0415
    from train import make_model  # noqa: PLC0415

    corpus = Corpus(("She was so very happy. " * 400,), ("He was not happy. " * 20,), "0" * 64)
    recipe = Recipe(
        steps=3, tokens_per_step=128, vocabulary=300, hidden=24, feed_forward=32, layers=1,
        heads=3, key_value_heads=1, longest=128, short_sequence=64,
    )  # fmt: skip

    for name in ("once", "again"):
        make_model(corpus, recipe, tmp_path / name, tmp_path / "checkpoints")

    once, again = ((tmp_path / name / "model.safetensors") for name in ("once", "again"))
    assert once.read_bytes() == again.read_bytes()


def test_the_shipped_model_foretells_its_author_far_better_than_chance() -> None:
    import torch  # noqa: PLC0415
    from export import read_model  # noqa: PLC0415

    model, tokenizer = read_model(FOLDER)
    sentence = "She was very much obliged to him, and they walked on together for some time."
    ids = tokenizer(sentence, return_tensors="pt")["input_ids"]

    with torch.no_grad():
        loss = model(input_ids=ids, labels=ids).loss.item()

    assert loss < 3.5  # nats per token; chance has 7.6
