# What a release candidate of Python counts as: pip and uv each say two things, and not the same two. Needs PYTHON315T, of a release candidate.
#
# Guessed: 3.15.0rc1 is older than 3.15.0 for all that compares versions (PEP 440), in Requires-Python and in markers.
# Seen (CPython 3.15.0rc1 free-threaded, pip 26.3, uv 0.13.9, 2026-12-01): Requires-Python ">=3.15" lets the candidate in, in both: pip takes it for 3.15.0, and uv
#   cuts the same off. "<3.15.0,>=3.15.0rc1", a release for the candidates alone, is refused by pip and taken by uv; "!=3.15.0rc1" keeps
#   neither away. As a marker, python_full_version >= "3.15" is false for pip, and true for uv.
[ -n "${PYTHON315T:-}" ] || { echo "skipped: set PYTHON315T to a free-threaded Python 3.15" >&2; exit 77; }
"$PYTHON315T" -c 'import sys; sys.exit(sys.version_info[3:] != ("candidate", 1))' || { echo "skipped: PYTHON315T is no 3.15.0rc1" >&2; exit 77; }
PYTHON=$PYTHON315T
unset FINDINGS_TOOLS # its environments are those of the regular build
source "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel from-1.0-py3-none-any.whl --requires-python '>=3.15'
wheel only-1.0-py3-none-any.whl --requires-python '>=3.15.0rc1,<3.15.0'
wheel never-1.0-py3-none-any.whl --requires-python '!=3.15.0rc1'
wheel marked-1.0-py3-none-any.whl --requires 'from; python_full_version >= "3.15"'
serve
for name in from never; do
    expect "pip: $name" "$name-1.0-py3-none-any.whl" "$(pip_takes -i "$index" $name)"
    expect "uv: $name" "$name-1.0-py3-none-any.whl" "$(uv_takes -i "$index" $name)"
done
expect "pip: the candidates alone" ERROR "$(pip_takes -i "$index" only | grep -o '^ERROR')"
expect "uv: the candidates alone" "only-1.0-py3-none-any.whl" "$(uv_takes -i "$index" only)"
expect "pip: the marker" "marked-1.0-py3-none-any.whl" "$(pip_takes -i "$index" marked)"
expect "uv: the marker" "from-1.0-py3-none-any.whl marked-1.0-py3-none-any.whl" "$(uv_takes -i "$index" marked)"
