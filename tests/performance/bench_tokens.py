"""Tokens per second of the starter model: the raw library, the command line and the window's core, in one run.

Run: ``python -m tests.performance.bench_tokens [rounds]``. Prints medians and the ratio to the raw
library's ``generate``; all use the same threads and niceness (beside any other busy process a nicer one
comes to less, whatever it does), the same prompt and 200 greedy tokens. Each round measures all of them in another order, and is compared with itself. Exits 1 where the program comes to
less than 0.97 of the raw library.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from heygen_desktop.application.settings.schema import InferenceSettings
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.bootstrap import LaunchOptions, build, resources_folder

PROMPT = "It was a truth"
TOKENS = 200
THREADS = max(1, (os.cpu_count() or 2) - 1)
NICENESS = InferenceSettings().niceness
LIMIT = 0.97
_ROUNDS = 9

_RAW = """
import json, os, sys, time
os.nice(int(sys.argv[5]))
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.generation.streamers import BaseStreamer

class Times(BaseStreamer):
    def __init__(self): self.at = []
    def put(self, value): self.at.append(time.perf_counter())
    def end(self): pass

folder, prompt, tokens, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
inputs = tokenizer(prompt, return_tensors="pt")
times = Times()
start = time.perf_counter()
with torch.inference_mode():
    model.generate(
        **inputs, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, streamer=times,
        temperature=None, top_p=None,
    )
first, last = times.at[1], times.at[-1]  # the first put() is the prompt
count = len(times.at) - 1
rate = (count - 1) / (last - first)
print(json.dumps({"time_to_first_token_s": first - start, "tokens_per_second": rate, "tokens": count}))
"""


def raw() -> dict[str, float]:
    """Measure transformers' own generate in a fresh process."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _RAW,
            str(_model()),
            PROMPT,
            str(TOKENS),
            str(THREADS),
            str(NICENESS),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return _figures(json.loads(done.stdout.splitlines()[-1]))


def terminal(home: str) -> dict[str, float]:
    """Measure ``heygen run``: with a worker of its own, or on the one that is kept for that home."""
    options = ["--param", f"max_tokens={TOKENS}", "--param", "temperature=0", "--json"]
    done = heygen("run", "starter", PROMPT, *options, home=home)
    return _figures(json.loads(done)["run"]["figures"])


def heygen(*arguments: str, home: str) -> str:
    """Return what the command says."""
    command = [str(Path(sys.executable).parent / "heygen"), *arguments, "--home", home]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def window(home: str) -> dict[str, float]:
    """Measure the use cases that the window calls, in this process, with their worker."""
    application = build(LaunchOptions(home=Path(home)))
    try:
        params = {"max_tokens": TOKENS, "temperature": 0}
        request = RunRequest("starter", {"prompt": PROMPT}, params=params)
        done = application.start_run(request).wait()
        assert done is not None
    finally:
        application.close()
    return _figures(done.figures.document())


def _figures(measured: Mapping[str, Any]) -> dict[str, float]:
    names = {"ttft": "time_to_first_token_s", "rate": "tokens_per_second", "tokens": "tokens"}
    return {short: float(measured[name]) for short, name in names.items()}


def _model() -> Path:
    return resources_folder() / "starter-model"


@contextmanager
def homes() -> Iterator[tuple[str, str]]:
    """Two homes with the starter model; in the second one it is kept in memory."""
    with tempfile.TemporaryDirectory() as cold, tempfile.TemporaryDirectory() as warm:
        for home in (cold, warm):
            application = build(LaunchOptions(home=Path(home)))
            application.ensure_starter_model()
            application.close()
        heygen("load", "starter", home=warm)
        try:
            yield cold, warm
        finally:
            heygen("unload", "--all", home=warm)


def main(rounds: int = _ROUNDS) -> int:
    """Measure, print, and return the exit code."""
    with homes() as (cold, warm):
        arms: list[tuple[str, Callable[[], dict[str, float]]]] = [
            ("raw library", raw),
            ("terminal", partial(terminal, cold)),
            ("kept model", partial(terminal, warm)),
            ("window", partial(window, cold)),
        ]
        found: dict[str, list[dict[str, float]]] = {who: [] for who, _ in arms}
        for number in range(rounds):
            first = number % len(arms)  # whoever comes first finds another machine than the last
            for who, measured in (*arms[first:], *arms[:first]):
                found[who].append(measured())
    ratios = {who: _ratio(ones, found["raw library"]) for who, ones in found.items()}
    for who, ones in found.items():
        print(_line(who, ones, ratios[who]))
    return 0 if min(ratios.values()) >= LIMIT else 1


def _ratio(ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> float:
    """Return the median of the ratios of each round, since the machine changes between them."""
    return statistics.median(
        one["rate"] / other["rate"] for one, other in zip(ours, theirs, strict=True)
    )


def _line(who: str, ones: list[dict[str, float]], ratio: float) -> str:
    rates = sorted(one["rate"] for one in ones)
    first_ms = statistics.median(one["ttft"] for one in ones) * 1000
    return (
        f"{who:12} {statistics.median(rates):7.1f} tokens/s ({rates[0]:.0f} to {rates[-1]:.0f})"
        f"  {first_ms:6.0f} ms to the first  {ones[0]['tokens']:4.0f} tokens  ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS))
