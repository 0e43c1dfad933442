"""Failures in the words of the window."""

from __future__ import annotations

from heygen_desktop.domain.errors import ModelNotLoadedError
from heygen_desktop.presentation.desktop.problems import (
    Problem,
    UnexpectedError,
    problem_of,
    problem_of_any,
)


def test_an_error_of_the_program_keeps_its_cause_and_remedy() -> None:
    error = ModelNotLoadedError("llama")

    problem = problem_of(error)

    assert (problem.title, problem.cause, problem.remedy) == (
        error.message,
        error.cause,
        error.remedy,
    )
    assert "code: model_not_loaded" in problem.details_text


def test_a_mistake_is_said_without_a_traceback() -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        problem = problem_of_any(error)

    assert problem.title == "Something went wrong inside the program."
    assert problem.cause == "ZeroDivisionError: division by zero"
    assert "test_a_mistake_is_said" in problem.details_text


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert UnexpectedError(ValueError("x")).details["place"] == "unknown"


def test_the_copied_text_leaves_out_what_is_empty() -> None:
    assert Problem("It broke.").as_text == "It broke."
    assert Problem("It broke.", "Wear.", "Mend it.", "x: 1").as_text == (
        "It broke.\nCause: Wear.\nWhat to do: Mend it.\nDetails: x: 1"
    )
