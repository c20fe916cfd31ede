#!/usr/bin/env bash
# One requirement each, four tools that lock or install, and four different worlds. The Python that runs them is older than 3.14.
# Guess: on pinned input they agree on the version.
# Seen 2026-11-30, pip 26.3, uv 0.13.9, Poetry 2.5.1, PDM 2.29.4:
#   yt pins y==2.0, which is yanked          uv refuses; the others take it
#   qt requires q>=1.0rc1; q has 1.0, 1.1rc1 pip and PDM take the candidate for the release, uv and Poetry do not
#   r 2.0 needs Python 3.14                  uv locks 1.0 and 2.0, each for its Pythons; Poetry and PDM lock 1.0 for all, so 3.14t gets the old one
#   w 2.0 has only a cp314t wheel, no sdist  all three lock 2.0, which this Python cannot install; pip takes 1.0
. "$(dirname "$0")/support/world.bash"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || { echo "needs a Python older than 3.14 in PYTHON" >&2; exit 2; }
tools pip==26.3 uv==0.13.9 poetry==2.5.1 'pdm==2.29.4 hishel==1.4.0'
wheel y-1.0-py3-none-any.whl
wheel y-2.0-py3-none-any.whl --yanked
wheel yt-1.0-py3-none-any.whl --requires y==2.0
wheel q-1.0-py3-none-any.whl
wheel q-1.1rc1-py3-none-any.whl
wheel qt-1.0-py3-none-any.whl --requires 'q>=1.0rc1'
wheel r-1.0-py3-none-any.whl
wheel r-2.0-py3-none-any.whl --requires-python '>=3.14'
wheel w-1.0-py3-none-any.whl
wheel "w-2.0-cp314-cp314t-$linux.whl"
serve
# choices REQUIREMENT: a line for each tool.
choices() {
    cd "$world"
    echo "pip: $(pip_takes -i "$index" "$1" | sed 's/-py3-none-any.whl//g')"
    rm -rf p
    project p "$1" </dev/null
    cd p
    environment .venv
    uv lock --quiet >log 2>&1 && echo "uv: $(locked uv.lock)" || echo "uv: $(grep -o 'y==2.0 was yanked' log)"
    poetry lock --quiet
    echo "Poetry: $(locked poetry.lock)"
    pdm use --quiet .venv >/dev/null
    pdm lock --quiet >/dev/null
    echo "PDM: $(locked pdm.lock)"
}
expect "yanked, pinned by a dependency" "pip: y-2.0 yt-1.0
uv: y==2.0 was yanked
Poetry: y 2.0,yt 1.0
PDM: y 2.0,yt 1.0" "$(choices yt)"
expect "a candidate named by a dependency" "pip: q-1.1rc1 qt-1.0
uv: q 1.0,qt 1.0
Poetry: q 1.0,qt 1.0
PDM: q 1.1rc1,qt 1.0" "$(choices qt)"
expect "the newest needs a newer Python" "pip: r-1.0
uv: r 1.0,r 2.0
Poetry: r 1.0
PDM: r 1.0" "$(choices r)"
expect "the newest has only a free-threaded wheel" "pip: w-1.0
uv: w 2.0
Poetry: w 2.0
PDM: w 2.0" "$(choices w)"
