"""``heygen monitor``: what the machine and the workers spend."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Annotated

import typer

from heygen_desktop.application.documents import sample_document
from heygen_desktop.application.ports.metrics import Sample
from heygen_desktop.application.use_cases.monitoring import SETTLE_S
from heygen_desktop.presentation.cli.files import check_writable
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Facts
from heygen_desktop.presentation.saving import unwritable
from heygen_desktop.presentation.wording import moment, percent, size, size_rate

Tell = Callable[[Sample], None]


def monitor(
    session: Session,
    once: Annotated[bool, typer.Option("--once", help="One reading, then the end.")] = False,
    interval: Annotated[
        float | None,
        typer.Option(
            min=0.25, max=3600, help="Seconds between readings; the setting's if not given."
        ),
    ] = None,
    csv_file: Annotated[
        Path | None,
        typer.Option(
            "--csv", metavar="FILE", readable=False, help="Also write each reading there."
        ),
    ] = None,
) -> None:
    """Watch CPU, memory, disk, network and GPUs.

    Workers are listed with what each spends. It goes on until Ctrl-C, unless --once is given.
    """
    if csv_file is not None:
        check_writable(csv_file)
    watch = session.application.watch_machine
    watch.begin()
    session.services.pause(SETTLE_S)
    with _csv(csv_file) as keep:
        if once:
            reading = watch.sample()
            keep(reading)
            session.output.answer(sample_document(reading), _facts(session, reading))
            return
        every_s = interval or session.application.settings().monitoring.interval_s
        with _told(session) as tell:
            while True:
                reading = watch.sample()
                keep(reading)
                tell(reading)
                session.services.pause(every_s)


@contextmanager
def _told(session: Session) -> Iterator[Tell]:
    """A table that stays in place on a terminal; a line for each reading elsewhere."""
    if session.output.as_json or not session.output.out_is_terminal:
        yield lambda reading: session.output.record(sample_document(reading), _line(reading))
        return
    # rich is for terminals alone.
    from rich.console import Console
    from rich.live import Live

    from heygen_desktop.presentation.cli.rendering import renderable

    with Live(console=Console(file=sys.stdout), auto_refresh=False) as live:
        yield lambda reading: live.update(renderable(_facts(session, reading)), refresh=True)


def _line(reading: Sample) -> str:
    parts = [
        moment(reading.at),
        f"cpu {percent(reading.cpu_percent)}",
        f"memory {size(reading.memory_used_bytes)}",
        f"read {size_rate(reading.disk_read_bytes_per_s)}",
        f"written {size_rate(reading.disk_write_bytes_per_s)}",
        *(f"gpu{g.index} {percent(g.utilisation_percent)}" for g in reading.gpus),
        *(f"{w.model} {size(w.memory_bytes)}" for w in reading.workers),
    ]
    return "  ".join(parts)


def _facts(session: Session, reading: Sample) -> Facts:
    read, written = reading.disk_read_bytes_per_s, reading.disk_write_bytes_per_s
    received, sent = reading.network_received_bytes_per_s, reading.network_sent_bytes_per_s
    rows = [
        ("time", moment(reading.at)),
        ("CPU", percent(reading.cpu_percent)),
        ("cores", "  ".join(percent(core) for core in reading.cpu_per_core_percent)),
        ("memory", f"{size(reading.memory_used_bytes)} of {size(reading.memory_total_bytes)}"),
        ("swap", size(reading.swap_used_bytes)),
        ("disk", f"{size_rate(read)} read, {size_rate(written)} written"),
        ("network", f"{size_rate(received)} received, {size_rate(sent)} sent"),
    ]
    for gpu in reading.gpus:
        memory = f"{size(gpu.memory_used_bytes)} of {size(gpu.memory_total_bytes)}"
        rows.append(
            (f"GPU {gpu.index}", f"{gpu.name}: {percent(gpu.utilisation_percent)}, {memory}")
        )
    if not reading.gpus:
        rows.append(("GPU", session.application.watch_machine.gpu_problem()))
    for worker in reading.workers:
        cost = f"{percent(worker.cpu_percent)} CPU, {size(worker.memory_bytes)}"
        rows.append(("worker", f"{worker.model}: {cost} (process {worker.pid})"))
    return Facts(rows)


@contextmanager
def _csv(path: Path | None) -> Iterator[Tell]:
    """Each reading becomes a line that is in the file before the next one is taken."""
    if path is None:
        yield lambda _reading: None
        return
    with _opened(path) as file:
        _add_line(file, COLUMNS, path)
        yield lambda reading: _add_line(file, _cells(reading), path)


def _opened(path: Path) -> FileIO:
    """Without a buffer: a full disk is told at the line it refuses, and not again at the end."""
    try:
        return FileIO(path, "w")
    except OSError as error:
        raise unwritable(path, error) from error


COLUMNS = (
    "at",
    "cpu_percent",
    "memory_used_bytes",
    "memory_total_bytes",
    "swap_used_bytes",
    "disk_read_bytes_per_s",
    "disk_write_bytes_per_s",
    "network_received_bytes_per_s",
    "network_sent_bytes_per_s",
    "gpu_utilisation_percent",
    "gpu_memory_used_bytes",
    "worker_memory_bytes",
)
"""The GPUs' and the workers' figures are sums, but for the share in use, which is the highest."""


def _cells(reading: Sample) -> tuple[object, ...]:
    shares = [g.utilisation_percent for g in reading.gpus if g.utilisation_percent is not None]
    plain = [getattr(reading, name) for name in COLUMNS[1:9]]
    return (
        reading.at.isoformat(),
        *plain,
        max(shares, default=""),
        sum(gpu.memory_used_bytes for gpu in reading.gpus) if reading.gpus else "",
        sum(worker.memory_bytes for worker in reading.workers),
    )


def _add_line(file: FileIO, cells: tuple[object, ...], path: Path) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    try:
        file.write(line.getvalue().encode())
    except OSError as error:
        raise unwritable(path, error) from error
