"""One whole reading of the machine: processor, memory, traffic, GPUs and workers.

psutil's own ``cpu_percent`` remembers the last reading per thread, and readings are taken on whichever
thread of a pool is free; so the times are read here and compared with the last ones, whoever took them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import psutil

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.metrics import Sample, WorkerRef, WorkerSample
from heygen_desktop.infrastructure.devices.host import Host
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver


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
    traffic: Mapping[str, int]
    """Bytes of disk and network, under the names that their rates have in a ``Sample``."""


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
            traffic={
                "disk_read_bytes_per_s": disk.read_bytes if disk else 0,
                "disk_write_bytes_per_s": disk.write_bytes if disk else 0,
                "network_received_bytes_per_s": network.bytes_recv if network else 0,
                "network_sent_bytes_per_s": network.bytes_sent if network else 0,
            },
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


class Rates:
    """Differences of named counters between one reading and the next."""

    def __init__(self) -> None:
        self._last: Mapping[str, float] = {}
        self._at_s = 0.0

    def per_second(self, counters: Mapping[str, float], at_s: float) -> dict[str, float]:
        """Return each counter's growth per second since the last call.

        A counter that is new, that went backwards (a device was reset) or was read twice at one
        moment has the rate 0.

        Args:
            counters: Their values now.
            at_s: Monotonic seconds of the reading.
        """
        elapsed = at_s - self._at_s
        rates = {
            name: max(0.0, value - self._last.get(name, value)) / elapsed if elapsed > 0 else 0.0
            for name, value in counters.items()
        }
        self._last, self._at_s = dict(counters), at_s
        return rates


class MachineSampler:
    """Fulfils ``Metrics``. Safe from any thread: one reading at a time."""

    def __init__(self, clock: Clock, machine: Machine, gpus: NvidiaDriver) -> None:
        self._clock = clock
        self._machine = machine
        self._gpus = gpus
        self._cpu = CpuUse()
        self._traffic = Rates()
        self._workers = WorkerUse(machine)
        self._lock = threading.Lock()

    def sample(self, workers: Sequence[WorkerRef]) -> Sample:
        with self._lock:
            return self._sample(workers)

    def gpu_problem(self) -> str:
        return self._gpus.problem()

    def _sample(self, workers: Sequence[WorkerRef]) -> Sample:
        counters = self._machine.read()
        at_s = self._clock.monotonic()
        cpu, cores = self._cpu.percent(counters.cores)
        gpus = self._gpus.samples()
        held = self._gpus.memory_by_pid() if gpus and workers else {}
        return Sample(
            at=self._clock.now(),
            cpu_percent=cpu,
            cpu_per_core_percent=cores,
            memory_used_bytes=counters.memory_total_bytes - counters.memory_available_bytes,
            memory_total_bytes=counters.memory_total_bytes,
            swap_used_bytes=counters.swap_used_bytes,
            **self._traffic.per_second(counters.traffic, at_s),
            gpus=gpus,
            workers=self._workers.read(workers, held, at_s),
        )
