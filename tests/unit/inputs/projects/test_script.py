"""Inline metadata of scripts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.projects.script import read_script
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.projectfiles import beside, complaints, lines, says

REGEX = r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$"
"""Of PEP 723."""


def read(text: str, name: str = "s.py") -> Content:
    return read_script(text, name, beside())


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_those_of_the_script(newline: str) -> None:
    text = (
        "#!/usr/bin/env x\n\n# /// script\n# requires-python = '>=3.12'\n# dependencies = [\n#\n"
        "#   'a>1',\n# 'b',\n# ]\n# ///\nx = 1\n"
    )
    content = read(text.replace("\n", newline))
    assert says(content.roots) == ["a>1", "b"]
    assert lines(content.roots) == [7, 8]
    assert content.bounds
    assert (content.bounds.project, content.bounds.location.line) == ("s.py", 4)


def test_uv(here: Path) -> None:
    content = read(
        "# /// script\n# dependencies = ['a', 'b']\n# [tool.uv]\n# constraint-dependencies = ['c<2']\n"
        "# override-dependencies = ['d>1']\n# sources = {a = {path = 'lib'}}\n# ///\n"
    )
    assert says(content.roots) == [f"a @ {(here / 'lib').as_uri()}", "b"]
    assert [(root.requirement, root.location.line) for root in (*content.constraints, *content.overrides)] == [
        ("c<2", 4),
        ("d>1", 5),
    ]


def test_what_cannot_be_read_is_set_aside() -> None:
    content = read("# /// script\n# dependencies = [\n# 'a=1', 'b', 3]\n# requires-python = 3\n# tool = 3\n# ///\n")
    assert says(content.roots) == ["b"]
    assert [line for line, _ in complaints(content)] == [4, 3, 3, 5]


def test_a_block_that_requires_nothing_says_so() -> None:
    assert read("# /// script\n#\n# ///").notes == ("s.py: the script requires nothing",)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("print(1)\n", None, "without inline metadata"),
        ("# /// other\n# x = 1\n# ///\n", None, "without inline metadata"),
        ("# /// script\n# x = 1\nprint(1)\n", 1, "not closed"),
        ("# /// script\n# ///\n", 1, "not closed"),
        ("# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 1\n# ///\n", 5, "several script blocks"),
        ("x = 1\n# /// script\n# a = 1\n# b = = 1\n# ///\n", 4, "not valid TOML"),
    ],
)
def test_a_script_without_a_usable_block(text: str, line: int | None, message: str) -> None:
    with pytest.raises(UnreadableSourceError, match=message) as caught:
        read(text)
    assert caught.value.line == line


def test_setup_py_is_named() -> None:
    with pytest.raises(UnreadableSourceError, match=r"setup\.py is never run"):
        read("raise SystemExit", "lib/setup.py")


_LINES = st.sampled_from(
    ["# /// script", "# /// other", "# ///", "#", "# a = 1", "# dependencies = ['x']", "#x", "", "x = 1"]
)


@given(st.lists(_LINES, max_size=12).map("\n".join))
def test_blocks_are_those_of_the_specification(text: str) -> None:
    found = [match for match in re.finditer(REGEX, text) if match["type"] == "script"]
    expected: object = None
    if len(found) == 1:
        toml = "".join(
            line[2:] if line.startswith("# ") else line[1:] for line in found[0]["content"].splitlines(keepends=True)
        )
        try:
            expected = tomllib.loads(toml).get("dependencies", [])
        except tomllib.TOMLDecodeError:
            expected = None
    try:
        assert [root.name for root in read(text).roots] == expected
    except UnreadableSourceError:
        assert expected is None
