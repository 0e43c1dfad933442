"""Loading models into workers and running tasks on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import Json, Loading, Produced, RunFigures
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.domain.values.artifact import ArtifactFormat


@dataclass(frozen=True)
class LoadRequest:
    """Which model, from where, onto what."""

    model_id: ModelId
    model: str
    version: str
    path: Path
    format: ArtifactFormat
    device: str = "auto"
    """``auto``, ``cpu``, ``cuda:0``, ..."""
    dtype: str = "auto"
    """``auto``, ``float32``, ``bfloat16``, ``float16``. auto is float32 on a CPU without bf16."""
    threads: int = 0
    """Threads of the worker; 0 means one fewer than the cores it may use, at least one."""
    niceness: int = 10
    """0 to 19; the worker yields to the window."""
    start_timeout_s: float = 120.0
    """Longest silence of the worker until the model is in memory. The worker sends a sign of life
    every second, so a slow disk is not a hang."""
    stall_timeout_s: float = 60.0
    """Longest silence while a task runs."""
    options: Mapping[str, Json] = field(default_factory=dict)
    """Of its runtime, as the schema of its declaration dumps them."""

    def is_met_by(self, worker: Worker) -> bool:
        """Whether this very version is in that worker, on the device and in the precision wanted."""
        return (
            (worker.model_id, worker.version) == (self.model_id, self.version)
            and self.device in ("auto", worker.device)
            and self.dtype in ("auto", worker.dtype)
        )


@dataclass(frozen=True)
class TaskRequest:
    """One task for a loaded model."""

    run_id: str
    task: str
    """The Hugging Face tag: ``text-generation``."""
    inputs: Mapping[str, Json]
    """As the task's input schema dumps it; a reference to a file has its ``path``, to be read only."""
    params: Mapping[str, Json]
    """As the task's parameter schema dumps it, all defaults filled in."""
    seed: Annotated[int, range(-(2**63), 2**63)]
    folder: Path | None = None
    """Where the task may write files, which its output names as ``{"file": NAME, "media_type": ...}``."""


@dataclass(frozen=True)
class Loaded:
    """The model is in memory and the task begins."""

    worker: Worker
    was_loaded: bool
    """True where an earlier run or ``load`` had brought it in."""


Update = Loading | Loaded | Produced
OnUpdate = Callable[[Update], None]
"""Told how a load and a run get on."""
ShouldStop = Callable[[], bool]
"""Asked often; True ends what is under way."""


@dataclass(frozen=True)
class TaskResult:
    """The end of a task that was not stopped and did not fail."""

    output: Mapping[str, Json]
    """The task's typed output."""
    figures: RunFigures
    finish_reason: str
    """``stop`` or ``length``."""


class Inference(Protocol):
    """Supervises worker processes; one loaded model, one worker. Safe from any thread.

    Tasks on one worker wait for each other, first come first served.
    """

    def run(
        self, model: LoadRequest, task: TaskRequest, *, on_update: OnUpdate, should_stop: ShouldStop
    ) -> TaskResult:
        """Load the model where it is not in memory, run the task, and return its result.

        Blocks. ``on_update`` is called on this thread. ``should_stop`` is asked at least every
        50 ms, while waiting, loading and generating alike.

        Raises:
            RunCancelledError: ``should_stop`` answered True. ``details`` has ``tokens``.
            PromptTooLongError, ModelLoadError, DeviceUnavailableError, WorkerCrashedError,
            WorkerOutOfMemoryError, WorkerHungError, WorkerProtocolError, RunFailedError,
            ArtifactUnsupportedError: No runtime executes the format or architecture.
            InvalidParameterError: The input is no text, or larger than 8 MiB.
        """

    def load(self, model: LoadRequest, *, on_update: OnUpdate, should_stop: ShouldStop) -> Worker:
        """Bring the model into memory and keep it there. Raises as ``run`` does."""

    def unload(self, model: str, version: str = "") -> Sequence[Worker]:
        """Stop the workers of that model that this process holds, idle or busy; return them.

        A run on one of them, or a load, ends with RunCancelledError. An empty version means all.

        Raises:
            ResidentSilentError: Nobody who answers has it, but somebody does not answer.
        """

    def holds(self, model: LoadRequest) -> bool:
        """Whether a run of this model would find it in memory, and so need no room for it."""

    def workers(self) -> Sequence[Worker]:
        """Return the workers of this process with their memory as it is now."""

    def close(self) -> None:
        """Stop every worker and wait for their end; later calls raise RuntimeError."""


class ModelKeeper(Protocol):
    """Loads into a process that stays; it ends by itself once nothing is left to keep."""

    def holds(self, model: LoadRequest) -> bool:
        """Whether a process that stays has the model in memory."""

    def load(self, model: LoadRequest, *, on_update: OnUpdate, should_stop: ShouldStop) -> Worker:
        """Bring the model into memory there. Raises as ``Inference.load`` does."""
