"""Whatever a lock holds, its reader ends with content or with one clear error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.lockfiles import content_of

POETRY = """\
[[package]]
name = "a"
version = "1.0"
optional = true
python-versions = "^3.9"
groups = ["main", "dev"]
markers = {main = "extra == 'x'", dev = "os_name == 'nt'"}
files = [{file = "a-1.0.tar.gz", hash = "sha256:00"}]
[package.dependencies]
b = {version = "^1 || ~2", extras = ["y"], optional = true, markers = "extra == 'z'", python = "*"}
c = ["*", {git = "x"}]
[package.extras]
z = ["b (>=1)"]
[package.source]
type = "git"
url = "https://example.org"
resolved_reference = "x"
[[package]]
name = "b"
version = "1"
category = "dev"
[extras]
x = ["a"]
[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
[metadata.files]
b = [{file = "b-1.tar.gz", hash = "x"}]
"""

PDM = """\
[metadata]
groups = ["default", "x"]
lock_version = "4.5.0"
[[metadata.targets]]
requires_python = ">=3.9"
platform = "linux"
implementation = "cpython"
[metadata.files]
"b 1" = [{url = "https://example.org/b-1.tar.gz"}]
[[package]]
name = "a"
version = "1.0"
requires_python = ">=3.9"
groups = ["default"]
marker = "os_name == 'nt'"
dependencies = ["b[y]>=1; extra == 'z'", "a"]
files = [{file = "a-1.0.tar.gz", hash = "sha256:00"}]
[[package]]
name = "a"
version = "1.0"
extras = ["x"]
git = "https://example.org"
revision = "x"
[[package]]
name = "b"
version = "1"
path = "."
"""

PIPFILE = """\
{"_meta": {"pipfile-spec": 6, "requires": {"python_version": "3.9"}, "sources": [{"url": "https://example.org"}]},
 "default": {"a": {"version": "==1.0", "hashes": ["sha256:00"], "markers": "os_name == 'nt'", "extras": ["x"]},
             "b": {"git": "https://example.org", "ref": "x", "editable": true}},
 "develop": {"c": {"path": ".", "index": "x"}}, "other": {}}
"""

ENVIRONMENT = """\
name: x
dependencies:
  - python=3.9
  - "numpy"
  - pip: [a, 'b']
  - pip:
    - c>=1  # x
    - -e .
    - -r x.txt
    - d --hash=sha256:00
"""

DOCUMENTS = {"poetry.lock": POETRY, "pdm.lock": PDM, "Pipfile.lock": PIPFILE, "environment.yml": ENVIRONMENT}

_WORDS = ["1", "-1", "true", "null", '""', '"x"', "[]", "{}", "[1]", "{x = 1}", '{"x": 1}', '"\\ud800"', '"\\u0000"']
_MARKS = ["\n", "'", '"', "[", "]", "}", ",", ":", "=", "- ", "  ", "\t", "#", "\0", "\u2028", "9" * 5000, "1979-05-27"]
_SNIPPETS = st.sampled_from([*_WORDS, *_MARKS])


def ends_well(text: str, form: str) -> None:
    try:
        content = content_of(text, form)
    except UnreadableSourceError:
        return
    assert isinstance(content, Content)
    repr(content).encode()
    if content.lock is not None and content.lock.distributions:
        assert content.lock.roots, "a lock that asks for nothing would be ready whatever it holds"


@pytest.mark.parametrize("form", DOCUMENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mangled_text(form: str, data: st.DataObject) -> None:
    text = DOCUMENTS[form]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(_SNIPPETS | st.just("")) + text[end:]
    ends_well(text, form)


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "==1", "*", "\0", "https://u:p@[x"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "version", "url"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_type_anywhere_in_a_pipfile_lock(data: st.DataObject) -> None:
    document = json.loads(PIPFILE)
    place: Any = document
    while isinstance(place, dict | list) and place:
        key: Any = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        if data.draw(st.booleans()) or not place[key] or not isinstance(place[key], dict | list):
            place[key] = data.draw(_VALUES)
            break
        place = place[key]
    ends_well(json.dumps(document), "Pipfile.lock")


_TOML_VALUES = st.sampled_from(
    [
        "1",
        "true",
        '""',
        '"x"',
        "[]",
        "{}",
        "[1]",
        '["x", 1]',
        "{x = 1}",
        "[[]]",
        "[{}]",
        "nan",
        "1979-05-27",
        '"\\u0000"',
    ]
)


@pytest.mark.parametrize("form", ["poetry.lock", "pdm.lock"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_type_anywhere_in_toml(form: str, data: st.DataObject) -> None:
    lines = DOCUMENTS[form].splitlines()
    numbers = [number for number, line in enumerate(lines) if " = " in line]
    for number in data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True)):
        lines[number] = f"{lines[number].partition(' = ')[0]} = {data.draw(_TOML_VALUES)}"
    ends_well("\n".join(lines), form)


@pytest.mark.parametrize("form", DOCUMENTS)
def test_the_whole_document_is_read(form: str) -> None:
    content = content_of(DOCUMENTS[form], form)
    assert content.lock or content.roots


@pytest.mark.parametrize("text", ["[" * 50_000, "{" * 50_000, "a = " + "[" * 50_000, '"' * 50_000, "x" * 100_000])
@pytest.mark.parametrize("form", DOCUMENTS)
def test_absurd_text(form: str, text: str) -> None:
    ends_well(text, form)
