"""pylock.toml (PEP 751): what several tools write, the specification's finer points, and bad input."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.locks.pylock import read_pylock
from nogilcheck.inputs.locks.pylock_packages import MAX_CASES, Case, cases
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedDependency, LockedSource
from nogilcheck.model.source import Bounds, Location
from tests.unit.inputs.lockfiles import (
    LOCKS,
    asked,
    beside,
    complaints,
    entry,
    lock_of,
    mangled,
    read_fixture,
    survives,
)


def fixture(name: str) -> Content:
    return read_fixture(read_pylock, f"pylock/{name}/pylock.toml")


def read(text: str) -> Content:
    return read_pylock(text, "pylock.toml", beside())


HEAD = 'lock-version = "1.0"\ncreated-by = "tests"\n'


def package(name: str, more: str = "", *, version: str = "1") -> str:
    """A package of one pure wheel."""
    wheel = f'{{ url = "https://host/{name}-{version}-py3-none-any.whl", hashes = {{ sha256 = "0" }} }}'
    return f'[[packages]]\nname = "{name}"\nversion = "{version}"\nwheels = [{wheel}]\n{more}\n'


class TestUv:
    def test_every_package_is_asked_for_where_there_is_no_graph(self) -> None:
        content = fixture("uv-project")
        assert not lock_of(content).has_graph
        names = [root.name for root in lock_of(content).roots]
        assert names == [each.name for each in lock_of(content).distributions]
        assert [root.location for root in lock_of(content).roots] == [
            each.location for each in lock_of(content).distributions
        ]
        assert lock_of(content).distributions[0].location == Location(path="pylock.toml", line=8)

    def test_forks_are_told_apart_by_markers(self) -> None:
        content = fixture("uv-project")
        old, new = entry(content, "packaging", "24.2"), entry(content, "packaging", "26.3")
        assert str(old.marker).startswith('python_full_version < "3.14" and')
        assert str(new.marker).startswith('python_full_version >= "3.14" and')

    def test_bounds(self) -> None:
        assert fixture("uv-project").bounds == Bounds(
            project="pylock.toml",
            location=Location(path="pylock.toml", line=6),
            requires_python=">=3.11",
            environments=('sys_platform == "linux"', 'sys_platform == "win32"'),
        )

    def test_files(self) -> None:
        found = entry(fixture("uv-project"), "markupsafe")
        sdist = found.files[0]
        assert (sdist.filename, sdist.kind) == ("markupsafe-3.0.4.tar.gz", "sdist")
        assert sdist.index == "https://pypi.org/simple"
        assert sdist.upload_time is not None
        assert sdist.upload_time.endswith("Z")
        assert "cp314-cp314t-win_amd64" in {file.tags for file in found.files}

    @pytest.mark.parametrize(
        ("name", "source", "files"),
        [
            ("gitdep", LockedSource.VCS, []),
            ("vendored", LockedSource.PATH, []),
            ("iniconfig", LockedSource.PATH, ["iniconfig-2.1.0-py3-none-any.whl"]),
            ("pluggy", LockedSource.PATH, ["pluggy-1.6.0.tar.gz"]),
            ("typing-extensions", LockedSource.URL, ["typing_extensions-4.16.0-py3-none-any.whl"]),
            ("attrs", LockedSource.INDEX, ["attrs-25.3.0-py3-none-any.whl"]),
        ],
    )
    def test_sources(self, name: str, source: LockedSource, files: list[str]) -> None:
        found = entry(fixture("uv-sources"), name)
        assert found.source is source
        assert [file.filename for file in found.files] == files
        assert found.files_known is (source is not LockedSource.VCS)

    def test_a_path_is_relative_to_the_lock(self) -> None:
        (file,) = entry(fixture("uv-sources"), "pluggy").files
        assert file.url == (LOCKS / "pylock/uv-sources/archives/pluggy-1.6.0.tar.gz").as_uri()

    def test_git(self) -> None:
        found = entry(fixture("uv-sources"), "gitdep")
        assert found.reference.startswith("git+https://git.example.org/gitdep@")


class TestPdm:
    def test_the_default_group_is_the_core(self) -> None:
        content = fixture("pdm")
        assert asked(content) == [
            "python-dateutil<3",  # as the project beside it has it
            "attrs",
            "six==1.17.0",
        ]
        assert content.groups == ("test",)

    def test_extras_and_groups(self) -> None:
        content = fixture("pdm")
        assert content.extras == ("more", "socks")
        assert asked(content, "socks", "extra") == ["pysocks"]
        assert asked(content, "more", "extra") == [
            "colorama ; sys_platform == 'win32'",
            "iniconfig",
        ]
        assert asked(content, "test", "group") == ["pluggy>=1.5", "iniconfig"]

    def test_entries_keep_their_markers(self) -> None:
        content = fixture("pdm")
        assert entry(content, "colorama").marker == 'sys_platform == "win32" and "more" in extras'
        assert entry(content, "iniconfig").marker == '"more" in extras or "test" in dependency_groups'
        assert entry(content, "six").requires_python == "!=3.0.*,!=3.1.*,!=3.2.*,>=2.7"


def test_pip_locks_for_one_interpreter() -> None:
    content = fixture("pip")
    assert content.notes == (
        "pylock.toml: written by pip, which names only the files for the interpreter that it runs on",
    )
    assert [file.tags.partition("-")[0] for file in entry(content, "markupsafe").files] == ["cp311"]


class TestGraph:
    def test_what_another_package_brings_in_is_no_root(self) -> None:
        content = read(HEAD + package("a", 'dependencies = [{ name = "b" }]') + package("b", "dependencies = []"))
        assert lock_of(content).has_graph
        assert asked(content) == ["a==1"]
        assert entry(content, "a").dependencies == (LockedDependency(name="b", version="1"),)

    def test_what_is_there_without_the_other_one_stays_a_root(self) -> None:
        """The graph is for information: an installer goes by the package's own marker."""
        asker = package("a", 'dependencies = [{ name = "b" }]\nmarker = "os_name == \'nt\'"')
        content = read(HEAD + asker + package("b"))
        assert asked(content) == ['a==1 ; os_name == "nt"', "b==1"]
        assert [each.name for each in entry(content, "a").dependencies] == ["b"]

    def test_what_is_not_there_is_not_missed(self) -> None:
        only = "marker = \"os_name == 'nt'\""
        content = read(HEAD + package("a", 'dependencies = [{ name = "b" }]') + package("b", only))
        assert asked(content) == ["a==1"]
        (dependency,) = entry(content, "a").dependencies
        assert dependency.marker == 'os_name == "nt"'

    def test_what_only_an_extra_brings_in_is_not_reached_without_it(self) -> None:
        """As with ``requests[socks]``: PEP 751 does not tell which extra of the package it is."""
        text = 'extras = ["socks"]\n' + package("a", 'dependencies = [{ name = "b" }]')
        content = read(HEAD + text + package("b", "marker = \"'socks' in extras\""))
        assert asked(content) == ["a==1"]
        assert asked(content, "socks", "extra") == ["b==1"]
        assert entry(content, "a").dependencies == ()

    def test_both_in_one_extra(self) -> None:
        only = "marker = \"'x' in extras\"\n"
        content = read(
            HEAD + 'extras = ["x"]\n' + package("a", only + 'dependencies = [{ name = "b" }]') + package("b", only)
        )
        assert asked(content, "x", "extra") == ["a==1"]
        assert [each.name for each in entry(content, "a").dependencies] == ["b"]

    def test_a_circle_is_entered_somewhere(self) -> None:
        circle = package("a", 'dependencies = [{ name = "b" }]') + package("b", 'dependencies = [{ name = "a" }]')
        assert asked(read(HEAD + circle)) == ["a==1"]
        assert asked(read(HEAD + circle + package("c", 'dependencies = [{ name = "b" }]'))) == ["c==1"]

    def test_one_of_several_versions(self) -> None:
        asker = package("a", 'dependencies = [{ name = "b", version = "2" }]')
        content = read(HEAD + asker + package("b") + package("b", version="2"))
        assert entry(content, "a").dependencies == (LockedDependency(name="b", version="2"),)
        assert asked(content) == ["a==1", "b==1"]

    @pytest.mark.parametrize("wanted", ['{ name = "c" }', '{ name = "b", version = "9" }', "{}", "{ name = [1] }"])
    def test_a_dependency_that_is_not_there(self, wanted: str) -> None:
        content = read(HEAD + package("a", f"dependencies = [{wanted}]") + package("b"))
        ((at, text),) = complaints(content)
        assert at == 7
        assert "is not among the packages" in text
        assert asked(content) == ["a==1", "b==1"]


