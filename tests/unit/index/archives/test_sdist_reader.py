from __future__ import annotations

import io
import lzma
import tarfile
import tracemalloc
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.index.archives import sdist_archive, sdist_stream
from nogilcheck.index.archives.sdist_reader import DYNAMIC, read_sdist
from nogilcheck.index.http.failures import ReadError
from nogilcheck.model.artifact import Dependency, Metadata, Missing, MissingKind, SourceEvidence
from tests.support.archive_bytes import METADATA, streamed, tar_of, zip_of

FILENAME = "demo-1.0.tar.gz"
OLD = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: >=3.6\nProvides-Extra: docs\n\n"
DYNAMIC_INFO = b"Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nDynamic: requires-dist\nRequires-Python: >=3.9\n\n"
HATCHLING = b'[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n'
SETUPTOOLS = b'[build-system]\nrequires=["setuptools"]\nbuild-backend="setuptools.build_meta"\n'
SETUP = b"from setuptools import setup\nsetup(**read_settings())\n"
SOURCES = {"demo.egg-info/SOURCES.txt": b"setup.py\n"}
PURE = SourceEvidence(compiles=False)


def read(members: Mapping[str, bytes]) -> Metadata:
    found = read_sdist(streamed(tar_of(members)), FILENAME)
    assert isinstance(found, Metadata)
    return found


def evidence(members: Mapping[str, bytes], *, info: bytes = METADATA) -> SourceEvidence | None:
    return read({"PKG-INFO": info, **members}).source


def test_static_metadata() -> None:
    assert read({"pkg/__init__.py": b"", "PKG-INFO": METADATA, "pyproject.toml": HATCHLING}) == Metadata(
        requires=(Dependency(name="idna", specifier=">=2"),), requires_python=">=3.9", origin="sdist", source=PURE
    )


@pytest.mark.parametrize("mode", ["", "gz", "bz2", "xz"])
def test_compressions(mode: str) -> None:
    data = tar_of({"PKG-INFO": METADATA, "setup.py": SETUP}, mode=mode)
    found = read_sdist(streamed(data), FILENAME)
    assert isinstance(found, Metadata)
    assert found.requires == (Dependency(name="idna", specifier=">=2"),)
    assert found.source == PURE


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_a_zip_archive(piece: int) -> None:
    data = zip_of(
        {"demo-1.0/": b"", "demo-1.0/PKG-INFO": METADATA, "demo-1.0/src/fast.c": b"", "demo-1.0/setup.py": SETUP}
    )
    found = read_sdist(streamed(data, piece=piece), "demo-1.0.zip")
    assert isinstance(found, Metadata)
    assert found.requires == (Dependency(name="idna", specifier=">=2"),)
    assert found.source == SourceEvidence(compiles=True, signs=("C",))


@pytest.mark.parametrize("root", ["", "./demo-1.0/", "demo-1.0//"])
def test_root_directories(root: str) -> None:
    found = read_sdist(streamed(tar_of({"PKG-INFO": METADATA}, root=root)), FILENAME)
    assert isinstance(found, Metadata)
    assert found.origin == "sdist"
    assert found.requires


def test_the_shallowest_pkg_info_counts() -> None:
    other = METADATA.replace(b"idna", b"other")
    found = read({"tests/data/PKG-INFO": other, "pkg/PKG-INFO": other, "PKG-INFO": METADATA})
    assert [one.name for one in found.requires] == ["idna"]


REQUIRES_TXT = b"""six
typing; python_version < "3.5"

[:python_version < "3.8"]
importlib_metadata>=1

[Docs]
sphinx>=4

[test:os_name == "nt" or os_name == "posix"]
pytest
"""


def test_requires_txt() -> None:
    found = read({"PKG-INFO": OLD, "setup.py": SETUP, "demo.egg-info/requires.txt": REQUIRES_TXT})
    assert found == Metadata(
        requires=(
            Dependency(name="six"),
            Dependency(name="typing", marker='python_version < "3.5"'),
            Dependency(name="importlib-metadata", specifier=">=1", marker='python_version < "3.8"'),
            Dependency(name="sphinx", specifier=">=4", marker='extra == "docs"'),
            Dependency(name="pytest", marker='(os_name == "nt" or os_name == "posix") and extra == "test"'),
        ),
        extras=("docs", "test"),
        requires_python=">=3.6",
        origin="requires.txt",
        source=PURE,
    )


