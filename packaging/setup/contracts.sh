#!/bin/sh
# contracts.sh [FORGE TEST ARGUMENTS...]: installs the pinned npm packages of contracts/ when their lock changed, then builds
# and tests contracts/evm with the reduced profile (foundry.toml). After the first run it needs no network.
# FOUNDRY_PROFILE=prove runs the long one. The gas contracts measure whole transactions and have a run of their own:
# packaging/gas.py, which tests/contracts/test_gas.py starts.
set -eu
cd "$(dirname "$0")/../.."

for program in node npm; do
    if ! command -v $program >/dev/null; then
        echo "The contracts need $program (Debian: apt-get install nodejs npm)." >&2
        exit 1
    fi
done
stamp=contracts/node_modules/.installed-$(sha256sum contracts/package-lock.json | cut -c1-16)
if [ ! -e "$stamp" ]; then
    echo "Installing the packages of contracts/."
    (cd contracts && npm ci --no-progress --loglevel=error)
    touch "$stamp"
fi
node contracts/evm/tools/peers.js
[ "${1:-}" = --install-only ] && exit 0

cd contracts/evm
forge=$PWD/../node_modules/@foundry-rs/forge-linux-amd64/bin/forge
if [ ! -x "$forge" ]; then
    echo "There is no forge for this machine among the packages of contracts/ (Linux x86-64 only)." >&2
    [ "${CI:-}" != true ]
    exit
fi
"$forge" build --quiet
"$forge" test --no-match-contract 'Gas$' --summary "$@"
