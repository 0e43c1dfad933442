"""A few letters find what a person means."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.fuzzy import best_matches, match

TITLES = ["Go to Library", "Go to Logs", "Theme: Dark", "About HeyGen Desktop", "Quit"]


def found(wanted: str) -> list[str]:
    return [TITLES[at] for at in best_matches(wanted, TITLES)]


def points(wanted: str, title: str) -> int:
    answer = match(wanted, title)
    return -1 if answer is None else answer.points


def marked(wanted: str, title: str) -> str:
    """Return the title with what answers in capitals and all else in small letters."""
    answer = match(wanted, title)
    assert answer is not None
    return "".join(
        letter.upper() if at in answer.places else letter.lower() for at, letter in enumerate(title)
    )


def test_nothing_wanted_lists_everything_in_order() -> None:
    assert found("") == TITLES


def test_letters_in_order_are_enough() -> None:
    assert found("gtl")[:2] == ["Go to Library", "Go to Logs"]
    assert found("dark") == ["Theme: Dark"]


def test_case_and_the_order_of_words_do_not_matter() -> None:
    assert found("GO LOGS")[0] == "Go to Logs"
    assert found("dark theme") == ["Theme: Dark"]


def test_a_missing_letter_finds_nothing() -> None:
    assert found("xyz") == []
    assert found("go xyz") == []
    assert match("qq", "Quit") is None


def test_letters_together_beat_letters_apart() -> None:
    assert points("log", "Go to Logs") > points("log", "Glance of graph")


def test_a_word_start_beats_the_middle_of_a_word() -> None:
    assert points("d", "Theme: Dark") > points("d", "Sudden")
    assert points("sta", "starter") > points("sta", "Add the starter model")
    assert points("max", "generation.max_tokens") > points("max", "climax")


def test_what_answers_is_known_letter_by_letter() -> None:
    assert marked("set", "Search settings") == "search SETtings"
    assert marked("gtl", "Go to Library") == "Go To Library"
    assert marked("logs go", "Go to Logs") == "GO to LOGS"


def test_in_a_long_text_letters_must_stand_together() -> None:
    prompt = "It is a truth universally acknowledged, that a single man in possession of a fortune"

    assert match("truth", prompt) is not None
    assert match("itaf", prompt) is None
