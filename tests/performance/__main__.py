"""``python -m tests.performance``: first paint, frames under generation, tokens per second, the log, the registry,
the terminal.

``--short`` is for CI: a round each, the same figures, and no failure for being slow, because a shared
machine's clock proves nothing. Without it, exits 1 where one of them passes its limit. A bench that
breaks is a failure in both, exit 2.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

_BENCHES = (
    "bench_first_paint",
    "bench_frames",
    "bench_tokens",
    "bench_logs",
    "bench_opening",
    "bench_registry",
    "bench_terminal",
)
_BROKEN = 2
"""The exit code of a bench that did not come to its figures; 1 says that it was too slow."""
_RUN = """
import importlib, sys, traceback
try:
    code = importlib.import_module("tests.performance." + sys.argv[1]).main(*map(int, sys.argv[2:]))
except Exception:
    traceback.print_exc()
    code = 2
sys.exit(code)
"""


def measure(bench: str, *, short: bool) -> int:
    """Run one bench in a process of its own, let it print, and return its exit code."""
    print(f"\n{bench.removeprefix('bench_').replace('_', ' ')}", flush=True)
    rounds = ["1"] if short else []
    done = subprocess.run([sys.executable, "-c", _RUN, bench, *rounds], check=False)
    return done.returncode


def main() -> int:
    """Run them one after the other and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a round each; slow is no failure")
    short: bool = parser.parse_args().short
    codes = {bench: measure(bench, short=short) for bench in _BENCHES}
    broken = [bench for bench, code in codes.items() if code not in (0, 1)]
    slow = [bench for bench, code in codes.items() if code == 1]
    if slow:
        print(f"\nover the limit: {', '.join(slow)}")
    if broken:
        print(f"\ndid not come to its figures: {', '.join(broken)}")
        return _BROKEN
    return 0 if short or not slow else 1


if __name__ == "__main__":
    sys.exit(main())
