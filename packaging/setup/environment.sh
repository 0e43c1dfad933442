#!/usr/bin/env bash
# Makes .venv and installs the program into it; does nothing when it is up to date.
# usage: environment.sh run|dev
# HEYGEN_TORCH=cuda takes the CUDA build of torch (gigabytes); without it a CUDA build is never installed.
set -euo pipefail

flavour=${1:?run or dev}
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

stamp=.venv/.installed-$flavour
state=$(cat pyproject.toml constraints.txt "$0" | sha256sum | cut -d' ' -f1)-${HEYGEN_TORCH:-cpu}
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ] && exit 0

PYTHON=$python bash "$here/system_packages.sh" base
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "error: HeyGen Desktop needs Python 3.11 or later; '$python' is $("$python" --version 2>&1 || echo 'not there')." >&2
    echo "  remedy: install python3.11, or name one: make run PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    echo "Making the Python environment in .venv ..." >&2
    "$python" -m venv .venv
fi

# pip tells, before it downloads anything, whether the torch it would take is a CUDA build.
takes_cuda() {
    .venv/bin/python -m pip install --quiet --dry-run --ignore-installed --no-deps --report - \
        -c constraints.txt torch "$@" 2>/dev/null |
        .venv/bin/python -c '
import json, sys
needs = json.load(sys.stdin)["install"][0]["metadata"].get("requires_dist", [])
sys.exit(not any(need.startswith(("nvidia-", "cuda-")) for need in needs))'
}

if [ "${HEYGEN_TORCH:-cpu}" != cuda ] && ! .venv/bin/python -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null; then
    from=()
    if takes_cuda; then
        echo "The torch of your package index is a CUDA build (gigabytes); taking the CPU build from pytorch.org instead." >&2
        from=(--index-url https://download.pytorch.org/whl/cpu)
        if takes_cuda "${from[@]}"; then
            echo "error: no CPU build of torch was found." >&2
            echo "  remedy: install one into .venv yourself, or accept the CUDA build: make run HEYGEN_TORCH=cuda" >&2
            exit 1
        fi
    fi
    echo "Installing torch (about 200 MB) ..." >&2
    .venv/bin/python -m pip install --quiet -c constraints.txt torch "${from[@]}"
fi

extra=""
[ "$flavour" = dev ] && extra="[dev]"
echo "Installing HeyGen Desktop and its libraries ..." >&2
.venv/bin/python -m pip install --quiet -c constraints.txt -e ".$extra"
echo "$state" >"$stamp"
