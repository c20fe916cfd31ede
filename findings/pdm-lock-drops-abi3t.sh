#!/usr/bin/env bash
# Which wheels of a release pdm.lock lists, for a project that asks for Python 3.15 or newer.
# Guess: all that some Python from 3.15 on installs, as uv.lock and poetry.lock do.
# Seen 2026-11-30, PDM 2.29.4 with dep-logic 0.7.2: every wheel whose only ABI tag is `abi3t` is left out, and so is a compiled `py314-none` wheel, which 3.15
# accepts. With `--implementation cpython` the `cp315t` wheel goes as well. `pdm install` on 3.15t then builds the sdist or fails, although the index has the wheel.
. "$(dirname "$0")/support/world.bash"
tools 'pdm==2.29.4 hishel==1.4.0'
for tag in cp315-cp315 cp315-cp315t cp315-abi3t cp314-abi3t cp315-abi3.abi3t cp39-abi3 py314-none; do wheel "x-1.0-$tag-$linux.whl"; done
sdist x 1.0
serve
project p x </dev/null
cd p
environment .venv
pdm use --quiet .venv >/dev/null
files() { grep -o 'x-1\.0[^"]*' pdm.lock | sed "s/-$linux.whl//" | LC_ALL=C sort -u | xargs; }
pdm lock --quiet --python '>=3.15'
expect "in the lock" "x-1.0-cp315-abi3.abi3t x-1.0-cp315-cp315 x-1.0-cp315-cp315t x-1.0-cp39-abi3 x-1.0.tar.gz" "$(files)"
rm pdm.lock
pdm lock --quiet --python '>=3.15' --implementation cpython
expect "for CPython" "x-1.0-cp315-abi3.abi3t x-1.0-cp315-cp315 x-1.0-cp39-abi3 x-1.0.tar.gz" "$(files)"
