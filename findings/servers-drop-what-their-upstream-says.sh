#!/usr/bin/env bash
# What caching index servers pass on: one repeats its upstream's api-version and drops the keys that the version stands for, and behind
# two of three "exclude-newer" finds no release at all.
#
# Guessed: a proxy passes on what its upstream's JSON says, or states the lower version of what it serves.
# Seen (2026-11-30), for an upstream with api-version 1.4, project-status, upload times, core-metadata:
#   simple-repository-server 0.10.0  api-version 1.4 without project-status: an archived or quarantined project looks like any other. Upload times lose
#                                    their fraction of a second
#   proxpi 1.3.1                     api-version 1.0; upload-time, size and versions are gone; core-metadata is kept and served
#   devpi-server 6.20.3              api-version 1.0; the same are gone, core-metadata too
# uv 0.13.9 with a cutoff after the upload installs the release through the first; through the others it finds no version, "filtered by `exclude-newer`".
source "$(dirname "$0")/support/world.bash"
libraries devpi-server==6.20.3 devpi-client==7.3.0
libraries proxpi==1.3.1
tools uv==0.13.9 simple-repository-server==0.10.0
wheel demo-1-py3-none-any.whl --uploaded 2026-01-01T00:00:00.123456Z
echo archived >index/demo.status
mkdir index/simple && echo '<a href="demo/">demo</a>' >index/simple/index.html # proxpi asks for the list of projects first
serve

port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
answers() { for _ in $(seq 150); do curl --silent --output /dev/null "$1" && return; sleep 0.2; done; echo "no answer from $1" >&2; exit 1; }
keys() { # keys URL: what the page says of the project and of its file
    curl --silent --location --header 'Accept: application/vnd.pypi.simple.v1+json' "$1demo/" | "$PYTHON" -c '
import json, sys
page = json.load(sys.stdin)
(file,) = page["files"]
print(page["meta"]["api-version"], *sorted(set(page) - {"meta", "name", "files"}))
print(*sorted(set(file) - {"url", "filename", "hashes"}), file.get("upload-time", ""))'
}
resolved() { # resolved URL: with a cutoff after the upload
    echo demo | uv pip compile --quiet --no-header --no-annotate --exclude-newer 2026-06-01T00:00:00Z --default-index "$1" - 2>resolved.log ||
        grep -o 'was filtered by `exclude-newer`' resolved.log
}

first=$(port)
simple-repository-server --host 127.0.0.1 --port "$first" "$index" >first.log 2>&1 &
answers "http://127.0.0.1:$first/simple/"
expect "simple-repository-server" "1.4 versions
core-metadata size upload-time yanked 2026-01-01T00:00:00Z" "$(keys "http://127.0.0.1:$first/simple/")"
expect "a cutoff works through it" "demo==1" "$(resolved "http://127.0.0.1:$first/simple/")"

second=$(port)
PROXPI_INDEX_URL=$index flask --app proxpi.server run --port "$second" >second.log 2>&1 &
answers "http://127.0.0.1:$second/index/"
expect "proxpi" "1.0
core-metadata yanked " "$(keys "http://127.0.0.1:$second/index/")"
expect "a cutoff finds nothing through it" "was filtered by \`exclude-newer\`" "$(resolved "http://127.0.0.1:$second/index/")"

third=$(port)
devpi-init --serverdir devpi >init.log 2>&1
devpi-server --serverdir devpi --host 127.0.0.1 --port "$third" >third.log 2>&1 &
answers "http://127.0.0.1:$third/+api"
{ devpi use "http://127.0.0.1:$third" && devpi login root --password= && devpi index -c root/demo type=mirror mirror_url="$index"; } >devpi.log 2>&1
expect "devpi" "1.0" "$(keys "http://127.0.0.1:$third/root/demo/+simple/")"
expect "a cutoff finds nothing through it" "was filtered by \`exclude-newer\`" "$(resolved "http://127.0.0.1:$third/root/demo/+simple/")"

# The same server names no media type that exists when a client asks for PEP 691's HTML alone.
expect "devpi's HTML" "text_html" "$(curl --silent --output /dev/null --write-out '%{content_type}' \
    --header 'Accept: application/vnd.pypi.simple.v1+html' "http://127.0.0.1:$third/root/demo/+simple/demo/")"
