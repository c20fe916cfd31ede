#!/usr/bin/env bash
# hatchling resolves a project's references to its own extras while building: the wheel no longer says that "all" means "fast".
#
# Guessed: 'all = ["demo[fast]"]' reaches METADATA as 'Requires-Dist: demo[fast]; extra == "all"', as it does with flit and setuptools.
# Seen (hatchling 1.33.0, flit_core 4.2.0, setuptools 84.2.1, 2026-11-30): hatchling writes the requirements of "fast" a second time, under "all".
#   A reader that explains which extra brings something in gets another answer from the wheel than from the pyproject.toml. The others keep
#   the reference, and setuptools its spelling too: 'demo[Fast_IO]' beside 'Provides-Extra: fast-io', so that names of extras in brackets
#   have to be normalized by whoever reads them.
source "$(dirname "$0")/support/world.bash"
libraries build==1.6.1 flit_core==4.2.0 hatchling==1.33.0 setuptools==84.2.1
extras() { # extras BACKEND MODULE
    mkdir -p "$1/demo" && echo '"""Demo."""' >"$1/demo/__init__.py"
    cat >"$1/pyproject.toml" <<TOML
[build-system]
requires = ["$1"]
build-backend = "$2"
[project]
name = "demo"
version = "1"
description = "demo"
[project.optional-dependencies]
Fast_IO = ["orjson"]
all = ["demo[Fast_IO]"]
TOML
    python -m build --sdist --no-isolation --outdir "$1/dist" "$1" >log 2>&1 || { cat log >&2; return 1; }
    tar -xzOf "$1"/dist/*.tar.gz --wildcards "demo-1/PKG-INFO" | grep -E '^(Provides|Requires)' | tr "'" '"' | sed 's/ *; */; /' | sort
}
expect "hatchling" 'Provides-Extra: all
Provides-Extra: fast-io
Requires-Dist: orjson; extra == "all"
Requires-Dist: orjson; extra == "fast-io"' "$(extras hatchling hatchling.build)"
expect "flit" 'Provides-Extra: all
Provides-Extra: fast-io
Requires-Dist: demo[fast-io]; extra == "all"
Requires-Dist: orjson; extra == "fast-io"' "$(extras flit_core flit_core.buildapi)"
expect "setuptools" 'Provides-Extra: all
Provides-Extra: fast-io
Requires-Dist: demo[Fast_IO]; extra == "all"
Requires-Dist: orjson; extra == "fast-io"' "$(extras setuptools setuptools.build_meta)"
