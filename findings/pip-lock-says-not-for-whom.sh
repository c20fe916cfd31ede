#!/usr/bin/env bash
# What `pip lock` writes for a requirement with a marker and a project with two builds.
# Guess: the format has `requires-python`, `environments` and markers, so the lock says which interpreter it is good for.
# Seen 2026-11-30, pip 26.3: none of the three. It lists the one file that this interpreter would get (here the sdist, though the index has a cp314t wheel) and drops
# the marker, so on another interpreter `pip install -r pylock.toml` installs what the marker excludes.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3
wheel b-1.0-py3-none-any.whl
wheel "n-1.0-cp314-cp314t-$linux.whl"
sdist n 1.0
serve
environment v
pip --python v/bin/python lock --quiet -i "$index" -o pylock.toml n "b; python_full_version < '99'" >/dev/null 2>&1
expect "keys" 'created-by = "pip"
lock-version = "1.0"' "$(grep -E '^(created-by|lock-version|requires-python|environments)' pylock.toml | sort)"
expect "markers" "" "$(grep marker pylock.toml || true)"
expect "files" "b-1.0-py3-none-any.whl n-1.0.tar.gz" "$(sed -n 's/^name = "\(.*\(whl\|gz\)\)"/\1/p' pylock.toml | sort | xargs)"
