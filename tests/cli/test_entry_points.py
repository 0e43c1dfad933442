"""``heygen`` and ``heygen-desktop`` as processes: what they import, and what they do without a display."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from heygen_desktop import __main__ as program
from heygen_desktop import __version__
from heygen_desktop.bootstrap import LaunchOptions
from heygen_desktop.domain.errors import AlreadyRunningError, DisplayMissingError
from heygen_desktop.presentation.desktop.session import WindowOptions
from loguru import logger

from tests.fakes.executor import FakeExecutor

HEAVY = (
    "torch",
    "transformers",
    "sqlalchemy",
    "alembic",
    "PySide6",
    "pyqtgraph",
    "keyring",
    "rich",
)


def modules_after(program_text: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after running this."""
    script = (
        f"import sys\ntry:\n    {program_text}\nexcept SystemExit: pass\n"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["models", "list", "--help"]])
def test_asking_the_command_line_what_it_is_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = modules_after(
        f"from heygen_desktop.__main__ import command_line; command_line({arguments!r})"
    )

    assert loaded.isdisjoint(HEAVY)
    assert "typer" in loaded


def test_asking_the_window_what_it_is_loads_no_front_at_all() -> None:
    loaded = modules_after("from heygen_desktop.__main__ import window; window(['--help'])")

    assert loaded.isdisjoint({*HEAVY, "typer", "pydantic"})


def without_display() -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in hidden}


@pytest.mark.skipif(sys.platform != "linux", reason="only there a display can be missing")
def test_a_window_without_a_display_says_so_and_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "heygen_desktop", "--home", str(tmp_path / "home")],
        env=without_display(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == "error: There is no display to open a window on."
    assert "heygen quickstart" in done.stderr
    assert not (tmp_path / "home").exists()


def refuse(error: Exception) -> object:
    def run_window(*_arguments: object, **_named: object) -> int:
        raise error

    return run_window


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the command line was asked for."""
    asked: list[list[str]] = []

    def remember(arguments: list[str]) -> None:
        asked.append(arguments)

    monkeypatch.setattr(program, "command_line", remember)
    return asked


def test_where_there_is_no_display_the_quickstart_can_run_instead(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "_open_window", refuse(DisplayMissingError()))

    program.window(["--or-terminal", "--home", "/h", "--env", "testing"])

    assert calls == [["quickstart", "--home", "/h", "--env", "testing"]]
    assert capsys.readouterr().err.startswith("There is no display to open a window on.")


def test_a_window_that_cannot_open_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "_open_window", refuse(AlreadyRunningError(7)))

    with pytest.raises(SystemExit) as ended:
        program.window(["--or-terminal"])

    assert (ended.value.code, calls) == (1, [])
    assert (
        capsys.readouterr().err.splitlines()[0].startswith("error: HeyGen Desktop is already open")
    )


def test_the_windows_own_exit_code_is_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_open_window", lambda _given: 3)

    with pytest.raises(SystemExit) as ended:
        program.window([])

    assert ended.value.code == 3


def test_the_command_line_is_built_on_the_composition_root(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program.command_line(["models", "list", "--json", "--home", str(tmp_path / "home")])

    assert ended.value.code == 0
    assert capsys.readouterr().out == '{\n  "items": [],\n  "total": 0\n}\n'
    assert (tmp_path / "home").is_dir()


def test_ctrl_c_before_any_command_can_listen_ends_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class LeftError(Exception):
        """The process would be gone."""

    def leave(code: int) -> None:
        raise LeftError(code)

    def interrupted(_services: object) -> object:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("nothing comes after")

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr("heygen_desktop.presentation.cli.main.make_command_line", interrupted)
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(LeftError, match="130"):
        program.command_line(["--version"])

    assert signal.getsignal(signal.SIGINT) is before


class Window:
    """Takes the place of the window, and builds the program as it would."""

    def __init__(self) -> None:
        self.given: list[WindowOptions] = []
        self.environment = ""

    def __call__(self, options: WindowOptions) -> int:
        self.given.append(options)
        application = options.build(FakeExecutor(), "staging")
        self.environment = application.environment
        application.close()
        return 0


def test_the_window_gets_the_home_the_version_and_the_files_to_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window()
    monkeypatch.setattr("heygen_desktop.presentation.desktop.app.run_window", window)

    with pytest.raises(SystemExit) as ended:
        program.window(["--home", str(tmp_path / "home"), "--env", "testing", "model"])

    assert ended.value.code == 0
    assert window.environment == "testing"
    [options] = window.given
    assert options.version == __version__
    assert options.paths == [Path("model").absolute()]
    assert options.home.is_relative_to(tmp_path / "home")


def test_what_the_window_reports_reaches_the_log() -> None:
    lines: list[str] = []
    handler = logger.add(
        lambda line: lines.append(str(line)), format="{level} {message} {exception}"
    )
    try:
        program._report("Started.", None)
        program._report("A slot failed.", ValueError("why"))
    finally:
        logger.remove(handler)

    assert lines[0].startswith("INFO Started.")
    assert lines[1].startswith("ERROR A slot failed.")
    assert "ValueError: why" in lines[1]


def test_a_keeper_waits_for_sigterm_and_not_for_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []

    def keep(options: LaunchOptions, *, wait: Callable[[float], bool]) -> None:
        signal.raise_signal(signal.SIGINT)
        waited.append(wait(0))
        signal.raise_signal(signal.SIGTERM)
        waited.append(wait(30))
        assert options.front == "keeper"

    monkeypatch.setattr("heygen_desktop.bootstrap.keep_models", keep)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        program.window(["--keep", "--home", "/h"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert waited == [False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")
@pytest.mark.parametrize(
    ("redirection", "words", "said"),
    [
        ("<&- ", "run starter -", "standard input cannot be read."),
        (">&-", "--version", "standard output cannot be written."),
        (">/dev/full", "--help", "The disk that holds standard output is full."),
        (">&-", "models list --json", "standard output cannot be written."),
        (">/dev/full", "models show nothing --json", "There is no model 'nothing'."),
    ],
)
def test_no_file_takes_the_place_of_a_closed_stream(
    tmp_path: Path, redirection: str, words: str, said: str
) -> None:
    script = "from heygen_desktop.__main__ import command_line; command_line()"
    starter = Path(program.__file__).parents[1] / "resources" / "starter-model"
    register = f"models register {starter} --name starter" if "run" in words else "--help"
    line = f'"{sys.executable}" -c "{script}"'

    done = subprocess.run(
        ["bash", "-c", f"{line} {register} >/dev/null 2>&1; {line} {words} {redirection}"],
        env={**os.environ, "HEYGEN_HOME": str(tmp_path / "home")},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert "Traceback" not in done.stderr
    assert said in done.stderr
    assert done.returncode == 1
