#!/bin/sh
# with_display.sh COMMAND...: runs it on this display; where there is none, on a virtual one with a window manager, without
# which no window would ever be the active one.
set -eu
if [ -n "${DISPLAY:-}" ] || ! command -v xvfb-run >/dev/null; then
    exec "$@"
fi
# shellcheck disable=SC2016 # expanded by the inner shell
exec xvfb-run --auto-servernum --server-args="-screen 0 2000x1300x24 -nolisten tcp" sh -c '
    manager=
    if command -v openbox >/dev/null; then
        openbox >/dev/null 2>&1 &
        manager=$!
    fi
    "$@"
    code=$?
    [ -z "$manager" ] || kill "$manager" 2>/dev/null
    exit "$code"
' with_display "$@"
