#!/usr/bin/env bash
# `uv export --format pylock.toml --all-extras --all-groups`.
# Guess: each extra and each group becomes a marker, as the format has them, so that an installer can choose later.
# Seen 2026-11-30, uv 0.13.9: the file names neither extras nor groups; everything that was exported is installed always. Environment markers are kept.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
for name in a b e g; do wheel "$name-1.0-py3-none-any.whl"; done
serve
project p a "b; python_version < '3.11'" <<'END'
[project.optional-dependencies]
ex = ["e"]
[dependency-groups]
dev = ["g"]
END
cd p
uv lock --quiet
uv export --quiet --format pylock.toml --all-extras --all-groups --output-file pylock.toml >/dev/null
expect "extras and groups" "" "$(grep -E 'extras|groups' pylock.toml | grep -v '^#' || true)"
cd ..
expect "pip installs" "a-1.0-py3-none-any.whl e-1.0-py3-none-any.whl g-1.0-py3-none-any.whl" "$(pip_takes -r p/pylock.toml)"
