#!/usr/bin/env bash
# What "3.14" asks for, where a free-threaded Python 3.14 is the only one on PATH. Needs PYTHON314T.
#
# Guessed: all tools agree, as they do on "3.14t"; and the free-threaded build has to be asked for, as it had to be in 3.13.
# Seen (uv 0.13.9, virtualenv 21.15.11 with python-discovery 1.9.6, tox 4.67.15, 2026-12-01): uv takes the free-threaded build for "3.14" ("3.14+gil" is the
#   regular one); virtualenv finds none, and tox skips py314. For ">=3.14" virtualenv takes the free-threaded build as well: the range is wider than the
#   version in it.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
source "$(dirname "$0")/support/world.bash"
tools uv==0.13.9 'tox==4.67.15 virtualenv==21.15.11 python-discovery==1.9.6'
unset UV_PYTHON
mkdir interpreters
for name in python3.14t python3.14 python3; do
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$PYTHON314T" >"interpreters/$name" && chmod +x "interpreters/$name"
done
uv=$(command -v uv) tox=$(readlink -f bin/tox)
by_uv() { PATH=$world/interpreters:/nowhere "$uv" python find --system --no-project "$1" >found 2>log && echo found || echo none; }
expect "uv: 3.14t, 3.14, >=3.14, 3.14+gil" "found found found none" "$(for request in 3.14t 3.14 '>=3.14' 3.14+gil; do by_uv "$request"; done | xargs)"
by_virtualenv() {
    PATH=$world/interpreters:/nowhere "$(dirname "$tox")/python" -c '
import sys
from python_discovery import get_interpreter
print(*("found" if get_interpreter(request, [], None) else "none" for request in sys.argv[1:]))' "$@"
}
expect "virtualenv: 3.14t, 3.14, >=3.14" "found none found" "$(by_virtualenv 3.14t 3.14 '>=3.14')"
printf '[tox]\nno_package = true\n[testenv]\nskip_install = true\ncommands = python --version\n' >tox.ini
by_tox() { (PATH=$world/interpreters:/nowhere "$tox" run -e "$1" --skip-missing-interpreters=true || true) 2>&1 | grep -oE '(OK|SKIP)' | tail -1; }
expect "tox: py314t, py314" "OK SKIP" "$(for name in py314t py314; do by_tox "$name"; done | xargs)"
