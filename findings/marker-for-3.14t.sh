#!/usr/bin/env bash
# A marker that names 3.14t: pip never installs what stands behind it, uv always does, and neither calls it an error.
#
# Guessed: 'python_version >= "3.14t"' is refused, since "3.14t" is no version (PEP 440); or compared as a string, as packaging did for years.
# Seen (pip 26.3, packaging 26.4, uv 0.13.9, 2026-12-01): it is a valid marker for both. packaging says False for >=, < and == alike, whatever the
#   Python, so of a pair of requirements pip installs neither. uv leaves the marker out, without a warning: `uv pip install` installs both, and uv.lock
#   and `uv pip compile` have the requirement for every Python. No marker of the standard tells the builds apart.
source "$(dirname "$0")/support/world.bash"
tools uv==0.13.9
libraries pip==26.3 packaging==26.4
wheel new-1.0-py3-none-any.whl
wheel old-1.0-py3-none-any.whl
wheel pair-1.0-py3-none-any.whl --requires 'new; python_version >= "3.14t"' --requires 'old; python_version < "3.14t"'
serve
holds() {
    python - <<'PY'
from packaging.markers import Marker

for version in ("3.13", "3.14", "3.15"):
    print(version, *(Marker(f'python_version {operator} "3.14t"').evaluate({"python_version": version}) for operator in (">=", "<", "==")))
PY
}
expect "packaging: >=, <, ==" "3.13 False False False
3.14 False False False
3.15 False False False" "$(holds)"
expect "pip" "pair-1.0-py3-none-any.whl" "$(pip_takes -i "$index" pair)"
expect "uv pip install" "new-1.0-py3-none-any.whl old-1.0-py3-none-any.whl pair-1.0-py3-none-any.whl" "$(uv_takes -i "$index" pair)"
echo 'new; python_version >= "3.14t"' >requirements.in
expect "uv pip compile" "new==1.0" "$(uv pip compile --quiet --universal --no-header --no-annotate -i "$index" requirements.in 2>&1)"
project p "new; python_version >= '3.14t'" </dev/null
expect "uv lock" 'requires-dist = [{ name = "new" }]' "$(cd p && uv lock --quiet 2>&1; grep requires-dist uv.lock)"
