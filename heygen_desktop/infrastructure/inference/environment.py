"""How a worker is started, and what of the process environment it gets: what it needs by name.

No secret of the user's shell (tokens, keys, proxies with passwords, the session bus that leads to
the keyring) reaches the process in which foreign weights and their libraries live.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import heygen_desktop

_NAMES = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "PYTHONPATH",
        "LD_LIBRARY_PATH",
        "CUDA_VISIBLE_DEVICES",
        "HIP_VISIBLE_DEVICES",
        "ROCR_VISIBLE_DEVICES",
        # Windows starts nothing without these.
        "SYSTEMROOT",
        "WINDIR",
        "TEMP",
        "TMP",
        "USERPROFILE",
        "LOCALAPPDATA",
    }
)
_PREFIXES = ("HSA_",)
_FIXED = {
    # GPUs are counted as the driver counts them, so that cuda:1 is the same card in every chart.
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    # Spinning OpenMP threads cost six times the speed beside one busy process.
    "OMP_WAIT_POLICY": "PASSIVE",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}


def default_command() -> tuple[str, ...]:
    """Return the command of the worker: this Python, without the current folder on its path.

    An installer gives its own executable to the Supervisor instead.
    """
    return (sys.executable, "-P", "-m", "heygen_desktop.infrastructure.inference.worker")


def worker_environment(mine: Mapping[str, str], *, threads: int) -> dict[str, str]:
    """Return the whole environment of a worker.

    Args:
        mine: The environment of this program.
        threads: How many threads the worker computes with, at least 1.
    """
    kept = {
        name: value for name, value in mine.items() if name in _NAMES or name.startswith(_PREFIXES)
    }
    return {**kept, **_FIXED, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": _search_path(mine)}


def _search_path(mine: Mapping[str, str]) -> str:
    """Ours first: the worker is started with -P, so the current folder is not searched."""
    ours = str(Path(heygen_desktop.__file__).parent.parent)
    inherited = mine.get("PYTHONPATH", "")
    return f"{ours}{os.pathsep}{inherited}" if inherited else ours
