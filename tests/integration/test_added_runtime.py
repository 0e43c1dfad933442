"""A format is added by docs/how-to/add-a-runtime.md alone, from its reader to a run in a real worker.

The program is copied, and the copy is changed in the places that the page names and in no other. The
format is a toy: one file of numbered words, which its runtime says one after the other.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import heygen_desktop
import pytest

from tests.integration.heygen_home import HEYGEN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOT = Path(heygen_desktop.__file__).parent.parent
PAGE = ROOT / "docs" / "how-to" / "add-a-runtime.md"

FORMAT = "heygen_desktop/domain/values/artifact.py"
DECLARATIONS = "heygen_desktop/application/runtimes.py"
MAKERS = "heygen_desktop/infrastructure/inference/worker/runtimes/__init__.py"
READERS = "heygen_desktop/infrastructure/artifacts/readers.py"

READER = '''
"""The reader of toy models: TOY1, how many words there are, and the words, a line each."""

from heygen_desktop.domain.values.artifact import Artifact, ArtifactFormat


class ToyReader:
    suffixes = frozenset({".toy"})

    def __init__(self, disk):
        self._disk = disk

    def recognises(self, candidate):
        return not candidate.is_folder and self._disk.head(candidate.path, 4) == b"TOY1"

    def read(self, candidate):
        count = int.from_bytes(self._disk.head(candidate.path, 8)[4:], "little")
        file = self._disk.file(candidate.path.parent, candidate.path.name)
        return Artifact(
            path=candidate.path,
            format=ArtifactFormat.TOY,
            files=(file,),
            size_bytes=file.size_bytes,
            weights_bytes=file.size_bytes - 8,
            parameters=count,
            dtypes={"WORD": count},
            architecture="ToyForCausalLM",
            task="text-generation",
            is_file=True,
        )
'''
RUNTIME = '''
"""Says the words of a toy model."""

from heygen_desktop.infrastructure.inference.worker.runtime import Outcome


class ToyRuntime:
    def load(self, request, report):
        report("reading words", None)
        return ToyModel(request.path.read_bytes()[8:].decode().splitlines())


class ToyModel:
    device, dtype = "cpu", "words"

    def __init__(self, words):
        self._words = words

    def run(self, task, output, control):
        output.started(1, len(self._words))
        for word in self._words:
            control.check()
            output.produced(word + " ")
        return Outcome({"text": "".join(word + " " for word in self._words)}, "stop")

    def gpu_memory_bytes(self):
        return None

    def gpu_peak_bytes(self):
        return None

    def relieve(self):
        pass
'''


@dataclass(frozen=True)
class House:
    """The copy of the program, and a home for it."""

    folder: Path

    def edit(self, place: str, before: str, after: str) -> None:
        """Change the one place where ``before`` stands."""
        file = self.folder / place
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {place}"
        file.write_text(text.replace(before, after), encoding="utf-8")

    def add(self, place: str, text: str) -> None:
        (self.folder / place).write_text(text, encoding="utf-8")

    def __call__(self, *words: str | Path, code: int = 0) -> Any:
        """Run ``heygen`` there and return what it answers under --json."""
        done = subprocess.run(
            [*HEYGEN, *map(str, words), "--json"],
            env={
                **os.environ,
                "PYTHONPATH": str(self.folder),
                "HEYGEN_HOME": str(self.folder / "home"),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = House(tmp_path_factory.mktemp("house"))
    shutil.copytree(
        ROOT / "heygen_desktop",
        made.folder / "heygen_desktop",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(ROOT / "resources", made.folder / "resources")
    made.edit(FORMAT, '    GGUF = "gguf"\n', '    GGUF = "gguf"\n    TOY = "toy"\n')
    made.edit(
        FORMAT,
        "frozenset({ArtifactFormat.SAFETENSORS,",
        "frozenset({ArtifactFormat.TOY, ArtifactFormat.SAFETENSORS,",
    )
    made.edit(
        DECLARATIONS,
        "RUNTIMES = Runtimes((TRANSFORMERS,))",
        'TOY = RuntimeDeclaration(id="toy", formats=(ArtifactFormat.TOY,), tasks=("text-generation",))\n'
        "RUNTIMES = Runtimes((TRANSFORMERS, TOY))",
    )
    made.add("heygen_desktop/infrastructure/inference/worker/runtimes/toy.py", RUNTIME)
    made.edit(
        MAKERS,
        "    TRANSFORMERS.id: _transformers,\n",
        '    TRANSFORMERS.id: _transformers,\n    "toy": _toy,\n',
    )
    made.edit(
        MAKERS,
        "MAKERS: Mapping",
        "def _toy(report):\n"
        "    from heygen_desktop.infrastructure.inference.worker.runtimes.toy import ToyRuntime\n\n"
        "    return ToyRuntime()\n\n\n"
        "MAKERS: Mapping",
    )
    made.add("heygen_desktop/infrastructure/artifacts/toy.py", READER)
    made.edit(
        READERS,
        "(SafetensorsReader, RefusedFormats)",
        "(SafetensorsReader, ToyReader, RefusedFormats)",
    )
    made.edit(
        READERS,
        "from heygen_desktop.infrastructure.artifacts.scanner",
        "from heygen_desktop.infrastructure.artifacts.toy import ToyReader\n"
        "from heygen_desktop.infrastructure.artifacts.scanner",
    )
    return made


@pytest.fixture(scope="module")
def toy(house: House) -> Path:
    path = house.folder / "models" / "three words.toy"
    path.parent.mkdir()
    path.write_bytes(b"TOY1" + (3).to_bytes(4, "little") + b"it\nis\nso\n")
    return path


def test_the_page_names_every_file_that_was_changed() -> None:
    page = PAGE.read_text(encoding="utf-8")

    for place in (FORMAT, DECLARATIONS, MAKERS, READERS):
        assert f"`{place}`" in page


def test_a_search_finds_a_model_of_the_added_format(house: House, toy: Path) -> None:
    found = house("models", "scan", toy.parent)

    assert [(each["path"], each["format"]) for each in found["items"]] == [(str(toy), "toy")]


def test_a_model_of_the_added_format_is_registered_and_run(house: House, toy: Path) -> None:
    registered = house("models", "register", toy)
    ran = house("run", "three-words", "Say it")

    assert (registered["name"], registered["format"]) == ("three-words", "toy")
    assert registered["estimate"]["weights_bytes"] == 9
    assert registered["checksum"].startswith("sha256:")
    assert ran["output"] == {"text": "it is so "}
    assert ran["run"]["state"] == "succeeded"
    assert ran["run"]["figures"]["tokens"] == 3


def test_a_model_of_the_added_format_that_changed_is_not_run(
    house: House, toy: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "changed.toy"
    shutil.copy(toy, copy)
    house("models", "register", copy)
    copy.write_bytes(copy.read_bytes() + b"not\n")

    refused = house("run", "changed", "Say it", code=1)
    house("models", "verify", "changed", "--accept")
    ran = house("run", "changed", "Say it")

    assert refused["error"]["code"] == "artifact_changed"
    assert ran["output"] == {"text": "it is so not "}
