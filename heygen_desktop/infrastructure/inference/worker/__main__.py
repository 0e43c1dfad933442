"""The worker's entry: ``python -m heygen_desktop.infrastructure.inference.worker --life FD --niceness N``."""

from __future__ import annotations

import argparse
import faulthandler

from heygen_desktop.infrastructure.inference.worker import guard
from heygen_desktop.infrastructure.inference.worker.channel import take_over_standard_streams
from heygen_desktop.infrastructure.inference.worker.runtimes import runtime_for
from heygen_desktop.infrastructure.inference.worker.service import WorkerService


def main() -> None:
    """Guard this process, take over its standard streams, and serve until told to end."""
    parser = argparse.ArgumentParser(prog="heygen-worker")
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--niceness", type=int, required=True)
    options = parser.parse_args()
    guard.die_with_parent(options.life)
    guard.yield_to_others(options.niceness)
    guard.forbid_network()
    faulthandler.enable()  # a crash in native code then says on standard error where it was
    WorkerService(take_over_standard_streams(), runtime_for).serve()


if __name__ == "__main__":
    main()
