#!/bin/sh
# Makes the virtual environment $1 with the newest Python >= 3.11 found (or $PYTHON). Run by the Makefile.
set -eu
venv=$1
wanted='import sys; sys.version_info >= (3, 11) or sys.exit(1)'

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c "$wanted; import pip" 2>/dev/null; then
    exit 0
fi
rm -rf "$venv"

found=
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$python" >/dev/null && "$python" -c "$wanted" 2>/dev/null; then
        found=$python
        break
    fi
done
if [ -z "$found" ]; then
    echo "Fluxdesk needs Python 3.11 or newer, and there is none here (looked for ${PYTHON:-python3, python3.11 to python3.14})." >&2
    echo "Install one (Debian 12, Ubuntu 24.04 and newer: apt-get install python3 python3-venv) or set PYTHON." >&2
    exit 1
fi
if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "This Python has no venv module." >&2
    CI=${CI:-} sh "$(dirname "$0")/apt.sh" "the virtual environment" "python$version-venv" || true
    if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Run: apt-get install python$version-venv   and then make again." >&2
        exit 1
    fi
fi
echo "Making $venv with $("$found" --version)."
"$found" -m venv "$venv"
