from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.text.json_lines import JsonDocument, parse_json
from nogilcheck.inputs.text.toml_document import parse_toml
from tests.unit.inputs.projectfiles import beside

TEXT = """\
name = "p"
count = 1
[tool.x]
texts = ["a", 3, "b"]
tables = [{ a = 1 }, "no", {}]
one = "alone"
marker = "os_name=='nt'"
bad = "os_name"
versions = "<4,>=3"
"""


def table(text: str = TEXT, *keys: str) -> Table:
    return Document("f.toml", beside(), parse_toml(text)).root.table(*keys)


def problems(table: Table) -> list[tuple[int | None, str]]:
    return [(unread.location.line, unread.text) for unread in table.document.diagnostics.unread]


def test_a_value_of_the_right_type_is_given() -> None:
    root = table()
    assert (root.string("name"), root.string("absent"), root.array("absent")) == ("p", None, [])
    assert problems(root) == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("string", "count has to be a string, not an integer"),
        ("array", "count has to be an array, not an integer"),
        ("table", "count has to be a table, not an integer"),
    ],
)
def test_a_value_of_another_type_is_rejected_and_counts_as_absent(kind: str, message: str) -> None:
    root = table()
    assert not getattr(root, kind)("count")
    assert problems(root) == [(2, message)]


def test_the_items_of_an_array_are_rejected_one_by_one() -> None:
    x = table(TEXT, "tool", "x")
    assert list(x.strings("texts")) == [(0, "a"), (2, "b")]
    assert [dict(item.data) for item in x.tables("tables")] == [{"a": 1}, {}]
    assert problems(x) == [
        (4, "tool.x.texts[1] has to be a string, not an integer"),
        (5, "tool.x.tables[1] has to be a table, not a string"),
    ]


def test_one_value_may_stand_for_an_array() -> None:
    x = table(TEXT, "tool", "x")
    assert x.several("one") == [(("one",), "alone")]
    assert x.several("texts")[2] == (("texts", 2), "b")
    assert x.several("absent") == []


def test_markers_and_specifiers_are_checked() -> None:
    x = table(TEXT, "tool", "x")
    assert x.marker("marker") == 'os_name == "nt"'
    assert str(x.specifiers("versions")) == "<4,>=3"
    assert (x.marker("bad"), x.specifiers("bad")) == (None, None)
    assert [line for line, _ in problems(x)] == [8, 8]


def test_what_is_below_something_that_is_no_table_is_absent() -> None:
    root = table()
    assert root.at("name", "deeper") is None
    assert root.at("tool", "x", "one") == "alone"


def test_a_document_may_begin_further_down_in_its_file() -> None:
    document = Document("s.py", beside(), parse_toml("a = 1\nb = 2\n"), first_line=11)
    assert document.where("b").line == 12
    assert document.where().line is None


def test_json_has_the_lines_of_its_keys(here: Path) -> None:
    text = '{\n "a": {\n  "b": 1\n }\n}'
    data = parse_json(text)
    assert isinstance(data, dict)
    document = Document("f.json", beside(here), JsonDocument(text, data))
    assert document.where("a", "b").line == 3
    assert document.where("a", "absent").line == 2
