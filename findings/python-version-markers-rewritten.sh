#!/usr/bin/env bash
# uv_build, maturin and "uv pip compile" rewrite python_version markers to python_full_version: on a release candidate the dependency vanishes.
#
# Guessed: backends copy markers, or tidy their spacing; 'python_version >= "3.15"' holds on 3.15.0rc1 in every wheel.
# Seen (uv_build 0.13.6, uv 0.13.9, packaging 26.4, 2026-11-30; maturin 1.16.0 does the same): the project's 'python_version >= "3.15"' becomes
#   'python_full_version >= "3.15"'. packaging, and so pip, says True for the first on 3.15.0rc1 and False for the second, since 3.15.0rc1 sorts
#   before 3.15. '< "3.15"' is False there as well, in either spelling: of a pair of such requirements pip then installs neither.
#   hatchling, setuptools and flit keep python_version.
source "$(dirname "$0")/support/world.bash"
tools uv==0.13.9
libraries build==1.6.1 uv_build==0.13.6 hatchling==1.33.0 packaging==26.4

source_tree() { # source_tree BACKEND MODULE
    mkdir -p "$1/src/demo" && touch "$1/src/demo/__init__.py"
    cat >"$1/pyproject.toml" <<TOML
[build-system]
requires = ["$1"]
build-backend = "$2"
[project]
name = "demo"
version = "1"
requires-python = ">=3.9"
dependencies = ["new; python_version >= '3.15'", "backport; python_version < '3.15'"]
TOML
}
source_tree uv_build uv_build
source_tree hatchling hatchling.build

requirements() { # as the sdist has them
    python -m build --sdist --no-isolation --outdir "$1/dist" "$1" >log 2>&1 || { cat log >&2; return 1; }
    tar -xzOf "$1"/dist/*.tar.gz --wildcards '*/PKG-INFO' | sed -n "s/^Requires-Dist: //p" | tr "'" '"'
}
expect "uv_build writes python_full_version" 'new ; python_full_version >= "3.15"
backport ; python_full_version < "3.15"' "$(requirements uv_build)"
expect "hatchling does not" 'backport; python_version < "3.15"
new; python_version >= "3.15"' "$(requirements hatchling)"

wheel new-1-py3-none-any.whl
wheel backport-1-py3-none-any.whl
serve
echo "new; python_version >= '3.15'" >requirements.in
expect "nor does a compiled requirements file keep it" "new==1 ; python_full_version >= '3.15'" "$(
    uv pip compile --quiet --universal --python-version 3.14 --no-annotate --no-header --default-index "$index" requirements.in
)"

markers() {
    python - <<'PY'
from packaging.markers import Marker

candidate = {"python_version": "3.15", "python_full_version": "3.15.0rc1"}
for name in ("python_version", "python_full_version"):
    print(name, Marker(f"{name} >= '3.15'").evaluate(candidate), Marker(f"{name} < '3.15'").evaluate(candidate))
PY
}
expect "what that means on a release candidate" "python_version True False
python_full_version False False" "$(markers)"
