from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement

from nogilcheck.index.archives import core_metadata as module
from nogilcheck.index.archives.core_metadata import (
    parse_dependency,
    parse_metadata,
    with_conditions,
)
from nogilcheck.index.archives.metadata_record import decode_metadata, encode_metadata
from nogilcheck.model.artifact import Dependency, Metadata, Missing, MissingKind, SourceEvidence


def parse(*lines: str) -> Metadata:
    return parse_metadata("\n".join(("Metadata-Version: 2.4", "Name: demo", "Version: 1", *lines)).encode(), origin="x")


def test_fields_of_an_ordinary_file() -> None:
    found = parse(
        "Requires-Python: >=3.9",
        "Requires-Dist: Zope.Interface>=5,<7",
        "Requires-Dist: httpx[HTTP2,cli]~=0.28; extra == 'Net_Work'",
        "Provides-Extra: Net_Work",
        "Provides-Extra: all",
        "",
        "Requires-Dist: not-a-header",
    )
    assert found == Metadata(
        requires=(
            Dependency(name="zope-interface", specifier="<7,>=5"),
            Dependency(name="httpx", specifier="~=0.28", extras=("cli", "http2"), marker='extra == "net-work"'),
        ),
        extras=("all", "net-work"),
        requires_python=">=3.9",
        origin="x",
        name="demo",
        version="1",
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_description_is_not_read(newline: str) -> None:
    text = newline.join(["Metadata-Version: 2.1", "Name: demo", "Requires-Dist: a", "", "Requires-Dist: b", ""])
    assert [one.name for one in parse_metadata(text.encode(), origin="x").requires] == ["a"]


def test_an_unreadable_line_loses_no_other() -> None:
    found = parse("Requires-Dist: a>=1", "Requires-Dist: b >=\x1b[31m broken", "Requires-Dist: c")
    assert [one.name for one in found.requires] == ["a", "c"]
    assert found.problems == ("its Requires-Dist line 'b >= [31m broken' cannot be read",)


def test_a_line_in_a_wrong_encoding_loses_no_other() -> None:
    data = b"Metadata-Version: 2.1\nName: demo\nRequires-Dist: a\nRequires-Dist: b\xff\xfe\nProvides-Extra: x\n"
    found = parse_metadata(data, origin="x")
    assert [one.name for one in found.requires] == ["a"]
    assert found.extras == ("x",)
    assert len(found.problems) == 1


def test_headers_that_end_before_all_dependencies() -> None:
    found = parse("Summary: first", "second line, not indented", "Requires-Dist: lost")
    assert found.requires == ()
    assert found.problems == ("a malformed line ends its metadata before all Requires-Dist lines are read",)


def test_a_folded_line_is_unfolded() -> None:
    found = parse("Requires-Dist: a", "   >=1", "   ; python_version < '3.12'")
    assert found.requires == (Dependency(name="a", specifier=">=1", marker='python_version < "3.12"'),)
    assert found.problems == ()


@pytest.mark.parametrize("text", [">=3.6.*", "UNKNOWN", ">='2.7'"])
def test_a_malformed_requires_python_is_kept(text: str) -> None:
    found = parse(f"Requires-Python: {text}", "Requires-Dist: a")
    assert found.requires_python == text
    assert found.problems == ()


def test_an_absurd_requires_python_is_a_problem() -> None:
    found = parse("Requires-Python: >=" + "1" * 5000, "Requires-Dist: a")
    assert found.requires_python is None
    assert len(found.problems) == 1
    assert found.requires == (Dependency(name="a"),)


def test_of_two_requires_python_the_first_counts() -> None:
    assert parse("Requires-Python: >=3.8", "Requires-Python: >=3.10").requires_python == ">=3.8"


def test_an_unknown_metadata_version_is_read() -> None:
    data = b"Metadata-Version: 9.7\nName: demo\nVersion: 1\nRequires-Dist: a\n"
    assert parse_metadata(data, origin="x").requires == (Dependency(name="a"),)


def test_many_problems_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PROBLEMS_LIMIT", 2)
    found = parse(*[f"Requires-Dist: ={number}" for number in range(5)])
    assert len(found.problems) == 3
    assert found.problems[-1] == "3 more of its fields cannot be read"


def test_too_many_dependencies_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUIREMENTS_LIMIT", 2)
    found = parse("Requires-Dist: a", "Requires-Dist: b", "Requires-Dist: c")
    assert [one.name for one in found.requires] == ["a", "b"]
    assert found.problems == ("it has more than 2 dependencies; the rest were not read",)


def test_a_direct_reference_keeps_no_credentials() -> None:
    found = parse_dependency("demo @ https://user:secret@example.org/demo-1.0.zip ; os_name == 'nt'")
    assert found.url == "https://example.org/demo-1.0.zip"
    assert found.marker == 'os_name == "nt"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a (>1",
        "a>=1.0.x",
        "a; " + "(" * 5000 + "os_name == 'nt'" + ")" * 5000,
        "a>=" + "1" * 5000,
        "a" * (module.REQUIREMENT_LIMIT + 1),
    ],
)
def test_unreadable_requirements(text: str) -> None:
    with pytest.raises(InvalidRequirement):
        parse_dependency(text)


