#!/usr/bin/env bash
# A pylock.toml with `default-groups = ["main"]`, installed with the group `dev` asked for.
# Guess: both installers do the same with a standard format: the defaults and `dev`, or `dev` alone.
# Seen 2026-11-30: pip 26.3 (`--group pylock.toml:dev`) and uv 0.13.9 (`--group dev`), each beside `-r pylock.toml`: pip installs the default group as well, uv only `dev`.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel a-1.0-py3-none-any.whl
wheel g-1.0-py3-none-any.whl
serve
entry() {
    printf '[[packages]]\nname = "%s"\nversion = "1.0"\nmarker = "%s"\n' "$1" "$2"
    printf 'wheels = [{ url = "%s/%s-1.0-py3-none-any.whl", hashes = { sha256 = "%s" } }]\n' "${index%/simple/}" "$1" "$(digest "index/$1-1.0-py3-none-any.whl")"
}
{
    printf 'lock-version = "1.0"\ncreated-by = "by hand"\ndependency-groups = ["dev", "main"]\ndefault-groups = ["main"]\n'
    entry a "'main' in dependency_groups"
    entry g "'dev' in dependency_groups"
} >pylock.toml
expect "pip without a group" "a-1.0-py3-none-any.whl" "$(pip_takes -r pylock.toml)"
expect "uv without a group" "a-1.0-py3-none-any.whl" "$(uv_takes -r pylock.toml)"
expect "pip with dev" "a-1.0-py3-none-any.whl g-1.0-py3-none-any.whl" "$(pip_takes -r pylock.toml --group pylock.toml:dev)"
expect "uv with dev" "g-1.0-py3-none-any.whl" "$(uv_takes -r pylock.toml --group dev)"
