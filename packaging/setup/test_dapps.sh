#!/bin/sh
# test_dapps.sh: fetches MetaMask's test dApps as npm has them, checks them against tests/e2e/dapps.sha512, and unpacks
# them below tests/e2e/dapps. `npm install` of them fails (a package they name is not in the registry), so they are
# packed and unpacked; they are prebuilt and need nothing else.
set -eu
cd "$(dirname "$0")/../../tests/e2e"
mkdir -p dapps
cd dapps
while read -r sum file; do
    [ -e ".$file.unpacked" ] && continue
    name=${file%.tgz}
    version=${name##*-}
    package=@metamask/${name#metamask-}
    npm pack --silent "${package%-"$version"}@$version" >/dev/null
    echo "$sum  $file" | sha512sum --check --quiet
    rm -rf "$name"
    mkdir "$name"
    tar xzf "$file" -C "$name" --strip-components=1
    rm "$file"
    touch ".$file.unpacked"
done <../dapps.sha512
