#!/usr/bin/env bash
# A project that asks for `lo==1.0` where the index has 1.0 and 1.0+cpu.
# Guess: 1.0, since nobody asked for a local version.
# Seen 2026-11-30: all take 1.0+cpu, which `==1.0` matches and which sorts higher; uv 0.13.9 and Poetry 2.5.1 write it into their locks, PDM 2.29.4 locks 1.0, with the files
# of both, and installs 1.0+cpu: the version in pdm.lock is not the one that gets installed.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9 poetry==2.5.1 'pdm==2.29.4 hishel==1.4.0'
wheel lo-1.0-py3-none-any.whl
wheel lo-1.0+cpu-py3-none-any.whl
serve
expect "pip" "lo-1.0%2Bcpu-py3-none-any.whl" "$(pip_takes -i "$index" lo==1.0)"
project p lo==1.0 </dev/null
cd p
environment .venv
uv lock --quiet
poetry lock --quiet
pdm use --quiet .venv >/dev/null
pdm install --quiet --no-self
expect "uv.lock" "lo 1.0+cpu" "$(locked uv.lock)"
expect "poetry.lock" "lo 1.0+cpu" "$(locked poetry.lock)"
expect "pdm.lock" "lo 1.0" "$(locked pdm.lock)"
expect "PDM installs" "lo-1.0+cpu-py3-none-any.whl" "$(installed .venv)"
