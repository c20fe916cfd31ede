#!/usr/bin/env bash
# The setting for a stable-ABI wheel makes a version-specific one on 3.15t, without a word, unless it names cp315t. Needs PYTHON315T, and cc.
#
# Guessed: 'wheel.py-api = "cp315"' gives on 3.15t the stable ABI of that build, as setuptools and meson-python do, or an error.
# Seen (scikit-build-core 1.1.2 on CPython 3.15.0rc1 free-threaded, Linux, 2026-12-01): it gives cp315-cp315t and a module called *.cpython-315t-*.so.
#   "cp315t" gives cp315-abi3t, and only "cp315.cp315t" cp315-abi3.abi3t. With "cp311.cp315t" the same: the lower version is for regular
#   builds alone. (setuptools 84.2.1 with "cp315" and meson-python 0.22.1 with limited-api = true: cp315-abi3.abi3t.)
[ -n "${PYTHON315T:-}" ] || { echo "skipped: set PYTHON315T to a free-threaded Python 3.15" >&2; exit 77; }
command -v cc >/dev/null || { echo "skipped: there is no cc" >&2; exit 77; }
PYTHON=$PYTHON315T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
libraries build==1.6.1 scikit-build-core==1.1.2 cmake==4.4.5 ninja==1.13.2
mkdir sources
cat >sources/demo.c <<'C'
#include <Python.h>
PyABIInfo_VAR(abi_info);
static PySlot slots[] = {PySlot_STATIC_DATA(Py_mod_name, "demo"), PySlot_DATA(Py_mod_abi, &abi_info), PySlot_END};
PyMODEXPORT_FUNC PyModExport_demo(void) { return slots; }
C
cat >sources/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.26)
project(demo C)
find_package(Python REQUIRED COMPONENTS Interpreter Development.Module ${SKBUILD_SABI_COMPONENT})
if(SKBUILD_SABI_COMPONENT)
  python_add_library(demo MODULE demo.c WITH_SOABI USE_SABI ${SKBUILD_SABI_VERSION})
else()
  python_add_library(demo MODULE demo.c WITH_SOABI)
endif()
install(TARGETS demo DESTINATION .)
CMAKE
built() { # built API: the wheel and the module in it, without the platform
    rm -rf dist
    cat >sources/pyproject.toml <<TOML
[build-system]
requires = ["scikit-build-core"]
build-backend = "scikit_build_core.build"
[project]
name = "demo"
version = "1"
[tool.scikit-build.wheel]
py-api = "$1"
TOML
    python -m build --wheel --no-isolation --outdir dist sources >log 2>&1 || { cat log >&2; return 1; }
    echo "$(basename dist/*.whl | sed 's/^demo-1-//; s/-linux.*//') $(python -m zipfile -l dist/*.whl | sed -n 's/^\(demo\.[a-z0-9]*\(-315t\)\{0,1\}\)[-.].*/\1/p')"
}
expect "cp315" "cp315-cp315t demo.cpython-315t" "$(built cp315)"
expect "cp315t" "cp315-abi3t demo.abi3t" "$(built cp315t)"
expect "cp315.cp315t" "cp315-abi3.abi3t demo.abi3t" "$(built cp315.cp315t)"
expect "cp311.cp315t" "cp315-abi3.abi3t demo.abi3t" "$(built cp311.cp315t)"
