"""The training text holds the author's sentences, and text that is not the known one is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import (
    NOVELS,
    CorpusError,
    UnknownCorpusError,
    chapters_of,
    corpus_of,
    digest_of,
    fetch_novels,
)

_TITLE_PAGE = ["EMMA", "", "By Jane Austen", "", "VOLUME I", "", ""]


def _novel(*chapters: str) -> list[str]:
    lines = list(_TITLE_PAGE)
    for number, chapter in enumerate(chapters, start=1):
        lines += [f"CHAPTER {number}", "", *chapter.split("\n"), ""]
    return lines


def _novels() -> dict[str, list[str]]:
    return {name: _novel(f"{name} begins", f"{name} goes on", f"{name} ends") for name in NOVELS}


def test_a_novel_falls_into_its_chapters_without_headings_and_title_page() -> None:
    assert chapters_of(_novel("Emma was handsome.", "Mr. Weston came.")) == [
        "Emma was handsome.",
        "Mr. Weston came.",
    ]


@pytest.mark.parametrize("heading", ["CHAPTER I", "Chapter 12", "  CHAPTER XLVIII  "])
def test_a_chapter_begins_at_a_heading_however_it_is_numbered(heading: str) -> None:
    assert chapters_of([heading, "It was so."]) == ["It was so."]


def test_a_sentence_that_speaks_of_a_chapter_begins_none() -> None:
    lines = ["CHAPTER I", "Chapter I was read aloud.", "Chapter", "two was not."]

    assert chapters_of(lines) == ["Chapter I was read aloud. Chapter two was not."]


def test_lines_of_print_become_paragraphs() -> None:
    chapter = _novel("Emma Woodhouse, handsome,\nclever,  and rich,\n\nThe real evils indeed")

    assert chapters_of(chapter) == [
        "Emma Woodhouse, handsome, clever, and rich,\n\nThe real evils indeed"
    ]


def test_the_marks_of_emphasis_are_gone() -> None:
    assert chapters_of(_novel("It is _so_ very kind.")) == ["It is so very kind."]


@pytest.mark.parametrize(
    "note",
    [
        "FINIS",
        "THE END",
        "VOLUME II",
        "* * * * *",
        "(End of volume one.)",
        "*Vide a letter from Mr. Richardson, No. 97, Vol. II, Rambler.",
        "[At this point in the first and second editions, Volume 1 ends.]",
        "[End volume one of this edition.\nPrinted by T. and A. Constable]",
    ],
)
def test_what_the_author_did_not_tell_is_gone(note: str) -> None:
    assert chapters_of(_novel(f"It was so.\n\n{note}\n\nIt was not.")) == [
        "It was so.\n\nIt was not."
    ]


def test_the_note_of_a_modern_editor_is_gone() -> None:
    lines = [*_novel("It was so."), "A NOTE ON THE TEXT", "", "Spelling was modernised."]

    assert chapters_of(lines) == ["It was so."]


def test_the_middle_chapter_of_each_novel_is_held_out() -> None:
    corpus = corpus_of(_novels(), any_corpus=True)

    assert corpus.held_out == tuple(f"{name} goes on" for name in NOVELS)
    assert corpus.training[:2] == ("emma begins", "emma ends")
    assert len(corpus.training) == 2 * len(NOVELS)


def test_text_that_is_not_the_known_one_is_refused_by_its_digest() -> None:
    novels = _novels()

    with pytest.raises(UnknownCorpusError, match=digest_of(novels)):
        corpus_of(novels)


def test_unknown_text_is_taken_where_any_will_do() -> None:
    corpus = corpus_of(_novels(), any_corpus=True)

    assert not corpus.is_known


def test_one_changed_line_changes_the_digest() -> None:
    changed = _novels()
    changed["emma"] = [*changed["emma"], "One line more."]

    assert digest_of(changed) != digest_of(_novels())


@pytest.mark.slow  # it starts dpkg-deb
def test_a_broken_package_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "r-cran-janeaustenr_1.0.0-1_all.deb").write_bytes(b"not a package")

    with pytest.raises(CorpusError, match="dpkg-deb"):
        fetch_novels(tmp_path)
