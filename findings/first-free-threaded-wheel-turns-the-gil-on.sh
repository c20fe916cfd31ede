#!/usr/bin/env bash
# A project's first free-threaded wheels make the GIL come on that stayed off without them. Needs PYTHON314T.
#
# Guessed: a release with a cp314t wheel is at least as good on a free-threaded Python as the one before, which had only a pure wheel for it.
# Seen (SQLAlchemy 2.0.44, 2.0.45, 2.0.52, 2.0.54 on CPython 3.14.7 free-threaded, 2026-11-30): 2.0.44 has no cp314t wheel, pip takes the pure one, and the
#   GIL stays off. 2.0.45 to 2.0.51 have one, whose modules declare that they need the GIL: "import sqlalchemy" turns it on. 2.0.52 has none
#   again, and 2.0.54 one that keeps it off.
[ -n "${PYTHON314T:-}" ] || { echo "skipped: set PYTHON314T to a free-threaded Python 3.14" >&2; exit 77; }
PYTHON=$PYTHON314T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
for release in 2.0.44:pure:False 2.0.45:compiled:True 2.0.52:pure:False 2.0.54:compiled:False; do
    IFS=: read -r version kind gil <<<"$release"
    environment site
    "$PYTHON" -m pip --python site/bin/python install --quiet --disable-pip-version-check --only-binary :all: "sqlalchemy==$version" >log 2>&1
    seen=$(site/bin/python -W ignore -c '
import sys
from importlib.metadata import distribution
import sqlalchemy
print("pure" if "py3-none-any" in distribution("sqlalchemy").read_text("WHEEL") else "compiled", sys._is_gil_enabled())')
    expect "$version" "$kind $gil" "$seen"
done
