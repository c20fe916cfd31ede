#!/usr/bin/env bash
# UV_CONSTRAINT and UV_OVERRIDE set in the environment, and what obeys them.
# Guess: every uv command that resolves.
# Seen 2026-11-30, uv 0.13.9: `uv pip install` and `uv pip compile` do; `uv lock` and `uv run --with` ignore them and say nothing.
. "$(dirname "$0")/support/world.bash"
tools uv==0.13.9
wheel c-1.0-py3-none-any.whl
wheel c-2.0-py3-none-any.whl
serve
echo 'c<2' >constraints.txt
export UV_CONSTRAINT=$world/constraints.txt
expect "uv pip install" "c-1.0-py3-none-any.whl" "$(uv_takes -i "$index" c)"
expect "uv pip compile" "c==1.0" "$(echo c | uv pip compile --quiet --no-header --no-annotate -i "$index" -)"
expect "uv run --with" "c-2.0-py3-none-any.whl" "$(uv run --quiet --no-project -i "$index" --with c python -c 'import c; print(c.FILE)')"
project p c </dev/null
cd p
UV_OVERRIDE=$world/constraints.txt uv lock >log 2>&1
expect "uv lock" "c 2.0" "$(locked uv.lock)"
expect "it says nothing of it" "" "$(grep -i 'constrain\|overrid' log || true)"
