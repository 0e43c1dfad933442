"""CPU, memory, disk, network and worker processes, as psutil reads them.

psutil's own ``cpu_percent`` remembers the last reading per thread, and readings are taken on whichever
thread of a pool is free; so the times are read here and compared with the last ones, whoever took them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import psutil

from heygen_desktop.application.ports.metrics import WorkerRef, WorkerSample
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.monitoring.rates import Rates


@dataclass(frozen=True)
class CpuTimes:
    """Seconds that one core has spent since the machine started."""

    busy_s: float
    total_s: float


@dataclass(frozen=True)
class Counters:
    """What the machine has counted since it started, and its memory now."""

    cores: tuple[CpuTimes, ...]
    memory_total_bytes: int
    memory_available_bytes: int
    swap_used_bytes: int
    disk_read_bytes: int
    disk_write_bytes: int
    network_received_bytes: int
    network_sent_bytes: int


@dataclass(frozen=True)
class ProcessCounters:
    """What one process has spent."""

    cpu_s: float
    memory_bytes: int


class Machine(Protocol):
    """The operating system's counters."""

    def read(self) -> Counters:
        """Return the counters now."""

    def process(self, pid: int) -> ProcessCounters | None:
        """Return what the process has spent, or None where it is gone or not ours to see."""


class PsutilMachine:
    """Fulfils ``Machine``. For one thread at a time."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._processes: dict[int, psutil.Process] = {}

    def read(self) -> Counters:
        memory = self._host.memory()
        # Both are None on a machine (a container) that counts neither.
        disk = psutil.disk_io_counters()
        network = psutil.net_io_counters()
        return Counters(
            cores=tuple(_core(times) for times in psutil.cpu_times(percpu=True)),
            memory_total_bytes=memory.total_bytes,
            memory_available_bytes=memory.available_bytes,
            swap_used_bytes=psutil.swap_memory().used,
            disk_read_bytes=disk.read_bytes if disk else 0,
            disk_write_bytes=disk.write_bytes if disk else 0,
            network_received_bytes=network.bytes_recv if network else 0,
            network_sent_bytes=network.bytes_sent if network else 0,
        )

    def process(self, pid: int) -> ProcessCounters | None:
        try:
            process = self._processes.get(pid) or psutil.Process(pid)
            self._processes[pid] = process
            return _spent(process)
        except psutil.Error:
            self._processes.pop(pid, None)
            return None


def _core(times: object) -> CpuTimes:
    """Return busy and total; guest time is counted in user time already, so it is left out."""
    fields = {
        name: float(getattr(times, name))
        for name in ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
        if hasattr(times, name)
    }
    total = sum(fields.values())
    return CpuTimes(total - fields["idle"] - fields.get("iowait", 0.0), total)


def _spent(process: psutil.Process) -> ProcessCounters | None:
    if not process.is_running():  # the pid belongs to another process now
        raise psutil.NoSuchProcess(process.pid)
    with process.oneshot():
        if process.status() == psutil.STATUS_ZOMBIE:
            raise psutil.NoSuchProcess(process.pid)
        times = process.cpu_times()
        return ProcessCounters(times.user + times.system, process.memory_info().rss)


class CpuUse:
    """Busy shares of the cores between one reading and the next."""

    def __init__(self) -> None:
        self._last: tuple[CpuTimes, ...] = ()

    def percent(self, cores: tuple[CpuTimes, ...]) -> tuple[float, tuple[float, ...]]:
        """Return (of the machine, of each core), 0 to 100 since the last call; 0 in the first."""
        last = self._last if len(self._last) == len(cores) else cores
        self._last = cores
        spans = [
            (now.busy_s - was.busy_s, now.total_s - was.total_s)
            for now, was in zip(cores, last, strict=True)
        ]
        machine = _share(sum(busy for busy, _ in spans), sum(total for _, total in spans))
        return machine, tuple(_share(busy, total) for busy, total in spans)


def _share(busy_s: float, total_s: float) -> float:
    return min(100.0, max(0.0, 100.0 * busy_s / total_s)) if total_s > 0 else 0.0


class WorkerUse:
    """CPU and memory of the worker processes that live."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._rates = Rates()

    def read(
        self, workers: Sequence[WorkerRef], gpu_memory_bytes: dict[int, int], at_s: float
    ) -> tuple[WorkerSample, ...]:
        """Return a reading of each worker that is not gone, in the order asked for."""
        spent = {ref: self._machine.process(ref.pid) for ref in workers}
        alive = {ref: counters for ref, counters in spent.items() if counters is not None}
        rates = self._rates.per_second(
            {str(ref.pid): each.cpu_s for ref, each in alive.items()}, at_s
        )
        return tuple(
            WorkerSample(
                pid=ref.pid,
                model=ref.model,
                cpu_percent=100.0 * rates[str(ref.pid)],
                memory_bytes=counters.memory_bytes,
                gpu_memory_bytes=gpu_memory_bytes.get(ref.pid),
            )
            for ref, counters in alive.items()
        )