SELECTING = [
    ("'a' in extras", [("extra", "a", None)]),
    ("'A_b' in extras", [("extra", "a-b", None)]),
    ("'g' in dependency_groups and os_name == 'nt'", [("group", "g", 'os_name == "nt"')]),
    (
        "os_name == 'nt' and ('a' in extras or 'g' in dependency_groups)",
        [("extra", "a", 'os_name == "nt"'), ("group", "g", 'os_name == "nt"')],
    ),
    ("'default' in dependency_groups or 'a' in extras", [("", None, None)]),
    ("'default' not in dependency_groups", []),
    ("'default' in dependency_groups and 'a' in extras", [("extra", "a", None)]),
    ("os_name == 'nt' or 'a' in extras", [("", None, 'os_name == "nt"'), ("extra", "a", None)]),
    ("""'a' in extras and os_name == 'q"q'""", [("extra", "a", "os_name == 'q\"q'")]),
    ("os_name == 'nt' or os_name == 'x'", [("", None, 'os_name == "nt" or os_name == "x"')]),
    (
        "('a' in extras and os_name == 'nt') or ('a' in extras and os_name == 'x' and sys_platform == 'y')",
        [("extra", "a", 'os_name == "nt" or (os_name == "x" and sys_platform == "y")')],
    ),
    # More than one, or the lack of one: left to be evaluated.
    ("'a' in extras and 'b' in extras", [("extra", "a", '"b" in extras')]),
    ("'a' not in extras and os_name == 'nt'", [("", None, '"a" not in extras and os_name == "nt"')]),
]