def test_unreadable_parts_of_requires_txt_lose_no_others() -> None:
    text = b'a\n= 1\n[bad name!]\nb\n[:os_name == ]\nc\n[x:os_name == "nt"]\nd\n'
    found = read({"PKG-INFO": OLD, "setup.py": SETUP, "demo.egg-info/requires.txt": text})
    assert [one.name for one in found.requires] == ["a", "d"]
    assert found.problems == (
        "its requires.txt line '= 1' cannot be read",
        "its requires.txt section 'bad name!' cannot be read",
        "its requires.txt section ':os_name ==' cannot be read",
    )


@pytest.mark.parametrize("directory", ["src/demo.egg-info", "src/python/Demo.egg-info"])
def test_an_egg_info_directory_further_down(directory: str) -> None:
    found = read(
        {
            "tests/demo.egg-info/requires.txt": b"wrong",
            "a.egg-info/requires.txt": b"wrong",
            "PKG-INFO": DYNAMIC_INFO,
            f"{directory}/requires.txt": b"six",
        }
    )
    assert [one.name for one in found.requires] == ["six"]
    assert found.origin == "requires.txt"


def test_an_egg_info_directory_without_requirements() -> None:
    found = read({"PKG-INFO": OLD, "setup.py": SETUP, **SOURCES})
    assert (found.requires, found.origin, found.problems) == ((), "requires.txt", ())


def test_fields_that_only_the_inner_pkg_info_has() -> None:
    found = read({"PKG-INFO": b"Metadata-Version: 1.0\nName: demo\n", "demo.egg-info/PKG-INFO": OLD, **SOURCES})
    assert found.requires_python == ">=3.6"
    assert found.extras == ("docs",)


PROJECT = b"""
[project]
name = "demo"
requires-python = ">=3.10"
dependencies = ["idna>=2; os_name == 'nt'"]
[project.optional-dependencies]
Net = ["httpx"]
"""


def test_a_static_project_table() -> None:
    assert read({"PKG-INFO": OLD, "pyproject.toml": HATCHLING + PROJECT}) == Metadata(
        requires=(
            Dependency(name="idna", specifier=">=2", marker='os_name == "nt"'),
            Dependency(name="httpx", marker='extra == "net"'),
        ),
        extras=("net",),
        requires_python=">=3.10",
        origin="pyproject",
        source=PURE,
    )


def test_a_static_project_table_without_dependencies() -> None:
    found = read({"pyproject.toml": b'[project]\nname = "demo"\ndynamic = ["version"]\n'})
    assert (found.requires, found.origin, found.problems) == ((), "pyproject", ())


@pytest.mark.parametrize(
    "pyproject",
    [
        b'[project]\nname = "demo"\ndynamic = ["dependencies"]\n',
        b'[project]\nname = "demo"\ndynamic = ["optional-dependencies"]\n',
        b'[project]\nname = "demo"\ndependencies = "six"\n',
        b'[project]\nname = "demo"\ndynamic = 3\n',
        b"project = 1\n",
        b"[tool.poetry.dependencies]\nsix = '*'\n",
        b"[project\n",
        b"\xff",
        b"x = " + b"[" * 50_000,
    ],
)
def test_dynamic_dependencies_are_a_problem_with_evidence(pyproject: bytes) -> None:
    found = read({"PKG-INFO": DYNAMIC_INFO, "pyproject.toml": pyproject, "pkg/fast.pyx": b""})
    assert found == Metadata(
        requires_python=">=3.9",
        origin="sdist",
        problems=(DYNAMIC,),
        source=SourceEvidence(compiles=True, signs=("Cython",)),
    )


def test_entries_that_pkg_info_gives_without_promise_are_the_last_resort() -> None:
    info = DYNAMIC_INFO.replace(b"Dynamic:", b"Requires-Dist: py4j\nDynamic:")
    assert [one.name for one in read({"PKG-INFO": info, "setup.py": SETUP}).requires] == ["py4j"]
    found = read({"PKG-INFO": info, "setup.py": SETUP, "demo.egg-info/requires.txt": b"six"})
    assert [one.name for one in found.requires] == ["six"]


