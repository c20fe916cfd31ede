#!/usr/bin/env bash
# What a module declares about the GIL can depend on a library beside it, and is decided at import. Needs PYTHON314T, and cc.
#
# Guessed: what an extension module declares stands in its file, so that the same wheel always answers the same.
# Seen (gmpy2 2.3.2 on CPython 3.14.7 free-threaded, Linux, 2026-11-30): its slot says "used", and the init function changes it to "not used" when
#   mpfr_buildopt_tls_p() of libmpfr returns other than 0. The library in the wheel does, and the GIL stays off; with one built without thread-local storage
#   (here: preloaded, with that function alone) the same file turns it on.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
command -v cc >/dev/null || { echo "skipped: there is no C compiler" >&2; exit 77; }
[ "$(uname -s)" = Linux ] || { echo "skipped: preloads a library, as Linux does" >&2; exit 77; }
PYTHON=$PYTHON314T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
libraries gmpy2==2.3.2
echo 'int mpfr_buildopt_tls_p(void) { return 0; }' >without.c
cc -shared -fPIC -o without.so without.c
gil() { env "$@" python -W ignore -c 'import sys, gmpy2; print(sys._is_gil_enabled())'; }
expect "with the libmpfr of the wheel" False "$(gil)"
expect "with one that says it was built otherwise" True "$(gil LD_PRELOAD="$world/without.so")"
