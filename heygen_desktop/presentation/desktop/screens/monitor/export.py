"""Readings as a table for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from heygen_desktop.application.ports.metrics import Sample

_PLAIN = (
    "cpu_percent",
    "memory_used_bytes",
    "memory_total_bytes",
    "swap_used_bytes",
    "disk_read_bytes_per_s",
    "disk_write_bytes_per_s",
    "network_received_bytes_per_s",
    "network_sent_bytes_per_s",
)
Cells = dict[str, object]


def csv_of(samples: Sequence[Sample]) -> bytes:
    """Return UTF-8 CSV: a line for each reading, columns for each core, GPU and worker that there was."""
    rows = [_cells(sample) for sample in samples]
    columns = list(dict.fromkeys(("at", *_PLAIN, *(name for row in rows for name in row))))
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8")


def _cells(sample: Sample) -> Cells:
    cells: Cells = {"at": sample.at.isoformat()}
    cells.update((name, getattr(sample, name)) for name in _PLAIN)
    for number, share in enumerate(sample.cpu_per_core_percent):
        cells[f"core_{number}_percent"] = share
    for gpu in sample.gpus:
        cells[f"gpu_{gpu.index}_percent"] = gpu.utilisation_percent
        cells[f"gpu_{gpu.index}_memory_used_bytes"] = gpu.memory_used_bytes
        cells[f"gpu_{gpu.index}_memory_total_bytes"] = gpu.memory_total_bytes
    for worker in sample.workers:
        title = f"worker_{worker.pid}_{worker.model}"
        cells[f"{title}_memory_bytes"] = worker.memory_bytes
        cells[f"{title}_cpu_percent"] = worker.cpu_percent
    return cells
