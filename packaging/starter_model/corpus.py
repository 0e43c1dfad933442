"""Fetch Jane Austen's novels from a Debian package and make clean training text of them.

The machine gets the text as any user gets software: with apt. The novels then lose what is not the
author's (headings, editors' notes, the 70-column lines), and the digest of what was fetched decides
whether the figures on the model card can be compared at all.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdata import read_lazy_database

PACKAGE = "r-cran-janeaustenr"
KNOWN_VERSION = "1.0.0-1"
KNOWN_DIGEST = "65b434d16a8755142bfa95ba19c5f9abd0d30cf3dffe3b6793e834f9f56dcc96"
NOVELS = (
    "emma",
    "mansfieldpark",
    "northangerabbey",
    "persuasion",
    "prideprejudice",
    "sensesensibility",
)

_DATABASE = Path("usr/lib/R/site-library/janeaustenr/data/Rdata")
_CHAPTER = re.compile(r"^\s*chapter\s+(?:\d+|[ivxlc]+)\s*$", re.IGNORECASE)
_EDITOR_BEGINS = "A NOTE ON THE TEXT"
_NOT_THE_NOVEL = re.compile(
    r"^(?:volume\s+[ivx]+|finis|the end|[*\s]+|\(end of volume.*|\*?vide a letter.*"
    r"|\[(?:end volume|at this point).*)$",
    re.IGNORECASE | re.DOTALL,
)


class CorpusError(Exception):
    """The novels could not be had in the form that is known."""


class UnknownCorpusError(CorpusError):
    """The fetched text differs from the one the published figures were measured on."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"The corpus has the digest {digest}, not {KNOWN_DIGEST} ({PACKAGE} {KNOWN_VERSION}). "
            "Use --any-corpus to train on it all the same; the figures will not compare."
        )
        self.digest = digest


@dataclass(frozen=True)
class Corpus:
    """The chapters of all novels, parted into those to learn from and those to measure with."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]
    digest: str
    """The sha256 of the novels as fetched, before any cleaning."""

    @property
    def is_known(self) -> bool:
        """Whether this is the text the published figures were measured on."""
        return self.digest == KNOWN_DIGEST


def fetch_novels(folder: Path) -> dict[str, tuple[str, ...]]:
    """Download the Debian package into a folder and return each novel's lines.

    Args:
        folder: Where the package is kept and unpacked; made when missing. A package that is
            already there is used again.

    Raises:
        CorpusError: apt or dpkg failed, or a novel is missing from the package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    package = _downloaded(folder) or _download(folder)
    _run(["dpkg-deb", "-x", str(package), str(folder / "unpacked")], folder)
    novels = read_lazy_database(folder / "unpacked" / _DATABASE)
    missing = [name for name in NOVELS if name not in novels]
    if missing:
        raise CorpusError(f"The package lacks {', '.join(missing)}.")
    return novels


def corpus_of(novels: Mapping[str, Sequence[str]], *, any_corpus: bool = False) -> Corpus:
    """Return the cleaned chapters; the middle one of each novel is held out.

    A middle chapter has the book's usual mix of talk and telling, which a last one has not.

    Args:
        novels: The lines of each of `NOVELS`.
        any_corpus: Accept text other than the known one.

    Raises:
        UnknownCorpusError: The text is not the known one, and only that is accepted.
    """
    digest = digest_of(novels)
    if digest != KNOWN_DIGEST and not any_corpus:
        raise UnknownCorpusError(digest)
    training: list[str] = []
    held_out: list[str] = []
    for name in NOVELS:
        chapters = chapters_of(novels[name])
        middle = len(chapters) // 2
        held_out.append(chapters[middle])
        training += chapters[:middle] + chapters[middle + 1 :]
    return Corpus(tuple(training), tuple(held_out), digest)


def digest_of(novels: Mapping[str, Sequence[str]]) -> str:
    """Return the sha256 of all novels' lines, in the order of `NOVELS`."""
    seen = hashlib.sha256()
    for name in NOVELS:
        seen.update("\n".join(novels[name]).encode() + b"\n")
    return seen.hexdigest()


def chapters_of(lines: Sequence[str]) -> list[str]:
    """Return a novel's chapters without headings, title page and editors' notes.

    Paragraphs lie on one line each, parted by an empty one, so that a model learns sentences and
    not where a line of print ended. The underscores that mark emphasis are gone.
    """
    chapters: list[list[str]] = []
    for line in lines:
        if line.strip() == _EDITOR_BEGINS:
            break
        if _CHAPTER.match(line):
            chapters.append([])
        elif chapters:
            chapters[-1].append(line)
    return [text for text in map(_unwrapped, chapters) if text]


def _unwrapped(lines: Sequence[str]) -> str:
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines))
    joined = (" ".join(paragraph.replace("_", "").split()) for paragraph in paragraphs)
    return "\n\n".join(text for text in joined if text and not _NOT_THE_NOVEL.match(text))


def _downloaded(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob(f"{PACKAGE}_*.deb"))), None)


def _download(folder: Path) -> Path:
    _run(["apt-get", "download", PACKAGE], folder)
    package = _downloaded(folder)
    if package is None:
        raise CorpusError(f"apt-get brought no {PACKAGE}.")
    return package


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise CorpusError(f"{command[0]} is needed: this runs on Debian and its kin.") from error
    except subprocess.CalledProcessError as error:
        raise CorpusError(f"{' '.join(command[:2])} failed: {error.stderr.strip()}") from error
