#!/usr/bin/env bash
# The newest flit and hatchling write Metadata-Version 2.5 for a project that uses nothing of it; readers with packaging 25 refuse the whole file.
#
# Guessed: a backend writes the lowest metadata version that holds what it says as setuptools does.
# Seen (flit_core 4.2.0, hatchling 1.33.0, setuptools 84.2.1, 2026-11-30): flit adds "Import-Name: demo" (PEP 794) unasked; hatchling writes 2.5
#   with no field of 2.5 in it. packaging 25.0 refuses both: "unrecognized field: 'import-name'" and "'2.5' is not a valid metadata version";
#   "twine check" 6.1.0 fails on them through it. pip 24.3.1 installs both without a word, since pip reads the fields one by one.
source "$(dirname "$0")/support/world.bash"
libraries build==1.6.1 flit_core==4.2.0 hatchling==1.33.0 setuptools==84.2.1
tools 'twine==6.1.0 packaging==25.0' pip==24.3.1

built() { # built BACKEND MODULE
    mkdir -p "$1/demo" && echo '"""Demo."""' >"$1/demo/__init__.py"
    cat >"$1/pyproject.toml" <<TOML
[build-system]
requires = ["$1"]
build-backend = "$2"
[project]
name = "demo"
version = "1"
description = "demo"
TOML
    python -m build --wheel --no-isolation --outdir "$1/dist" "$1" >log 2>&1 || { cat log >&2; return 1; }
    "$PYTHON" - "$1"/dist/*.whl <<'PY'
import sys, zipfile
text = zipfile.ZipFile(sys.argv[1]).read("demo-1.dist-info/METADATA").decode()
print(*(line for line in text.splitlines() if line.startswith(("Metadata-Version", "Import-"))), sep=", ")
PY
}
reader() {
    local status=0
    twine check "$1"/dist/*.whl >log 2>&1 || status=$?
    pip install --quiet --no-deps --no-index --target "installed-$1" "$1"/dist/*.whl && echo "twine $status, pip 0"
}
expect "flit writes 2.5 and an import name" "Metadata-Version: 2.5, Import-Name: demo" "$(built flit_core flit_core.buildapi)"
expect "hatchling writes 2.5" "Metadata-Version: 2.5" "$(built hatchling hatchling.build)"
expect "setuptools writes 2.4" "Metadata-Version: 2.4" "$(built setuptools setuptools.build_meta)"
expect "an older reader refuses flit's wheel" "twine 1, pip 0" "$(reader flit_core)"
expect "and hatchling's" "twine 1, pip 0" "$(reader hatchling)"
expect "and takes that of setuptools" "twine 0, pip 0" "$(reader setuptools)"
