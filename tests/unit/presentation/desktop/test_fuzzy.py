"""The palette understands a few letters."""

from __future__ import annotations

from heygen_desktop.presentation.desktop.shell.fuzzy import best_matches, score

TITLES = ["Go to Library", "Go to Logs", "Theme: Dark", "About HeyGen Desktop", "Quit"]


def found(wanted: str) -> list[str]:
    return [TITLES[at] for at in best_matches(wanted, TITLES)]


def test_nothing_wanted_lists_everything_in_order() -> None:
    assert found("") == TITLES


def test_letters_in_order_are_enough() -> None:
    assert found("gtl")[:2] == ["Go to Library", "Go to Logs"]
    assert found("dark") == ["Theme: Dark"]


def test_case_and_spaces_do_not_matter() -> None:
    assert found("GO LOGS")[0] == "Go to Logs"


def test_a_missing_letter_finds_nothing() -> None:
    assert found("xyz") == []
    assert score("qq", "Quit") == -1


def test_letters_together_beat_letters_apart() -> None:
    assert score("log", "Go to Logs") > score("log", "Glance of graph")


def test_a_word_start_beats_the_middle_of_a_word() -> None:
    assert score("d", "Theme: Dark") > score("d", "Sudden")
