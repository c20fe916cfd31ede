#!/usr/bin/env bash
# A release of January to which a wheel for 3.14t was added yesterday, and a cool-down of a week.
# Guess: the new file has to wait, the release does not.
# Seen 2026-11-30, pip 26.3, uv 0.13.9, Poetry 2.5.1: so it is in pip and uv; in Poetry (`solver.min-release-age`) one late file makes the whole release too
# young, and an older one is locked. Adding free-threaded wheels to an old release therefore takes it away from Poetry users for a while.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9 poetry==2.5.1
yesterday=$(date -u -d '1 day ago' +%Y-%m-%dT%H:%M:%SZ)
wheel m-1.0-py3-none-any.whl
wheel m-2.0-py3-none-any.whl
wheel "m-2.0-cp314-cp314t-$linux.whl" --uploaded "$yesterday"
serve
expect "pip" "m-2.0-py3-none-any.whl" "$(pip_takes -i "$index" --uploaded-prior-to P7D m)"
expect "uv" "m-2.0-py3-none-any.whl" "$(uv_takes -i "$index" --exclude-newer '7 days' m)"
project p m </dev/null
cd p
environment .venv
poetry lock --quiet
expect "Poetry without a cool-down" "m 2.0" "$(locked poetry.lock)"
rm poetry.lock
POETRY_SOLVER_MIN_RELEASE_AGE=7 poetry lock --quiet
expect "Poetry with one" "m 1.0" "$(locked poetry.lock)"
