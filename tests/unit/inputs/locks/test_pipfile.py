from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.text.json_lines import key_lines
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import LOCKS, content_of, entry, fixture, lock_of, parts

META: dict[str, Any] = {"pipfile-spec": 6, "requires": {}, "sources": []}
HASH = "sha256:" + "a" * 64


def read(meta: dict[str, Any] = META, **categories: Any) -> Content:
    return content_of(json.dumps({"_meta": meta, **categories}, indent=4), "Pipfile.lock")


def test_a_real_lock() -> None:
    content = fixture("pipenv/project", "Pipfile.lock")
    assert (content.unread, content.notes) == ((), ())
    assert not lock_of(content).has_graph
    found = parts(content)
    assert {"requests", "urllib3", "psycopg", "psycopg-binary"} < found[""]
    assert "pytest" in found["dev"]
    assert found["fast"] == {"orjson"}
    assert content.groups == ("dev", "fast")
    orjson = entry(content, "orjson")
    assert not orjson.files_known
    assert len(orjson.hashes) > 50
    text = (LOCKS / "pipenv/project/Pipfile.lock").read_text(encoding="utf-8").splitlines()
    for distribution in lock_of(content).distributions:
        assert distribution.location.line is not None
        assert text[distribution.location.line - 1].strip() == f'"{distribution.name}": {{'
    assert content.bounds is None


def test_a_requirement_of_the_pipfile_is_told_in_its_words() -> None:
    roots = {root.name: root for root in lock_of(fixture("pipenv/project", "Pipfile.lock")).roots}
    pipfile = (LOCKS / "pipenv/project/Pipfile").read_text(encoding="utf-8").splitlines()
    for name, requirement in (
        ("requests", "requests>=2.32"),
        ("psycopg", "psycopg[binary]>=3.2"),
        ("orjson", "orjson>=3.10"),
    ):
        root = roots[name]
        assert (root.requirement, Path(root.location.path).name) == (requirement, "Pipfile")
        assert root.location.line is not None
        assert pipfile[root.location.line - 1].startswith(name)
        assert root.locked is not None
    assert roots["urllib3"].specifier.startswith("==")


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("requests", "Requests", False),  # Pipenv normalizes names
        ('">=8"', '">=8"  # a comment', False),
        ('">=8"', '">=9"', True),
        ("verify_ssl = true", "verify_ssl = false", True),
        ('orjson = ">=3.10"', "", True),
    ],
)
def test_a_lock_that_was_made_for_another_pipfile(old: str, new: str, stale: bool, tmp_path: Path) -> None:
    """As ``pipenv verify`` 2026.10.3 says of each."""
    text = (LOCKS / "pipenv/project/Pipfile").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "Pipfile").write_text(text.replace(old, new), encoding="utf-8")
    lock = (LOCKS / "pipenv/project/Pipfile.lock").read_text(encoding="utf-8")
    told = content_of(lock, "Pipfile.lock", directory=tmp_path).unread
    assert [(each.setting, "another Pipfile" in each.text) for each in told] == [("install", True)] * stale


def test_markers_and_extras_are_those_of_the_root() -> None:
    content = read(
        default={"A_b": {"version": "==1.0", "markers": "os_name == 'nt'", "extras": ["X"], "hashes": [HASH]}}
    )
    (root,) = lock_of(content).roots
    assert (root.name, root.specifier, root.extras, root.marker) == ("a-b", "==1.0", ("x",), 'os_name == "nt"')
    assert root.requirement == "a-b[x]==1.0"
    assert entry(content, "a-b").hashes == (HASH,)


def test_the_same_project_in_two_categories() -> None:
    content = read(
        default={"a": {"version": "==1.0"}, "b": {"version": "==1.0"}},
        develop={"a": {"version": "==1.0"}, "b": {"version": "==2.0"}},
    )
    assert [(each.name, each.version) for each in lock_of(content).distributions] == [
        ("a", "1.0"),
        ("b", "1.0"),
        ("b", "2.0"),
    ]
    assert [(root.name, root.specifier, root.group) for root in lock_of(content).roots] == [
        ("a", "==1.0", None),
        ("b", "==1.0", None),
        ("a", "==1.0", "dev"),
        ("b", "==2.0", "dev"),
    ]


