from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import LOCKS, content_of, dependency, entry, fixture, lock_of, parts, places

METADATA = '[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\n'
SAMPLE = {"": {"requests", "psycopg"}, "fast": {"orjson"}, "dev": {"pytest"}}


def read(text: str, metadata: str = METADATA) -> Content:
    return content_of(text + metadata, "poetry.lock")


def package(name: str, *lines: str, version: str = "1.0") -> str:
    return "\n".join(["[[package]]", f'name = "{name}"', f'version = "{version}"', *lines, ""])


def test_the_project_beside_it_tells_the_roots_and_their_places() -> None:
    content = fixture("poetry/project", "poetry.lock")
    assert (content.unread, content.notes) == ((), ())
    assert parts(content) == SAMPLE
    assert (content.extras, content.groups) == (("fast",), ("dev",))
    assert places(lock_of(content).roots)["requests"] == "pyproject.toml:6"


def test_without_a_project_entries_that_nothing_requires_are_the_roots() -> None:
    content = fixture("poetry/project", "poetry.lock", alone=True)
    # Which extras psycopg is installed with, the lock does not tell.
    assert parts(content) == SAMPLE | {"": {"requests", "psycopg", "psycopg-binary"}}
    assert {root.kind for root in lock_of(content).roots} == {"", "extra", "group"}
    assert places(lock_of(content).roots)["requests"] == f"poetry.lock:{entry(content, 'requests').location.line}"


def test_files_dependencies_and_bounds_of_a_real_lock() -> None:
    content = fixture("poetry/project", "poetry.lock")
    orjson = entry(content, "orjson")
    assert orjson.files_known
    assert {file.kind for file in orjson.files} == {"wheel", "sdist"}
    assert all(set(file.hashes) == {"sha256"} and file.index == "https://pypi.org/simple" for file in orjson.files)
    assert orjson.requires_python == ">=3.10"
    assert orjson.marker == '"fast" in extras'
    binary = dependency(content, "psycopg", "psycopg-binary")
    assert (binary.extra, binary.marker) == ("binary", 'implementation_name != "pypy"')
    assert entry(content, "colorama").marker == '"dev" in dependency_groups and sys_platform == "win32"'
    assert content.bounds is not None
    assert content.bounds.requires_python == "<4,>=3.11"
    text = (LOCKS / "poetry/project/poetry.lock").read_text(encoding="utf-8").splitlines()
    assert content.bounds.location.line is not None
    assert text[content.bounds.location.line - 1].startswith("python-versions")
    assert orjson.location.line is not None
    assert text[orjson.location.line - 1 : orjson.location.line + 1] == ["[[package]]", 'name = "orjson"']


def test_poetrys_own_tables_forks_and_a_url() -> None:
    content = fixture("poetry/tables", "poetry.lock")
    numpy = [each for each in lock_of(content).distributions if each.name == "numpy"]
    assert [(each.version, each.marker) for each in numpy] == [
        ("1.26.4", 'python_version == "3.11"'),
        ("2.2.6", 'python_version >= "3.12"'),
    ]
    assert len({each.location.line for each in numpy}) == 2
    six = entry(content, "six")
    assert six.source is LockedSource.URL
    assert six.reference.endswith("six-1.17.0-py2.py3-none-any.whl")
    assert [file.url for file in six.files] == [six.reference]
    assert [root.specifier for root in lock_of(content).roots if root.name == "numpy"] == [
        "<2.3,<3,>=2.0",
        "<1.27,>=1.26",
    ]


def test_groups_with_markers_of_their_own() -> None:
    markers = "markers = {main = \"sys_platform == 'linux' and extra == 'x'\", dev = \"os_name == 'nt'\"}"
    content = read(
        package("both", 'groups = ["main", "dev"]', "optional = true", markers)
        + package("always", 'groups = ["main", "dev"]', "optional = false", "markers = {dev = \"os_name == 'nt'\"}")
    )
    assert entry(content, "both").marker == (
        '(sys_platform == "linux" and "x" in extras) or ("dev" in dependency_groups and os_name == "nt")'
    )
    assert entry(content, "always").marker is None
    assert parts(content) == {"x": {"both"}, "dev": {"both", "always"}, "": {"always"}}


def test_what_the_core_asks_for_is_a_root_although_a_group_requires_it_too() -> None:
    content = read(
        package("a", 'groups = ["main", "dev"]', "optional = false")
        + package("tool", 'groups = ["dev"]', "optional = false", "[package.dependencies]", 'a = "*"')
    )
    assert parts(content) == {"": {"a"}, "dev": {"tool"}}


