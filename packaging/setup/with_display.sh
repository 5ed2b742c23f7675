#!/bin/sh
# with_display.sh COMMAND...: runs it on this display, or on a virtual one of its own where there is none.
set -eu
if [ -n "${DISPLAY:-}" ] || ! command -v xvfb-run >/dev/null; then
    exec "$@"
fi
exec xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24 -nolisten tcp" "$@"
