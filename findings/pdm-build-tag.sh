#!/usr/bin/env bash
# Four wheels of one release that differ in the build tag alone: none, 1, 2 and 10.
# Guess: the highest build is installed, and no build tag counts as the lowest (the wheel format says so).
# Seen 2026-11-30: pip 26.3 and uv 0.13.9 install build 10, PDM 2.29.4 installs build 1.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9 'pdm==2.29.4 hishel==1.4.0'
for build in '' -1 -2 -10; do wheel "bt-1.0$build-py3-none-any.whl"; done
serve
expect "pip" "bt-1.0-10-py3-none-any.whl" "$(pip_takes -i "$index" bt)"
expect "uv" "bt-1.0-10-py3-none-any.whl" "$(uv_takes -i "$index" bt)"
project p bt </dev/null
cd p
environment .venv
pdm use --quiet .venv >/dev/null
pdm install --quiet --no-self
expect "PDM" "bt-1.0-1-py3-none-any.whl" "$(installed .venv)"
