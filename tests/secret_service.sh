#!/bin/bash
# Runs a command in a session bus of its own with a fresh, unlocked gnome-keyring, and removes both after.
#   bash tests/secret_service.sh .venv/bin/python -m pytest -m keyring
# Needs the Debian packages gnome-keyring, dbus-daemon and dbus-bin. The user's own keyring is not touched.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    for tool in dbus-run-session gnome-keyring-daemon; do
        command -v "$tool" > /dev/null || { echo "error: $tool is missing" >&2; exit 69; }
    done
    HEYGEN_TEST_KEYRING_HOME=$(mktemp -d)
    export HEYGEN_TEST_KEYRING_HOME
    trap 'rm -rf "$HEYGEN_TEST_KEYRING_HOME"' EXIT
    # No display: a question to the user fails at once instead of waiting for an answer.
    env -u DISPLAY -u WAYLAND_DISPLAY dbus-run-session -- bash "$0" --inside "$@"
    exit
fi
shift

export XDG_RUNTIME_DIR=$HEYGEN_TEST_KEYRING_HOME/run XDG_DATA_HOME=$HEYGEN_TEST_KEYRING_HOME/data
mkdir -m 700 "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME"
export HEYGEN_TEST_KEYRING_PASSWORD=for-tests-only
# In the foreground, so that its pid is known and it can be stopped; it says nothing until it is asked.
printf '%s' "$HEYGEN_TEST_KEYRING_PASSWORD" |
    gnome-keyring-daemon --foreground --unlock --components=secrets > /dev/null 2> "$HEYGEN_TEST_KEYRING_HOME/log" &
daemon=$!
trap 'kill "$daemon" 2> /dev/null || true; wait "$daemon" 2> /dev/null || true' EXIT
for _ in $(seq 200); do
    owned=$(dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets)
    case "$owned" in *true*) break ;; esac
    sleep 0.05
done
case "$owned" in
    *true*) ;;
    *) echo "error: gnome-keyring did not start:" >&2; cat "$HEYGEN_TEST_KEYRING_HOME/log" >&2; exit 69 ;;
esac
"$@"
