"""uv.lock: what the tool writes, and what it never would."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import MAX_UNREAD
from nogilcheck.inputs.locks.entries import MAX_DIGITS
from nogilcheck.inputs.locks.uv import read_uv_lock
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
    lock = "job.py.lock" if name == "script" else "uv.lock"
    return read_fixture(read_uv_lock, f"uv/{name}/{lock}")


def line(name: str, text: str) -> int:
    """The first line of a fixture that holds the text."""
    path = LOCKS / "uv" / name / "uv.lock"
    before, found, _ = path.read_text(encoding="utf-8").partition(text)
    assert found
    return before.count("\n") + found.count("\n") + 1


def read(text: str) -> Content:
    return read_uv_lock(text, "uv.lock", beside())


HEAD = 'version = 1\n\n[[package]]\nname = "p"\nversion = "1"\nsource = { virtual = "." }\n'


class TestProject:
    def test_the_core_is_what_was_resolved_for_the_project(self) -> None:
        content = fixture("project")
        assert asked(content) == [
            "colorama ; sys_platform == 'win32'",
            "packaging<25 ; python_version < '3.14'",
            "packaging>=25 ; python_version >= '3.14'",
            "urllib3[socks]>=2",
        ]
        forks = [root.locked for root in lock_of(content).roots if root.name == "packaging"]
        assert forks == ["24.2", "26.3"], "what a fork was resolved to is no specifier of the project"
        assert lock_of(content).kind == "uv.lock"
        assert lock_of(content).has_graph

    def test_extras(self) -> None:
        content = fixture("project")
        assert content.extras == ("templates", "all", "nothing-more")
        assert asked(content, "templates", "extra") == ["markupsafe>=3"]
        assert asked(content, "all", "extra") == ["attrs", "markupsafe"]
        assert asked(content, "nothing-more", "extra") == []

    def test_groups(self) -> None:
        content = fixture("project")
        assert content.groups == ("dev", "empty", "test")
        assert asked(content, "dev", "group") == ["iniconfig", "pluggy>=1.5"]
        assert asked(content, "test", "group") == ["iniconfig"]

    def test_roots_have_their_lines(self) -> None:
        roots = lock_of(fixture("project")).roots
        at = {(root.requirement, root.kind): root.location for root in roots}
        for key in (("urllib3[socks]>=2", ""), ("markupsafe>=3", "extra")):
            place = at[key]
            assert place.path.endswith("project/pyproject.toml"), "a line that the user can edit"
            assert place.line
            assert key[0] in Path(place.path).read_text("utf-8").splitlines()[place.line - 1]

    def test_without_its_project_roots_have_the_lines_of_the_lock(self) -> None:
        text = f"{HEAD}dependencies = [\n{{ name = 'a' }}]\n[package.metadata]\nrequires-dist = [\n"
        (root,) = lock_of(read(f"{text}{{ name = 'a', specifier = '<2' }}]\n")).roots
        assert (root.requirement, root.location.path) == ("a<2", "uv.lock")

    def test_environments_limit_and_forks_and_required_ones_do_not(self) -> None:
        assert fixture("project").bounds == Bounds(
            project="demo-project",
            location=Location(path="uv.lock", line=3),
            requires_python=">=3.11",
            environments=("sys_platform == 'linux'", "sys_platform == 'win32'"),
        )

    def test_forks_are_entries_of_their_own(self) -> None:
        content = fixture("project")
        old, new = entry(content, "packaging", "24.2"), entry(content, "packaging", "26.3")
        assert old.marker == (
            "(python_full_version < '3.14' and sys_platform == 'linux')"
            " or (python_full_version < '3.14' and sys_platform == 'win32')"
        )
        assert new.marker is not None
        assert "python_full_version >= '3.14'" in new.marker
        assert old.location.line == line("project", '\nversion = "24.2"') - 2

    def test_extras_of_a_distribution(self) -> None:
        assert entry(fixture("project"), "urllib3").dependencies == (LockedDependency(name="pysocks", extra="socks"),)

    def test_files(self) -> None:
        found = entry(fixture("project"), "markupsafe")
        assert found.files_known
        assert {file.kind for file in found.files} == {"wheel", "sdist"}
        assert "cp314-cp314t-win_amd64" in {file.tags for file in found.files}
        sdist = found.files[0]
        assert sdist.filename == "markupsafe-3.0.4.tar.gz"
        assert sdist.url.startswith("https://files.pythonhosted.org/")
        assert sdist.hashes.keys() == {"sha256"}
        assert sdist.size is not None
        assert sdist.upload_time is not None
        assert sdist.index == "https://pypi.org/simple"

    def test_the_project_itself_is_a_directory_of_which_nothing_is_judged(self) -> None:
        found = entry(fixture("project"), "demo-project")
        assert (found.source, found.files, found.own) == (LockedSource.PATH, (), True)


class TestWorkspace:
    def test_every_member_asks(self) -> None:
        content = fixture("workspace")
        assert asked(content) == ["six", "core-part[fast]", "idna"]
        assert asked(content, "fast", "extra") == ["attrs"]
        assert asked(content, "test", "group") == ["iniconfig"]
        assert content.extras == ("fast",)
        assert set(content.groups) == {"lint", "test"}

    def test_the_groups_of_a_root_that_is_no_project(self) -> None:
        assert asked(fixture("workspace"), "lint", "group") == ["pluggy"]

    def test_a_chain_leads_through_a_member(self) -> None:
        found = entry(fixture("workspace"), "core-part")
        assert (found.version, found.source, found.files) == (None, LockedSource.PATH, ())
        assert found.reference.replace("\\", "/").endswith("packages/core-part")
        assert found.dependencies == (
            LockedDependency(name="six"),
            LockedDependency(name="attrs", extra="fast"),
        )

    def test_a_member_that_is_not_there(self) -> None:
        content = read(
            'version = 1\n[manifest]\nmembers = [\n "a",\n "b",\n]\n[[package]]\nname = "a"\n' + _virtual("a")
        )
        assert complaints(content) == [(5, "the member b of the workspace is not in the lock")]


class TestConflicts:
    def test_sides_that_exclude_one_another(self) -> None:
        content = fixture("conflicts")
        assert asked(content, "old", "extra") == ["six==1.16.0"]
        assert asked(content, "new", "extra") == ["six==1.17.0"]
        assert asked(content, "late", "group") == ["idna==3.11"]

    def test_conditions_on_what_is_asked_for_stay_as_uv_writes_them(self) -> None:
        found = entry(fixture("conflicts"), "python-dateutil")
        assert [each.version for each in found.dependencies] == ["1.16.0", "1.17.0"]
        assert all("extra-9-two-sides-old" in str(each.marker) for each in found.dependencies)


class TestScript:
    def test_what_it_requires(self) -> None:
        content = fixture("script")
        assert asked(content) == ["markdown-it-py>=3", "tomli-w ; sys_platform == 'linux'"]
        assert content.bounds == Bounds(
            project="job.py.lock", location=Location(path="job.py.lock", line=3), requires_python=">=3.11"
        )
        assert entry(content, "markdown-it-py").dependencies == (LockedDependency(name="mdurl"),)

    def test_one_that_requires_nothing(self) -> None:
        content = read('version = 1\nrevision = 3\nrequires-python = ">=3.12"\n')
        assert lock_of(content).roots == ()
        assert content.notes == ()


class TestSources:
    def test_git(self) -> None:
        found = entry(fixture("sources"), "gitdep")
        assert (found.version, found.source, found.files) == ("1.2.3", LockedSource.VCS, ())
        assert found.reference.startswith("git+https://git.example.org/gitdep?tag=v1#")
        assert not found.files_known
        assert LockedDependency(name="attrs", extra="more") in found.dependencies

    def test_url(self) -> None:
        found = entry(fixture("sources"), "typing-extensions")
        assert found.source is LockedSource.URL
        assert [file.filename for file in found.files] == ["typing_extensions-4.16.0-py3-none-any.whl"]

    @pytest.mark.parametrize(
        ("name", "kind", "filename"),
        [("iniconfig", "wheel", "iniconfig-2.1.0-py3-none-any.whl"), ("pluggy", "sdist", "pluggy-1.6.0.tar.gz")],
    )
    def test_an_archive_on_the_disk(self, name: str, kind: str, filename: str) -> None:
        found = entry(fixture("sources"), name)
        assert found.source is LockedSource.PATH
        (file,) = found.files
        assert (file.kind, file.filename) == (kind, filename)
        assert file.url == (LOCKS / "uv" / "sources" / "archives" / filename).as_uri()
        assert file.hashes["sha256"]

    def test_a_directory_that_is_an_index(self) -> None:
        (file,) = entry(fixture("sources"), "attrs").files
        directory = LOCKS / "uv" / "sources" / "wheelhouse"
        assert file.url == (directory / "attrs-25.3.0-py3-none-any.whl").as_uri()
        assert Path(file.index) == directory

    def test_a_directory(self) -> None:
        found = entry(fixture("sources"), "vendored")
        assert (found.source, found.own) == (LockedSource.PATH, False)
        assert [file.url for file in found.files] == [(LOCKS / "uv" / "sources" / "vendored").as_uri()]
        assert found.dependencies == (LockedDependency(name="idna"),)

    def test_an_archive_whose_name_tells_nothing(self) -> None:
        url = "https://u:secret@host/archive/main.zip"
        content = read(
            HEAD + f'[[package]]\nname = "a"\nsource = {{ url = "{url}" }}\nsdist = {{ hash = "sha256:ab" }}\n'
        )
        found = entry(content, "a")
        assert (found.files, found.files_known, found.hashes) == ((), False, ("sha256:ab",))
        assert found.reference == "https://host/archive/main.zip"

    def test_a_quoted_file_name(self) -> None:
        content = read(
            HEAD
            + '[[package]]\nname = "torch"\nversion = "2.9.0+cpu"\nsource = { registry = "https://u:pw@host/whl" }\n'
            + 'wheels = [{ url = "https://host/torch-2.9.0%2Bcpu-cp314-cp314t-linux_x86_64.whl#x" }]\n'
        )
        (file,) = entry(content, "torch").files
        assert str(file.version) == "2.9.0+cpu"
        assert file.index == "https://host/whl"

    def test_files_that_no_installer_takes_for_the_project(self) -> None:
        content = read(
            HEAD
            + '[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "r" }\n'
            + 'wheels = [{ url = "http://[" }, { url = "https://h/b-1-py3-none-any.whl" }, { url = "a-1.egg" }]\n'
        )
        assert entry(content, "a").files == ()


def _virtual(place: str = ".") -> str:
    return f'source = {{ virtual = "{place}" }}\n'


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "message", "at"),
        [
            ("", "no version number", None),
            ('version = 1\n[[package]\nname = "a"\n', "not valid TOML", 2),
            ('version = "1"\n', "no version number", 1),
            ("version = true\n", "no version number", 1),
            ('[[package]]\nname = "a"\n', "no version number", None),
            ("version = 1\npackage = 5\n", "is not an array", 2),
            ('lock-version = "1.0"\npackages = []\n', "it has lock-version", None),
            ('version = 1\n[[distribution]]\nname = "a"\n', "it has distribution", None),
            (f"version = 1\n\nx = '{'1' * MAX_DIGITS}'\n", "a number of more than", 3),
        ],
    )
    def test_what_is_no_uv_lock(self, text: str, message: str, at: int | None) -> None:
        with pytest.raises(UnreadableSourceError, match=message) as caught:
            read(text)
        assert caught.value.line == at

    def test_another_version(self) -> None:
        text = (LOCKS / "uv/conflicts/uv.lock").read_text(encoding="utf-8").replace("version = 1", "version = 2")
        with pytest.raises(
            UnreadableSourceError, match=r"version 2 is not supported \(supported: version 1\)"
        ) as caught:
            read(text)
        assert caught.value.line == 1

    @pytest.mark.parametrize(
        ("package", "text"),
        [
            ('name = 1\nversion = "1"\n', "package[1].name has to be a string, not an integer"),
            ('version = "1"\n', "an entry without a name"),
            ('name = "-x"\n', "not the name of a project: '-x'"),
            ('name = "a"\nversion = "one"\n', "a has no usable version: 'one'"),
            ('name = "a"\nversion = "1"\n', "a: its source is not understood"),
            ('name = "a"\nsource = "registry+https://host"\n', "package[1].source has to be a table, not a string"),
            (
                'name = "a"\nsource = { registry = "r" }\nwheels = { a = 1 }\n',
                "package[1].wheels has to be an array, not a table",
            ),
            (
                'name = "a"\nsource = { registry = "r" }\nwheels = [1]\n',
                "package[1].wheels[0] has to be a table, not an integer",
            ),
            ('name = "a"\nsource = { registry = "r" }\nresolution-markers = ["x"]\n', "not an environment marker: x"),
            (
                'name = "a"\nsource = { registry = "r" }\ndependencies = [{ name = "b", marker = "os_name" }]\n',
                "not an environment marker: os_name",
            ),
            (
                'name = "a"\nsource = { registry = "r" }\noptional-dependencies = []\n',
                "package[1].optional-dependencies has to be a table, not an array",
            ),
        ],
    )
    def test_a_part_that_is_unusable_and_the_rest_counts(self, package: str, text: str) -> None:
        content = read(f"{HEAD}dependencies = [{{ name = 'good' }}]\n\n[[package]]\n{package}")
        assert text in [complaint for _, complaint in complaints(content)]
        assert all(at is not None and at >= 9 for at, _ in complaints(content))
        assert asked(content) == ["good"]

    def test_an_entry_twice(self) -> None:
        package = '[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "r" }\n'
        content = read(HEAD + package + package)
        assert complaints(content) == [(11, "a 1 is in the lock twice")]
        assert entry(content, "a").location.line == 7

    def test_one_version_from_two_indexes(self) -> None:
        package = '[[package]]\nname = "a"\nversion = "1"\nsource = {{ registry = "{}" }}\n'
        content = read(HEAD + package.format("https://one") + package.format("https://two"))
        assert complaints(content) == []
        assert len(lock_of(content).distributions) == 3

    def test_no_end_of_complaints(self) -> None:
        content = read(HEAD + "[[package]]\n" * (MAX_UNREAD + 7))
        assert len(content.unread) == MAX_UNREAD + 1
        assert content.unread[-1].text == f"more than {MAX_UNREAD} parts cannot be used; the others are not listed"

    def test_a_lock_without_a_project(self) -> None:
        package = '[[package]]\nname = "{}"\nversion = "1"\nsource = {{ registry = "r" }}\n'
        content = read(
            "version = 1\n" + package.format("a") + "dependencies = [{ name = 'b' }]\n" + package.format("b")
        )
        assert asked(content) == ["a==1", "b==1"]
        assert content.notes == ("uv.lock: no project in it: every distribution counts as a direct requirement",)

    def test_odd_metadata_changes_nothing(self) -> None:
        text = f"{HEAD}dependencies = [{{ name = 'a' }}]\n[package.metadata]\nrequires-dist = 3\nrequires-dev = [1]\n"
        assert asked(read(text + "provides-extras = [1, 'X_y']\n")) == ["a"]
        assert read(text + "provides-extras = [1, 'X_y']\n").extras == ("x-y",)

    def test_two_specifiers_for_one_project_count_where_their_markers_and_that_of_the_fork_hold(self) -> None:
        text = f"{HEAD}dependencies = [{{ name = 'a' }}, {{ name = 'b' }}]\n[package.metadata]\nrequires-dist = [\n"
        text += (
            "{ name = 'a', specifier = '>1' }, { name = 'a', specifier = '>2' }, { name = 'b', specifier = '>3' }]\n"
        )
        assert asked(read(text)) == ["a>1", "a>2", "b>3"]
        forked = f"{HEAD}dependencies = [\n"
        for version, marker in (("1.5", "python_full_version < '3.10'"), ("2.5", "python_full_version >= '3.10'")):
            forked += f'{{ name = "a", version = "{version}", marker = "{marker}" }},\n'
        forked += "]\n[package.metadata]\nrequires-dist = [\n"
        one = read(f'{forked}{{ name = "a", specifier = "<3" }}]\n')
        assert asked(one) == ["a<3 ; python_full_version < '3.10'", "a<3 ; python_full_version >= '3.10'"]
        two = read(
            f'{forked}{{ name = "a", specifier = "<3", marker = "sys_platform == \'win32\'" }},'
            '{ name = "a", specifier = "<2.9", marker = "sys_platform != \'win32\'" }]\n'
        )
        assert asked(two)[2:] == [
            "a<3 ; python_full_version >= '3.10' and sys_platform == 'win32'",
            "a<2.9 ; python_full_version >= '3.10' and sys_platform != 'win32'",
        ]

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(["conflicts", "sources", "workspace"]), st.integers())
    def test_mangled(self, name: str, seed: int) -> None:
        text = (LOCKS / "uv" / name / "uv.lock").read_text(encoding="utf-8")
        survives(read_uv_lock, mangled(text, seed))

    @settings(max_examples=100, deadline=None)
    @given(st.integers(min_value=0))
    def test_truncated(self, at: int) -> None:
        text = (LOCKS / "uv/script/job.py.lock").read_text(encoding="utf-8")
        survives(read_uv_lock, text[: at % len(text)])
