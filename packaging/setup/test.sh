#!/usr/bin/env bash
# Runs every test: the main suite in parallel, then those on a real display, then those on a real keyring.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
python=.venv/bin/python
pytest="$python -m pytest -p no:cacheprovider --cov --cov-report= --cov-append"

bash "$here/system_packages.sh" test || echo "Tests that need these packages are skipped." >&2
rm -f .coverage .coverage.*

# The import machinery of eight heavy libraries fills the first seconds: workers share it badly beyond the cores.
$python -m pytest -p no:cacheprovider --cov --cov-report= -n auto --dist worksteal -m "not xcb and not keyring and not gpu" "$@"

if command -v xvfb-run >/dev/null; then
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1600x1000x24" $pytest -m xcb --timeout 300 tests/desktop
else
    echo "No xvfb-run: the tests on a real display were not run." >&2
fi
if command -v gnome-keyring-daemon >/dev/null && command -v dbus-run-session >/dev/null; then
    bash tests/secret_service.sh $pytest -m keyring tests
else
    echo "No gnome-keyring: the tests on a real keyring were not run." >&2
fi
$python -m coverage combine --append --quiet 2>/dev/null || true
$python -m coverage report --fail-under=95 | tail -40
