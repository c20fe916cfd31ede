#!/usr/bin/env bash
# A wheel for 3.15t alone whose only module is built for the stable ABI: the tag is narrower than what is in it.
#
# Guessed: a wheel tagged cp315-cp315t holds modules called *.cpython-315t-*.so; the suffix and the wheel's tag come from one setting.
# Seen (pymunk 7.3.1, setuptools 84.0.0, 2026-11-30): cp315-cp315t wheels for Linux hold pymunk/_chipmunk.abi3t-x86_64-linux-gnu.so. 3.16t will not be
#   offered the wheel, though the file in it would load. Reading file names inside a wheel says another thing than its tag here, and the tag counts.
source "$(dirname "$0")/support/world.bash"
tools pip==26.3
pip download --quiet --no-deps --dest . --only-binary :all: --implementation cp --python-version 3.15 --abi cp315t \
    --platform manylinux_2_28_x86_64 pymunk==7.3.1
contents() { "$PYTHON" -c '
import sys, zipfile
print("-".join(sys.argv[1].split("-")[2:4]), *(name for name in zipfile.ZipFile(sys.argv[1]).namelist() if ".so" in name))' ./*.whl; }
expect "tag and module" "cp315-cp315t pymunk/_chipmunk.abi3t-x86_64-linux-gnu.so" "$(contents)"
