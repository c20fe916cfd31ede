#!/usr/bin/env bash
# --python-version names no build: the interpreter that runs pip, or that uv is given, decides between regular and free-threaded. Needs PYTHON314T.
#
# Guessed: "--python-version 3.15" asks for the regular build, as nothing says otherwise, whoever asks; and pip and uv agree for versions that had
#   no free-threaded build.
# Seen (pip 26.3, uv 0.13.9, CPython 3.14.7 free-threaded, 2026-12-01): run by 3.14t, pip downloads cp315t wheels for it, and uv for --python 3.14t
#   as well; run by a regular Python, both take cp315. For 3.12, pip on 3.14t takes the cp312 wheel; uv finds none that fits.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
for tag in cp312-cp312 cp315-cp315 cp315-cp315t; do wheel "r-1.0-$tag-$linux.whl"; done
serve
downloads() { # PYTHON VERSION
    rm -rf out
    pip --python "$1" download --quiet --only-binary :all: --no-deps --index-url "$index" --dest out --python-version "$2" r >log 2>&1 || { echo none; return; }
    ls out
}
installs() { # PYTHON VERSION
    rm -rf out
    uv pip install --quiet --no-cache --python "$1" --python-version "$2" --target out --default-index "$index" r >log 2>&1 || { echo none; return; }
    sed "s/^FILE = '\(.*\)'/\1/" out/r.py
}
expect "pip on a regular Python, 3.15" "r-1.0-cp315-cp315-$linux.whl" "$(downloads "$PYTHON" 3.15)"
expect "pip on 3.14t, 3.15" "r-1.0-cp315-cp315t-$linux.whl" "$(downloads "$PYTHON314T" 3.15)"
expect "pip on 3.14t, 3.12" "r-1.0-cp312-cp312-$linux.whl" "$(downloads "$PYTHON314T" 3.12)"
expect "uv for a regular Python, 3.15" "r-1.0-cp315-cp315-$linux.whl" "$(installs "$PYTHON" 3.15)"
expect "uv for 3.14t, 3.15" "r-1.0-cp315-cp315t-$linux.whl" "$(installs "$PYTHON314T" 3.15)"
expect "uv for 3.14t, 3.12" "none" "$(installs "$PYTHON314T" 3.12)"
