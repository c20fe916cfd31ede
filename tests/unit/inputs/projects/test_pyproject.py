"""The `[project]` table, dependency groups, project directories, and whole projects."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content import diagnostics
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.projects import pep621
from nogilcheck.inputs.projects import poetry as poetry_project
from nogilcheck.inputs.projects.own_extras import MAX_WAYS
from nogilcheck.inputs.projects.pyproject import read_project
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds, Location, Root
from tests.unit.inputs.projectfiles import FIXTURES, beside, clean, complaints, lines, pyproject, read_file, says
from tests.unit.inputs.reading import read_text, write


class TestCore:
    def test_a_dependency_says_what_it_says_in_a_requirements_file(self) -> None:
        text = "NumPy[B,a] >= 1 ; os_name == 'x'"
        (found,) = clean(f'[project]\nname = "p"\ndependencies = ["{text}"]\n').roots
        (written,) = read_text(text).roots
        assert found == Root(
            requirement=written.requirement,
            name=written.name,
            specifier=written.specifier,
            extras=written.extras,
            marker=written.marker,
            location=Location(path="pyproject.toml", line=3),
        )

    def test_requires_python(self) -> None:
        assert clean('[project]\nname = "My.Project"\nrequires-python = ">=3.9, <3.14"\n').bounds == Bounds(
            project="my-project",
            location=Location(path="pyproject.toml", line=3),
            requires_python=">=3.9, <3.14",
        )

    @pytest.mark.parametrize("value", ['"3.9"', "3.9", '">=1' + "1" * 5000 + '"'])
    def test_requires_python_that_is_none(self, value: str) -> None:
        content = pyproject(f"[project]\nrequires-python = {value}\ndependencies = ['a']")
        assert [line for line, _ in complaints(content)] == [2]
        assert (content.bounds, says(content.roots)) == (None, ["a"])

    def test_what_cannot_be_read_is_set_aside(self) -> None:
        content = pyproject(
            '[project]\ndependencies = [\n"a",\n"b=1",\n3,\n"./c",\n"https://h/d.whl",\n"e f",\n"g",\n]'
        )
        assert says(content.roots) == ["a", "g"]
        assert [line for line, _ in complaints(content)] == [4, 5, 6, 7, 8]
        assert content.unread[0].hint == "= is not an operator; write =="
        assert content.unread[1].text == "project.dependencies[2] has to be a string, not an integer"

    def test_an_archive_in_the_directory_is_no_dependency_specifier(self) -> None:
        content = pyproject('[project]\ndependencies = ["a.zip"]', {"a.zip": b""})
        assert (content.roots, len(content.unread)) == ((), 1)

    def test_credentials_are_not_shown(self) -> None:
        content = pyproject('[project]\ndependencies = ["a @ https://u:s3cret@h/a.zip", "b= https://u:s3cret@h/x"]')
        assert says(content.roots) == ["a @ https://h/a.zip"]
        shown = [root.requirement for root in content.roots] + [unread.text for unread in content.unread]
        assert not [text for text in shown if "s3cret" in text]
        assert content.roots[0].link == "https://u:s3cret@h/a.zip"

    @pytest.mark.parametrize("written", ["{root:uri}/lib", "file:///${PROJECT_ROOT}/lib", "file://${PROJECT_ROOT}/lib"])
    def test_the_projects_own_directory(self, here: Path, written: str) -> None:
        content = clean(f'[project]\ndependencies = ["lib @ {written}"]', {"lib/pyproject.toml": ""})
        assert says(content.roots) == [f"lib @ {(here / 'lib').as_uri()}"]

    def test_a_project_that_requires_nothing_says_so(self) -> None:
        content = clean('[project]\nname = "p"')
        assert content.notes == ("pyproject.toml:1: the project itself requires nothing",)

    @pytest.mark.parametrize(
        "text", ["", "[build-system]\nrequires=['x']", "[tool.black]", "project = 3\n[tool]", "tool=1"]
    )
    def test_a_file_that_states_nothing_does_not_pass(self, text: str) -> None:
        if text.startswith("project"):
            assert complaints(pyproject(text)) == [(1, "project has to be a table, not an integer")]
        else:
            with pytest.raises(NothingStatedError, match="states no dependencies"):
                pyproject(text)

    def test_a_truncated_file(self) -> None:
        with pytest.raises(UnreadableSourceError) as caught:
            pyproject('[project]\ndependencies = [\n  "a",\n')
        assert caught.value.line == 3

    def test_endless_complaints_are_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(diagnostics, "MAX_UNREAD", 3)
        items = "\n".join(f'"a={n}",' for n in range(9))
        content = pyproject(f"[project]\ndependencies = [\n{items}\n]")
        assert [line for line, _ in complaints(content)] == [3, 4, 5, 6]
        assert content.unread[-1].text == "more than 3 parts cannot be used; the others are not listed"


class TestExtras:
    def test_each_is_offered_the_empty_ones_too(self) -> None:
        content = clean('[project.optional-dependencies]\nA_b = ["x"]\nnone = []')
        assert content.extras == ("a-b", "none")
        assert says(content.roots, "a-b", "extra") == ["x"]

    def test_those_that_name_the_project_are_written_out(self) -> None:
        content = clean(
            '[project]\nname = "My_P"\ndependencies = ["c"]\n[project.optional-dependencies]\n'
            "a = [\"x>1\"]\nb = [\"my.p[a]; os_name == 'nt'\", \"y; python_version < '3' or os_name == 'q'\"]\n"
            "all = [\"My-P[a, b]; sys_platform == 'linux'\"]\n"
        )
        assert says(content.roots) == ["c"]
        nt, either, linux = 'os_name == "nt"', 'python_version < "3" or os_name == "q"', 'sys_platform == "linux"'
        assert says(content.roots, "b", "extra") == [f"x>1 ; {nt}", f"y ; {either}"]
        assert says(content.roots, "all", "extra") == [
            f"x>1 ; {linux}",
            f"y ; {linux} and ({either})",
        ]
        assert lines(content.roots) == [3, 5, 5, 6, 5, 6]

    def test_cycles_end(self) -> None:
        content = clean(
            '[project]\nname = "p"\n[project.optional-dependencies]\n'
            'a = ["p[b]; os_name == \'nt\'", "x"]\nb = ["p[a]", "y"]\nc = ["p[c]", "z"]\n'
        )
        assert says(content.roots, "b", "extra") == ["x", "y"]
        assert says(content.roots, "a", "extra") == ['y ; os_name == "nt"', "x"]
        assert says(content.roots, "c", "extra") == ["z"]

    def test_one_that_is_not_there(self) -> None:
        content = clean('[project]\nname = "p"\n[project.optional-dependencies]\na = ["p[b]", "x"]')
        assert says(content.roots, "a", "extra") == ["x"]
        assert "pyproject.toml:4: the project has no extra 'b'" in content.notes

    def test_markers_without_end_are_cut_off(self) -> None:
        several = ", ".join(f"\"p[b]; python_version != '3.{n}'\"" for n in range(MAX_WAYS + 1))
        content = pyproject(
            f'[project]\nname = "p"\n[project.optional-dependencies]\na = [{several}]\nb = ["x"]\nall = ["p[a]"]'
        )
        assert any("name one another in too many ways" in text for _, text in complaints(content))

    def test_too_many_requirements_are_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(diagnostics, "MAX_REQUIREMENTS", 30)
        extras = "\n".join(f"e{n} = ['p[all]']" for n in range(9))
        content = pyproject(
            f'[project]\nname = "p"\n[project.optional-dependencies]\nall = ["a", "b", "c", "d"]\n{extras}'
        )
        assert any("more than 30 requirements" in text for _, text in complaints(content))

    @pytest.mark.parametrize(
        "table", ["[tool.uv.sources]\na = {git = 'https://h/a'}", "[tool.poetry.dependencies]\na = '*'"]
    )
    def test_what_is_within_the_bound_is_kept(self, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(diagnostics, "MAX_REQUIREMENTS", 30)
        items = "\n".join(f"'a{n}'," for n in range(40))
        content = pyproject(f"[project]\ndependencies = [\n{items}\n]\n{table}")
        assert len(content.roots) == 30
        assert len(content.unread) == 1


class TestGroups:
    def test_with_what_they_include_each_at_its_own_line(self) -> None:
        content = clean(
            '[dependency-groups]\nTest_A = ["x"]\nb = [\n{include-group = "test.a"},\n"y",\n]\nempty = []\n'
            'c = [{include-group = "b"}, {include-group = "Test-a"}]'
        )
        assert content.groups == ("test-a", "b", "empty", "c")
        assert says(content.roots, "c", "group") == ["y", "x"]
        assert lines(content.roots) == [2, 5, 2, 5, 2]
        assert [root.group for root in content.roots] == ["test-a", "b", "b", "c", "c"]

    def test_errors_of_one_do_not_lose_the_others(self) -> None:
        content = pyproject(
            '[dependency-groups]\na = ["x", "y=1", {include-group = "nope"}, {}, 3, {include-group = 1}]\n'
            'b = ["z"]\nc = "text"\nd = [{include-group = "d"}, "w"]\ne = [{include-group = "a"}]\nE = ["v"]'
        )
        assert says(content.roots, "a", "group") == says(content.roots, "e", "group") == ["x"]
        assert says(content.roots, "b", "group") == ["z"]
        assert says(content.roots, "d", "group") == ["w"]
        texts = [text for _, text in complaints(content)]
        assert sorted(line or 0 for line, _ in set(complaints(content))) == [2, 2, 2, 4, 5, 7]
        assert "the dependency group 'd' includes itself" in texts
        assert "the groups 'e' and 'E' have the same name" in texts
        assert "there is no dependency group 'nope' to include" in texts

    def test_what_is_wrong_with_one_concerns_those_that_include_it(self) -> None:
        content = pyproject(
            '[project]\nname = "p"\ndependencies = ["c"]\n[project.optional-dependencies]\nx = ["?"]\nall = ["p[x]"]\n'
            '[dependency-groups]\na = [3]\nb = [{include-group = "a"}]\nc = ["p[all]"]\nd = ["z"]'
        )
        concerned = {(unread.kind, unread.group, unread.location.line) for unread in content.unread}
        assert concerned == {
            ("extra", "x", 5),
            ("extra", "all", 5),
            ("group", "a", 8),
            ("group", "b", 8),
            ("group", "c", 5),
        }

    def test_a_cycle_loses_nothing(self) -> None:
        content = pyproject(
            '[dependency-groups]\na = [{include-group = "b"}, "x"]\nb = [{include-group = "a"}, "y"]\nc = ["z"]'
        )
        assert [sorted(says(content.roots, name, "group")) for name in "abc"] == [["x", "y"], ["x", "y"], ["z"]]
        assert len(content.unread) >= 1
        assert all("includes itself" in unread.text for unread in content.unread)

    def test_too_many_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (pep621, poetry_project):
            monkeypatch.setattr(module, "MAX_GROUPS", 2)
        content = pyproject(
            "[dependency-groups]\na = ['x']\nb = []\nc = []\n[tool.poetry.group]\na = {}\nb = {}\nc = {}\n"
        )
        assert (content.roots, [line for line, _ in complaints(content)]) == ((), [5, 1])

    def test_a_long_chain_is_followed(self) -> None:
        chain = "\n".join(f'g{n} = [{{include-group = "g{n + 1}"}}]' for n in range(900))
        content = pyproject(f'[dependency-groups]\n{chain}\ng900 = ["x"]')
        assert says(content.roots, "g0", "group") == ["x"]

    def test_the_projects_own_extras(self) -> None:
        content = clean(
            '[project]\nname = "p"\ndependencies = ["c"]\n[project.optional-dependencies]\na = ["x"]\n'
            '[dependency-groups]\ntest = ["p[a]", "p", "y"]'
        )
        assert says(content.roots, "test", "group") == ["x", "y"]

    def test_without_a_project_setup_cfg_states_the_core(self) -> None:
        content = clean(
            '[dependency-groups]\ntest = ["x"]',
            {"setup.cfg": "[metadata]\nname=p\n[options]\npython_requires = >=3.9\ninstall_requires =\n  a\n"},
        )
        assert says(content.roots) == ["a"]
        assert [str(root.location) for root in content.roots] == ["setup.cfg:6", "pyproject.toml:2"]
        assert content.bounds
        assert (content.bounds.project, content.bounds.requires_python) == ("p", ">=3.9")

    def test_without_a_project_setup_py_leaves_the_core_open(self) -> None:
        content = pyproject('[dependency-groups]\ntest = ["x"]', {"setup.py": "raise SystemExit"})
        assert [str(unread.location) for unread in content.unread] == ["setup.py"]


class TestProjectDirectories:
    def test_pyproject_speaks(self) -> None:
        write(
            {
                "lib/pyproject.toml": '[project]\ndependencies = ["a"]',
                "lib/setup.cfg": "[options]\ninstall_requires = b",
            }
        )
        content = read_project(beside("lib"), "./lib")
        assert says(content.roots) == ["a"]
        assert str(content.roots[0].location) == "lib/pyproject.toml:2"

    def test_setup_cfg_where_pyproject_states_nothing(self) -> None:
        write({"lib/pyproject.toml": "[tool.black]", "lib/setup.cfg": "[options]\ninstall_requires = b"})
        assert says(read_project(beside("lib"), "./lib").roots) == ["b"]

    def test_setup_py_is_named_and_not_run(self) -> None:
        write({"lib/setup.py": "raise SystemExit"})
        content = read_project(beside("lib"), "./lib")
        assert [(str(unread.location), "never run" in unread.text) for unread in content.unread] == [
            ("lib/setup.py", True)
        ]
        assert content.roots == ()

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            ({"lib/x": ""}, r"\./lib is not a project"),
            ({"lib/pyproject.toml": "["}, r"lib/pyproject\.toml: not valid TOML"),
            ({"lib/setup.cfg": b"\xff"}, r"lib/setup\.cfg: not UTF-8"),
        ],
    )
    def test_what_is_no_project(self, files: dict[str, str | bytes], message: str) -> None:
        write(files)
        with pytest.raises(UnreadableSourceError, match=message):
            read_project(beside("lib"), "./lib")


class TestFixtures:
    @pytest.mark.parametrize(
        "path",
        [path for path in sorted(FIXTURES.rglob("*.*")) if path.suffix in {".toml", ".cfg", ".py"}],
        ids=lambda path: str(path.relative_to(FIXTURES)),
    )
    def test_every_line_points_to_what_was_said(self, path: Path) -> None:
        try:
            content = read_file(path)
        except NothingStatedError:
            assert path.parent.name == "setup-cfg"
            return
        assert content.roots
        assert content.unread == () or path.parent.name == "pixi"
        for root in content.roots:
            shown = Path(root.location.path)
            written = path if shown.name == path.name else shown
            line = written.read_text(encoding="utf-8").splitlines()[(root.location.line or 0) - 1]
            # One of several constraints has a line without the name.
            assert (root.name or "?") in canonicalize_name(line) or "version = " in line

    def test_hatch(self) -> None:
        content = read_file(FIXTURES / "hatch" / "pyproject.toml")
        assert says(content.roots) == ["click>=8.0.0", "pathspec>=0.9.0", 'tomli>=1.1.0 ; python_version < "3.11"']
        assert content.extras == ("colorama", "d", "uvloop")
        assert content.groups == ("default", "test", "docs")
        assert says(content.roots, "test", "group") == ["pytest>=7", "coverage[toml]", "aiohttp>=3.10"]
        assert says(content.roots, "docs", "group") == ["mkdocs"]

    def test_pdm(self) -> None:
        content = read_file(FIXTURES / "pdm" / "pyproject.toml")
        assert says(content.roots, "all", "extra") == ["uvicorn[standard]>=0.29", "sqlalchemy~=2.0"]
        assert says(content.roots, "test", "group") == ["pytest>=8", "pytest-cov"]
        assert [root.requirement for root in content.overrides] == ["pydantic-core==2.18.1", "urllib3>=2"]
        assert content.bounds
        assert content.bounds.requires_python == ">=3.9,<3.15"

    def test_setuptools(self) -> None:
        content = read_file(FIXTURES / "setuptools" / "pyproject.toml")
        assert says(content.roots) == [
            "numpy>=1.26",
            'astropy>=6 ; python_version >= "3.11"',
            "scipy<2,>=1.11",
            "h5py>=3.10",
            'fitsio ; sys_platform != "win32"',
        ]
        assert says(content.roots, "all", "extra") == ["matplotlib>=3.8", "fastapi[standard]>=0.110"]
        assert lines(content.roots) == [2, 3, 4, 1, 2, 1, 1, 1]

    def test_setup_cfg(self) -> None:
        content = read_file(FIXTURES / "setup-cfg" / "setup.cfg")
        assert says(content.roots) == ["attrs>=19", 'lxml>=4.6 ; platform_python_implementation == "CPython"']
        assert says(content.roots, "yaml", "extra") == ["pyyaml>=5", "ruamel-yaml"]
        assert says(content.roots, "test", "extra") == ["pytest", "pyyaml>=5", "ruamel-yaml"]
        assert lines(content.roots) == [10, 11, 14, 14, 16, 14, 14]

    def test_script(self) -> None:
        content = read_file(FIXTURES / "script" / "report.py")
        assert [(str(root.location), root.name) for root in content.roots] == [
            ("report.py:5", "polars"),
            ("report.py:6", "rich"),
        ]
        assert [str(root.location) for root in content.overrides] == ["report.py:10"]
        assert content.bounds
        assert content.bounds.location.line == 3


@pytest.mark.parametrize(
    "table", ["[tool.hatch.version]\npath='x'", "[tool.pdm]\nversion = {}", "[tool.uv]\npackage=false"]
)
def test_settings_of_a_tool_state_nothing(table: str) -> None:
    with pytest.raises(NothingStatedError):
        pyproject(table)
