#!/usr/bin/env bash
# Opens the window; where there is no display, or Qt's libraries may not be installed, does the main job in the terminal.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname)" = Linux ]; then
    echo "There is no display here, so the same job runs in this terminal (heygen quickstart)." >&2
    exec .venv/bin/heygen quickstart "$@"
fi
if ! bash "$here/system_packages.sh" window; then
    echo "Without these libraries no window can open, so the same job runs in this terminal (heygen quickstart)." >&2
    exec .venv/bin/heygen quickstart "$@"
fi
exec .venv/bin/heygen-desktop "$@"
