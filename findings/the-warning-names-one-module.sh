#!/usr/bin/env bash
# The RuntimeWarning about the GIL names the first module that turns it on, and no other of the process. Needs PYTHON314T.
#
# Guessed: every module that does not declare it is warned of, so one run with -W always lists them; and a module that is found and created, but
#   not run yet, has turned nothing on.
# Seen (CPython 3.14.7 free-threaded, lxml 6.1.3, 2026-12-01): lxml.builder, _elementpath, sax and etree, each imported alone with -W always,
#   are each warned of; all four in one process: one warning, of lxml.builder. importlib.util.module_from_spec alone turns the GIL on as well.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
PYTHON=$PYTHON314T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
libraries lxml==6.1.3
warned() { python -W always -c "$1" 2>&1 >/dev/null | sed -n "s/.*to load module '\([^']*\)'.*/\1/p" | xargs; }
for module in builder _elementpath sax etree; do expect "$module alone" "lxml.$module" "$(warned "import lxml.$module")"; done
expect "all four" "lxml.builder" "$(warned 'import lxml.builder, lxml._elementpath, lxml.sax, lxml.etree')"
expect "created and not run" "True" "$(python -W ignore -c '
import importlib.util, sys
import lxml
importlib.util.module_from_spec(importlib.util.find_spec("lxml._elementpath"))
print(sys._is_gil_enabled())')"
