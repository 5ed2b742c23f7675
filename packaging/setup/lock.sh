#!/bin/sh
# Writes requirements/*.lock from pyproject.toml: every version with its hashes, no addresses. Run by `make lock`.
set -eu
cd "$(dirname "$0")/../.."

UV_VERSION=0.13.8
tool=.cache/lock
if [ ! -x "$tool/bin/uv" ]; then
    "${PYTHON:-python3}" -m venv "$tool"
    "$tool/bin/python" -m pip install --quiet "uv==$UV_VERSION"
fi

lock() { # OUTPUT ARGUMENTS...: versions stay as they are unless pyproject.toml rules them out; `make lock UPGRADE=1` renews
    output=$1
    shift
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-header --no-annotate ${UPGRADE:+--upgrade} --output-file "$output" "$@"
}

mkdir -p requirements
lock requirements/run.lock pyproject.toml
lock requirements/test.lock --extra test --extra dev --constraint requirements/run.lock pyproject.toml
sed -n 's/^requires = \[\(.*\)\]$/\1/p' pyproject.toml | tr ',' '\n' | tr -d ' "' > .cache/build.in
lock requirements/build.lock --constraint requirements/test.lock .cache/build.in

# Tools that pin other versions of shared packages than Fluxdesk: an environment each, made by `make prove` and the tests of peers.
apart() { # NAME REQUIREMENT...
    name=$1
    shift
    printf '%s\n' "$@" > ".cache/$name.in"
    lock "requirements/$name.lock" ".cache/$name.in"
}
apart slither slither-analyzer==0.11.6
apart halmos halmos==0.3.3
apart curves curvesim==0.5.0 balancer-maths==0.1.2
