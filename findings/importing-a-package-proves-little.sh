#!/usr/bin/env bash
# Two obvious checks of a package by importing it do not see, or do not prevent, that it turns the GIL on. Needs PYTHON314T.
#
# Guessed: "import NAME, then look at sys._is_gil_enabled()" answers for the package; and with the warning made an error nothing is loaded, so the
#   GIL stays off.
# Seen (CPython 3.14.7 free-threaded, lxml 6.1.3, ft-readiness 0.1.0, 2026-11-30): "import lxml" loads no module of the wheel's seven, the GIL stays off, and
#   ft-readiness, which does just that, exits 0 for --import lxml; the first import of lxml.etree turns it on. Under "-W error" that import
#   raises RuntimeWarning, and the GIL is on all the same: it was turned on before the warning. With PYTHON_GIL=0 there is neither.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
PYTHON=$PYTHON314T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
libraries lxml==6.1.3 ft-readiness==0.1.0
checked() { python "$@" -c '
import sys
import lxml
print("lxml", sys._is_gil_enabled())
try:
    import lxml.etree
except RuntimeWarning:
    print("raised", end=" ")
print("lxml.etree", sys._is_gil_enabled())' 2>log; }
expect "the package alone, then a module of it" "lxml False
lxml.etree True" "$(checked)"
expect "with warnings as errors" "lxml False
raised lxml.etree True" "$(checked -W error)"
expect "with the GIL forbidden" "lxml False
lxml.etree False" "$(checked -X gil=0 -W error)"
mkdir -p project/dist
printf '[project]\nname = "demo"\nversion = "1"\n' >project/pyproject.toml
status=0 && ft-readiness --import lxml project >log 2>&1 || status=$?
expect "a checker that imports the package" 0 "$status"
status=0 && ft-readiness --import lxml.etree project >log 2>&1 || status=$?
expect "and the module" 1 "$status"
