"""One whole reading of the machine: processor, memory, traffic, GPUs and workers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from heygen_desktop.application.ports.clock import Clock
from heygen_desktop.application.ports.metrics import Sample, WorkerRef
from heygen_desktop.infrastructure.devices.nvidia import NvidiaDriver
from heygen_desktop.infrastructure.monitoring.psutil_source import CpuUse, Machine, WorkerUse
from heygen_desktop.infrastructure.monitoring.rates import Rates


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
        rates = self._traffic.per_second(
            {
                "read": counters.disk_read_bytes,
                "write": counters.disk_write_bytes,
                "received": counters.network_received_bytes,
                "sent": counters.network_sent_bytes,
            },
            at_s,
        )
        gpus = self._gpus.samples()
        held = self._gpus.memory_by_pid() if gpus and workers else {}
        return Sample(
            at=self._clock.now(),
            cpu_percent=cpu,
            cpu_per_core_percent=cores,
            memory_used_bytes=counters.memory_total_bytes - counters.memory_available_bytes,
            memory_total_bytes=counters.memory_total_bytes,
            swap_used_bytes=counters.swap_used_bytes,
            disk_read_bytes_per_s=rates["read"],
            disk_write_bytes_per_s=rates["write"],
            network_received_bytes_per_s=rates["received"],
            network_sent_bytes_per_s=rates["sent"],
            gpus=gpus,
            workers=self._workers.read(workers, held, at_s),
        )