@pytest.mark.parametrize(
    ("setup", "settings", "known"),
    [
        (b"from distutils.core import setup\nsetup(name='demo')\n", b"", True),
        (b"from setuptools import setup\nsetup(name='demo', install_requires=needs())\n", b"", False),
        (b"from setuptools import setup\nsetup(**about)\n", b"", False),
        (b"from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n", b"", False),
        (b"from distutils.core import setup\nsetup(name='demo')\n", b"[options]\ninstall_requires = six\n", False),
        (b"import helper\nhelper.main()\n", b"", False),
    ],
)
def test_an_sdist_that_distutils_made(setup: bytes, settings: bytes, *, known: bool) -> None:
    found = read({"PKG-INFO": b"Metadata-Version: 1.0\nName: demo\n", "setup.py": setup, "setup.cfg": settings})
    assert found.problems == (() if known else (DYNAMIC,))


NATIVE: list[tuple[dict[str, bytes], tuple[str, ...]]] = [
    ({"setup.py": SETUP, "src/a.c": b"", "src/b.CPP": b"", "src/c.F90": b"", "src/d.c": b""}, ("C", "C++", "Fortran")),
    ({"setup.py": SETUP, "rust/Cargo.toml": b""}, ("Rust",)),
    ({"setup.py": b"setup(ext_modules=[])"}, ("ext_modules",)),
    ({"setup.py": b"CMakeExtension('demo')"}, ("ext_modules",)),
    ({"setup.py": b"ext = cythonize(['a.py'])"}, ("Cython",)),
    ({"setup.py": b"setup(cffi_modules=['a.py:ffi'])"}, ("cffi",)),
    ({"pyproject.toml": b'[build-system]\nrequires=["maturin>=1,<2"]\nbuild-backend="maturin"'}, ("maturin",)),
    ({"pyproject.toml": b'[build-system]\nrequires=[]\nbuild-backend="mesonpy"'}, ("meson-python",)),
    ({"pyproject.toml": b'[build-system]\nbuild-backend="scikit_build_core.build"'}, ("scikit-build-core",)),
    ({"pyproject.toml": b'[build-system]\nrequires=["setuptools", "Cython ~= 3.0"]'}, ("Cython",)),
    ({"pyproject.toml": b'[build-system]\nrequires=["setuptools_rust"]'}, ("setuptools-rust",)),
    ({"pyproject.toml": b'[[tool.setuptools.ext-modules]]\nname = "demo.fast"'}, ("ext_modules",)),
    ({"pyproject.toml": HATCHLING + b"[tool.hatch.build.hooks.custom]\n", "src/a.c": b""}, ("C",)),
]  # fmt: skip


@pytest.mark.parametrize(("members", "signs"), NATIVE)
def test_signs_of_compiling(members: dict[str, bytes], signs: tuple[str, ...]) -> None:
    assert evidence(members) == SourceEvidence(compiles=True, signs=signs)


@pytest.mark.parametrize(
    "members",
    [
        {"setup.py": SETUP},
        {"setup.py": b"setup(has_ext_modules=no)"},
        {"pyproject.toml": SETUPTOOLS},
        {"pyproject.toml": HATCHLING},
        {"pyproject.toml": HATCHLING + b"[tool.hatch.build.hooks.vcs]\n"},
        {"pyproject.toml": HATCHLING, "pkg/template.c": b""},
        {"pyproject.toml": b'[build-system]\nrequires=["flit_core"]\nbuild-backend="flit_core.buildapi"'},
        {"pyproject.toml": b'[build-system]\nrequires=["uv_build"]\nbuild-backend="uv_build"'},
        {"pyproject.toml": b'[build-system]\nrequires=["poetry-core"]\nbuild-backend="poetry.core.masonry.api"'},
        {"pyproject.toml": b'[build-system]\nrequires=["pdm-backend"]\nbuild-backend="pdm.backend"'},
        {
            "setup.py": SETUP,
            "tests/a.c": b"",
            "docs/b.rs": b"",
            "examples/ext/c.pyx": b"",
            "pkg/Tests/d.cpp": b"",
        },
    ],
)
def test_shown_to_be_pure(members: dict[str, bytes]) -> None:
    assert evidence(members) == PURE


