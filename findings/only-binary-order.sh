#!/usr/bin/env bash
# `--no-binary a --only-binary :all:` for a project that has only a wheel, and the two options in the other order.
# Guess: the option that names the project is the more specific one and wins, whatever the order.
# Seen 2026-11-30, pip 26.3 and uv 0.13.9: in pip the later `:all:` wipes out what stood before it, so the order decides; in uv the named one always wins.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel a-1.0-py3-none-any.whl
serve
none="ERROR: Could not find a version that satisfies the requirement a (from versions: none)"
expect "pip: :all: last" "a-1.0-py3-none-any.whl" "$(pip_takes -i "$index" --no-binary a --only-binary :all: a)"
expect "pip: :all: first" "$none" "$(pip_takes -i "$index" --only-binary :all: --no-binary a a)"
for order in "--no-binary a --only-binary :all:" "--only-binary :all: --no-binary a"; do
    # shellcheck disable=SC2086 # several words
    expect "uv: $order" "error: No solution found when resolving dependencies" "$(uv_takes -i "$index" $order a)"
    grep -q "a==1.0 has no source distribution" uv.log || expect "the reason" "a==1.0 has no source distribution" "$(cat uv.log)"
done
