# Sourced by the findings: a temporary folder, tools of an exact version, and a package index on this machine with hand-made wheels.
set -euo pipefail
exec </dev/null # no tool asks anything
support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PYTHON=$("${PYTHON:-python3}" -c 'import sys; print(sys.executable)')
cpython=$("$PYTHON" -c 'import sys; print("cp%d%d" % sys.version_info[:2])') # the tag of the Python that runs the tools
linux=manylinux_2_17_$(uname -m)
world=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$world"' EXIT
cd "$world"
mkdir index

# tools REQUIREMENT...: each with its own exact version in an environment of its own, then on PATH. No tool sees this machine's settings after it.
# FINDINGS_TOOLS, a folder, keeps the environments for the next script.
tools() {
    local requirement place name
    mkdir -p "$world/bin"
    for requirement in "$@"; do
        place=${FINDINGS_TOOLS:-$world/tools}/${cpython}-${requirement// /-}
        if [ ! -e "$place/installed" ]; then
            "$PYTHON" -m venv --clear "$place"
            # shellcheck disable=SC2086 # several requirements are several words
            "$place/bin/python" -m pip install --quiet --disable-pip-version-check $requirement >"$place/log" 2>&1 || { cat "$place/log"; exit 1; }
            touch "$place/installed"
        fi
        name=${requirement%%[=[]*}
        ln -s "$place/bin/$name" "$world/bin/$name"
    done
    PATH=$world/bin:$PATH
    local variable
    for variable in $(compgen -e | grep -E '^(PIP_|UV_|POETRY_|PDM_|PIPENV_|XDG_|VIRTUAL_ENV)'); do unset "$variable"; done
    export HOME=$world/home PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
    export UV_CACHE_DIR=$world/cache/uv UV_PYTHON=$PYTHON
    export UV_PYTHON_DOWNLOADS=never POETRY_CACHE_DIR=$world/cache/poetry POETRY_VIRTUALENVS_IN_PROJECT=true POETRY_NO_INTERACTION=1
    export PDM_CHECK_UPDATE=false PDM_CACHE_DIR=$world/cache/pdm PIPENV_CACHE_DIR=$world/cache/pipenv PIPENV_VENV_IN_PROJECT=1 PIPENV_NOSPIN=1 NO_COLOR=1
    export PIPENV_PYTHON=$PYTHON TZ=UTC
    mkdir -p "$HOME"
}

# libraries REQUIREMENT...: all of them in one environment, which comes first on PATH as a whole; `python` and `pip` are its own.
libraries() {
    local all="$*"
    tools "$all"
    PATH=${FINDINGS_TOOLS:-$world/tools}/${cpython}-${all// /-}/bin:$PATH
}

# wheel FILENAME [--requires R]... [--requires-python S] [--yanked] [--uploaded TIME] [--index DIR]: an empty wheel with that name and metadata.
wheel() { "$PYTHON" "$support/packages.py" wheel "$@"; }

# sdist NAME VERSION [the same options]: a source archive whose build makes an empty wheel, with no build requirements.
sdist() { "$PYTHON" "$support/packages.py" sdist "$@"; }

# serve [DIR]: answers as a package index (JSON, metadata files, upload times); its address is in $index.
serve() {
    local directory=${1:-index}
    "$PYTHON" "$support/packages.py" serve "$directory" >"$world/$directory.address" 2>"$world/$directory.log" &
    until [ -s "$world/$directory.address" ]; do sleep 0.1; done
    index=$(cat "$world/$directory.address")
}

# project DIR REQUIREMENT...: a project that uv, Poetry and PDM can lock against the index. $requires_python bounds it, lines on stdin are appended.
project() {
    local directory=$1 list='' requirement
    shift
    for requirement in "$@"; do list+="\"$requirement\", "; done
    mkdir -p "$directory"
    cat >"$directory/pyproject.toml" <<END
[project]
name = "p"
version = "0"
requires-python = "${requires_python:-">=3.11,<4"}"
dependencies = [$list]
[[tool.uv.index]]
url = "$index"
default = true
[tool.poetry]
package-mode = false
[[tool.poetry.source]]
name = "local"
url = "$index"
[[tool.pdm.source]]
name = "pypi"
url = "$index"
verify_ssl = false
END
    [ -t 0 ] || cat >>"$directory/pyproject.toml"
}

# environment DIR: an empty virtual environment of the Python that runs the tools.
environment() { "$PYTHON" -m venv --clear --without-pip "$1"; }

# pip_takes ARGUMENT...: the files that pip would install into an empty environment, or its first error.
pip_takes() {
    [ -d pip-target ] || environment pip-target
    pip --python pip-target/bin/python install --quiet --dry-run --ignore-installed --report report.json "$@" >pip.log 2>&1 ||
        { grep -m 1 -o 'ERROR: .*\|error: .*' pip.log; return 0; }
    "$PYTHON" -c 'import json; print(*sorted(item["download_info"]["url"].split("/")[-1] for item in json.load(open("report.json"))["install"]))'
}

# uv_takes ARGUMENT...: the files that uv installs into an empty environment, or its first error.
uv_takes() {
    environment uv-target
    uv pip install --quiet --python uv-target "$@" >uv.log 2>&1 || { grep -m 1 'error: ' uv.log; return 0; }
    installed uv-target
}

# installed DIR: the names of the hand-made wheels in an environment.
installed() { find "$1" -path '*/site-packages/*.py' -exec sed -n "s/^FILE = '\(.*\)'/\1/p" {} + | sort | xargs; }

# locked LOCK: names and versions in a lock file, without the project itself.
locked() { grep -A 1 '^name = ' "$1" | grep -v '^--' | sed 's/.* = //; s/"//g' | paste -d ' ' - - | grep -v '^p 0$' | sort | paste -s -d , -; }

# digest FILE: its sha256.
digest() { sha256sum "$1" | cut -d ' ' -f 1; }

# expect TITLE EXPECTED ACTUAL: fails with both when they differ.
expect() {
    if [ "$2" != "$3" ]; then
        printf 'CHANGED: %s\n--- expected\n%s\n--- seen\n%s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf 'as described: %s\n' "$1"
}
