# Sourced by the findings: a temporary folder, tools of an exact version, and a package index on this machine with hand-made wheels.
set -euo pipefail
support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PYTHON=${PYTHON:-python3}
world=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$world"' EXIT
cd "$world"
mkdir index

# tools NAME==VERSION...: each in an environment of its own, then on PATH. Ends with settings under which no tool sees this machine's.
tools() {
    local requirement name
    for requirement in "$@"; do
        name=${requirement%%=*}
        "$PYTHON" -m venv "$world/tools/$name"
        "$world/tools/$name/bin/python" -m pip install --quiet --disable-pip-version-check "$requirement" 2>"$world/tools/log" || {
            cat "$world/tools/log"
            exit 1
        }
        PATH=$world/tools/$name/bin:$PATH
    done
    local variable
    for variable in $(compgen -e | grep -E '^(PIP|UV|POETRY|PDM|PIPENV|XDG|VIRTUAL_ENV)'); do unset "$variable"; done
    export HOME=$world/home PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_CACHE_DIR=$world/cache/uv UV_NO_CONFIG=
    export UV_PYTHON_DOWNLOADS=never POETRY_CACHE_DIR=$world/cache/poetry POETRY_VIRTUALENVS_IN_PROJECT=true POETRY_NO_INTERACTION=1
    export PDM_CHECK_UPDATE=false PDM_CACHE_DIR=$world/cache/pdm PIPENV_CACHE_DIR=$world/cache/pipenv PIPENV_VENV_IN_PROJECT=1 PIPENV_NOSPIN=1 NO_COLOR=1
    unset UV_NO_CONFIG
    mkdir -p "$HOME"
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

# expect TITLE EXPECTED ACTUAL: fails with both when they differ.
expect() {
    if [ "$2" != "$3" ]; then
        printf 'CHANGED: %s\n--- expected\n%s\n--- seen\n%s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf 'as described: %s\n' "$1"
}
