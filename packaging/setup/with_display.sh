#!/bin/sh
# with_display.sh COMMAND...: runs it on this display, or on a virtual one of its own where there is none. That one has no
# window manager: Qt then moves the focus itself and at once, where a manager would hand it round in its own time.
set -eu
if [ -n "${DISPLAY:-}" ] || ! command -v xvfb-run >/dev/null; then
    exec "$@"
fi
exec xvfb-run --auto-servernum --server-args="-screen 0 2000x1300x24 -nolisten tcp" "$@"