POETRY = b'[build-system]\nrequires=["poetry-core"]\nbuild-backend="poetry.core.masonry.api"\n'
PDM = b'[build-system]\nrequires=["pdm-backend"]\nbuild-backend="pdm.backend"\n'
IN_TREE = b'[build-system]\nrequires=[]\nbuild-backend="own\\u001b[0m"\nbackend-path=["."]\n'


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "neither setup.py nor a readable pyproject.toml"),
        ({"pyproject.toml": b"[[["}, "neither setup.py nor a readable pyproject.toml"),
        ({"pyproject.toml": IN_TREE}, "the build backend own [0m"),
        ({"pyproject.toml": HATCHLING + b"[tool.hatch.build.hooks.custom]\n"}, "the build hook custom"),
        ({"pyproject.toml": HATCHLING + b"[tool.hatch.build.targets.wheel.hooks.x]\n"}, "the build hook x"),
        ({"pyproject.toml": HATCHLING, "hatch.toml": b""}, "build settings in hatch.toml"),
        ({"pyproject.toml": POETRY + b"[tool.poetry.build]\nscript = 'build.py'\n"}, "a build script"),
        ({"pyproject.toml": POETRY + b"[tool.poetry]\nbuild = 'build.py'\n"}, "a build script"),
        ({"pyproject.toml": PDM, "pdm_build.py": b""}, "a build script"),
        ({"setup.py": SETUP, "pkg/lib.so": b""}, "libraries that are compiled already"),
    ],
)
def test_no_evidence_either_way(members: dict[str, bytes], why: str) -> None:
    assert evidence(members) == SourceEvidence(compiles=None, signs=(why,))


def test_an_archive_that_is_no_sdist() -> None:
    found = read_sdist(streamed(tar_of({"README": b"", "data/x": b""})), FILENAME)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f",
        b"<html>nothing here</html>" * 100,
        b"PK\x03\x04" + b"x" * 200,
        tar_of({"PKG-INFO": METADATA * 500})[:-40],
        tar_of({"PKG-INFO": METADATA * 500}, mode="xz")[:200],
    ],
    ids=["empty", "one byte", "a page", "the head of a zip", "gz cut off", "xz cut off"],
)
def test_broken_archives(data: bytes) -> None:
    found = read_sdist(streamed(data), FILENAME)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN
    assert FILENAME in found.text


def test_a_stream_that_fails_is_the_answer_and_is_closed() -> None:
    closed = []

    def stream() -> Iterator[bytes]:
        try:
            yield tar_of({"PKG-INFO": METADATA})[:50]
            raise ReadError(Missing(kind=MissingKind.UNREACHABLE, text="gone"))
        finally:
            closed.append(True)

    assert read_sdist(stream, FILENAME) == Missing(kind=MissingKind.UNREACHABLE, text="gone")
    assert closed == [True]


@pytest.mark.parametrize(
    ("limit", "value"), [("COMPRESSED_LIMIT", 20_000), ("UNPACKED_LIMIT", 40_000), ("MEMBERS_LIMIT", 2)]
)
def test_a_limit_that_is_hit_ends_the_reading(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(sdist_stream if limit == "UNPACKED_LIMIT" else sdist_archive, limit, value)
    noise = bytes(range(256)) * 200
    members = {"PKG-INFO": METADATA, "setup.py": SETUP, "a.bin": noise, "b.bin": noise, "fast.c": b""}
    taken = 0

    def stream() -> Iterator[bytes]:
        nonlocal taken
        data = tar_of(members, mode="")
        for at in range(0, len(data), 500):
            taken += 500
            yield data[at : at + 500]

    found = read_sdist(stream, FILENAME)
    assert isinstance(found, Metadata)
    assert [one.name for one in found.requires] == ["idna"]
    assert found.source == SourceEvidence(compiles=None, signs=("only the beginning of the archive was read",))
    assert taken < 80_000


def test_what_was_not_seen_is_not_taken_for_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_archive, "MEMBERS_LIMIT", 2)
    found = read({"PKG-INFO": OLD, **SOURCES, "demo.egg-info/requires.txt": b"six"})
    assert found.problems == (DYNAMIC,)


