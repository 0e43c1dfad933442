"""The log's pipeline beside stock loguru (``serialize=True, enqueue=True``), in one run.

Run: ``python -m tests.performance.bench_logs [rounds]``. A *plain* record is a message with a category;
a *run* record carries the ids and figures that the end of a run carries. What is then read is all of the
log as ``heygen logs --json`` prints it, beside ``json`` parsing and writing the same lines. Each arm has a
process of its own; rounds alternate; medians. Exits 1 where a ratio passes its limit.
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

_READING_AT_MOST = 2.0
"""Time to print all records as JSON, as a multiple of parsing and writing their lines alone."""
_READ = 100_000

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
_READING = """
import json, os, sys, time
from pathlib import Path

arm, folder, records = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
line = (
    b'{"time":"2026-01-01T00:00:00.000000+00:00","level":"INFO","category":"runs","message":'
    b'"Run succeeded","logger":"heygen_desktop","run_id":"%012x","extra":{"tokens":128,"load_s":1.5}}'
)
path = folder / "heygen.jsonl"
path.write_bytes(b"".join(line % number + b"\\n" for number in range(records)))
out = sys.stdout
sys.stdout = open(os.devnull, "w")
if arm == "ours":
    from heygen_desktop.application.documents import log_document
    from heygen_desktop.application.ports.logs import LogQuery
    from heygen_desktop.infrastructure.logging.reader import LogFolder
    from heygen_desktop.presentation.cli.output import Output
    def read():
        found = LogFolder(folder, flush=lambda: None).stream(LogQuery(limit=10**6))
        return Output(as_json=True).listing(found, log_document, str)
else:
    def read():
        return sum(print(json.dumps(json.loads(each))) is None for each in path.open("rb"))
began = time.perf_counter()
assert read() == records
print(json.dumps({"s": time.perf_counter() - began}), file=out)
"""
_FIGURES = {"rate": "records/s", "cpu_us": "us CPU", "p50_us": "us p50", "p99_us": "us p99"}
_ARMS = [(arm, kind) for kind in ("plain", "run") for arm in ("ours", "stock")]


def measured(program: str, *arguments: str) -> dict[str, float]:
    """Run an arm in a fresh process with a folder of its own and return its figures."""
    *arm, records = arguments
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", program, *arm, folder, records]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(rounds: int = _ROUNDS) -> int:
    """Print the medians and the ratios; return 1 where one passes its limit."""
    taken: dict[tuple[str, str], list[dict[str, float]]] = {each: [] for each in _ARMS}
    seconds: dict[str, list[float]] = {"ours": [], "raw": []}
    for number in range(rounds):
        for each in _ARMS if number % 2 == 0 else _ARMS[::-1]:
            taken[each].append(measured(_ARM, *each, str(RECORDS)))
        for arm in seconds if number % 2 == 0 else reversed(seconds):
            seconds[arm].append(measured(_READING, arm, str(_READ))["s"])
    medians = {
        each: {name: statistics.median(one[name] for one in found) for name in _FIGURES}
        for each, found in taken.items()
    }
    for (arm, kind), figures in medians.items():
        told = "  ".join(f"{figures[name]:9,.1f} {unit}" for name, unit in _FIGURES.items())
        print(f"  {kind:5} {arm:5}  {told}")
    reading = statistics.median(seconds["ours"]) / statistics.median(seconds["raw"])
    print(f"  to read {_READ:,} records takes {reading:.2f} of json (limit {_READING_AT_MOST})")
    return max(_judged(medians), int(reading > _READING_AT_MOST))


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
