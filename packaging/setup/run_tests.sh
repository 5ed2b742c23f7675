#!/bin/sh
# run_tests.sh VENV [PYTEST ARGUMENTS...]: all tests under a virtual display and a session bus of their own, or those named.
# Tests of the contracts in Python come last: they read what forge built meanwhile.
# A test never opens a window on the screen of the person who runs it, and never talks to their session bus.
# The tests that open windows run last and one after the other: they share a screen and its one focus.
set -eu
cd "$(dirname "$0")/../.."
venv=$1
shift
unset DISPLAY WAYLAND_DISPLAY
export PYTHONDONTWRITEBYTECODE=1
session=
command -v dbus-run-session >/dev/null && session="dbus-run-session --"

run() {
    # shellcheck disable=SC2086 # a command and its arguments
    sh packaging/setup/with_display.sh $session "$venv/bin/python" -m pytest "$@"
}

if [ $# -gt 0 ]; then
    run "$@"
    exit
fi
code=0
# The contracts are built and tested beside the tests that do not read what forge makes.
mkdir -p .cache
sh packaging/setup/contracts.sh --install-only
nice sh packaging/setup/contracts.sh >.cache/contracts.log 2>&1 &
contracts=$!
trap 'kill $contracts 2>/dev/null || true' EXIT
run --numprocesses 2 --max-worker-restart 0 --ignore tests/gui --ignore tests/contracts || code=$?
# Beside Qt's loop the end-of-session hook of schemathesis, which no window needs, trips over CPython's parser.
run -p no:schemathesis tests/gui || code=$?
wait $contracts || code=$?
cat .cache/contracts.log
run --numprocesses 2 --max-worker-restart 0 tests/contracts || code=$?
exit "$code"