def test_sources() -> None:
    content = read(
        default={
            "g": {"git": "https://me:secret@example.org/g.git", "ref": "abc"},
            "p": {"path": ".", "editable": True},
            "u": {"file": "https://example.org/u-1.0.tar.gz", "version": "==1.0"},
            "f": {"file": "./f-1.0.tar.gz"},
        }
    )
    found = {each.name: (each.source, each.reference, each.version) for each in lock_of(content).distributions}
    assert found == {
        "g": (LockedSource.VCS, "git+https://example.org/g.git@abc", None),
        "p": (LockedSource.PATH, ".", None),
        "u": (LockedSource.URL, "https://example.org/u-1.0.tar.gz", "1.0"),
        "f": (LockedSource.PATH, "./f-1.0.tar.gz", None),
    }
    assert [root.editable for root in lock_of(content).roots] == [False, True, False, False]


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ({"python_version": "3.12"}, "==3.12.*"),
        ({"python_version": "3.12", "python_full_version": "3.12.1"}, "==3.12.1"),
        ({}, None),
        ({"python_version": "*"}, None),
    ],
)
def test_the_python_that_it_requires(requires: dict[str, str], expected: str | None) -> None:
    bounds = read({**META, "requires": requires}).bounds
    assert (bounds and bounds.requires_python) == expected
    assert bounds is None or bounds.location.line == 4 + len(requires)


PRIVATE = {"name": "x", "url": "https://me:secret@example.org/simple"}
PUBLIC = {"name": "pypi", "url": "https://pypi.org/simple/"}


@pytest.mark.parametrize(
    ("sources", "roles", "pins"),
    [
        ([PUBLIC], {}, {"a": None, "b": "x", "c": None}),
        ([PUBLIC, PRIVATE], {"x": "explicit"}, {"a": None, "b": "x", "c": None}),
        ([PRIVATE, PUBLIC], {"x": "default", "pypi": "explicit"}, {"a": "pypi", "b": None, "c": None}),
    ],
)
def test_an_entry_comes_from_its_source_and_the_others_from_the_first(
    sources: list[object], roles: dict[str, str], pins: dict[str, str | None]
) -> None:
    pinned = {name: {"version": "==1.0"} | ({"index": index} if index else {}) for name, index in ENTRIES.items()}
    content = read({**META, "sources": sources}, default=pinned)
    assert {index.name: index.role for index in content.settings.indexes} == roles
    assert content.lock is not None
    assert {root.name: root.index for root in content.lock.roots} == pins
    assert content.notes == ()


ENTRIES = {"a": "pypi", "b": "x", "c": None}


def test_a_source_without_a_url_is_told() -> None:
    content = read({**META, "sources": [{"name": "x"}]})
    assert [unread.text for unread in content.unread] == ["an index without a URL"]


def test_another_pipfile_spec() -> None:
    with pytest.raises(UnreadableSourceError, match="pipfile-spec 7 is not known"):
        read({**META, "pipfile-spec": 7}, default={"a": {"version": "==1.0"}})


@pytest.mark.parametrize(
    "value",
    [{}, 1, None, [], "==1", {"version": "*"}, {"version": ">=1"}, {"version": "==x y"}, {"version": 1}],
)
def test_an_entry_that_cannot_be_used_is_told_and_the_rest_counts(value: object) -> None:
    content = read(default={"bad": value, "good": {"version": "==1.0"}})
    assert parts(content) == {"": {"good"}}
    assert content.unread
    assert {problem.location.line for problem in content.unread} <= {8, 9}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"_meta": {},\n "default": {', 2),
        ("[]", None),
        ("{}", None),
        ('{"default": {}}', None),
        ('{"_meta": 1}', None),
        ("[" * 100_000, None),
        ('{"_meta": {"a": "\\ud800"}}', None),
        ('{"_meta": {"a": ' + "1" * 5000 + "}}", None),
        ("", 1),
    ],
)
def test_what_is_no_lock_of_pipenv(text: str, line: int | None) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        content_of(text, "Pipfile.lock")
    assert caught.value.line == line


def test_lines_of_keys_whatever_the_layout() -> None:
    text = '{"a":{"b{\\"":[{"c":1},\n{"d":2}],"e"\n:\n{"f":\n{"g":0}}},\n"x":[\n1],"a,":"}"\n,"e":null}'
    assert key_lines(text, 3) == {
        ("a",): 1,
        ("a", 'b{"'): 1,
        ("a", "e"): 2,
        ("a", "e", "f"): 4,
        ("a", 'b{"', 0): 1,
        ("a", 'b{"', 1): 2,
        ("x",): 6,
        ("a,",): 7,
        ("e",): 8,
    }
