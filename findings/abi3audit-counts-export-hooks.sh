#!/usr/bin/env bash
# abi3audit calls a genuine abi3.abi3t wheel a violation: it takes the module's own export hook for a symbol outside the stable ABI.
#
# Guessed: abi3audit, made for stable-ABI wheels, passes the demonstration wheel of PEP 803, or says that it does not know abi3t.
# Seen (abi3audit 0.0.26, abi3info 2026.9.25, 2026-11-30): exit 1, "is_abi3": false, and the one symbol it names is
#   PyModExport_abi3_abi3t_universal, which the module defines itself (PEP 793); PyInit_ hooks are let through. cryptography 50.0.2 gets 27
#   such violations, one for each Rust submodule. The macOS wheel of the same release passes.
source "$(dirname "$0")/support/world.bash"
libraries abi3audit==0.0.26 abi3info==2026.9.25 pip==26.3
wheels=(pip download --quiet --no-deps --dest . --only-binary :all: --implementation cp --python-version 3.15 --abi abi3t)
"${wheels[@]}" --platform manylinux_2_5_x86_64 abi3-abi3t-universal==0.2
"${wheels[@]}" --platform macosx_10_15_universal2 abi3-abi3t-universal==0.2

audit() {
    local status=0
    abi3audit --strict --report "$1" >report.json 2>log || status=$?
    python - <<'PY'
import json
(spec,) = json.load(open("report.json"))["specs"].values()
for module in spec["wheel"]:
    print(module["result"]["is_abi3"], *module["result"]["non_abi3_symbols"])
PY
    echo "exit $status"
}
expect "the export hook is a violation on Linux" "False PyModExport_abi3_abi3t_universal
exit 1" "$(audit abi3_abi3t_universal-0.2-cp313-abi3.abi3t-manylinux1_x86_64.manylinux_2_5_x86_64.whl)"
expect "and is not on macOS" "True
exit 0" "$(audit abi3_abi3t_universal-0.2-cp313-abi3.abi3t-macosx_10_15_universal2.whl)"
