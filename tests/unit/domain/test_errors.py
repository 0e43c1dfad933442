"""Every error of the tree says what happened, why, and what to do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import heygen_desktop.domain.errors as errors
import pytest
from heygen_desktop.domain.errors import HeyGenError

EXAMPLES: dict[str, object] = {
    "kind": "model",
    "name": "llama",
    "suggestion": "llama-2",
    "known": ("development", "production"),
    "prompt_tokens": 9000,
    "context_tokens": 512,
    "available": ("cpu",),
    "needed_bytes": 10**10,
    "free_bytes": 10**9,
    "silent_s": 60.0,
    "waited_s": 5.0,
    "entries": 10_000,
    "pid": 77,
    "last_output": "a line",
    "remedy": "Do that.",
}


def all_errors() -> Iterator[type[HeyGenError]]:
    for value in vars(errors).values():
        is_error = inspect.isclass(value) and issubclass(value, HeyGenError)
        if is_error and not value.__name__.startswith("_"):  # those are bases of others
            yield value


def made(kind: type[HeyGenError]) -> HeyGenError:
    parameters = list(inspect.signature(kind.__init__).parameters)[1:]
    if parameters[:1] == ["message"]:
        return kind("It happened.", cause="Of this.", remedy="Do that.", details={"a": 1})
    named = inspect.signature(kind).parameters
    return kind(**{name: EXAMPLES.get(name, "something") for name in named})  # type: ignore[arg-type]  # the examples are of the right types


@pytest.mark.parametrize("kind", list(all_errors()), ids=lambda kind: str(kind.__name__))
def test_an_error_is_one_sentence_with_a_cause_and_a_remedy(kind: type[HeyGenError]) -> None:
    error = made(kind)

    assert str(error) == error.message
    assert error.message.endswith((".", "?"))
    assert "\n" not in error.message
    assert error.cause
    assert error.remedy.endswith(".")


def test_the_codes_are_all_different() -> None:
    codes = [kind.code for kind in all_errors()]

    assert len(codes) == len(set(codes))


def test_the_tree_in_the_docstring_names_every_error() -> None:
    drawn = errors.__doc__ or ""

    assert [kind.__name__ for kind in all_errors() if kind.__name__ not in drawn] == []


def test_a_name_of_endless_length_does_not_make_an_endless_sentence() -> None:
    error = errors.ModelNotFoundError("x" * 100_000)

    assert len(error.message) < 300
    assert len(str(error.details["reference"])) <= 200


def test_an_error_that_another_process_told_keeps_its_words_and_adds_none() -> None:
    error = errors.ModelLoadError.__new__(errors.ModelLoadError)
    HeyGenError.__init__(error, "It could not be loaded.", details={"name": "llama"})

    assert (error.message, error.cause, error.remedy) == ("It could not be loaded.", "", "")


def test_what_a_library_says_is_closed_with_a_full_stop_once() -> None:
    assert errors.RunFailedError("no such layer").cause == "no such layer."
    assert errors.RunFailedError("no such layer.").cause == "no such layer."


def test_of_endless_evidence_the_end_is_kept_and_of_other_texts_the_beginning() -> None:
    evidence = errors.WorkerOutOfMemoryError("loading", "cpu", "x" * 9000 + "the end").details
    reason = errors.RunFailedError("the beginning" + "x" * 9000).details

    assert str(evidence["evidence"]).endswith("the end")
    assert str(reason["reason"]).startswith("the beginning")
