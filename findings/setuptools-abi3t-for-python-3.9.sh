#!/usr/bin/env bash
# setuptools on 3.15t makes of 'py_limited_api = "cp39"' a wheel that regular Pythons from 3.9 on install and cannot import. Needs PYTHON315T, and cc.
#
# Guessed: the setting that 3.14t refuses is refused on 3.15t as well, where abi3t begins with 3.15 (PEP 803), or gives cp315-abi3t.
# Seen (setuptools 84.2.1 on CPython 3.15.0rc1 free-threaded, Linux, 2026-12-01): the wheel is tagged cp39-abi3.abi3t and holds
#   NAME.abi3t-PLATFORM.so, a suffix that only 3.15 and newer look for. An older regular Python prefers it to the sdist: pip installs it, the import
#   fails. With "cp315" the wheel is right. On 3.14t either is a ValueError.
[ -n "${PYTHON315T:-}" ] || { echo "skipped: set PYTHON315T to a free-threaded Python 3.15" >&2; exit 77; }
command -v cc >/dev/null || { echo "skipped: there is no cc" >&2; exit 77; }
regular=${PYTHON:-python3}
"$regular" -c 'import sys; sys.exit(sys.version_info >= (3, 15))' || { echo "skipped: PYTHON has to be older than 3.15" >&2; exit 77; }
regular=$("$regular" -c 'import sys; print(sys.executable)')
PYTHON=$PYTHON315T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
libraries pip==26.3 build==1.6.1 setuptools==84.2.1
mkdir -p sources/demo
cat >sources/demo/demo.c <<'C'
#include <Python.h>
static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "demo", NULL, 0, methods};
PyMODINIT_FUNC PyInit_demo(void) { return PyModuleDef_Init(&definition); }
C
cat >sources/demo/setup.py <<'PY'
import os

from setuptools import Extension, setup

setup(
    name="demo",
    version="1",
    ext_modules=[Extension("demo", ["demo.c"], py_limited_api=True)],
    options={"bdist_wheel": {"py_limited_api": os.environ["API"]}},
)
PY
built() { # built API: the wheel and the module in it, without the platform
    rm -rf sources/demo/build dist
    API=$1 python -m build --wheel --no-isolation --outdir dist sources/demo >log 2>&1 || { grep -m 1 Error log; return 0; }
    (cd dist && echo ./*.whl) | sed 's/^\.\///; s/-linux.*//'
    python -m zipfile -l dist/*.whl | sed -n 's/^\(demo\.[a-z0-9]*\)[-.].*/\1/p'
}
expect "cp315" "demo-1-cp315-abi3.abi3t
demo.abi3t" "$(built cp315)"
expect "cp39" "demo-1-cp39-abi3.abi3t
demo.abi3t" "$(built cp39)"
"$regular" -m venv --without-pip older
expect "an older regular Python installs it" 0 "$(pip --python older/bin/python install --quiet --no-index dist/*.whl >log 2>&1; echo $?)"
expect "and cannot import it" "ModuleNotFoundError" "$(older/bin/python -c 'import demo' 2>&1 | grep -o 'ModuleNotFoundError')"