def test_conditions_join_the_marker() -> None:
    dependency = parse_dependency("a; os_name == 'nt' or os_name == 'posix'")
    found = with_conditions(dependency, "python_version < '3'", 'extra == "x"')
    assert found.marker == '(os_name == "nt" or os_name == "posix") and python_version < "3" and extra == "x"'
    assert with_conditions(parse_dependency("a")) == Dependency(name="a")


@pytest.mark.parametrize("condition", ["", "1 < 2) or (1 < 2", "os_name"])
def test_what_is_not_a_marker_is_refused(condition: str) -> None:
    with pytest.raises(InvalidMarker):
        with_conditions(Dependency(name="a"), condition)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    parse_metadata(data, origin="x")
    parse_metadata(b"Metadata-Version: 2.1\nProject-URL: " + data + b"\nClassifier: " + data, origin="x")
    parse_metadata(b"Metadata-Version: 2.1\nRequires-Dist: " + data + b"\nContent-Type: " + data, origin="x")


_texts = st.text(max_size=12)
_dependencies = st.builds(
    Dependency,
    name=_texts,
    specifier=_texts,
    extras=st.tuples(_texts),
    marker=st.none() | _texts,
    url=st.none() | _texts,
)
_values = st.builds(
    Metadata,
    requires=st.lists(_dependencies, max_size=3).map(tuple),
    extras=st.lists(_texts, max_size=3).map(tuple),
    requires_python=st.none() | _texts,
    origin=_texts,
    problems=st.lists(_texts, max_size=2).map(tuple),
    source=st.none() | st.builds(SourceEvidence, compiles=st.none() | st.booleans(), signs=st.tuples(_texts)),
    links=st.lists(st.tuples(_texts, _texts), max_size=2).map(tuple),
    free_threading=st.lists(_texts, max_size=2).map(tuple),
) | st.builds(Missing, kind=st.sampled_from(MissingKind), text=_texts)


@given(_values)
def test_a_record_comes_back_as_it_was(value: Metadata | Missing) -> None:
    assert decode_metadata(encode_metadata(value)) == value


@given(_values, st.data())
def test_a_damaged_record_is_none_or_a_value(value: Metadata | Missing, data: st.DataObject) -> None:
    """A record whose parts are replaced by something else never raises."""
    record = json.loads(encode_metadata(value))
    fields = record[2]
    fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(
        st.none() | st.integers() | _texts | st.lists(st.none() | st.lists(_texts)) | st.dictionaries(_texts, _texts)
    )
    decoded = decode_metadata(json.dumps(record).encode())
    assert decoded is None or encode_metadata(decoded) == json.dumps(record, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"null", b"[1]", b"[" * 100_000, b'[1,"Missing",["broken","x"]]', b'[2,"Missing",["odd","x"]]',
     b'[2,"Other",[]]'],
)  # fmt: skip
def test_other_records_are_none(data: bytes) -> None:
    assert decode_metadata(data) is None


@pytest.mark.parametrize(
    ("line", "is_invalid"),
    [
        ("???", True),
        ("a (>=1.0.*)", True),
        ("a ; nonsense == '1'", True),
        ("a; extra == 'x' and", True),
        ("a>=1", False),
        (f"a{'b' * 20_000}", False),  # beyond a limit of ours alone
    ],
)
def test_a_requirement_that_nobody_can_read_is_told_apart(line: str, *, is_invalid: bool) -> None:
    assert (parse(f"Requires-Dist: {line}").invalid is not None) is is_invalid


@pytest.mark.parametrize("where", ["Summary: caf\xe9", "\ncaf\xe9 in the description"])
def test_bytes_that_are_not_utf8_are_noticed_wherever_they_stand(where: str) -> None:
    text = f"Metadata-Version: 2.1\nName: demo\nVersion: 1\n{where}\n"
    assert not parse_metadata(text.encode("latin-1"), origin="x").is_utf8
    assert parse_metadata(text.encode("utf-8"), origin="x").is_utf8


def test_a_name_or_version_that_is_not_there_is_empty() -> None:
    found = parse_metadata(b"Metadata-Version: 2.1\nSummary: x\n", origin="x")
    assert (found.name, found.version) == ("", "")


def test_the_pythons_of_the_classifiers() -> None:
    kinds = ("3", "3.9", "3.14", "3 :: Only", "Implementation :: CPython", "3.9")
    found = parse(*(f"Classifier: Programming Language :: Python :: {kind}" for kind in kinds))
    assert found.pythons == ("3.9", "3.14")
    assert decode_metadata(encode_metadata(found)) == found


def test_a_literal_that_other_threads_disturb_is_parsed_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([SystemError("AST constructor recursion depth mismatch")])

    def disturbed(text: str) -> Requirement:
        for failure in failures:
            raise failure
        return Requirement(text)

    monkeypatch.setattr(module, "Requirement", disturbed)
    assert module.parse_dependency("disturbed; python_version > '3.977'").marker == 'python_version > "3.977"'
