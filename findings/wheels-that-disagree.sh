#!/usr/bin/env bash
# A release with a compiled wheel that requires `a` and a pure one that requires `b`, where the compiled one fits.
# Guess: whoever installs the compiled wheel installs `a` with it.
# Seen 2026-11-30: so do pip 26.3, uv 0.13.9 and PDM 2.29.4 (uv and PDM by the Python that locks). Poetry 2.5.1 reads the requirements of the pure wheel, locks `b`, and
# installs the compiled wheel with it: what it needs is missing.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9 poetry==2.5.1 'pdm==2.29.4 hishel==1.4.0'
wheel a-1.0-py3-none-any.whl
wheel b-1.0-py3-none-any.whl
compiled=d-1.0-$cpython-$cpython-$linux.whl
wheel "$compiled" --requires a
wheel d-1.0-py3-none-any.whl --requires b
serve
expect "pip" "a-1.0-py3-none-any.whl $compiled" "$(pip_takes -i "$index" d)"
project p d </dev/null
cd p
environment .venv
uv lock --quiet
poetry install --quiet
pdm use --quiet .venv >/dev/null
pdm lock --quiet
expect "uv.lock" "a 1.0,d 1.0" "$(locked uv.lock)"
expect "pdm.lock" "a 1.0,d 1.0" "$(locked pdm.lock)"
expect "poetry.lock" "b 1.0,d 1.0" "$(locked poetry.lock)"
expect "Poetry installs" "b-1.0-py3-none-any.whl $compiled" "$(installed .venv)"