def test_a_cycle_has_a_root() -> None:
    content = read(
        package("a", "[package.dependencies]", 'b = "*"')
        + package("b", "[package.dependencies]", 'c = "*"')
        + package("c", "[package.dependencies]", 'b = "*"')
        + package("d", "[package.dependencies]", 'd = "*"')
        + package("e", "[package.dependencies]", 'f = "*"')
        + package("f", "[package.dependencies]", 'e = "*"')
    )
    assert parts(content) == {"": {"a", "d", "e"}}


def test_dependencies_in_every_notation() -> None:
    content = read(
        package(
            "a",
            "[package.dependencies]",
            'Plain = "^1.2 || ^3"',
            'full = {version = "~1.2", extras = ["S", "b"], markers = "os_name == \'nt\' or extra == \'x\'"}',
            "several = [",
            '    {version = "<2", markers = "python_version < \'3.12\'"},',
            '    {version = ">=2", python = ">=3.12", platform = "linux"},',
            "]",
            'old = {version = "*", optional = true}',
            'from-git = {git = "https://example.org/x.git", rev = "main"}',
            "[package.extras]",
            'first = ["old (>=1)"]',
            'second = ["old (>=1)", "other"]',
        )
    )
    found = [
        (each.name, each.specifier, each.extras, each.marker, each.extra) for each in entry(content, "a").dependencies
    ]
    assert found == [
        ("plain", "!=2.*,<4,>=1.2", (), None, None),
        ("full", "<1.3,>=1.2", ("b", "s"), 'os_name == "nt"', None),
        ("full", "<1.3,>=1.2", ("b", "s"), None, "x"),
        ("several", "<2", (), 'python_version < "3.12"', None),
        ("several", ">=2", (), 'python_version >= "3.12" and sys_platform == "linux"', None),
        ("old", "", (), None, "first"),
        ("old", "", (), None, "second"),
        ("from-git", "", (), None, None),
    ]


def test_sources() -> None:
    def source(name: str, *lines: str) -> str:
        return package(name, "files = []", "[package.source]", *lines)

    content = read(
        source("g", 'type = "git"', 'url = "https://me:secret@example.org/g.git"', 'resolved_reference = "abc"')
        + source("u", 'type = "url"', 'url = "https://example.org/u-1.0.tar.gz"')
        + source("f", 'type = "file"', 'url = "dist/f-1.0-py3-none-any.whl"')
        + source("d", 'type = "directory"', 'url = "../d"')
        + source("p", 'type = "legacy"', 'url = "https://me:secret@example.org/simple"')
    )
    found = {each.name: (each.source, each.reference, each.files_known) for each in lock_of(content).distributions}
    assert found == {
        "g": (LockedSource.VCS, "git+https://example.org/g.git@abc", True),
        "u": (LockedSource.URL, "https://example.org/u-1.0.tar.gz", True),
        "f": (LockedSource.PATH, "dist/f-1.0-py3-none-any.whl", True),
        "d": (LockedSource.PATH, "../d", True),
        "p": (LockedSource.INDEX, "", False),
    }


def test_files_of_an_index_of_its_own_name_it_without_credentials() -> None:
    content = read(
        package(
            "p",
            'files = [{file = "p-1.0-py3-none-any.whl", hash = "sha256:' + "a" * 64 + '"}, {file = "p-1.0.exe"}, {}]',
            "[package.source]",
            'type = "legacy"',
            'url = "https://me:secret@example.org/simple"',
        )
    )
    (file,) = entry(content, "p").files
    assert (file.filename, file.index, file.hashes) == (
        "p-1.0-py3-none-any.whl",
        "https://example.org/simple",
        {"sha256": "a" * 64},
    )


def test_lock_version_1_1_with_the_files_of_all_at_the_end() -> None:
    content = read(
        package("a", 'category = "main"', "optional = false", "[package.dependencies]", 'b = "*"')
        + package("b", 'category = "main"', "optional = false")
        + package("b", 'category = "main"', "optional = false", version="2.0")
        + package("t", 'category = "dev"', "optional = false")
        + package("o", 'category = "main"', "optional = true")
        + '[extras]\nx = ["o"]\n',
        '[metadata]\nlock-version = "1.1"\npython-versions = "~2.7 || ^3.6"\n[metadata.files]\na = []\n'
        'b = [{file = "b-1.0.tar.gz", hash = "sha256:x"}, {file = "b-2.0.tar.gz"}]\n',
    )
    assert parts(content) == {"": {"a"}, "dev": {"t"}, "x": {"o"}}
    files = {
        each.version: [file.filename for file in each.files]
        for each in lock_of(content).distributions
        if each.name == "b"
    }
    assert files == {"1.0": ["b-1.0.tar.gz"], "2.0": ["b-2.0.tar.gz"]}
    assert content.notes == ()


