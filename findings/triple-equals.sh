#!/usr/bin/env bash
# `NAME===1.0`, where the index has 1.0.0.
# Guess: `===` compares strings (PEP 440, "arbitrary equality"), so nobody takes 1.0.0.
# Seen 2026-11-30, pip 26.3 and uv 0.13.9: pip refuses, uv installs 1.0.0, as if it were `==`.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel a-1.0.0-py3-none-any.whl
serve
expect "pip compares strings" "ERROR: Could not find a version that satisfies the requirement a===1.0 (from versions: 1.0.0)" \
    "$(pip_takes -i "$index" 'a===1.0')"
expect "uv compares versions" "a-1.0.0-py3-none-any.whl" "$(uv_takes -i "$index" 'a===1.0')"
