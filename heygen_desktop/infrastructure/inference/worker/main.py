"""Putting the worker together, in the order that matters: first the guard, then the channel, then torch."""

from __future__ import annotations

import argparse
import faulthandler
from collections.abc import Callable, Sequence

from heygen_desktop.application.ports.inference import LoadRequest
from heygen_desktop.infrastructure.inference.worker import guard
from heygen_desktop.infrastructure.inference.worker.channel import take_over_standard_streams
from heygen_desktop.infrastructure.inference.worker.runtime import Report, Runtime
from heygen_desktop.infrastructure.inference.worker.service import WorkerService


def serve_standard_streams(
    arguments: Sequence[str], runtime_for: Callable[[LoadRequest, Report], Runtime]
) -> None:
    """Guard this process, take over its standard streams, and serve until told to end."""
    options = _parse(arguments)
    guard.die_with_parent(options.life)
    guard.yield_to_others(options.niceness)
    guard.forbid_network()
    faulthandler.enable()  # a crash in native code then says on standard error where it was
    WorkerService(take_over_standard_streams(), runtime_for).serve()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="heygen-worker")
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--niceness", type=int, required=True)
    return parser.parse_args(arguments)
