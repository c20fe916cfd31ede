#!/usr/bin/env bash
# What a release candidate of Python counts as: pip and uv each say two things, and not the same two. Needs PYTHON315T, of a release candidate.
#
# Guessed: 3.15.0rc1 is older than 3.15.0 for all that compares versions (PEP 440), in Requires-Python and in markers.
# Seen (CPython 3.15.0rc1 free-threaded, pip 26.3, uv 0.13.9, 2026-12-01): for Requires-Python pip takes the candidate for 3.15.0, so ">=3.15" lets it in,
#   "==3.15.0rc1" does not, and "!=3.15.0rc1" does not keep it away. uv reads the lower bound alone: ">=3.15" lets it in as well, so do "==3.15.0"
#   and even "<3.15", but ">3.15.0rc1" does not, where pip lets it in. As a marker, python_full_version >= "3.15" is false for pip, true for uv.
[ -n "${PYTHON315T:-}" ] || { echo "skipped: set PYTHON315T to a free-threaded Python 3.15" >&2; exit 77; }
"$PYTHON315T" -c 'import sys; sys.exit(sys.version_info[3:] != ("candidate", 1))' || { echo "skipped: PYTHON315T is no 3.15.0rc1" >&2; exit 77; }
PYTHON=$PYTHON315T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
takes() { # takes SPECIFIER: whether pip, then uv, installs a release with that Requires-Python
    local name
    name=r$(printf %s "$1" | cksum | cut -d ' ' -f 1)
    wheel "$name-1.0-py3-none-any.whl" --requires-python "$1" --index files
    pip --python target/bin/python install --quiet --dry-run --no-index --find-links files $name >log 2>&1 && printf 'pip ' || printf 'no '
    uv pip install --quiet --dry-run --python ./target --no-index --find-links files $name >log 2>&1 && echo uv || echo no
}
mkdir files
environment target
wheel from-1.0-py3-none-any.whl --index files
wheel marked-1.0-py3-none-any.whl --requires 'from; python_full_version >= "3.15"' --index files
expect ">=3.15" "pip uv" "$(takes '>=3.15')"
expect "!=3.15.0rc1" "pip uv" "$(takes '!=3.15.0rc1')"
expect "==3.15.0" "pip uv" "$(takes '==3.15.0')"
expect "==3.15.0rc1" "no uv" "$(takes '==3.15.0rc1')"
expect "<3.15" "no uv" "$(takes '<3.15')"
expect ">3.15.0rc1" "pip no" "$(takes '>3.15.0rc1')"
expect "pip: the marker" "marked-1.0-py3-none-any.whl" "$(pip_takes --no-index --find-links files marked)"
expect "uv: the marker" "from-1.0-py3-none-any.whl marked-1.0-py3-none-any.whl" "$(uv_takes --no-index --find-links files marked)"
