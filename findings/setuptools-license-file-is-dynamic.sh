#!/usr/bin/env bash
# setuptools marks License-File as Dynamic in every sdist and wheel, however static the project is.
#
# Guessed: 'license-files = ["LICENSE"]' in [project] is static, so nothing is Dynamic (PEP 643: no Dynamic field, all of it can be trusted).
# Seen (setuptools 84.2.1, 2026-11-30): "Dynamic: license-file" in PKG-INFO and in METADATA, with license-files given and a project without any
#   setup.py; flit and hatchling say no such thing. "No Dynamic line" is no test for static metadata: each field has to be looked up by its name.
source "$(dirname "$0")/support/world.bash"
libraries build==1.6.1 flit_core==4.2.0 hatchling==1.33.0 setuptools==84.2.1
dynamic() { # dynamic BACKEND MODULE
    mkdir -p "$1/demo" && echo '"""Demo."""' >"$1/demo/__init__.py" && echo MIT >"$1/LICENSE"
    cat >"$1/pyproject.toml" <<TOML
[build-system]
requires = ["$1"]
build-backend = "$2"
[project]
name = "demo"
version = "1"
description = "demo"
license = "MIT"
license-files = ["LICENSE"]
dependencies = ["packaging"]
TOML
    python -m build --no-isolation --outdir "$1/dist" "$1" >log 2>&1 || { cat log >&2; return 1; }
    tar -xzOf "$1"/dist/*.tar.gz --wildcards "demo-1/PKG-INFO" | grep -i '^Dynamic' || echo none
    "$PYTHON" -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("demo-1.dist-info/METADATA").decode())' "$1"/dist/*.whl |
        grep -i '^Dynamic' || echo none
}
expect "setuptools, sdist and wheel" "Dynamic: license-file
Dynamic: license-file" "$(dynamic setuptools setuptools.build_meta)"
expect "flit" "none
none" "$(dynamic flit_core flit_core.buildapi)"
expect "hatchling" "none
none" "$(dynamic hatchling hatchling.build)"
