"""The log's pipeline beside stock loguru (``serialize=True, enqueue=True``), in one run.

Run: ``python -m tests.performance.bench_logs [rounds]``. A *plain* record is a message with a category;
a *run* record carries the ids and figures that the end of a run carries. Each arm logs in a process of
its own; rounds alternate; medians. Exits 1 where a ratio passes its limit.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile

RECORDS = 20_000
_ROUNDS = 5
_RUN_COSTS_AT_MOST = 1.3
"""CPU of a run record, as a multiple of a plain one."""
_CALL_AT_MOST = 0.25
"""The caller's time (p50), as a part of stock loguru's."""
_RATE_AT_LEAST = 1.0
"""Run records a second, as a multiple of stock loguru's."""

_ARM = """
import json, sys, time
from pathlib import Path
from loguru import logger

arm, kind, folder, records = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
plain = {"category": "runs"}
run = {
    "category": "runs", "run_id": "0123456789ab", "model": "starter", "version": "1.0.0",
    "task": "text-generation", "environment": "development", "tokens": 128, "prompt_tokens": 7,
    "tokens_per_second": 33.5, "time_to_first_token_s": 0.25, "peak_memory_bytes": 123456789,
    "load_s": 1.5, "finish_reason": "length",
}
if arm == "ours":
    from heygen_desktop.infrastructure.logging.pipeline import LogPipeline
    pipeline = LogPipeline(folder, logger=logger, session_id="ba9876543210", max_bytes=10**9)
    pipeline.start()
    finish = pipeline.close
else:
    logger.remove()
    logger.add(folder / "stock.jsonl", serialize=True, enqueue=True)
    def finish():
        logger.complete()
        logger.remove()
told = logger.bind(**(plain if kind == "plain" else run))
for _ in range(100):
    told.info("Run succeeded")
calls = []
began, cpu = time.perf_counter(), time.process_time()
for _ in range(records):
    at = time.perf_counter()
    told.info("Run succeeded")
    calls.append(time.perf_counter() - at)
finish()
took, cpu = time.perf_counter() - began, time.process_time() - cpu
calls.sort()
print(json.dumps({
    "rate": records / took, "cpu_us": cpu / records * 1e6,
    "p50_us": calls[len(calls) // 2] * 1e6, "p99_us": calls[len(calls) * 99 // 100] * 1e6,
}))
"""
_FIGURES = {"rate": "records/s", "cpu_us": "us CPU", "p50_us": "us p50", "p99_us": "us p99"}
_ARMS = [(arm, kind) for kind in ("plain", "run") for arm in ("ours", "stock")]


def measured(arm: str, kind: str) -> dict[str, float]:
    """Log in a fresh process and return rate, CPU a record and the call's p50 and p99."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _ARM, arm, kind, folder, str(RECORDS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(rounds: int = _ROUNDS) -> int:
    """Print the medians and the ratios; return 1 where one passes its limit."""
    taken: dict[tuple[str, str], list[dict[str, float]]] = {each: [] for each in _ARMS}
    for number in range(rounds):
        for each in _ARMS if number % 2 == 0 else _ARMS[::-1]:
            taken[each].append(measured(*each))
    medians = {
        each: {name: statistics.median(one[name] for one in found) for name in _FIGURES}
        for each, found in taken.items()
    }
    for (arm, kind), figures in medians.items():
        told = "  ".join(f"{figures[name]:9,.1f} {unit}" for name, unit in _FIGURES.items())
        print(f"  {kind:5} {arm:5}  {told}")
    return _judged(medians)


def _judged(medians: dict[tuple[str, str], dict[str, float]]) -> int:
    plain, run = medians["ours", "plain"], medians["ours", "run"]
    stock_plain, stock_run = medians["stock", "plain"], medians["stock", "run"]
    cost = run["cpu_us"] / plain["cpu_us"]
    call = plain["p50_us"] / stock_plain["p50_us"]
    rates = plain["rate"] / stock_plain["rate"], run["rate"] / stock_run["rate"]
    print(f"  a run record costs {cost:.2f} of a plain one (limit {_RUN_COSTS_AT_MOST})")
    print(f"  a call takes {call:.2f} of stock loguru's (limit {_CALL_AT_MOST})")
    print(f"  records a second, against stock: plain {rates[0]:.1f}, run {rates[1]:.1f}", end=" ")
    print(f"(limit {_RATE_AT_LEAST})")
    held = cost <= _RUN_COSTS_AT_MOST and call <= _CALL_AT_MOST and min(rates) >= _RATE_AT_LEAST
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
