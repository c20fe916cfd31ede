#!/usr/bin/env bash
# A wheel for every free-threaded Python since 3.13 that pip 26.0.1 does not take on 3.14t, and 26.1 does. Needs PYTHON314T.
#
# Guessed: which wheels fit is a matter of the interpreter; any pip that runs on it installs them.
# Seen (CPython 3.14.7 free-threaded, abi3-abi3t-universal 0.2, 2026-12-01): pip 25.3 and 26.0.1 find no wheel of it, 26.1 and 26.3 take the
#   cp313-abi3.abi3t one: each release of pip has its own list of tags (packaging: none before 26.1), and what a venv of an older Python
#   brings along may be older than that.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
PYTHON=$PYTHON314T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
for version in 25.3 26.0.1 26.1 26.3; do "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --target "pip-$version" "pip==$version" >log 2>&1 || { cat log; exit 1; }; done
status() {
    local ended=0
    PYTHONPATH=pip-$1 "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest out "abi3-abi3t-universal==0.2" >log 2>&1 || ended=$?
    if grep -q 'No matching distribution' log; then echo "no wheel"; else echo "$ended"; fi
}
expect "pip 25.3" "no wheel" "$(status 25.3)"
expect "pip 26.0.1" "no wheel" "$(status 26.0.1)"
expect "pip 26.1" 0 "$(status 26.1)"
expect "pip 26.3" 0 "$(status 26.3)"
