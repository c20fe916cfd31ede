#!/usr/bin/env bash
# A requirements file in which one of two lines has a --hash.
# Guess: both installers read the file alike: one hash switches hash checking on for all, as pip documents it.
# Seen 2026-11-30, pip 26.3 and uv 0.13.9: pip refuses the file, uv installs the other project without checking it; `--require-hashes` makes uv as strict.
. "$(dirname "$0")/support/world.bash"
tools pip==26.3 uv==0.13.9
wheel a-1.0-py3-none-any.whl
wheel b-1.0-py3-none-any.whl
serve
printf 'a==1.0 --hash=sha256:%s\nb==1.0\n' "$(digest index/a-1.0-py3-none-any.whl)" >requirements.txt
case $(pip_takes -i "$index" -r requirements.txt) in
"ERROR: Hashes are required in --require-hashes mode"*) seen=refused ;;
*) seen=$(cat pip.log) ;;
esac
expect "pip refuses the file" refused "$seen"
expect "uv installs both" "a-1.0-py3-none-any.whl b-1.0-py3-none-any.whl" "$(uv_takes -i "$index" -r requirements.txt)"
expect "uv refuses when asked to" "error: In \`--require-hashes\` mode, all requirements must have a hash, but none were provided for: b==1.0" \
    "$(uv_takes -i "$index" --require-hashes -r requirements.txt)"
