#!/bin/sh
# run_tests.sh VENV [PYTEST ARGUMENTS...]: all tests under a virtual display and a session bus of their own.
# A test never opens a window on the screen of the person who runs it, and never talks to their session bus.
set -eu
cd "$(dirname "$0")/../.."
venv=$1
shift
unset DISPLAY WAYLAND_DISPLAY
export PYTHONDONTWRITEBYTECODE=1
session=
command -v dbus-run-session >/dev/null && session="dbus-run-session --"
# shellcheck disable=SC2086 # a command and its arguments
exec sh packaging/setup/with_display.sh $session "$venv/bin/python" -m pytest --numprocesses 2 --dist loadgroup "$@"