class TestCases:
    @pytest.mark.parametrize(("marker", "expected"), SELECTING)
    def test_cases(self, marker: str, expected: list[tuple[str, str | None, str | None]]) -> None:
        found = cases(Marker(marker), {"default"})
        assert [(case.kind, case.group, case.marker) for case in found] == expected

    def test_no_marker(self) -> None:
        assert cases(None, ()) == (Case(),)

    @pytest.mark.parametrize(
        "marker",
        [
            " and ".join(f"('a{n}' in extras or 'b{n}' in extras)" for n in range(MAX_CASES)),
        ],
    )
    def test_one_that_is_too_much_stays_whole(self, marker: str) -> None:
        assert cases(Marker(marker), ()) == (Case(marker=str(Marker(marker))),)

    @given(st.data())
    def test_together_they_say_what_the_marker_says(self, data: st.DataObject) -> None:
        atom = st.sampled_from(
            [
                *("'a' in extras", "'b' in extras", "'a' not in extras", "'g' in dependency_groups"),
                *("'d' in dependency_groups", "'d' not in dependency_groups", "os_name == 'x'", "sys_platform == 'y'"),
            ]
        )
        text = data.draw(
            st.recursive(
                atom,
                lambda inner: st.builds(
                    lambda parts, word: "(" + f" {word} ".join(parts) + ")",
                    st.lists(inner, min_size=2, max_size=3),
                    st.sampled_from(["and", "or"]),
                ),
                max_leaves=8,
            )
        )
        environment = {"os_name": data.draw(st.sampled_from("xz")), "sys_platform": data.draw(st.sampled_from("yz"))}
        extras = data.draw(st.frozensets(st.sampled_from("ab")))
        groups = data.draw(st.frozensets(st.sampled_from("g")))
        full: dict[str, str | AbstractSet[str]] = {**environment, "extras": extras, "dependency_groups": groups | {"d"}}
        selected = {("", None)} | {("extra", name) for name in extras} | {("group", name) for name in groups}
        found = [
            case
            for case in cases(Marker(text), {"d"})
            if (case.kind, case.group) in selected
            and (case.marker is None or Marker(case.marker).evaluate(full, context="lock_file"))
        ]
        assert bool(found) == Marker(text).evaluate(full, context="lock_file")


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "message", "at"),
        [
            ("", "no lock-version", None),
            ("version = 1\n[[package]]\n", "no lock-version", None),
            ('lock-version = "1.0"\n', "no packages", None),
            ('lock-version = "1.0"\npackages = 1\n', "is not an array", 2),
            ("packages = []\nlock-version = 1\n", "lock-version is not a version: 1", 2),
            ('packages = []\nlock-version = "x"\n', "lock-version is not a version: x", 2),
            ('lock-version = "1.0"\n\n[[packages]]\nname = "a\n', "not valid TOML", 4),
            ('lock-version = "1.0"\npackages = []\n', r" \(created-by\)$", None),
            (HEAD + 'packages = []\nrequires-python = "3"\n', "requires-python", 4),
            (HEAD + 'packages = []\nenvironments = [\n"os_name == \'x\'",\n"x"]\n', r"environments\[1\]", 6),
            (HEAD + "packages = []\nenvironments = ['os_name == \"\\\\\"']\n", "a backslash", 4),
            (HEAD + "packages = []\nextras = 1\n", "extras", 4),
        ],
    )
    def test_what_is_no_pylock(self, text: str, message: str, at: int | None) -> None:
        with pytest.raises(UnreadableSourceError, match=message) as caught:
            read(text)
        assert caught.value.line == at
        assert "\n" not in caught.value.message

    @pytest.mark.parametrize("version", ["2.0", "99", "0.9", "1!1.0"])
    def test_another_major_version(self, version: str) -> None:
        with pytest.raises(UnreadableSourceError, match=r"is not supported \(supported: 1\.0\)") as caught:
            read((HEAD + package("a")).replace("1.0", version))
        assert caught.value.line == 1
        assert caught.value.hint

    def test_a_minor_version_that_is_not_known(self, caplog: pytest.LogCaptureFixture) -> None:
        content = read((HEAD + package("a")).replace("1.0", "1.1"))
        assert content.notes == ("pylock.toml:1: unknown lock-version 1.1, read as 1.0",)
        assert asked(content) == ["a==1"]
        assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

    @pytest.mark.parametrize(
        ("bad", "line", "before", "after"),
        [
            ('[[packages]]\nname = "B"\n', 9, "B: ", " (name)"),
            ('[[packages]]\nversion = "1"\n', 8, "", " (name)"),
            (
                '[[packages]]\nname = "b"\nmarker = "os_name == \'\\\\x22\'"\n',
                10,
                "b: a backslash",
                " in an environment marker (marker)",
            ),
            ('[[packages]]\nname = "b"\nmarker = "x"\n', 10, "b: ", " (marker)"),
            (
                "[[packages]]\nname = \"b\"\nmarker = \"os_name == 'nt' or (extra == 'a')\"\n",
                10,
                "b: the variable extra in an environment marker",
                " (marker)",
            ),
            (
                '[[packages]]\nname = "b"\nwheels = [\n1,\n]\n',
                11,
                "b: ",
                " (wheels[0])",
            ),
            ('[[packages]]\nname = "b"\n', 8, "b: ", ""),
            (
                '[[packages]]\nname = "b"\nwheels = [\n{ url = "https://u:pw@h/b.whl", hashes = { a = "0" } },\n]\n',
                11,
                "b: ",
                " (wheels[0])",
            ),
        ],
    )
    def test_a_package_that_is_unusable_and_the_rest_counts(self, bad: str, line: int, before: str, after: str) -> None:
        """What is between the name of the package and the key is the library's."""
        content = read(HEAD + package("a") + bad + package("c"))
        ((at, complaint),) = complaints(content)
        assert complaint.startswith(before)
        assert complaint.endswith(after)
        assert at == line
        assert asked(content) == ["a==1", "c==1"]

    def test_extra_as_a_text_in_a_marker(self) -> None:
        content = read(HEAD + package("a", 'marker = "\'extra\' in extras or \\"extra\\" in dependency_groups"'))
        assert complaints(content) == []

    def test_no_table(self) -> None:
        content = read(HEAD + "packages = [\n1,\n]\n")
        assert complaints(content) == [(4, "packages[0] has to be a table, not an integer")]

    def test_credentials_are_not_shown(self) -> None:
        url = "https://u:secret@host/b.zip"
        content = read(
            HEAD
            + f'[[packages]]\nname = "a"\narchive = {{ url = "{url}", hashes = {{ sha256 = "0" }} }}\n'
            + f'[[packages]]\nname = "b"\nvcs = {{ type = "git", url = "{url}", commit-id = "0" }}\n'
            + package("c", f'index = "{url}"')
        )
        assert entry(content, "a").reference == "https://host/b.zip"
        assert (entry(content, "a").files_known, entry(content, "a").hashes) == (False, ("sha256:0",))
        assert entry(content, "b").reference == "git+https://host/b.zip@0"
        assert entry(content, "c").files[0].index == "https://host/b.zip"

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05.5+01:00", "2026-01-02T02:04:05.500000Z"),
            ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
            ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ],
    )
    def test_times(self, written: str, told: str) -> None:
        content = read(HEAD + package("a").replace('url = "', f'upload-time = {written}, url = "'))
        assert entry(content, "a").files[0].upload_time == told

    def test_the_version_of_an_archive(self) -> None:
        archive = '{ path = "x/a-2.5.tar.gz", hashes = { sha256 = "0" } }'
        content = read(HEAD + f'[[packages]]\nname = "a"\narchive = {archive}\n')
        assert asked(content) == ["a==2.5"]

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(["pdm", "uv-sources", "pip"]), st.integers())
    def test_mangled(self, name: str, seed: int) -> None:
        survives(read_pylock, mangled((LOCKS / f"pylock/{name}/pylock.toml").read_text(encoding="utf-8"), seed))
