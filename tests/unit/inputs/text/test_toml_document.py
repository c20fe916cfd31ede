"""TOML with places: the values are tomllib's, the lines are those a person would point at."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import MAX_KEY_PARTS, MAX_TRACKED, parse_toml

DOCUMENT = """\
# [not.a.table]
title = "a # and [brackets] = no"
text = \"\"\"
[fake]
key = 1 \\\"\"\" still ""\"\"\"
raw = '''
[fake]
it's ''quoted''
'''
[project]  # of a kind
name = "demo"
dependencies = [  # a list
  "one",

  # "no element",
  "two", "three[extra]",
  'four',
]
urls.home . "the page" = "x"
urls.code = "y"

[project.optional-dependencies]
"odd \\u0041 key" = [
  "five"
  ,
  "six",
]

[dependency-groups]
dev = ["seven", {include-group = "test"},
  { include-group = "lint" },
]

[[package]]
name = "first"

[[package]]
name = "second"
wheels = [
  { url = "https://host/a#b", hash = "}" },
  { url = "u", extra.deep = [1.5,
     2024-01-01T00:00:00Z, [ "x",
     "y" ] ], size = 3 },
]

[package.metadata]
requires = []

[[package.metadata.part]]
n = 1

[[package.metadata.part]]
n = 2

[[package]]
[package.metadata]
[[package.metadata.part]]
n = 3

