#!/usr/bin/env bash
# Build backends disagree on 'license = "mit"': one does not build, two write it as it stands, the others correct it.
#
# Guessed: license expressions match in any case (PEP 639), and backends write the normalized one.
# Seen (2026-11-30): uv_build 0.13.6 fails, "unknown term". pdm-backend 2.5.0 (and maturin 1.16.0) write "License-Expression: mit"; packaging 26.4
#   and setuptools 84.2.1, flit_core 4.2.0, hatchling 1.33.0 make it "MIT". So two releases that say the same need not compare equal.
source "$(dirname "$0")/support/world.bash"
libraries build==1.6.1 flit_core==4.2.0 hatchling==1.33.0 setuptools==84.2.1 pdm-backend==2.5.0 uv_build==0.13.6
license() { # license BACKEND MODULE
    mkdir -p "$1/src/demo" && echo '"""Demo."""' >"$1/src/demo/__init__.py"
    cat >"$1/pyproject.toml" <<TOML
[build-system]
requires = ["$1"]
build-backend = "$2"
[project]
name = "demo"
version = "1"
description = "demo"
license = "mit"
TOML
    if python -m build --sdist --no-isolation --outdir "$1/dist" "$1" >log 2>&1; then
        tar -xzOf "$1"/dist/*.tar.gz --wildcards "demo-1/PKG-INFO" | grep '^License-Expression'
    else
        grep -o 'unknown term' log | head -n 1
    fi
}
expect "uv_build" "unknown term" "$(license uv_build uv_build)"
expect "pdm-backend" "License-Expression: mit" "$(license pdm-backend pdm.backend)"
expect "setuptools" "License-Expression: MIT" "$(license setuptools setuptools.build_meta)"
expect "flit" "License-Expression: MIT" "$(license flit_core flit_core.buildapi)"
expect "hatchling" "License-Expression: MIT" "$(license hatchling hatchling.build)"
