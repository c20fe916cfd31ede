#!/usr/bin/env bash
# distlib refuses every wheel whose name holds two ABI tags: all abi3.abi3t wheels.
#
# Guessed: a compressed tag set is accepted in each of the three places, as the wheel specification has it.
# Seen (distlib 0.4.4 of October 2026, 2026-11-30): sets are accepted for Python and platform tags, not for ABI tags. "py2.py3-none-any" is a
#   wheel, "cp315-abi3.abi3t-..." is "Invalid name or filename"; so is the older "cp314-cp314.cp314t-...". packaging reads all of them.
source "$(dirname "$0")/support/world.bash"
libraries distlib==0.4.4
names() {
    python - <<'PY'
from distlib import DistlibException
from distlib.wheel import Wheel

for name in ("py2.py3-none-any", "cp315-abi3t-win_amd64", "cp315-abi3.abi3t-win_amd64", "cp314-cp314.cp314t-win_amd64"):
    try:
        print(name, len(list(Wheel(f"demo-1-{name}.whl").tags)))
    except DistlibException:
        print(name, "refused")
PY
}
expect "two ABI tags are refused, two Python tags are not" "py2.py3-none-any 2
cp315-abi3t-win_amd64 1
cp315-abi3.abi3t-win_amd64 refused
cp314-cp314.cp314t-win_amd64 refused" "$(names)"
