#!/usr/bin/env bash
# The first --abi that pip is given decides whether abi3 or abi3t wheels count; the others do not add theirs.
#
# Guessed: "--abi cp315 --abi cp315t" accepts what either build accepts, as several --platform do.
# Seen (pip 26.3, packaging 26.4, 2026-11-30): with cp315 first an abi3t wheel is refused, with cp315t first an abi3 wheel is. packaging's
#   cpython_tags derives the one stable ABI from abis[0]. So lists of ABIs for both builds at once cannot be asked for in one run of pip.
#   "--abi cp315t" alone already takes abi3t wheels.
source "$(dirname "$0")/support/world.bash"
libraries pip==26.3 packaging==26.4
wheel gil-1-cp315-abi3-manylinux_2_28_x86_64.whl
wheel free-1-cp315-abi3t-manylinux_2_28_x86_64.whl
taken() {
    local name
    for name in gil free; do
        pip download --quiet --no-deps --dest taken --no-index --find-links index --only-binary :all: \
            --implementation cp --python-version 3.15 --platform manylinux_2_28_x86_64 "$@" $name >log 2>&1 && echo $name
    done
    true
}
expect "cp315 first" gil "$(taken --abi cp315 --abi cp315t)"
expect "cp315t first" free "$(taken --abi cp315t --abi cp315)"
stable() {
    python - <<'PY'
from packaging.tags import cpython_tags

for abis in (["cp315", "cp315t"], ["cp315t", "cp315"]):
    print(*abis, *sorted({tag.abi for tag in cpython_tags((3, 15), abis, ["any"])} & {"abi3", "abi3t"}))
PY
}
expect "packaging" "cp315 cp315t abi3
cp315t cp315 abi3t" "$(stable)"
