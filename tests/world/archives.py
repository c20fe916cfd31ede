"""The bytes of a universe's files: real wheels and sdists, the same on every run.

Whatever in them could be executed leaves a mark when it is (see `CANARY`).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from functools import lru_cache
from gzip import GzipFile
from pathlib import Path
from typing import cast

from packaging.utils import canonicalize_name

from tests.support.modules import Says, module
from tests.world.universe import Core, File, SdistContents, Universe, WheelContents

CANARY = "third-party-code-was-run"
"""The name of the file that appears in the home directory when code of a fixture archive is executed."""

_CODE = f'from pathlib import Path\n\nPath.home().joinpath("{CANARY}").write_text(__file__)\n'

_BODY = "A package of a test universe.\n\nRequires-Dist: not-a-requirement-but-prose\n"
"""The description; it holds what only a reader that does not stop at the first blank line would take for a field."""

_SOURCES = {
    "c": ("_native.c", "#include <Python.h>\n"),
    "c++": ("_native.cpp", "#include <Python.h>\n"),
    "cython": ("_native.pyx", "cdef int one = 1\n"),
    "fortran": ("_native.f90", "end program\n"),
    "rust": ("lib.rs", "use pyo3::prelude::*;\n"),
}

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@lru_cache(maxsize=4096)
def archive(file: File) -> bytes:
    """The whole file."""
    if isinstance(file.contents, WheelContents):
        return _zip(_wheel_members(file, file.contents))
    return _tar_gz(_sdist_members(file, file.contents))


@lru_cache(maxsize=4096)
def sha256(file: File) -> str:
    """Hexadecimal digest of the whole file."""
    return hashlib.sha256(archive(file)).hexdigest()


@lru_cache(maxsize=4096)
def metadata(file: File) -> bytes:
    """What an index serves as ``<file>.metadata`` (PEP 658)."""
    return _metadata(file, file.served)


@lru_cache(maxsize=4096)
def metadata_sha256(file: File) -> str:
    """Hexadecimal digest of what is served as ``<file>.metadata``."""
    return hashlib.sha256(metadata(file)).hexdigest()


def write_links_dir(universe: Universe, path: Path) -> Path:
    """Write every file into a directory, as for ``--find-links``; returns the directory."""
    path.mkdir(parents=True, exist_ok=True)
    for file in universe.files:
        (path / file.filename).write_bytes(archive(file))
    return path


def _metadata(file: File, core: Core) -> bytes:
    fields: dict[str, tuple[str, ...]] = {
        "Metadata-Version": (core.metadata_version,),
        "Name": (file.project,),
        "Version": (file.version,),
        "Dynamic": core.dynamic,
        "Requires-Python": () if core.requires_python is None else (core.requires_python,),
        "Provides-Extra": core.extras,
        "Requires-Dist": core.requires_dist,
    }
    fields.update(core.fields)
    lines = [f"{name}: {value}" for name, values in fields.items() for value in values]
    return ("\n".join(lines) + "\n\n" + _BODY).encode()


def _module(file: File) -> str:
    return canonicalize_name(file.project).replace("-", "_")


def _wheel_members(file: File, contents: WheelContents) -> dict[str, bytes]:
    dist_info = file.filename.removesuffix(".whl").split("-")
    prefix = f"{dist_info[0]}-{dist_info[1]}.dist-info"
    described = {f"{prefix}/METADATA": _metadata(file, file.core), f"{prefix}/WHEEL": _wheel_file(contents)}
    package = {f"{_module(file)}/__init__.py": _CODE.encode()}
    package |= {member: f"{file.filename} {member}".encode() for member in contents.members}
    package |= {member: _extension(member, says) for member, says in contents.modules}
    if contents.padding:
        package[f"{_module(file)}/ballast.bin"] = hashlib.shake_256(file.filename.encode()).digest(contents.padding)
    members = described | package if contents.metadata_first else package | described
    record = f"{prefix}/RECORD"
    return members | {record: _record(members, record)}


def _extension(member: str, says: str) -> bytes:
    stem = member.rpartition("/")[2].partition(".")[0]
    kind, _, padding = says.partition(":")
    return module(stem, cast("Says", kind), padding=int(padding or 0))


def _wheel_file(contents: WheelContents) -> bytes:
    python, abi, platform = contents.tags.split("-")
    lines = ["Wheel-Version: 1.0", "Generator: tests.world", f"Root-Is-Purelib: {str(platform == 'any').lower()}"]
    lines += [f"Tag: {p}-{a}-{q}" for p in python.split(".") for a in abi.split(".") for q in platform.split(".")]
    lines += [f"Build: {contents.build}"] if contents.build else []
    return ("\n".join(lines) + "\n").encode()


def _record(members: dict[str, bytes], record: str) -> bytes:
    rows = []
    for name, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(data)}")
    return ("\n".join([*rows, f"{record},,"]) + "\n").encode()


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whatever the machine
            info.external_attr = 0o100644 << 16
            target.writestr(info, data)
    return buffer.getvalue()


def _sdist_members(file: File, contents: SdistContents) -> dict[str, bytes]:
    module = _module(file)
    members = {f"{module}/__init__.py": _CODE.encode()}
    if contents.pkg_info:
        members["PKG-INFO"] = _metadata(file, file.core)
    if contents.setup_py:
        members["setup.py"] = (_CODE + "\nfrom setuptools import setup\n\nsetup()\n").encode()
    if contents.backend:
        members["pyproject.toml"] = _pyproject(file, contents).encode()
    for language in contents.native:
        name, text = _SOURCES[language]
        members[f"{module}/{name}"] = text.encode()
    if contents.source:
        members[f"{module}.c"] = contents.source.encode()
    if contents.egg_info:
        members[f"{module}.egg-info/PKG-INFO"] = _metadata(file, file.core)
        members[f"{module}.egg-info/requires.txt"] = _requires_txt(file.core).encode()
    root = file.filename.removesuffix(".tar.gz")
    return {f"{root}/{name}": data for name, data in members.items()}


def _pyproject(file: File, contents: SdistContents) -> str:
    package = contents.backend.split(".")[0]
    lines = ["[build-system]", f"requires = [{json.dumps(package)}]", f"build-backend = {json.dumps(contents.backend)}"]
    if contents.project_table:
        lines += ["", "[project]", f"name = {json.dumps(file.project)}", f"version = {json.dumps(file.version)}"]
        if file.core.requires_python is not None:
            lines.append(f"requires-python = {json.dumps(file.core.requires_python)}")
        lines.append(f"dependencies = {json.dumps(file.core.requires)}")
        lines += ["", "[project.optional-dependencies]"]
        lines += [f"{extra} = {json.dumps(requirements)}" for extra, requirements in file.core.optional]
    return "\n".join(lines) + "\n"


def _requires_txt(core: Core) -> str:
    """Setuptools' own format: lines without a condition, then sections ``[extra:marker]``."""
    sections: dict[tuple[str, str], list[str]] = {("", ""): []}
    for extra, requirements in (("", core.requires), *core.optional):
        for line in requirements:
            head, _, marker = line.partition(";")
            sections.setdefault((extra, marker.strip()), []).append(head.strip())
    blocks = []
    for (extra, marker), lines in sections.items():
        header = [f"[{extra}:{marker}]" if marker else f"[{extra}]"] if extra or marker else []
        blocks.append("\n".join([*header, *lines]))
    return "\n\n".join(blocks) + "\n"


def _tar_gz(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        GzipFile(fileobj=buffer, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as target,
    ):
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            target.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
