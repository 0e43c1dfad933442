#!/usr/bin/env bash
# Installs the Debian packages that one purpose needs and says why.
# usage: system_packages.sh base|window|test
# Exit 0: all are there. Exit 3: some are missing and may not be installed by this user (said, with the command).
set -euo pipefail

purpose=${1:?base, window or test}

base=(python3 python3-venv)
base_why="Python, and its venv module to keep our libraries apart from the system's"
window=(libgl1 libegl1 libglib2.0-0 libdbus-1-3 libxkbcommon0 libfontconfig1
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
    libwayland-client0 libwayland-cursor0 libwayland-egl1 fonts-inter)
window_why="libraries that Qt opens its window with, and the Inter typeface"
test=(xvfb xauth gnome-keyring dbus-daemon dbus-bin)
test_why="a virtual display and a real keyring, so that the tests drive the real ones"

case $purpose in
base) wanted=("${base[@]}") why=$base_why ;;
window) wanted=("${window[@]}") why=$window_why ;;
test) wanted=("${window[@]}" "${test[@]}") why="$window_why; $test_why" ;;
*) echo "error: unknown purpose $purpose" >&2 && exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system; make sure that it has: $why." >&2
    exit 0
fi

# Ubuntu 24.04 renamed some libraries for 64-bit time; the new package provides the old name.
is_there() {
    local found
    found=$(dpkg-query -W -f='${Status}\n' "$1" "$1"t64 2>/dev/null || true)
    [[ $found == *"install ok installed"* ]]
}

# A Python that is not Debian's brings venv itself.
if [ "$purpose" = base ] && "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; then
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    is_there "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "HeyGen Desktop needs ${#missing[@]} system package(s): ${missing[*]}" >&2
echo "  why: $why" >&2
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=(sudo)
    else
        echo "  You may not install packages here. Ask an administrator to run:" >&2
        echo "    apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 3
    fi
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
