#!/usr/bin/env bash
# dep-logic, by which PDM chooses wheels of a lock, finds that no free-threaded Python takes an abi3t wheel.
#
# Guessed: it follows packaging, which has abi3t; or it refuses a tag that it does not know everywhere alike.
# Seen (dep-logic 0.7.2, 2026-11-30): for a free-threaded 3.15 "cp315-abi3.abi3t" and "cp315-abi3t" are no match; the first is one for the regular
#   build. cp315-cp315t is. So PDM builds from the sdist where pip and uv install the wheel.
source "$(dirname "$0")/support/world.bash"
libraries dep-logic==0.7.2
matches() {
    python - <<'PY'
from dep_logic.tags import EnvSpec

for free in (True, False):
    target = EnvSpec.from_spec(">=3.15", platform="manylinux_2_34_x86_64", implementation="cpython", gil_disabled=free)
    for tag in ("cp315-cp315t", "cp315-abi3t", "cp315-abi3.abi3t"):
        fits = target.wheel_compatibility(f"demo-1-{tag}-manylinux_2_28_x86_64.whl") is not None
        print("free-threaded" if free else "regular", tag, "match" if fits else "no match")
PY
}
expect "which wheels match" "free-threaded cp315-cp315t match
free-threaded cp315-abi3t no match
free-threaded cp315-abi3.abi3t no match
regular cp315-cp315t no match
regular cp315-abi3t no match
regular cp315-abi3.abi3t match" "$(matches)"
