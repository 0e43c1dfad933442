#!/usr/bin/env bash
# Runs every test: the main suite in parallel, then those on a real display, then those on a real keyring.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
python=.venv/bin/python
pytest="$python -m pytest -p no:cacheprovider --cov --cov-report= --cov-append"

floor=95
without=()
if ! bash "$here/system_packages.sh" test; then
    if ! $python -c 'import PySide6.QtWidgets' 2>/dev/null; then
        echo "Without them Qt does not start: the tests of the window are left out, and the coverage is not judged." >&2
        without=(--ignore=tests/desktop --ignore=tests/integration/desktop)
        floor=0
    fi
fi
rm -f .coverage .coverage.*

$python -m pytest -p no:cacheprovider --cov --cov-report= -n auto --dist worksteal \
    -m "not xcb and not keyring and not gpu" "${without[@]}" "$@"

if [ "$floor" -eq 0 ]; then
    echo "No Qt: the tests on a real display were not run." >&2
elif command -v xvfb-run >/dev/null; then
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
$python -m coverage report --fail-under=$floor | tail -40
