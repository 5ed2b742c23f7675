#!/bin/sh
# apt.sh WHY PACKAGE...: installs system packages where it may (root, or sudo without a password), else prints the list
# of what is missing. Exit code 1 if something is missing in the end and CI=true, else 0.
set -eu
why=$1
shift
[ $# -gt 0 ] || exit 0

missing=$*
if command -v apt-get >/dev/null; then
    as_root=
    if [ "$(id -u)" = 0 ]; then
        as_root=env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n env"
    fi
    if [ -n "$as_root" ]; then
        echo "Installing for $why: $*"
        install="$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
        log=$(mktemp)
        if $install "$@" >"$log" 2>&1 || { $as_root apt-get update -qq && $install "$@"; } >"$log" 2>&1; then
            missing=
        else # one name that this release does not know must not keep the others away
            missing=
            for package in "$@"; do
                $install "$package" >"$log" 2>&1 || missing="$missing $package"
            done
            [ -z "$missing" ] || tail -n 3 "$log" >&2
        fi
        rm -f "$log"
    fi
fi
[ -n "$missing" ] || exit 0
echo "Missing for $why, and apt-get could not install it (not root, no apt-get, or no such package):" >&2
for package in $missing; do
    echo "    $package" >&2
done
[ "${CI:-}" != true ]
