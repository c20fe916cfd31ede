from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from wheel.wheelfile import WheelFile  # type: ignore[import-untyped, unused-ignore]

from tests.world import CANARY, archive, metadata, parse, sha256, write_links_dir
from tests.world.archives import metadata_sha256
from tests.world.universe import File

WORLD = """
    [projects.My-Lib."1.0"]
    requires = ["b>=1"]
    extras.x = ["c", "d ; sys_platform == 'win32'"]
    requires-python = ">=3.11"
    fields.Summary = "Short"
    fields.Classifier = ["One", "Two"]
    members = ["my_lib/_speed.cpython-314-x86_64-linux-gnu.so"]
    wheels = ["2-cp314.cp315-abi3.abi3t-manylinux_2_28_x86_64"]
    sdist.native = ["c", "c++", "cython", "fortran", "rust"]
    sdist.dynamic = true
    sdist.egg-info = true
    sdist.project-table = true
"""
WHEEL = "my_lib-1.0-2-cp314.cp315-abi3.abi3t-manylinux_2_28_x86_64.whl"
SDIST = "my_lib-1.0.tar.gz"


def one(text: str) -> File:
    (file,) = parse(text).files
    return file


def sdist_members(file: File) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(archive(file)), mode="r:gz") as opened:
        return {member.name: read(opened, member) for member in opened.getmembers()}


def read(opened: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = opened.extractfile(member)
    assert stream is not None
    return stream.read().decode()


def test_a_wheel_is_a_wheel(tmp_path: Path) -> None:
    write_links_dir(parse(WORLD), tmp_path)
    # WheelFile compares every member that is read with RECORD.
    with WheelFile(str(tmp_path / WHEEL)) as wheel:
        contents = {name: wheel.read(name).decode() for name in wheel.namelist()}
    assert set(contents) == {
        "my_lib/__init__.py",
        "my_lib/_speed.cpython-314-x86_64-linux-gnu.so",
        "my_lib-1.0.dist-info/METADATA",
        "my_lib-1.0.dist-info/WHEEL",
        "my_lib-1.0.dist-info/RECORD",
    }
    assert "Tag: cp315-abi3t-manylinux_2_28_x86_64\n" in contents["my_lib-1.0.dist-info/WHEEL"]
    assert "Build: 2\n" in contents["my_lib-1.0.dist-info/WHEEL"]
    core = Metadata.from_email(contents["my_lib-1.0.dist-info/METADATA"])
    assert (core.name, str(core.version), str(core.requires_python)) == ("My-Lib", "1.0", ">=3.11")
    assert [str(line) for line in core.requires_dist or []] == [
        "b>=1",
        'c; extra == "x"',
        'd; sys_platform == "win32" and extra == "x"',
    ]
    assert (core.provides_extra, core.summary, core.classifiers) == (["x"], "Short", ["One", "Two"])


def test_an_sdist_holds_what_the_universe_says() -> None:
    members = sdist_members(parse(WORLD).file(SDIST))
    assert {name.rpartition(".")[2] for name in members} >= {"c", "cpp", "pyx", "f90", "rs"}
    assert "Dynamic: Requires-Dist\n" in members["my_lib-1.0/PKG-INFO"]
    assert members["my_lib-1.0/my_lib.egg-info/requires.txt"] == "b>=1\n\n[x]\nc\n\n[x:sys_platform == 'win32']\nd\n"
    pyproject = tomllib.loads(members["my_lib-1.0/pyproject.toml"])
    assert pyproject["build-system"]["build-backend"] == "setuptools.build_meta"
    assert pyproject["project"]["dependencies"] == ["b>=1"]
    assert pyproject["project"]["optional-dependencies"] == {"x": ["c", "d ; sys_platform == 'win32'"]}


def test_what_an_sdist_can_do_without() -> None:
    bare = one('[projects.a]\n"1.0" = { sdist = { backend = "", pkg-info = false, setup-py = false } }')
    assert set(sdist_members(bare)) == {"a-1.0/a/__init__.py"}
    flit = one('[projects.a]\n"1.0" = { sdist = { backend = "flit_core.buildapi" } }')
    assert set(sdist_members(flit)) == {"a-1.0/a/__init__.py", "a-1.0/PKG-INFO", "a-1.0/pyproject.toml"}


def test_archives_are_the_same_on_every_run() -> None:
    for file in parse(WORLD).files:
        first = archive(file)
        archive.cache_clear()
        assert archive(file) == first
        assert hashlib.sha256(first).hexdigest() == sha256(file)


def test_metadata_can_stand_out_of_reach_of_the_tail() -> None:
    wheels = "wheels = [{ tag = 'py3-none-any', padding = 100000, metadata-first = true }, 'py2-none-any']"
    far, near = parse(f'[projects.a."1.0"]\n{wheels}').files
    with zipfile.ZipFile(io.BytesIO(archive(far))) as opened:
        assert opened.getinfo("a-1.0.dist-info/METADATA").header_offset == 0
    with zipfile.ZipFile(io.BytesIO(archive(near))) as opened:
        assert opened.getinfo("a-1.0.dist-info/METADATA").header_offset > 0
    assert len(archive(far)) > 100_000


def test_the_served_metadata_may_differ() -> None:
    file = one('[projects.a]\n"1.0" = { requires = ["in-wheel"], metadata-only-differs = ["served"] }')
    assert b"Requires-Dist: served\n" in metadata(file)
    assert b"in-wheel" not in metadata(file)
    assert metadata_sha256(file) == hashlib.sha256(metadata(file)).hexdigest()
    assert b"Requires-Dist: b>=1\n" in metadata(parse(WORLD).file(WHEEL))


@pytest.mark.parametrize("name", ["my_lib-1.0/setup.py", "my_lib-1.0/my_lib/__init__.py"])
def test_code_that_is_run_leaves_a_mark(name: str, tmp_path: Path, home: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(sdist_members(parse(WORLD).file(SDIST))[name].partition("from setuptools")[0], encoding="utf-8")
    subprocess.run([sys.executable, str(script)], check=True)
    assert (home / CANARY).exists()
    (home / CANARY).unlink()
