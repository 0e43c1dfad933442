"""How soon the terminal answers, as multiples of a Python that does nothing; in turn, medians.

Run: ``python -m tests.performance.bench_terminal [rounds]``. Prints milliseconds and ratios; exits 1
where one passes its limit. Bytecode is written first: an installation has it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROUNDS = 9
_NOTHING = "python -c pass"
_LIBRARY = "python -c 'import typer, pydantic'"
_DATABASE = "python -c 'import sqlalchemy'"
LIMITS = {
    "--version": 8.0,
    "--help": 8.0,
    "run --help": 8.0,
    "logs": 12.0,
    "models list": 28.0,
    "runs list": 28.0,
    "ps": 28.0,
    "env list": 28.0,
}
"""Of each command, how many times ``python -c pass`` it may take."""


def _commands(home: Path) -> dict[str, list[str]]:
    heygen = [str(Path(sys.executable).with_name("heygen")), "--home", str(home)]
    ours = {words: [*heygen, *words.split()] for words in LIMITS}
    return {
        _NOTHING: [sys.executable, "-c", "pass"],
        _LIBRARY: [sys.executable, "-c", "import typer, pydantic"],
        _DATABASE: [sys.executable, "-c", "import sqlalchemy"],
        **ours,
    }


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - began


def main(rounds: int = _ROUNDS) -> int:
    """Run each command once to warm it, then in turn; print medians and return the exit code."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as home:
        commands = _commands(Path(home) / "home")
        for command in commands.values():
            _seconds(command, environment)
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                taken[name].append(_seconds(command, environment))
    nothing = statistics.median(taken[_NOTHING])
    ratios = {name: statistics.median(times) / nothing for name, times in taken.items()}
    for name, ratio in ratios.items():
        limit = f" (limit {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"  {name:36} {ratio * nothing * 1000:6.0f} ms  {ratio:5.1f}{limit}")
    return int(any(ratios[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
