"""A real temporary home, and real ``heygen`` processes on it, for the tests of what can go wrong."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from heygen_desktop.application.documents import model_document, run_document
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.domain.repositories import RunFilter

from tests.fakes.executor import FakeExecutor

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "resources" / "starter-model"
HEYGEN = (
    sys.executable,
    "-P",
    "-c",
    "from heygen_desktop.__main__ import command_line; command_line()",
)
WINDOW = (sys.executable, "-P", "-m", "heygen_desktop")
DEADLINE_S = 60
LONG_RUN = (
    *("run", "starter", "Once", "--param", "max_tokens=490", "--param", "temperature=2"),
    *("--seed", "1"),
)
"""With other seeds the model may end its text early, before a test has done anything to it."""
_BOUND = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
"""Root without its power to pass over permissions; Debian's util-linux has the command."""
_PARTS = ("code", "message", "cause", "remedy")
_OURS = ("HEYGEN", "QT_", "DISPLAY", "WAYLAND", "DBUS_", "XDG_RUNTIME_DIR")


@dataclass(frozen=True)
class Answer:
    """What one process gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of a command that succeeded."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    def refused(self, code: int = 1) -> Any:
        """Return the error of a command that failed as it should: told whole, without a traceback."""
        assert self.code == code, (self.code, self.out, self.err)
        error = json.loads(self.out)["error"]
        # Details and a run's log lines may hold a worker's traceback: it is the evidence.
        assert "Traceback" not in self.err
        for part in _PARTS:
            text = error[part]
            assert text, (part, error)
            assert text == text.strip(), (part, text)
            assert "\n" not in text, (part, text)
            assert "Traceback" not in text, (part, text)
            assert part == "code" or text.endswith((".", "?", "!")), (part, text)
        return error


@dataclass(frozen=True)
class HeygenHome:
    """One home and the surroundings of its commands."""

    path: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    """Joined to a process environment without display, keyring or settings."""

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str = "",
        environ: Mapping[str, str] | None = None,
        bound: bool = False,
    ) -> Answer:
        """Run a command to its end, always with ``--json``.

        Args:
            bound: Permissions bind it as they bind everybody but root.
        """
        done = subprocess.run(
            [*(_BOUND if bound and os.geteuid() == 0 else ()), *self._words(arguments)],
            input=stdin.encode(),
            capture_output=True,
            env={**self.surroundings(), **(environ or {})},
            timeout=DEADLINE_S,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def started(
        self, *arguments: str | Path, environ: Mapping[str, str] | None = None
    ) -> Iterator[Started]:
        """Start a command in a process group of its own, as a shell does; nothing of it is left."""
        process = subprocess.Popen(
            self._words(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.surroundings(), **(environ or {})},
            start_new_session=True,
        )
        with process:
            try:
                yield Started(process)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def surroundings(self) -> dict[str, str]:
        """The environment of its processes."""
        mine = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        return {**mine, "HEYGEN__SECRETS__STORE": "vault", **self.environ}

    def kept(self) -> dict[str, object]:
        """Return what must never be lost: the models, the runs and the settings."""
        application = build(LaunchOptions(home=self.path), environ={})
        try:
            settings = {
                name: application.read_settings(name).settings.model_dump()
                for name in ("development", "production")
            }
            runs = application.list_runs(RunFilter(limit=1000)).runs
            models = [model_document(each) for each in application.list_models()]
            return {
                "models": [{k: v for k, v in each.items() if k != "estimate"} for each in models],
                "runs": [run_document(each, ()) for each in runs],
                "settings": settings,
            }
        finally:
            application.close()

    def states(self) -> list[str]:
        """Return the states of the runs, the newest first, as the command line tells them."""
        return [run["state"] for run in self("runs", "list").document["items"]]

    def furnish(self) -> HeygenHome:
        """Give it the starter model, a run and a changed setting; no process is started."""
        executor = FakeExecutor()
        executor.is_busy = True
        application = build(LaunchOptions(home=self.path), environ={}, executor=executor)
        try:
            application.register_model(Registration(STARTER, name="starter"))
            application.start_run(RunRequest("starter", {"prompt": "It was"})).cancel()
            executor.let_go()
            application.change_setting.set("development", "generation.temperature", "0.3")
        finally:
            application.close()
        return self

    def keepers(self) -> list[psutil.Process]:
        """Return the processes that keep models of this home in memory."""
        return [each for each in processes() if _is_keeper_of(self.path, each)]

    @property
    def database(self) -> Path:
        """The file that holds what is kept."""
        return self.path / "data" / "database.sqlite3"

    def shell_line(self, *arguments: str) -> str:
        """Return the command as it is typed into a shell."""
        return shlex.join(self._words(arguments))

    def _words(self, arguments: Sequence[str | Path]) -> list[str]:
        return [*HEYGEN, *map(str, arguments), "--json", "--home", str(self.path)]


@dataclass(frozen=True)
class Started:
    """A command under way."""

    process: subprocess.Popen[bytes]

    def workers(self) -> list[psutil.Process]:
        """Return its child processes that live."""
        return [
            each
            for each in psutil.Process(self.process.pid).children(recursive=True)
            if lives(each)
        ]

    def signal(self, number: signal.Signals) -> None:
        """Send it to the whole group, as a terminal does."""
        os.killpg(self.process.pid, number)

    def ended(self) -> Answer:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=DEADLINE_S)
        return Answer(self.process.returncode, out.decode(), err.decode())


def processes() -> Iterator[psutil.Process]:
    """Return every process that lives."""
    return (each for each in psutil.process_iter() if lives(each))


def _is_keeper_of(home: Path, process: psutil.Process) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return "--keep" in words and str(home) in words


def lives(process: psutil.Process) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for(what: Callable[[], object], *, within_s: float = DEADLINE_S) -> None:
    """Poll until it holds; fail at the deadline."""
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(0.01)  # between two looks at another process, not in place of one
