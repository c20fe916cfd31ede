#!/usr/bin/env bash
# A cool-down, and files whose upload time nobody knows: in a folder given with --find-links, and on an index that states none.
# Guess: what cannot be shown to be old enough stays out, in both tools and wherever it comes from.
# Seen 2026-11-30, pip 26.3 and uv 0.13.9: both take files of a folder whatever their age, without a word. On such an index pip stops with an error, and
# uv finds no version at all.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel c-1.0-py3-none-any.whl --uploaded ''
serve
expect "pip: folder" "c-1.0-py3-none-any.whl" "$(pip_takes --no-index --find-links index --uploaded-prior-to 2026-02-02 c)"
expect "uv: folder" "c-1.0-py3-none-any.whl" "$(uv_takes --no-index --find-links index --exclude-newer 2026-02-02 c)"
expect "neither says so" "" "$(grep -ih 'upload\|newer' pip.log uv.log || true)"
expect "pip: index" "ERROR: Index ${index}c/ does not provide upload-time metadata." "$(pip_takes -i "$index" --uploaded-prior-to 2026-02-02 c)"
expect "uv: index" "error: No solution found when resolving dependencies" "$(uv_takes -i "$index" --exclude-newer 2026-02-02 c)"
