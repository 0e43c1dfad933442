"""The fakes that a whole application is built from, and the files and models that tests speak of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from heygen_desktop.application.ports.artifacts import ScanFinding
from heygen_desktop.application.ports.diagnostics import Check, CheckState
from heygen_desktop.application.ports.inference import (
    Loaded,
    LoadRequest,
    TaskRequest,
    TaskResult,
    Update,
)
from heygen_desktop.domain.entities.run import Json, Loading, Owner, RunFigures
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.errors import (
    ArtifactCorruptError,
    ArtifactMissingError,
    HeyGenError,
    RunCancelledError,
)
from heygen_desktop.domain.values.actor import Actor
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFile, ArtifactFormat

from tests.factories.updates import produced
from tests.fakes.blobs import FakeBlobs
from tests.fakes.clock import FAKE_START, FakeClock
from tests.fakes.devices import FakeDevices
from tests.fakes.events import RecordingEventStream
from tests.fakes.executor import FakeExecutor
from tests.fakes.ids import FakeIds
from tests.fakes.logs import FakeLogs
from tests.fakes.metrics import FakeMetrics, FakeSeries
from tests.fakes.processes import THIS_PROCESS, FakeProcesses
from tests.fakes.secrets import FakeSecrets
from tests.fakes.unit_of_work import FakeUnitsOfWork

STARTER_PATH = Path("/program/resources/starter")
MIB = 1 << 20
THE_OWNER = Actor("jane", "desktop", "chawton")
"""Who acts where a test does not say."""
SOME_TIME_NS = 1_767_000_000_000_000_000


def an_artifact(path: Path = STARTER_PATH, **changes: object) -> Artifact:
    """Return the files of a small language model; ``changes`` replace single facts of them."""
    artifact = Artifact(
        path=path,
        format=ArtifactFormat.SAFETENSORS,
        files=(
            ArtifactFile("config.json", 700, SOME_TIME_NS),
            ArtifactFile("model.safetensors", 7_000_000, SOME_TIME_NS),
        ),
        size_bytes=7_000_700,
        weights_bytes=6_999_000,
        parameters=3_499_500,
        dtypes={"F16": 3_499_500},
        architecture="LlamaForCausalLM",
        task="text-generation",
        context_length=512,
        licence="apache-2.0",
    )
    return replace(artifact, **changes)  # type: ignore[arg-type]  # the names are checked by replace


class ScriptedArtifacts:
    """Fulfils ``Artifacts``: knows the paths it was given, and their problems."""

    def __init__(self, known: Mapping[Path, Artifact | HeyGenError] | None = None) -> None:
        self.known: dict[Path, Artifact | HeyGenError] = {
            STARTER_PATH: an_artifact(),
            **(known or {}),
        }
        self.changed: list[Path] = []
        """Places whose weights were written to, once for each time."""
        self.cards: dict[Path, str] = {}
        """The README.md of each model that has one."""
        self.tokens_fail = False
        """Whether no tokeniser can be read."""
        self.folders: set[Path] = set()
        """Folders that exist and hold no model."""
        self.before_checksum: Callable[[], None] = _quietly
        """Called at the start of each checksum."""
        self.before_scan: Callable[[], None] = _quietly
        """Called at the start of each scan."""

    def change(self, path: Path, *, content: bool = True) -> None:
        """Write to the weights; without another content only their time changes."""
        found = self.known[path]
        assert isinstance(found, Artifact)
        *others, weights = found.files
        later = replace(weights, modified_ns=SOME_TIME_NS + len(self.changed) + 1)
        self.changed.extend([path] * content)
        self.known[path] = replace(found, files=(*others, later))

    def inspect(self, path: Path) -> Artifact:
        found = self.known.get(path)
        if found is None:
            raise ArtifactMissingError(str(path))
        if isinstance(found, HeyGenError):
            raise found
        return found

    def tokens(self, artifact: Artifact, text: str) -> int | None:
        if self.tokens_fail:
            raise ArtifactCorruptError(str(artifact.path), "It is no tokeniser.")
        return len(text.split())

    def scan(
        self, folders: Sequence[Path], *, should_stop: Callable[[], bool]
    ) -> Sequence[ScanFinding]:
        self.before_scan()
        if should_stop():
            raise RunCancelledError("scanning")
        for folder in folders:
            if folder not in self.folders and not any(
                path.is_relative_to(folder) for path in self.known
            ):
                raise ArtifactMissingError(str(folder))
        return [
            ScanFinding(path, None, found)
            if isinstance(found, HeyGenError)
            else ScanFinding(path, found, None)
            for path, found in sorted(self.known.items())
            if any(path.is_relative_to(folder) for folder in folders)
        ]

    def files_now(self, artifact: Artifact) -> tuple[ArtifactFile, ...]:
        found = self.known.get(artifact.path, ArtifactMissingError(str(artifact.path)))
        if isinstance(found, ArtifactMissingError):
            raise found
        return found.files if isinstance(found, Artifact) else ()

    def card(self, artifact: Artifact) -> str:
        return self.cards.get(artifact.path, "")

    def checksum(
        self,
        artifact: Artifact,
        *,
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
    ) -> str:
        self.before_checksum()
        if should_stop():
            raise RunCancelledError("hashing")
        on_progress(artifact.size_bytes // 2, artifact.size_bytes)
        on_progress(artifact.size_bytes, artifact.size_bytes)
        return f"sha256:{0xAB + self.changed.count(artifact.path):02x}" + "ab" * 31


def _quietly() -> None:
    """Nobody interferes."""


class ScriptedInference:
    """Fulfils ``Inference``: says ``words`` in turn, in workers that are only written down.

    Set ``trouble`` to have every load fail with it; ``before_word`` is called with the number of
    each word before it comes, which is where a test asks for a stop.
    """

    def __init__(self, words: Sequence[str] = ("It ", "is ", "a ", "truth.")) -> None:
        self.words = tuple(words)
        self.answers: dict[str, Mapping[str, Json]] = {}
        """By task: what it gives back at its end, in place of the words."""
        self.makes: dict[str, Callable[[TaskRequest], Mapping[str, Json]]] = {}
        """By task: what makes that; it may read and write files."""
        self.trouble: HeyGenError | None = None
        self.before_word: Callable[[int], None] = _nothing
        self.waits_at = 0
        """Before the word of this number it waits for the stop, where runs have threads of their own."""
        self.requests: list[tuple[LoadRequest, TaskRequest]] = []
        self.peak_host_bytes, self.peak_device_bytes = 512 * MIB, 0
        """What each run measures; a run on the CPU measures nothing on a device."""
        self.is_closed = False
        self._held: dict[tuple[str, str], Worker] = {}

    def run(
        self,
        model: LoadRequest,
        task: TaskRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> TaskResult:
        self.requests.append((model, task))
        was_loaded = (model.model, model.version) in self._held
        worker = self.load(model, on_update=on_update, should_stop=should_stop)
        on_update(Loaded(worker, was_loaded))
        make = self.makes.get(task.task)
        answer = make(task) if make else self.answers.get(task.task)
        if answer is not None:
            return TaskResult(answer, RunFigures(load_s=worker.load_s), "")
        for number, word in enumerate(self.words, start=1):
            self.before_word(number)
            if number == self.waits_at:
                _wait_for(should_stop)
            if should_stop():
                raise RunCancelledError("generating")
            load_s = 0.0 if was_loaded else worker.load_s
            on_update(produced(word, number, 40.0, memory_bytes=512 * MIB, load_s=load_s))
        return TaskResult({"text": "".join(self.words)}, self._figures(worker, was_loaded), "stop")

    def _figures(self, worker: Worker, was_loaded: bool) -> RunFigures:
        device = None if worker.device == "cpu" else self.peak_device_bytes
        return RunFigures(
            time_to_first_token_s=0.12,
            tokens_per_second=41.25,
            tokens=len(self.words),
            prompt_tokens=3,
            peak_memory_bytes=self.peak_host_bytes + (device or 0),
            load_s=0.0 if was_loaded else worker.load_s,
            peak_host_bytes=self.peak_host_bytes,
            peak_device_bytes=device,
        )

    def load(
        self,
        model: LoadRequest,
        *,
        on_update: Callable[[Update], None],
        should_stop: Callable[[], bool],
    ) -> Worker:
        if self.is_closed:
            raise RuntimeError("the inference is closed")
        if should_stop():
            raise RunCancelledError("loading")
        if self.trouble is not None:
            raise self.trouble
        key = (model.model, model.version)
        if key not in self._held:
            on_update(Loading("reading weights", 0.5))
            self._held[key] = a_worker(model, pid=5000 + len(self._held))
        return self._held[key]

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        gone = [key for key in self._held if key[0] == model and version in ("", key[1])]
        return [self._held.pop(key) for key in gone]

    def holds(self, model: LoadRequest) -> bool:
        return any(map(model.is_met_by, self.workers()))

    def workers(self) -> Sequence[Worker]:
        return list(self._held.values())

    def close(self) -> None:
        self._held.clear()
        self.is_closed = True


def _wait_for(asked: Callable[[], bool]) -> None:
    for _ in range(2000):
        if asked() or threading.Event().wait(0.005):
            return
    raise AssertionError("nobody asked for the stop")


def _nothing(_number: int) -> None:
    """Nobody interferes."""


def a_worker(model: LoadRequest, *, pid: int = 5000) -> Worker:
    """Return the worker that such a request starts."""
    return Worker(
        process=Owner(pid, 1_767_000_100.0),
        owner=THIS_PROCESS,
        model_id=model.model_id,
        model=model.model,
        version=model.version,
        device="cpu" if model.device == "auto" else model.device,
        dtype="float32" if model.dtype == "auto" else model.dtype,
        load_s=3.1,
        loaded_at=FAKE_START,
        memory_bytes=400 * MIB,
        peak_memory_bytes=512 * MIB,
    )


class ScriptedDiagnostics:
    """Fulfils ``Diagnostics``: finds what it was told."""

    def __init__(self, found: Sequence[Check] | None = None) -> None:
        self.found: list[Check] = (
            [Check("Database", CheckState.OK, "SQLite answers.")] if found is None else list(found)
        )
        self.before_checks: Callable[[], object] = _quietly
        """Called at the start; what it raises comes out, as from a mistake in the program."""

    def checks(self) -> Sequence[Check]:
        self.before_checks()
        return list(self.found)


@dataclass
class WrittenSource:
    """Fulfils ``SettingsSource``: raw values by key, or the trouble of reading them."""

    layer: str = "file"
    origin: str = "heygen.toml"
    values: dict[str, Json] = field(default_factory=dict)
    trouble: HeyGenError | None = None
    reads: int = 0
    """How often it was read."""

    def read(self, environment: str) -> Mapping[str, Json]:
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return dict(self.values)


@dataclass
class FakeParts:
    """Every fake of one application. Give your own for some, and keep it to look inside later."""

    units: FakeUnitsOfWork = field(default_factory=FakeUnitsOfWork)
    blobs: FakeBlobs = field(default_factory=FakeBlobs)
    artifacts: ScriptedArtifacts = field(default_factory=ScriptedArtifacts)
    inference: ScriptedInference = field(default_factory=ScriptedInference)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    logs: FakeLogs = field(default_factory=FakeLogs)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    series: FakeSeries = field(default_factory=FakeSeries)
    diagnostics: ScriptedDiagnostics = field(default_factory=ScriptedDiagnostics)
    sources: list[WrittenSource] = field(default_factory=list)
    executor: FakeExecutor = field(default_factory=FakeExecutor)
    events: RecordingEventStream = field(default_factory=RecordingEventStream)
    clock: FakeClock = field(default_factory=FakeClock)
    ids: FakeIds = field(default_factory=FakeIds)
    processes: FakeProcesses = field(default_factory=FakeProcesses)
    devices: FakeDevices = field(default_factory=FakeDevices)

    @property
    def keeper(self) -> ScriptedInference:
        """Keeps models where the others are."""
        return self.inference

    closed: list[str] = field(default_factory=list)
    """One entry for each time the application was closed."""
