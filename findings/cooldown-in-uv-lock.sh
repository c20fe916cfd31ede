#!/usr/bin/env bash
# How uv.lock records a cool-down.
# Guess: the date or the span that pyproject.toml has, and a span that is spelled otherwise is the same span.
# Seen 2026-11-30, uv 0.13.9: a date is written as the start of the next day; a span as `exclude-newer = "0001-01-01T00:00:00Z"` beside `exclude-newer-span`, so a
# reader who knows only the older key sees a cut-off in the year 1; "14 days" and "2 weeks" are different (P14D, P2W), and `uv lock --check` fails between them.
. "$(dirname "$0")/support/world.bash"
tools uv==0.13.9
wheel c-1.0-py3-none-any.whl
serve
project p c <<'END'
[tool.uv]
exclude-newer = "14 days"
exclude-newer-package = { other = "2026-02-02", third = false }
END
cd p
uv lock --quiet
expect "what is written" 'exclude-newer = "0001-01-01T00:00:00Z"
exclude-newer-span = "P14D"
other = "2026-02-03T00:00:00Z"
third = false' "$(sed -n '/^\[options\]/,/^\[\[package/p' uv.lock | grep ' = ' | sed 's/ *#.*//')"
uv lock --check --quiet
sed -i 's/14 days/2 weeks/' pyproject.toml
expect "another spelling" 1 "$(uv lock --check >log 2>&1 && echo 0 || echo $?)"
grep -q 'from `P14D` to `P2W`' log || expect "the reason" 'from `P14D` to `P2W`' "$(cat log)"
