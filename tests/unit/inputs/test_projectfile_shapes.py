"""Whatever a project file holds, reading it ends in content or in one clear error."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.projects.pyproject import read_pyproject
from nogilcheck.inputs.projects.script import read_script
from nogilcheck.inputs.projects.setup_cfg import read_setup_cfg
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.projectfiles import FIXTURES, beside, says

PROJECTS = sorted(path for path in FIXTURES.glob("*/pyproject.toml") if path.parent.name != "setup-cfg")

_IN_ONE_DIRECTORY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100
)

KEYS = (
    *("project", "name", "dependencies", "optional-dependencies", "requires-python", "dynamic", "dependency-groups"),
    *("include-group", "tool", "poetry", "group", "extras", "dev-dependencies", "version", "python", "platform", "url"),
    *(
        "markers",
        "optional",
        "git",
        "path",
        "file",
        "rev",
        "pdm",
        "resolution",
        "overrides",
        "hatch",
        "envs",
        "features",
    ),
    *("template", "default", "uv", "sources", "workspace", "members", "marker", "extra", "environments", "module"),
    *("constraint-dependencies", "override-dependencies", "setuptools", "flit", "metadata", "requires", "a", "b"),
    *("pixi", "feature", "target", "linux", "osx-64", "pypi-dependencies", "pypi-options", "no-build", "find-links"),
    *(
        "platforms",
        "solve-group",
        "no-default-feature",
        "dependency-overrides",
        "exclude-newer",
        "index",
        "env-markers",
    ),
    *("requires-extra", "include-groups", "extra-dependencies", "hooks", "requirements_txt", "files"),
)
STRINGS = (
    "a",
    "a>=1",
    "p[a]",
    "p[a,b]; os_name == 'x'",
    "^1",
    "*",
    ">=3.9",
    "a @ file:///nope",
    "a @ https://u:p@h/x",
    "../x",
    "libs/*",
    "sys_platform == 'x'",
    "(" * 3000,
    "dependencies",
    "\0",
    "[",
    "9" * 5000,
    "\U0001f40d",
)
_SCALARS = st.sampled_from(STRINGS) | st.integers() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
_TABLES = st.dictionaries(st.sampled_from(KEYS), _VALUES, max_size=6)
Reader = Callable[[str, str, Neighbours], Content]


def _outcome(reader: Reader, text: str, path: str, directory: Path | None = None) -> Content | None:
    """What a reader says; ``None`` for one clear error."""
    try:
        return reader(text, path, beside(directory or "."))
    except UnreadableSourceError as error:
        if not error.message or len(error.message) > 1000:
            raise
        return None


_DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "project": _TABLES | _VALUES,
        "dependency-groups": st.dictionaries(st.sampled_from("ab"), _VALUES, max_size=3) | _VALUES,
        "tool": st.dictionaries(
            st.sampled_from(["poetry", "pdm", "hatch", "uv", "setuptools", "flit", "pixi"]), _TABLES
        )
        | _VALUES,
    },
)


def _toml(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value) if not isinstance(value, float) else repr(value).replace("e+", "e")


def _check(content: Content, path: str) -> None:
    """What holds of everything that a reader says."""
    for root in (*content.roots, *content.constraints, *content.overrides):
        assert root.location.line
        assert (root.kind == "") == (root.group is None)
        assert root.group in {None, *content.extras, *content.groups}
    for unread in content.unread:
        assert unread.location.path == path
        assert unread.text
        assert "u:p@" not in unread.text
    assert len(set(content.roots)) == len(content.roots)


@_IN_ONE_DIRECTORY
@given(_DOCUMENTS)
def test_any_shape(document: dict[str, Any]) -> None:
    text = "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in document.items())
    script = "# /// script\n" + "".join(f"# {line}\n" for line in text.split("\n")) + "# ///\n"
    for reader, path, written in ((read_pyproject, "pyproject.toml", text), (read_script, "s.py", script)):
        if content := _outcome(reader, written, path):
            _check(content, path)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every table or array of a document, with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _places(item)


@_IN_ONE_DIRECTORY
@given(st.data())
def test_a_project_with_other_types(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PROJECTS))
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(list(_places(document))))
        container[key] = data.draw(_VALUES)
    text = "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in document.items())
    content = _outcome(read_pyproject, text, path.name, path.parent)
    assert content is None or content.roots or content.unread or content.notes


@_IN_ONE_DIRECTORY
@given(st.data())
def test_a_mangled_project(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*PROJECTS, *sorted(FIXTURES.rglob("setup.cfg"))]))
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        text = text[:start] + data.draw(st.sampled_from(MANGLED)) + text[end:]
    _outcome(read_setup_cfg if path.suffix == ".cfg" else read_pyproject, text, path.name, path.parent)


MANGLED = ("", "[", "]", '"', "'", "=", "{", "}", "\n", ",", "3", "true", "\\")


@_IN_ONE_DIRECTORY
@given(st.text(alphabet="[]options=:;\n\r\t #%a1\x01\x00\x85", max_size=80))
def test_any_setup_cfg(text: str) -> None:
    for written in (text, "[options]\ninstall_requires =\n " + text, "[options.extras_require]\n" + text):
        if content := _outcome(read_setup_cfg, written, "setup.cfg"):
            _check(content, "setup.cfg")


@pytest.mark.parametrize(
    "text",
    [
        "project = " + "[" * 100_000,
        "project = {dependencies = " + "[" * 600 + "]" * 600 + "}",
        "[project]\ndependencies = ['a; " + "(" * 4000 + "']",
        "[project]\nname = 'p'\ndependencies = ['" + "a" * 1_000_000 + "']",
        "[project]\nname = 3\nrequires-python = '>=" + "1" * 100_000 + "'",
        "[dependency-groups]\n" + "\n".join(f"g{n} = []" for n in range(5000)),
        "[tool.uv]\nenvironments = ['" + "(" * 100_000 + "']\ndev-dependencies = []",
    ],
)
def test_extremes(text: str) -> None:
    content = _outcome(read_pyproject, text, "pyproject.toml")
    if content is not None:
        assert content.unread
        assert max(len(unread.text) for unread in content.unread) < 1000


def test_a_large_file_is_read_once_through() -> None:
    items = "\n".join(f'"a{n}>={n}",' for n in range(2_000))
    content = read_pyproject(f"[project]\nname = 'p'\ndependencies = [\n{items}\n]\n", "pyproject.toml", beside())
    assert len(content.roots) == 2_000
    assert content.roots[-1].location.line == 2_003
    assert says(content.roots)[7] == "a7>=7"


def test_the_fixtures_are_there() -> None:
    assert {path.parent.name for path in PROJECTS} >= {
        "poetry",
        "pdm",
        "hatch",
        "uv",
        "setuptools",
        "pixi",
    }
