"""Entries of locks that come from no index: each is judged or a gap, and no index is asked about its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import Answer, check
from tests.support.statements import write
from tests.world import Index

_HASH = "sha256:" + "00" * 32


def _uv(source: str, more: str = "") -> str:
    return f"""\
version = 1
requires-python = ">=3.11"

[[package]]
name = "sample"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "lib" }}, {{ name = "six" }}]

[[package]]
name = "lib"
version = "1.0"
source = {{ {source} }}
{more}

[[package]]
name = "six"
version = "1.0"
source = {{ registry = "https://r.test/" }}
wheels = [{{ url = "https://f.test/six-1.0-py3-none-any.whl", hash = "{_HASH}" }}]
"""


def _poetry(kind: str, url: str, files: str = "") -> str:
    return f"""\
[[package]]
name = "lib"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{files}]

[package.source]
type = "{kind}"
url = "{url}"

[[package]]
name = "six"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{{file = "six-1.0-py3-none-any.whl", hash = "{_HASH}"}}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
"""


def _pdm(source: str) -> str:
    return f"""\
[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "4.5.1"
content_hash = "sha256:00"

[[metadata.targets]]
requires_python = ">=3.11"

[[package]]
name = "lib"
version = "1.0"
groups = ["default"]
{source}

[[package]]
name = "six"
version = "1.0"
groups = ["default"]
files = [{{file = "six-1.0-py3-none-any.whl", hash = "{_HASH}"}}]
"""


def _pylock(source: str) -> str:
    return f"""\
lock-version = "1.0"
created-by = "tests"

[[packages]]
name = "lib"
version = "1.0"
{source}

[[packages]]
name = "six"
version = "1.0"
wheels = [{{ url = "https://f.test/six-1.0-py3-none-any.whl", hashes = {{ sha256 = "00" }} }}]
"""


def _pipfile(entry: str) -> str:
    return f'{{"_meta": {{"pipfile-spec": 6}}, "default": {{"lib": {{{entry}}}, "pure": {{"version": "==1.0"}}}}}}'


_ARCHIVES = ("lib-1.0.egg", "lib-1.0.tar.zst", "lib-1.0.TAR.GZ", "lib", "lib-1.0.exe", "lib.whl.bak")


def _odd(place: str) -> Iterator[tuple[str, str]]:
    yield "uv.lock", _uv(f'path = "{place}"')
    yield "uv.lock", _uv(f'path = "{place}"', f'wheels = [{{ filename = "{place}", hash = "{_HASH}" }}]')
    yield "uv.lock", _uv(f'url = "file:///srv/{place}"', f'sdist = {{ hash = "{_HASH}" }}')
    yield "uv.lock", _uv(f'url = "https://h.test/{place}"', f'sdist = {{ hash = "{_HASH}" }}')
    yield "poetry.lock", _poetry("file", place, f'{{file = "{place}", hash = "{_HASH}"}}')
    yield "poetry.lock", _poetry("url", f"file:///srv/{place}", f'{{file = "{place}", hash = "{_HASH}"}}')
    yield "pdm.lock", _pdm(f'path = "./{place}"')
    yield "pdm.lock", _pdm(f'url = "file:///srv/{place}"')
    yield "pylock.toml", _pylock(f'archive = {{ path = "{place}", hashes = {{ sha256 = "00" }} }}')
    yield "pylock.toml", _pylock(f'archive = {{ url = "file:///srv/{place}", hashes = {{ sha256 = "00" }} }}')
    yield "Pipfile.lock", _pipfile(f'"path": "./{place}"')
    yield "Pipfile.lock", _pipfile(f'"file": "file:///srv/{place}"')


@pytest.mark.parametrize(("name", "text"), [case for place in _ARCHIVES for case in _odd(place)])
def test_an_archive_of_an_unknown_kind_is_a_gap(name: str, text: str, index: Index, here: Path) -> None:
    write({name: text}, here)
    answer = check(index=index)
    assert answer.status == 3
    assert any("lib" in gap and "not checked" in gap for _, gap in answer.gaps)
    assert _of(answer)["lib"] == "unknown"
    assert not any("/lib/" in request for request in _asked(index))


def _directories(place: str) -> dict[str, str]:
    """Of one name there is one lock in a directory."""
    return {
        "uv.lock": _uv(f'directory = "{place}"'),
        "poetry.lock": _poetry("directory", place),
        "pdm.lock": _pdm(f'path = "{place}"'),
        "pylock.toml": _pylock(f'directory = {{ path = "{place}" }}'),
    }


_FORMATS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_PURE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "lib"
version = "1.0"
"""
_SETUPTOOLS = "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('lib', ['lib.c'])])\n"


class TestDirectories:
    """A project directory that is built, and is neither the locked project nor a member of its workspace."""

    @pytest.mark.parametrize("name", _FORMATS)
    def test_one_without_compiled_code(self, name: str, index: Index, here: Path) -> None:
        write({name: _directories("vendored/lib")[name], "vendored/lib/pyproject.toml": _PURE}, here)
        answer = check(index=index)
        assert (answer.status, _of(answer)["lib"]) == (0, "source-pure")
        assert not any("/lib/" in request for request in _asked(index))

    @pytest.mark.parametrize("name", _FORMATS)
    @pytest.mark.parametrize(
        "files", [{"setup.py": _SETUPTOOLS, "lib.c": ""}, {"setup.py": "", "src/lib.pyx": ""}], ids=["C", "Cython"]
    )
    def test_one_that_compiles(self, name: str, files: dict[str, str], index: Index, here: Path) -> None:
        inside = {f"vendored/lib/{path}": text for path, text in files.items()}
        write({name: _directories("vendored/lib")[name], **inside}, here)
        answer = check(index=index)
        assert (answer.status, _of(answer)["lib"]) == (1, "source-only")
        assert not any("/lib/" in request for request in _asked(index))

    @pytest.mark.parametrize("name", _FORMATS)
    @pytest.mark.parametrize("inside", [{}, {"vendored/lib/lib.py": ""}], ids=["absent", "no project"])
    def test_one_that_cannot_be_read_is_a_gap(
        self, name: str, inside: dict[str, str], index: Index, here: Path
    ) -> None:
        write({name: _directories("vendored/lib")[name], **inside}, here)
        answer = check(index=index)
        assert (answer.status, _of(answer)["lib"]) == (3, "unknown")

    @pytest.mark.parametrize("name", _FORMATS)
    def test_what_a_directory_holds_today_counts(self, name: str, index: Index, here: Path) -> None:
        write({name: _directories("vendored/lib")[name], "vendored/lib/pyproject.toml": _PURE}, here)
        assert check(index=index).status == 0
        write({"vendored/lib/setup.py": _SETUPTOOLS, "vendored/lib/pyproject.toml": ""}, here)
        assert check(index=index).status == 1

    @pytest.mark.parametrize("name", [name for name in _FORMATS if name != "uv.lock"])
    def test_the_directory_of_the_lock_is_the_project_itself(self, name: str, index: Index, here: Path) -> None:
        write({name: _directories(".")[name]}, here)
        answer = check(index=index)
        assert (answer.status, answer.distributions) == (0, {"six"})


def _of(answer: Answer) -> dict[str, str]:
    return {
        each["name"]: target["status"] for each in answer.report["distributions"] for target in each["targets"].values()
    }


def _asked(index: Index) -> list[str]:
    return [request.path for request in index.requests]
