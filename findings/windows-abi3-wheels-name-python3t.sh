#!/usr/bin/env bash
# The Windows wheels that serve both builds of 3.15 name python3t.dll only, and nothing in the file's name says so.
#
# Guessed: a .pyd of a wheel tagged abi3.abi3t names python3.dll (a regular build has that one), or one of the two is mis-tagged.
# Seen (argon2-cffi-bindings 26.2.0, pefile 2024.8.26, 2026-11-30; cryptography 50.0.2 is built alike): the one module of the wheel is called _ffi.pyd, with
#   no tag in its name, and imports python3t.dll and no other Python library, though its wheel is tagged abi3 as well. The same release's
#   macOS module is called _ffi.abi3t-darwin.so: that suffix does say it. So on Windows only the library that is imported tells
#   an abi3 module from an abi3t one, and "imports python3t.dll" is no proof that a wheel is for free-threaded builds alone.
#   abi3-abi3t-universal 0.2, the demonstration of PEP 803, is tagged abi3.abi3t for macOS and plain abi3, with python3.dll, for Windows.
source "$(dirname "$0")/support/world.bash"
libraries pefile==2024.8.26 pip==26.3
wheels=(pip download --quiet --no-deps --dest . --only-binary :all: --implementation cp --python-version 3.15 --abi abi3t)
"${wheels[@]}" --platform win_amd64 argon2-cffi-bindings==26.2.0 abi3-abi3t-universal==0.2
"${wheels[@]}" --platform macosx_11_0_arm64 argon2-cffi-bindings==26.2.0
modules() {
    python - *.whl <<'PY'
import sys, zipfile, pefile

for path in sorted(sys.argv[1:]):
    archive = zipfile.ZipFile(path)
    for member in archive.namelist():
        if member.endswith((".pyd", ".so")):
            data = archive.read(member)
            imported = pefile.PE(data=data).DIRECTORY_ENTRY_IMPORT if member.endswith(".pyd") else []
            libraries = [entry.dll.decode() for entry in imported if entry.dll.startswith(b"python")]
            print("-".join(path.split("-")[2:]), member.rpartition("/")[2], *libraries)
PY
}
expect "what the modules are called and import" "cp313-abi3-win_amd64.whl abi3_abi3t_universal.pyd python3.dll
cp315-abi3.abi3t-macosx_11_0_arm64.whl _ffi.abi3t-darwin.so
cp315-abi3.abi3t-win_amd64.whl _ffi.pyd python3t.dll" "$(modules)"
