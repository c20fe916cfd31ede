#!/usr/bin/env bash
# Two wheels of one version need not have the same METADATA: the free-threaded one may come from another release of the build backend.
#
# Guessed: all wheels of one release share METADATA to the byte, so the digest of one (PEP 658) vouches for the others.
# Seen (psutil 7.2.2, 2026-11-30): the abi3 wheel was built with setuptools 75.3.3 and says Metadata-Version 2.1; the cp314t wheel with 80.10.1, says 2.4,
#   has 13 Dynamic fields, other quotes in the markers, and spells a requirement sphinx_rtd_theme instead of sphinx-rtd-theme. Normalized, the requirements
#   are the same.
source "$(dirname "$0")/support/world.bash"
libraries packaging==26.4 pip==26.3
wheels=(pip download --quiet --no-deps --dest . --only-binary :all: --implementation cp --python-version 3.14 --platform manylinux_2_28_x86_64)
"${wheels[@]}" --abi abi3 psutil==7.2.2
"${wheels[@]}" --abi cp314t psutil==7.2.2
compared() {
    python - ./*abi3*.whl ./*cp314t*.whl <<'PY'
import sys, zipfile
from email import message_from_bytes
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

said = []
for path in sys.argv[1:]:
    archive = zipfile.ZipFile(path)
    metadata = message_from_bytes(archive.read("psutil-7.2.2.dist-info/METADATA"))
    wheel = message_from_bytes(archive.read("psutil-7.2.2.dist-info/WHEEL"))
    print(wheel["Generator"], metadata["Metadata-Version"], len(metadata.get_all("Dynamic", [])))
    said.append(metadata.get_all("Requires-Dist"))
normal = [{(canonicalize_name(r.name), str(r.specifier), str(r.marker)) for r in map(Requirement, texts)} for texts in said]
print("same text" if set(said[0]) == set(said[1]) else "other text", "same requirements" if normal[0] == normal[1] else "other requirements")
PY
}
expect "what the two say" "setuptools (75.3.3) 2.1 0
setuptools (80.10.1) 2.4 13
other text same requirements" "$(compared)"