def test_hashes_without_names_before_1_0() -> None:
    content = read(package("a"), f'[metadata]\npython-versions = "*"\n[metadata.hashes]\na = ["{"b" * 64}"]\n')
    found = entry(content, "a")
    assert (found.files_known, found.hashes) == (False, (f"sha256:{'b' * 64}",))
    assert content.bounds is None
    (note,) = content.notes
    assert "no usable lock-version" in note


def test_an_unknown_minor_version_is_read_and_told() -> None:
    content = read(package("a"), '[metadata]\nlock-version = "2.9"\n')
    assert parts(content) == {"": {"a"}}
    assert content.notes == ("poetry.lock:5: lock-version '2.9': read by the rules of 2.1",)


def test_another_major_version() -> None:
    with pytest.raises(UnreadableSourceError, match=r"'3\.0' is not supported \(supported: 1\.0 to 2\.1\)") as caught:
        read(package("a"), '[metadata]\nlock-version = "3.0"\n')
    assert caught.value.line == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (package("a"), "cut short"),
        ('version = 1\n[[package]]\nname = "a"\n', "another tool"),
        ('[metadata]\nlock_version = "4.5.0"\n', "another tool"),
        ('lock-version = "1.0"\n', "another tool"),
        ("[[package]\n", "not valid TOML"),
        ("[metadata]\nlock-version = [", "not valid TOML"),
        ("", "cut short"),
    ],
)
def test_what_is_no_lock_of_poetry(text: str, told: str) -> None:
    with pytest.raises(UnreadableSourceError, match=told):
        content_of(text, "poetry.lock")


@pytest.mark.parametrize(
    ("lines", "line", "told"),
    [
        (['name = "b"'], 5, "no version"),
        (['name = "b"', "version = 1"], 7, "package[1].version has to be a string"),
        (['name = "b"', 'version = "x y"'], 7, "no usable version"),
        (['name = "-"', 'version = "1"'], 5, "not the name"),
        (["name = 1"], 6, "package[1].name has to be a string"),
        (['name = "b"', 'version = "1"', 'markers = "nonsense"'], 8, "nonsense"),
        (['name = "b"', 'version = "1"', "dependencies = 1"], 8, "has to be a table"),
        (['name = "b"', 'version = "1"', 'dependencies = {c = ">>1"}'], 8, ">>1"),
        (['name = "b"', 'version = "1"', 'source = {type = "svnx"}'], 8, "svnx"),
        (['name = "b"', 'version = "1"', "groups = 3"], 8, "has to be an array"),
    ],
)
def test_an_unusable_part_is_told_with_its_line_and_the_rest_counts(lines: list[str], line: int, told: str) -> None:
    content = read(package("a", "") + "\n".join(["[[package]]", *lines, ""]))
    (problem,) = content.unread
    assert (problem.location.line, told in problem.text) == (line, True), problem
    assert "a" in parts(content)[""]


def test_a_project_file_that_cannot_be_read_is_told() -> None:
    Path("pyproject.toml").write_text("[project\n", encoding="utf-8")
    content = read(package("a"))
    (problem,) = content.unread
    assert str(problem.location).endswith("pyproject.toml:1")
    assert parts(content) == {"": {"a"}}


def test_a_project_file_for_other_tools_changes_nothing() -> None:
    Path("pyproject.toml").write_text("[tool.ruff]\nline-length = 3\n", encoding="utf-8")
    content = read(package("a"))
    assert (parts(content), content.unread) == ({"": {"a"}}, ())


def test_what_the_project_file_does_not_lead_to_is_still_a_root() -> None:
    Path("pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["a"]\n', encoding="utf-8")
    content = read(
        package("a", 'groups = ["main"]', "[package.dependencies]", 'b = "*"')
        + package("b", 'groups = ["main"]')
        + package("stale", 'groups = ["docs"]')
    )
    assert parts(content) == {"": {"a"}, "docs": {"stale"}}


def test_an_entry_without_usable_groups_belongs_to_the_core() -> None:
    content = read(package("a", "groups = []") + package("b", "groups = [1]") + package("c", "groups = 1"))
    assert parts(content) == {"": {"a", "b", "c"}}


def test_too_many_roots_end_in_one_error() -> None:
    groups = ", ".join(f'"g{number}"' for number in range(300))
    with pytest.raises(UnreadableSourceError, match="more than 50000"):
        read("".join(package(f"a{number}", f"groups = [{groups}]") for number in range(200)))
