"""Poetry's own tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.specifiers.poetry_versions import platform_marker, python_marker
from tests.unit.inputs.projectfiles import FIXTURES, clean, complaints, lines, pyproject, read_file, says

MAIN = "[tool.poetry.dependencies]\n"


def test_a_whole_project() -> None:
    content = read_file(FIXTURES / "poetry" / "pyproject.toml")
    pricing = (FIXTURES / "pricing").absolute().as_uri()
    assert says(content.roots) == [
        "django<5.2,>=5.1",
        "requests[socks]<3,>=2.31",
        "celery==5.*",
        'numpy<2 ; python_version < "3.12"',
        'numpy>=2.1 ; python_version >= "3.12"',
        'uvloop<0.21,>=0.20 ; platform_python_implementation == "CPython" and sys_platform != "win32"',
        "catalogue @ git+ssh://git.example.org/shop/catalogue.git@v2.0",
        f"pricing @ {pricing}",
    ]
    assert says(content.roots, "all", "extra") == ["psycopg<4,>=3.2", "redis<6,>=5"]
    assert says(content.roots, "postgres", "extra") == ["psycopg<4,>=3.2"]
    assert says(content.roots, "test", "group") == ["pytest<9,>=8.0", "pytest-django"]
    assert says(content.roots, "docs", "group") == ["sphinx<9,>=7"]
    assert says(content.roots, "dev", "group") == ["black==24.3.0"]
    assert (content.extras, sorted(content.groups)) == (("postgres", "all"), ["dev", "docs", "test"])
    assert content.bounds
    assert (content.bounds.project, content.bounds.location.line) == ("bookshop", 9)
    assert content.bounds.requires_python == "<4,>=3.10"
    assert [root.editable for root in content.roots if root.name == "pricing"] == [True]


def test_a_root_reads_as_a_dependency_specifier() -> None:
    (root,) = clean(MAIN + 'A_b = {version = "^1.2", extras = ["Z", "y"], python = ">=3.9"}').roots
    assert root.requirement == 'A_b[y,z]<2,>=1.2 ; python_version >= "3.9"'
    assert (root.name, root.extras) == ("a-b", ("y", "z"))


def test_several_constraints_have_lines_of_their_own() -> None:
    content = clean(
        MAIN + 'a = [\n  {version = "<2", platform = "win32"},\n  {version = ">=2", platform = "!=win32"},\n]'
    )
    assert lines(content.roots) == [3, 4]
    assert says(content.roots) == ['a<2 ; sys_platform == "win32"', 'a>=2 ; sys_platform != "win32"']


@pytest.mark.parametrize(
    ("table", "url"),
    [
        ('{git = "https://h/x.git"}', "git+https://h/x.git"),
        ('{git = "https://u:s3cret@h/x.git", branch = "b"}', "git+https://h/x.git@b"),
        ('{git = "git@h:o/x.git", rev = "1", subdirectory = "s"}', "git+ssh://h/o/x.git@1#subdirectory=s"),
        ('{url = "https://h/x-1.zip"}', "https://h/x-1.zip"),
        ('{file = "x-1.whl"}', "{here}/x-1.whl"),
        ('{path = "lib"}', "{here}/lib"),
        ('{git = "lib"}', "git+{here}/lib"),
    ],
)
def test_direct_references(here: Path, table: str, url: str) -> None:
    (root,) = clean(f"{MAIN}x = {table}").roots
    assert root.url == url.replace("{here}", here.as_uri())
    assert root.requirement == f"x @ {root.url}"
    assert (root.link is not None) == ("@h" in table)
    assert "s3cret" not in repr(root)


def test_what_cannot_be_read_is_set_aside() -> None:
    content = pyproject(
        MAIN + 'python = "three"\na = "^q"\nb = 3\nc = {version = 1}\nd = {path = 1}\ne = "1.0"\n"f f" = "1"\n'
        'g = {version = "1", markers = "nonsense"}\nh = {version = "1", python = "x y"}\ni = {url = ""}\n'
        '[tool.poetry.extras]\nx = ["nope", 3]\n[tool.poetry.group]\nt = 3\n[tool.poetry.group.u]\n'
        'include-groups = ["v"]\n'
    )
    assert sorted({line for line, _ in complaints(content) if line}) == [2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 15, 17]
    assert [root.name for root in content.roots] == ["e", "g", "h"]
    assert content.bounds is None


def test_pre_releases_of_one_project_are_a_gap() -> None:
    (unread,) = pyproject(MAIN + 'a = {version = "*", allow-prereleases = true}').unread
    assert "allow-prereleases" in unread.text


def test_requirements_with_a_url_of_their_own_keep_it() -> None:
    content = clean("[project]\ndependencies = ['a @ https://h/a.whl']\n" + MAIN + 'a = {path = "a"}')
    assert says(content.roots) == ["a @ https://h/a.whl"]


def test_extras_hold_what_is_optional_only() -> None:
    content = clean(MAIN + 'a = "*"\nb = {version = "*", optional = true}\n[tool.poetry.extras]\nx = ["B", "a"]')
    assert (says(content.roots), says(content.roots, "x", "extra")) == (["a"], ["b"])


def test_groups_include_groups() -> None:
    content = clean(
        "[tool.poetry.group.a.dependencies]\nx = '*'\n[tool.poetry.group.B]\ninclude-groups = ['A', 'b']\n"
        "[tool.poetry.group.B.dependencies]\ny = '*'"
    )
    assert says(content.roots, "b", "group") == ["y", "x"]


class TestNeighboursProject:
    """Poetry 2 reads both tables."""

    def test_a_dependency_is_enriched_not_doubled(self, here: Path) -> None:
        content = clean(
            '[project]\nname = "p"\nrequires-python = ">=3.9"\ndependencies = ["a>=1", "b", "c[x]"]\n'
            + MAIN
            + 'python = "<3.15"\na = {version = "^1.5", python = ">=3.10"}\nc = {path = "c"}\nd = "*"'
        )
        assert says(content.roots) == [
            'a<2,>=1,>=1.5 ; python_version >= "3.10"',
            "b",
            f"c[x] @ {(here / 'c').as_uri()}",
        ]
        assert content.bounds
        assert content.bounds.requires_python == "<3.15,>=3.9"
        assert content.bounds.location.line == 3

    def test_dynamic_dependencies_are_poetrys(self) -> None:
        content = clean('[project]\nname = "p"\ndynamic = ["dependencies"]\n' + MAIN + 'a = "^1"')
        assert says(content.roots) == ["a<2,>=1"]

    def test_extras_of_the_project_with_the_core_of_poetry(self) -> None:
        content = clean(
            '[project]\nname = "p"\ndynamic = ["dependencies"]\noptional-dependencies = {x = ["o"]}\n'
            + MAIN
            + 'a = "^1"\no = {version = "^2", optional = true}\n[tool.poetry.extras]\ny = ["o"]'
        )
        assert says(content.roots) == ["a<2,>=1"]
        assert says(content.roots, "x", "extra") == ["o<3,>=2"]
        assert content.extras == ("x",)

    def test_groups_of_both(self) -> None:
        content = clean(
            '[project]\nname = "p"\ndependencies = ["a"]\n[tool.poetry.group.dev.dependencies]\nb = "*"\n'
            '[dependency-groups]\ndev = ["c"]'
        )
        assert says(content.roots, "dev", "group") == ["b", "c"]


@pytest.mark.parametrize(
    ("constraint", "marker"),
    [
        ("*", None),
        ("^3.9", 'python_version < "4" and python_version >= "3.9"'),
        ("<3.11 || >=3.13.1", 'python_version < "3.11" or python_full_version >= "3.13.1"'),
        ("3.9.*", 'python_full_version == "3.9.*"'),
        (">3.9", 'python_full_version > "3.9"'),
        (">=3.9 || *", None),
    ],
)
def test_python_markers(constraint: str, marker: str | None) -> None:
    assert python_marker(constraint) == marker


@pytest.mark.parametrize(
    ("constraint", "marker"),
    [
        ("*", None),
        ("linux", 'sys_platform == "linux"'),
        ("!=win32,!=darwin", 'sys_platform != "win32" and sys_platform != "darwin"'),
        ("linux || darwin", 'sys_platform == "linux" or sys_platform == "darwin"'),
    ],
)
def test_platform_markers(constraint: str, marker: str | None) -> None:
    assert platform_marker(constraint) == marker


@pytest.mark.parametrize("constraint", ["", "a b", "a" * 2000, '"'])
def test_no_markers(constraint: str) -> None:
    for convert in (python_marker, platform_marker):
        with pytest.raises(ValueError, match="no constraint"):
            convert(constraint)
