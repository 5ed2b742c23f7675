#!/bin/sh
# Paints the pictures of README and user guide from the real window with its fixed sample data, into docs/images.
set -eu
cd "$(dirname "$0")/../.."
python=$1/bin/python
mkdir -p docs/images
paint() { # SCREEN THEME [STATE]
    "$python" -m fluxdesk screenshot "$1" --theme "$2" --state "${3:-data}" --out "docs/images/$1${3:+-$3}-$2.png"
    echo "docs/images/$1${3:+-$3}-$2.png"
}
for screen in first_run launches token sources settings palette; do
    paint "$screen" dark
done
for screen in launches token; do
    paint "$screen" light
done
paint launches dark empty
paint launches dark failing