def test_a_zip_archive_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_archive, "ZIP_LIMIT", 100)
    found = read_sdist(streamed(zip_of({"demo-1.0/PKG-INFO": METADATA})), "demo-1.0.zip")
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.TOO_LARGE


@pytest.mark.parametrize(
    "data", [tar_of, lambda members: zip_of({f"r/{name}": text for name, text in members.items()})]
)
def test_a_file_beyond_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch, data: Any) -> None:
    monkeypatch.setattr(sdist_archive, "MEMBER_LIMIT", 1000)
    archive = data({"PKG-INFO": METADATA, "setup.py": b"#" * 1001, "pyproject.toml": SETUPTOOLS})
    found = read_sdist(streamed(archive), FILENAME)
    assert isinstance(found, Metadata)
    assert found.source is not None
    assert found.source.compiles is None


def test_a_damaged_header_is_not_taken_for_the_end() -> None:
    data = bytearray(tar_of({"PKG-INFO": METADATA, "setup.py": SETUP, "fast.c": b""}, mode=""))
    at = data.rindex(b"demo-1.0/fast.c")
    data[at : at + 4] = b"DEMO"
    found = read_sdist(streamed(bytes(data)), FILENAME)
    assert isinstance(found, Metadata)
    assert found.source is not None
    assert found.source.compiles is None


def _bomb(kind: bytes, size: int) -> bytes:
    """An archive whose extended header claims, and has, a large size."""
    header = tarfile.TarInfo("demo-1.0/x")
    header.type, header.size = kind, size
    file = io.BytesIO()
    with lzma.open(file, "wb", preset=0) as stream:
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size // 2**20):
            stream.write(bytes(2**20))
    return file.getvalue()


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_bomb_takes_no_memory(kind: bytes) -> None:
    data = _bomb(kind, 64 * 2**20)
    tracemalloc.start()
    try:
        found = read_sdist(streamed(data), FILENAME)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(found, Metadata)
    assert found.problems == (DYNAMIC,)
    assert peak < 16 * 2**20


def test_a_member_without_a_name() -> None:
    data = zip_of({"demo-1.0/PKG-INFO": METADATA, "?": b""}).replace(b"?", b"\0")
    found = read_sdist(streamed(data), "demo-1.0.zip")
    assert isinstance(found, Metadata)
    assert found.requires


def test_a_sparse_member_whose_map_is_cut_off() -> None:
    header = tarfile.TarInfo("demo-1.0/x")
    header.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[482] = 1  # the map goes on in the next block, and there is none
    block[148:156] = b"%06o\0 " % (256 + sum(block[:148]) + sum(block[156:]))
    found = read_sdist(streamed(bytes(block) + b"1"), FILENAME)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


_cuts = st.tuples(st.integers(0, 12_000), st.integers(0, 600), st.binary(max_size=40))
_BASES = [
    tar_of(
        {"PKG-INFO": METADATA, "setup.py": SETUP, "demo.egg-info/requires.txt": REQUIRES_TXT, "d/a.c": b"x" * 900},
        mode=mode,
    )
    for mode in ("", "gz", "bz2", "xz")
]
_BASES.append(zip_of({"demo-1.0/PKG-INFO": METADATA, "demo-1.0/pyproject.toml": HATCHLING + PROJECT}))


@given(base=st.sampled_from(_BASES), cuts=st.lists(_cuts, min_size=1, max_size=4))
def test_damaged_sdists_are_values(base: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    """Bytes replaced, inserted or removed anywhere: an answer."""
    data = base
    for at, length, put in cuts:
        at %= len(data) + 1
        data = data[:at] + put + data[at + length :]
    assert isinstance(read_sdist(streamed(data), FILENAME), Metadata | Missing)


@given(st.dictionaries(st.sampled_from(["PKG-INFO", "pyproject.toml", "setup.py", "demo.egg-info/requires.txt"]),
                       st.binary(max_size=200) | st.text(max_size=200).map(str.encode), min_size=1))  # fmt: skip
def test_any_content_is_a_value(members: dict[str, bytes]) -> None:
    assert isinstance(read_sdist(streamed(tar_of(members)), FILENAME), Metadata)
