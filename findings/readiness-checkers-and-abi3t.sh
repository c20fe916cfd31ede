#!/usr/bin/env bash
# Three checkers for free-threaded Python refuse a genuine abi3.abi3t wheel that pip takes on 3.15t.
#
# Guessed: tools of 2026 that are about 3.15t know the tag of PEP 803, the more so the one that is named after it.
# Seen (2026-11-30, argon2-cffi-bindings 26.2.0, cp315-abi3.abi3t; pip 26.3 takes it for cp315t):
#   ft-readiness 0.1.0   exit 1 when no version-specific wheel stands beside it: FT004, "abi3 wheels do NOT cover" free-threaded users
#                        (in a strict run; with a Free Threading classifier FT001 is an error: "ships no free-threaded (cp3XXt) wheel")
#   uv-readiness 0.1.0   "not ready", "no cp315t wheel", for a uv.lock that lists the wheel
#   abi3t-doctor 0.1.0   knows the tag, and calls PyInit_ in such a wheel an error (S203): PyModExport_ is "required". cffi's modules have only
#                        PyInit_; it returns what _cffi_backend made. On 3.15.0rc1t the module loads and the GIL stays off.
source "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9 ft-readiness==0.1.0 uv-readiness==0.1.0 abi3t-doctor==0.1.0
mkdir -p project/dist
pip download --quiet --no-deps --dest project/dist --only-binary :all: --implementation cp --python-version 3.15 \
    --abi cp315t --abi abi3t --platform manylinux_2_28_x86_64 argon2-cffi-bindings==26.2.0
file=$(basename project/dist/*.whl)
expect "pip takes it for 3.15t" argon2_cffi_bindings-26.2.0-cp315-abi3.abi3t-manylinux_2_26_x86_64.manylinux_2_28_x86_64.whl "$file"

status=0 && seen=$(ft-readiness --strict --format json project 2>&1) || status=$?
expect "ft-readiness sees an abi3 wheel only" "1 yes" "$status $(grep -q FT004 <<<"$seen" && echo yes)"

wheel "$file"
cat >pyproject.toml <<'TOML'
[project]
name = "demo"
version = "1"
requires-python = ">=3.11"
dependencies = ["argon2-cffi-bindings==26.2.0"]
TOML
serve
uv lock --quiet --default-index "$index"
status=0 && seen=$(uv-readiness 3.15t --offline --json 2>&1) || status=$?
expect "uv-readiness misses the wheel in the lock" "1 no-wheel" "$status $("$PYTHON" -c '
import json, sys
print(*(package["status"] for package in json.load(sys.stdin)["packages"]))' <<<"$seen")"

status=0 && seen=$(abi3t-doctor wheel "project/dist/$file" 2>&1) || status=$?
expect "abi3t-doctor wants the other hook" "1 S203" "$status $(grep -o 'S2[0-9]*' <<<"$seen" | sort -u)"
