"""Text from tokens, never with half a character."""

from __future__ import annotations

from heygen_desktop.infrastructure.inference.worker.detokeniser import Detokeniser
from hypothesis import given
from hypothesis import strategies as st


def bytes_as_tokens(tokens: list[int]) -> str:
    """A tokeniser whose tokens are single bytes."""
    return bytes(tokens).decode("utf-8", "replace")


def words_as_tokens(tokens: list[int]) -> str:
    """A tokeniser that puts a space between words, as word-piece ones do; 9 has no text."""
    return " ".join(f"w{token}" for token in tokens if token != 9)


def pieces(text: bytes, prompt: bytes = b"") -> list[str]:
    detokeniser = Detokeniser(bytes_as_tokens, list(prompt))
    return [*(detokeniser.add(token) for token in text), detokeniser.rest()]


@given(st.text(), st.text())
def test_the_pieces_joined_are_the_text_and_each_is_whole(prompt: str, text: str) -> None:
    told = pieces(text.encode(), prompt.encode())

    assert "".join(told) == text
    assert text.count("\ufffd") == "".join(told).count("\ufffd")


def test_a_character_comes_when_its_last_byte_comes() -> None:
    assert pieces("a🙂b".encode()) == ["a", "", "", "", "🙂", "b", ""]


def test_a_character_that_is_never_finished_comes_broken_at_the_end() -> None:
    assert pieces("é".encode()[:1]) == ["", "\ufffd"]


@given(st.binary(min_size=1, max_size=300))
def test_bytes_that_are_no_text_are_not_held_back_for_ever(noise: bytes) -> None:
    told = pieces(noise)

    assert len(told) == len(noise) + 1
    longest = max(len(run) for run in "".join("x" if piece else "." for piece in told).split("x"))
    assert longest <= 8


def test_a_space_that_belongs_between_words_is_kept() -> None:
    detokeniser = Detokeniser(words_as_tokens, [1, 2])

    assert [detokeniser.add(3), detokeniser.add(4)] == [" w3", " w4"]


def test_a_token_without_text_is_silent() -> None:
    detokeniser = Detokeniser(words_as_tokens, [1])

    assert [detokeniser.add(9), detokeniser.add(2), detokeniser.rest()] == ["", " w2", ""]
