#!/usr/bin/env bash
# PDM 2.29.4 installed afresh: pip takes the newest hishel, 2.0.0, which PDM's `hishel>=1.4.0` admits.
# Guess: a tool that is installed from its newest release works.
# Seen 2026-11-30: every command that asks an index ends in an AttributeError, since hishel 2.0.0 has no SyncSqliteStorage. With hishel 1.4.0 it works.
. "$(dirname "$0")/support/world.bash"
tools 'pdm==2.29.4 hishel==2.0.0'
wheel a-1.0-py3-none-any.whl
serve
project p a </dev/null
cd p
environment .venv
pdm use --quiet .venv >/dev/null
expect "pdm lock" 1 "$(pdm lock >log 2>&1 && echo 0 || echo $?)"
grep -q "AttributeError.*: module 'hishel' has no attribute 'SyncSqliteStorage'" log || expect "the reason" "no SyncSqliteStorage" "$(cat log)"