[last]
"""


def line_of(*path: str | int) -> int | None:
    return parse_toml(DOCUMENT).line(*path)


def number(text: str, occurrence: int = 1) -> int:
    """The line of DOCUMENT that holds the text."""
    return [n for n, line in enumerate(DOCUMENT.split("\n"), 1) if text in line][occurrence - 1]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("title",), number("title =")),
        (("text",), number("text =")),
        (("raw",), number("raw =")),
        (("project",), number("[project]")),
        (("project", "name"), number('"demo"')),
        (("project", "dependencies"), number("dependencies = [")),
        (("project", "dependencies", 0), number('"one"')),
        (("project", "dependencies", 1), number('"two"')),
        (("project", "dependencies", 2), number('"two"')),
        (("project", "dependencies", 3), number("'four'")),
        (("project", "urls"), number("urls.home")),
        (("project", "urls", "home", "the page"), number("urls.home")),
        (("project", "urls", "code"), number("urls.code")),
        (("project", "optional-dependencies", "odd A key", 1), number('"six"')),
        (("dependency-groups", "dev", 1), number("seven")),
        (("dependency-groups", "dev", 1, "include-group"), number("seven")),
        (("dependency-groups", "dev", 2), number('"lint"')),
        (("package",), number("[[package]]")),
        (("package", 0), number("[[package]]")),
        (("package", 1), number("[[package]]", 2)),
        (("package", 1, "name"), number("second")),
        (("package", 1, "wheels", 0, "hash"), number('"}"')),
        (("package", 1, "wheels", 1), number('url = "u"')),
        (("package", 1, "wheels", 1, "extra", "deep", 1), number("2024")),
        (("package", 1, "wheels", 1, "extra", "deep", 2, 1), number('"y" ]')),
        (("package", 1, "wheels", 1, "size"), number('"y" ]')),
        (("package", 1, "metadata"), number("[package.metadata]")),
        (("package", 1, "metadata", "part", 1), number("[[package.metadata.part]]", 2)),
        (("package", 1, "metadata", "part", 1, "n"), number("n = 2")),
        (("package", 2), number("[[package]]", 3)),
        (("package", 2, "metadata"), number("[package.metadata]", 2)),
        (("package", 2, "metadata", "part", 0, "n"), number("n = 3")),
        (("last",), number("[last]")),
    ],
)
def test_line(path: tuple[str | int, ...], expected: int) -> None:
    assert line_of(*path) == expected


@pytest.mark.parametrize(
    ("path", "ancestor"),
    [
        (("project", "dependencies", 99), ("project", "dependencies")),
        (("project", "absent", "more"), ("project",)),
        (("package", 1, "wheels", 1, "nothing"), ("package", 1, "wheels", 1)),
        (("title", 0), ("title",)),
    ],
)
def test_line_of_nothing_is_that_of_the_nearest_ancestor(
    path: tuple[str | int, ...], ancestor: tuple[str | int, ...]
) -> None:
    assert line_of(*path) == line_of(*ancestor)


def test_line_of_something_unheard_of() -> None:
    assert line_of("unheard") is None
    assert line_of() is None


def test_crlf_changes_no_line() -> None:
    document = parse_toml(DOCUMENT.replace("\n", "\r\n"))
    assert document.data["project"]["name"] == "demo"
    assert document.line("package", 2, "metadata", "part", 0, "n") == number("n = 3")
    assert document.line("project", "dependencies", 3) == number("'four'")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\n\n[[package]\n", 3),
        ('a = 1\nb = ["x",\n', 2),
        ("a = 1\na = 2\n", 2),
        ("a = 1\nb = {c = 1\n", 2),
    ],
)
def test_bad_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableSourceError, match="not valid TOML") as caught:
        parse_toml(text)
    assert caught.value.line == line
    assert "\n" not in caught.value.message


def test_an_absurd_integer() -> None:
    with pytest.raises(UnreadableSourceError, match="not valid TOML"):
        parse_toml("a = " + "9" * 5000)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a=", "}")])
def test_nesting_without_end(opening: str, closing: str) -> None:
    with pytest.raises(UnreadableSourceError, match="nested too deeply") as caught:
        parse_toml(f"a = 1\nb = {opening * 20_000}1{closing * 20_000}\n")
    assert caught.value.line == 2


@pytest.mark.parametrize("part", ["a", '"a . b"', "' '"])
def test_a_key_without_end(part: str) -> None:
    with pytest.raises(UnreadableSourceError, match="a key of more than") as caught:
        parse_toml("x = 1\n" + " . ".join([part] * (MAX_KEY_PARTS + 1)) + " = 1\n")
    assert caught.value.line == 2


def test_many_dots_in_a_line_are_no_long_key() -> None:
    line = ", ".join(f'"project-{n}==1.2.3.4"' for n in range(MAX_KEY_PARTS))
    assert len(parse_toml(f"a = [{line}, 1.5]").data["a"]) == MAX_KEY_PARTS + 1


def test_deep_keys_are_answered_with_an_ancestor() -> None:
    keys = [f"k{n}" for n in range(MAX_TRACKED + 5)]
    document = parse_toml(f"a = 1\n{'.'.join(keys)} = 1\n[b]\n")
    assert document.line(*keys) == 2
    assert document.line("b") == 3


_keys = st.text("ab.\"'\\# é", max_size=3)
_scalars = st.one_of(st.integers(), st.booleans(), st.text("x\"'[]{}#,=\\\n", max_size=6))
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=3)),
    max_leaves=8,
)


class _Writer:
    """Writes a document and notes on which line everything begins."""

    def __init__(self, draw: st.DataObject) -> None:
        self.text = ""
        self.expected: dict[tuple[str | int, ...], int] = {}
        self._draw = draw

    def here(self, path: tuple[str | int, ...]) -> None:
        self.expected.setdefault(path, self.text.count("\n") + 1)

    def gap(self) -> None:
        self.text += self._draw.draw(st.sampled_from(["", " ", "\n", ' # "]} [[x]]\n', "\n\n  "]))

    def key(self, key: str) -> str:
        if "'" not in key and self._draw.draw(st.booleans()):
            return f"'{key}'"
        return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def value(self, value: Any, path: tuple[str | int, ...]) -> None:
        self.here(path)
        if isinstance(value, bool):
            self.text += str(value).lower()
        elif isinstance(value, int):
            self.text += str(value)
        elif isinstance(value, str):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            if self._draw.draw(st.booleans()):
                self.text += f'"""\n{escaped}"""'
            else:
                self.text += '"' + escaped.replace("\n", "\\n") + '"'
        elif isinstance(value, list):
            self.text += "["
            for index, item in enumerate(value):
                self.gap()
                self.value(item, (*path, index))
                self.gap()
                self.text += ","
            self.gap()
            self.text += "]"
        else:
            self.text += "{"
            for index, (key, item) in enumerate(value.items()):
                self.text += ", " if index else ""
                self.here((*path, key))
                self.text += f"{self.key(key)} = "
                self.value(item, (*path, key))
            self.text += "}"

    def table(self, table: dict[str, Any], path: tuple[str | int, ...]) -> None:
        for key, item in table.items():
            self.text += self._draw.draw(st.sampled_from(["", "\n", "# a = [\n"]))
            self.here((*path, key))
            self.text += f"{self.key(key)} = "
            self.value(item, (*path, key))
            self.text += "\n"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_place_of_any_document(data: st.DataObject) -> None:
    writer = _Writer(data)
    tables = st.dictionaries(_keys, _values, max_size=3)
    writer.table(data.draw(tables), ())
    for name in ("one", "two"):
        for index, table in enumerate(data.draw(st.lists(tables, max_size=2))):
            writer.here((name,))
            writer.here((name, index))
            writer.text += f"[[ {name} ]]\n"
            writer.table(table, (name, index))
            writer.here((name, index, "sub"))
            writer.text += f"[{name}.sub] # [\n"
            writer.table(data.draw(tables), (name, index, "sub"))
    document = parse_toml(writer.text)
    assert document.data == tomllib.loads(writer.text)
    assert {path: document.line(*path) for path in writer.expected} == writer.expected


@given(st.text("ab\"'[]{}=.,#\\ \r\n1-", max_size=60))
def test_no_text_ends_in_anything_else(text: str) -> None:
    last = text.count("\n") + 1
    lines: list[int | None]
    try:
        document = parse_toml(text)
        lines = [document.line(key) for key in document.data]
    except UnreadableSourceError as error:
        lines = [error.line]
    assert all(line is not None and 1 <= line <= last for line in lines)
