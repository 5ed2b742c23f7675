#!/bin/sh
# test_tools.sh VENV: installs what the tests need beside Python: Xvfb, D-Bus, Node, the servers of tests/tools.
set -eu
cd "$(dirname "$0")/../.."
venv=$1

packages=
need() { # COMMAND PACKAGE...
    command -v "$1" >/dev/null || { shift && packages="$packages $*"; }
}
need Xvfb xvfb
need xvfb-run xvfb xauth
need xauth xauth
need dbus-run-session dbus
need gnome-keyring-daemon gnome-keyring
need node nodejs
need npm npm
need chromium chromium
# shellcheck disable=SC2086 # a list of names
sh packaging/setup/apt.sh "the tests" $packages
# shellcheck disable=SC2046
sh packaging/setup/apt.sh "the window" $("$venv/bin/fluxdesk" doctor --missing-packages)

if ! command -v npm >/dev/null; then
    echo "Without npm the servers of tests/tools are not installed: the tests that need them are skipped (CI: fail)." >&2
    [ "${CI:-}" != true ]
    exit
fi
for folder in tests/tools extension tests/e2e/clients; do
    stamp=$folder/node_modules/.installed-$(sha256sum $folder/package-lock.json | cut -c1-16)
    if [ ! -e "$stamp" ]; then
        (cd $folder && npm ci --no-progress --loglevel=error)
        touch "$stamp"
    fi
done
sh packaging/setup/contracts.sh --install-only
"$venv/bin/python" packaging/proofs/environments.py curves # the peers of the pools, apart from what they test
sh packaging/setup/test_dapps.sh
