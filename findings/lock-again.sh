#!/usr/bin/env bash
# A wheel for 3.14t is added to a release that is locked already. Which command brings it into the lock?
# Guess: the one that locks (`uv lock`, `pdm lock`); or none but an upgrade.
# Seen 2026-11-30: uv 0.13.9: `uv lock` no, `uv lock --refresh` and `--upgrade-package` yes. PDM 2.29.4: `pdm lock --update-reuse` no, `pdm lock --refresh` yes (the versions stay).
# Poetry 2.5.1: `poetry lock` no while its cache is warm, `poetry lock --no-cache` yes.
. "$(dirname "$0")/support/world.bash"
tools uv==0.13.9 poetry==2.5.1 'pdm==2.29.4 hishel==1.4.0'
wheel n-1.0-py3-none-any.whl
serve
project p n </dev/null
cd p
environment .venv
pdm use --quiet .venv >/dev/null
uv lock --quiet
poetry lock --quiet
pdm lock --quiet
cp ./*.lock ..
late=n-1.0-cp314-cp314t-$linux.whl
wheel "$late" --index ../index
# brings LOCK COMMAND...: whether the command, given the lock of before, has the new file in it.
brings() {
    local lock=$1
    shift
    cp "../$lock" .
    "$@" >log 2>&1
    grep -q "$(digest "../index/$late")" "$lock" && echo yes || echo no
}
expect "uv lock" no "$(brings uv.lock uv lock)"
expect "uv lock --refresh" yes "$(brings uv.lock uv lock --refresh)"
expect "uv lock --upgrade-package n" yes "$(brings uv.lock uv lock --upgrade-package n)"
expect "pdm lock --update-reuse" no "$(brings pdm.lock pdm lock --update-reuse)"
expect "pdm lock --refresh" yes "$(brings pdm.lock pdm lock --refresh)"
expect "poetry lock" no "$(brings poetry.lock poetry lock)"
expect "poetry lock --no-cache" yes "$(brings poetry.lock poetry lock --no-cache)"
