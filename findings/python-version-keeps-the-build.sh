#!/usr/bin/env bash
# `--python-version 3.13` means cp313t wheels where pip or uv runs for a free-threaded Python, and cp313 ones elsewhere. Needs PYTHON314T.
#
# Guessed: the version that is asked for says it all, and means the regular build, since it has no "t"; at least it means the same on each machine.
# Seen (pip 26.3, uv 0.13.9 on CPython 3.14.7 free-threaded, 2026-12-01): the "t" is that of the interpreter that runs, in pip from 3.13 on: asked for 3.12,
#   the same pip takes cp312 and abi3 wheels. uv does so too for the interpreter of -p, in `uv pip install` and `uv pip compile`, and calls
#   `--python-version 3.14t` no version.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
"${PYTHON:-python3}" -c 'import sys, sysconfig; sys.exit(bool(sysconfig.get_config_var("Py_GIL_DISABLED")))' || { echo "skipped: PYTHON has to be a regular build" >&2; exit 77; }
source "$(dirname "$0")/support/world.bash"
tools uv==0.13.9
libraries pip==26.3
wheel old-1.0-cp312-cp312-$linux.whl
wheel stable-1.0-cp39-abi3-$linux.whl
wheel regular-1.0-cp313-cp313-$linux.whl
wheel free-1.0-cp313-cp313t-$linux.whl
"$PYTHON314T" -m venv --without-pip free-threaded
environment regular
asked_pip() { # asked_pip ENVIRONMENT VERSION: which of the four pip takes in it
    local name
    for name in old stable regular free; do
        pip --python "$1/bin/python" download --quiet --no-deps --dest taken --only-binary :all: --no-index --find-links index \
            --python-version "$2" $name >log 2>&1 && echo $name
    done | xargs
}
asked_uv() { # asked_uv ENVIRONMENT VERSION
    local name
    for name in old stable regular free; do
        echo $name | uv pip compile --quiet --python "./$1" --no-index --find-links index --only-binary :all: --python-version "$2" - >log 2>&1 && echo $name
    done | xargs
}
expect "pip of the regular build" "stable regular" "$(asked_pip regular 3.13)"
expect "pip of the free-threaded build" "free" "$(asked_pip free-threaded 3.13)"
expect "the same, for 3.12" "old stable" "$(asked_pip free-threaded 3.12)"
expect "uv for the regular build" "stable regular" "$(asked_uv regular 3.13)"
expect "uv for the free-threaded build" "free" "$(asked_uv free-threaded 3.13)"
expect "uv, asked for the build" "" "$(asked_uv free-threaded 3.13t)"
