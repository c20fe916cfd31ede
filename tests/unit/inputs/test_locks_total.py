"""Whatever a lock holds, its reader ends with content or with one clear error."""

from __future__ import annotations

import json
from collections.abc import Iterator
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

PEX = """\
{"locked_resolves": [{"platform_tag": ["cp311", "cp311", "linux_x86_64"], "locked_requirements": [
  {"project_name": "a", "version": "1.0", "requires_dists": ["b[y]>=1; os_name == 'nt'"], "requires_python": ">=3.9",
   "artifacts": [{"algorithm": "sha256", "hash": "00", "url": "https://example.org/a-1.0-py3-none-any.whl"}]},
  {"project_name": "b", "version": "1", "requires_dists": [],
   "artifacts": [{"algorithm": "sha256", "hash": "00", "url": "git+https://example.org/b@x"}]}]}],
 "requirements": ["a", "b>=1"], "requires_python": ["==3.11.*"]}
"""

PIP_INSPECT = """\
{"version": "1", "installed": [
  {"metadata": {"name": "a", "version": "1.0", "requires_dist": ["b>=1; extra == 'x'"], "requires_python": ">=3.9"},
   "installer": "pip", "requested": true},
  {"metadata": {"name": "b", "version": "1"}, "requested": false,
   "direct_url": {"url": "https://example.org/b", "vcs_info": {"vcs": "git", "commit_id": "x"}}}]}
"""

PIP_REPORT = """\
{"version": "1", "install": [
  {"metadata": {"name": "a", "version": "1.0", "requires_dist": ["b>=1"]}, "requested": true, "is_direct": false,
   "requested_extras": ["x"], "download_info": {"url": "https://example.org/a-1.0-py3-none-any.whl",
   "archive_info": {"hash": "sha256=00", "hashes": {"sha256": "00"}}}},
  {"metadata": {"name": "b", "version": "1"}, "requested": false, "is_direct": true,
   "download_info": {"url": "file:///b", "dir_info": {}}}]}
"""

CYCLONEDX = """\
{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"bom-ref": "top", "name": "top"}},
 "components": [{"type": "library", "bom-ref": "a", "name": "a", "version": "1.0", "purl": "pkg:pypi/a@1.0",
   "components": [{"type": "library", "bom-ref": "b", "name": "b", "purl": "pkg:pypi/b@1?vcs_url=git%2Bhttps://h/b"}]},
  {"type": "library", "name": "c", "purl": "pkg:npm/c@1"}],
 "dependencies": [{"ref": "top", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}]}
"""

SPDX = """\
{"spdxVersion": "SPDX-2.3", "documentDescribes": ["top"], "packages": [{"SPDXID": "top", "name": "top"},
  {"SPDXID": "a", "name": "a", "versionInfo": "1.0",
   "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/a@1.0"}]},
  {"SPDXID": "b", "name": "b", "versionInfo": "1",
   "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/b@1"}]}],
 "relationships": [{"spdxElementId": "top", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "a"},
  {"spdxElementId": "b", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "a"}]}
"""

PIXI = """\
version: 6
environments:
  default:
    channels:
    - url: https://example.org/
    packages:
      linux-64:
      - conda: https://example.org/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
      - pypi: https://example.org/a-1.0-py3-none-any.whl
      - pypi: ./b
  test:
    packages:
      osx-arm64:
      - pypi: git+https://example.org/c
packages:
- conda: https://example.org/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
  depends:
  - python_abi 3.14.* *_cp314t
  purls:
  - pkg:pypi/idna?source=hash-mapping
- pypi: https://example.org/a-1.0-py3-none-any.whl
  name: a
  version: '1.0'
  sha256: 00
  requires_dist:
  - b>=1 ; extra == 'x'
  requires_python: '>=3.10'
- pypi: ./b
  name: b
  version: '1'
  editable: true
- pypi: git+https://example.org/c
  name: c
  version: '1'
"""

CONDA_LOCK = """\
version: 1
metadata:
  platforms:
  - linux-64
  - osx-arm64
package:
- name: python
  version: 3.14.2
  manager: conda
  platform: linux-64
  dependencies:
    python_abi: 3.14.* *_cp314t
  url: https://example.org/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
  category: main
- name: a
  version: '1.0'
  manager: pip
  platform: linux-64
  dependencies:
    b: '>=1'
  url: https://example.org/a-1.0-py3-none-any.whl
  hash:
    sha256: 00
  category: main
- name: b
  version: '1'
  manager: pip
  platform: osx-arm64
  dependencies: {}
  url: https://example.org/b-1.tar.gz
  category: dev
"""

LISTINGS = {
    "pex.lock": PEX,
    "pip-inspect.json": PIP_INSPECT,
    "pip-report.json": PIP_REPORT,
    "cyclonedx.json": CYCLONEDX,
    "spdx.json": SPDX,
}
JSON = {"Pipfile.lock": PIPFILE, **LISTINGS}
DOCUMENTS = {
    "poetry.lock": POETRY,
    "pdm.lock": PDM,
    "environment.yml": ENVIRONMENT,
    "pixi.lock": PIXI,
    "conda-lock.yml": CONDA_LOCK,
    **JSON,
}

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


@pytest.mark.parametrize("form", JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_type_anywhere_in_json(form: str, data: st.DataObject) -> None:
    document = json.loads(JSON[form])
    place: Any = document
    while isinstance(place, dict | list) and place:
        key: Any = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        if data.draw(st.booleans()) or not place[key] or not isinstance(place[key], dict | list):
            place[key] = data.draw(_VALUES)
            break
        place = place[key]
    ends_well(json.dumps(document), form)


def _arrays(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _arrays(inner)


def is_said(text: str, form: str) -> bool:
    try:
        return bool(content_of(text, form).unread)
    except UnreadableSourceError:
        return True


@pytest.mark.parametrize("form", LISTINGS)
def test_nothing_in_an_array_is_said(form: str) -> None:
    document = json.loads(LISTINGS[form])
    for array in filter(None, _arrays(document)):
        if array[0] == "cp311":
            continue  # the platform of a resolve, which is not needed
        first, array[0] = array[0], None
        assert is_said(json.dumps(document), form), array
        array[0] = first


@pytest.mark.parametrize("form", ["pixi.lock", "conda-lock.yml"])
@pytest.mark.parametrize("value", ["", "null", '""', "[]"])
def test_an_entry_without_a_name_or_a_version_is_said(form: str, value: str) -> None:
    lines = DOCUMENTS[form].splitlines()
    for number in [
        number for number, line in enumerate(lines) if line.lstrip(" -").startswith(("name: ", "version: "))
    ]:
        line = lines[number]
        of_conda = "  manager: conda" in lines[number : number + 3]
        lines[number] = f"{line.partition(':')[0]}: {value}"
        assert of_conda or is_said("\n".join(lines), form), line
        lines[number] = line


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("pip-inspect.json", '"requested": true', '"requested": 1'),
        ("pip-report.json", '"is_direct": true', '"is_direct": "yes"'),
        ("pip-inspect.json", '"url": "https', '"uri": "https'),
        ("cyclonedx.json", '"ref": "a"', '"ref": 1'),
        ("spdx.json", '"SPDXID": "a"', '"SPDXID": ["a"]'),
        ("spdx.json", '"DEPENDENCY_OF"', "null"),
    ],
)
def test_a_value_of_another_type_is_said(form: str, old: str, new: str) -> None:
    assert is_said(DOCUMENTS[form].replace(old, new, 1), form)
    assert not is_said(DOCUMENTS[form], form)


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
