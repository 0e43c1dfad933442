"""Tokens per second of the starter model: the raw library, the command line and the window's core, in one run.

Run: ``python -m tests.performance.bench_tokens [rounds]``. Prints medians and the ratio to the raw
library's ``generate``; all three use the same threads, the same prompt and 200 greedy tokens. Rounds
alternate. Exits 1 where the program is slower than the raw library.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.bootstrap import LaunchOptions, build, resources_folder

PROMPT = "It was a truth"
TOKENS = 200
THREADS = max(1, (os.cpu_count() or 2) - 1)
LIMIT = 1.0
_ROUNDS = 5

_RAW = """
import json, sys, time
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
print(json.dumps({"ttft": first - start, "rate": (count - 1) / (last - first), "tokens": count}))
"""


def raw() -> dict[str, float]:
    """Measure transformers' own generate in a fresh process."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        [sys.executable, "-c", _RAW, str(_model()), PROMPT, str(TOKENS), str(THREADS)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return _figures(json.loads(done.stdout.splitlines()[-1]))


def terminal(home: str) -> dict[str, float]:
    """Measure ``heygen run`` with its own worker."""
    command = [str(Path(sys.executable).parent / "heygen"), "run", "starter", PROMPT, "--json"]
    options = ["--param", f"max_tokens={TOKENS}", "--param", "temperature=0", "--home", home]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    return _of_run(json.loads(done.stdout)["run"]["figures"])


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
    figures = done.figures
    return {
        "ttft": figures.time_to_first_token_s or 0.0,
        "rate": figures.tokens_per_second or 0.0,
        "tokens": figures.tokens,
    }


def _of_run(figures: dict[str, float]) -> dict[str, float]:
    return {
        "ttft": figures["time_to_first_token_s"],
        "rate": figures["tokens_per_second"],
        "tokens": figures["tokens"],
    }


def _figures(measured: dict[str, float]) -> dict[str, float]:
    return {name: float(measured[name]) for name in ("ttft", "rate", "tokens")}


def _model() -> Path:
    return resources_folder() / "starter-model"


def main(rounds: int = _ROUNDS) -> int:
    """Measure, print, and return the exit code."""
    found: dict[str, list[dict[str, float]]] = {"raw library": [], "terminal": [], "window": []}
    with tempfile.TemporaryDirectory() as home:
        application = build(LaunchOptions(home=Path(home)))
        application.ensure_starter_model()
        application.close()
        for _ in range(rounds):
            found["raw library"].append(raw())
            found["terminal"].append(terminal(home))
            found["window"].append(window(home))
    rates = {who: statistics.median(one["rate"] for one in ones) for who, ones in found.items()}
    for who, ones in found.items():
        ttft = statistics.median(one["ttft"] for one in ones)
        tokens = int(statistics.median(one["tokens"] for one in ones))
        ratio = rates[who] / rates["raw library"]
        print(
            f"{who:12} {rates[who]:7.1f} tokens/s  {ttft * 1000:6.0f} ms to the first  {tokens:4} tokens  ratio {ratio:.2f}"
        )
    return 0 if min(rates.values()) >= LIMIT * rates["raw library"] else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS))
