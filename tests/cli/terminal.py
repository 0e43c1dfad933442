"""A terminal without a screen: types a command and reads what came back."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heygen_desktop.application.application import Application
from heygen_desktop.application.tasks.registry import TASKS
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.domain.errors import HeyGenError
from heygen_desktop.infrastructure.system.threads import ThreadExecutor
from heygen_desktop.presentation.cli.main import make_command_line
from heygen_desktop.presentation.cli.session import LaunchChoices, Services, Work, perform
from typer.testing import CliRunner

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts


@dataclass(frozen=True)
class Answer:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document that stdout holds."""
        return json.loads(self.out)

    @property
    def records(self) -> list[Any]:
        """The JSON documents that stdout holds, one in a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def _nothing() -> None:
    """Nobody interferes."""


@dataclass
class Terminal:
    """Runs commands one after the other on the same fakes."""

    parts: FakeParts = field(default_factory=FakeParts)
    launched: list[LaunchChoices] = field(default_factory=list)
    """Where and as what the program was started, each time."""
    tasks: Tasks = TASKS
    """What models can be asked to do."""
    run_errors: list[BaseException] = field(default_factory=list)
    """What runs raised beside what they are meant to."""
    trouble: HeyGenError | None = None
    """What starting the program fails with."""
    hidden_answers: Sequence[str] = ()
    """What is typed at the prompts that do not show it."""
    pauses: int = 0
    """How often a following command may wait before Ctrl-C comes."""
    waited_s: list[float] = field(default_factory=list)

    before_pause: Callable[[], object] = _nothing
    """What happens while a command waits."""

    def run(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Answer:
        """Type a command."""
        result = CliRunner().invoke(
            make_command_line(self._services()), [str(each) for each in arguments], input=stdin
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return Answer(result.exit_code, result.stdout, result.stderr)

    def perform(self, work: Work) -> int:
        """Do a command's work on the streams that ``sys`` has now; return its exit code."""
        return perform(work, self._services(), LaunchChoices(), as_json=False)

    def application(self) -> Application:
        """Return the application that commands get, for arranging and asserting."""
        return fake_application(self.parts, tasks=self.tasks)

    def _services(self) -> Services:
        answers = iter(self.hidden_answers)
        return Services(
            build=self._build,
            ask_hidden=lambda _prompt: _next(answers),
            pause=self._pause,
            now=self.parts.clock.now,
        )

    def _build(self, choices: LaunchChoices) -> Application:
        self.launched.append(choices)
        if self.trouble is not None:
            raise self.trouble
        executor = ThreadExecutor(self.run_errors.append)

        def close() -> None:
            executor.close()
            self.parts.closed.append("closed")

        return fake_application(
            self.parts,
            environment=choices.environment or "development",
            home=choices.home or Path("home"),
            tasks=self.tasks,
            close=close,
            executor=executor,
        )

    def _pause(self, seconds: float) -> None:
        self.waited_s.append(seconds)
        self.before_pause()
        if len(self.waited_s) > self.pauses:
            signal.raise_signal(signal.SIGINT)


def _next(answers: Iterator[str]) -> str:
    answer = next(answers, None)
    if answer is None:
        raise EOFError
    return answer
