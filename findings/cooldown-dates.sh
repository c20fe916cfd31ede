#!/usr/bin/env bash
# A cool-down that ends on the day on which a release was uploaded (2026-02-02, noon UTC), given to pip and to uv.
# Guess: one date means one moment in both; a time of day that is given counts.
# Seen 2026-11-30, pip 26.3 and uv 0.13.9, in UTC: `2026-02-02` is the start of that day for pip and its end for uv. Given 01:00 of that day without
# a time zone, uv drops the time and again takes the end of the day; with a zone it keeps it.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel c-1.0-py3-none-any.whl --uploaded 2026-01-01T00:00:00Z
wheel c-2.0-py3-none-any.whl --uploaded 2026-02-02T12:00:00Z
serve
old=c-1.0-py3-none-any.whl
new=c-2.0-py3-none-any.whl
expect "pip: a date is its first moment" "$old" "$(pip_takes -i "$index" --uploaded-prior-to 2026-02-02 c)"
expect "uv: a date is its last moment" "$new" "$(uv_takes -i "$index" --exclude-newer 2026-02-02 c)"
expect "pip: a time without a zone counts" "$old" "$(pip_takes -i "$index" --uploaded-prior-to 2026-02-02T01:00:00 c)"
expect "uv: a time without a zone is dropped" "$new" "$(uv_takes -i "$index" --exclude-newer 2026-02-02T01:00:00 c)"
expect "uv: a time with a zone counts" "$old" "$(uv_takes -i "$index" --exclude-newer 2026-02-02T01:00:00Z c)"
