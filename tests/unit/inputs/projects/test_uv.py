"""`[tool.uv]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.dependencies import NEVER
from nogilcheck.inputs.projects.uv import MAX_SOURCES
from tests.unit.inputs.projectfiles import FIXTURES, clean, complaints, lines, pyproject, read_file, says

PROJECT = '[project]\nname = "p"\ndependencies = ["a[x]>=1; os_name == \'nt\'", "b"]\n'
LINUX, NOT_LINUX = 'sys_platform == "linux"', 'sys_platform != "linux"'


def test_a_whole_project() -> None:
    content = read_file(FIXTURES / "uv" / "pyproject.toml")
    core = (FIXTURES / "uv" / "packages" / "lighthouse_core").absolute().as_uri()
    assert says(content.roots) == [
        f"lighthouse-core @ {core}",
        f"torch>=2.4 ; {LINUX}",
        f"torch>=2.4 ; {NOT_LINUX}",
        "httpx @ git+https://github.com/encode/httpx@0.27.2",
    ]
    assert says(content.roots, "dev", "group") == [
        f"triton>=3 ; {LINUX}",
        "pytest>=8",
        "hypothesis",
        "mypy>=1.11",
        "ipython",
    ]
    assert [(str(root.location), root.requirement) for root in content.constraints] == [
        ("pyproject.toml:21", "grpcio<1.70")
    ]
    assert [(root.name, root.specifier, root.marker) for root in content.overrides] == [("protobuf", ">=5", LINUX)]
    assert content.bounds
    assert content.bounds.environments == (LINUX, 'sys_platform == "darwin"')
    assert content.bounds.requires_python == ">=3.12"


def test_environments_alone_are_bounds() -> None:
    content = clean(f"{PROJECT}[tool.uv]\nenvironments = \"sys_platform == 'linux'\"")
    assert content.bounds
    assert (content.bounds.environments, content.bounds.location.line) == ((LINUX,), 5)


def test_an_environment_that_cannot_be_read_excludes_nothing() -> None:
    content = pyproject(f'{PROJECT}[tool.uv]\nenvironments = ["sys_platform == \'linux\'",\n"linux"]')
    assert content.bounds is None
    assert complaints(content) == [(6, "not an environment marker: linux")]


class TestSources:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ('{index = "i"}', ['a[x]>=1 ; os_name == "nt"', "b"]),
            ('{git = "https://h/a", tag = "1"}', ['a[x] @ git+https://h/a@1 ; os_name == "nt"', "b"]),
            ('{url = "https://h/a.whl"}', ['a[x] @ https://h/a.whl ; os_name == "nt"', "b"]),
            ('{path = "../a", editable = true}', ['a[x] @ {up}/a ; os_name == "nt"', "b"]),
            ("{workspace = true}", ['a[x] @ workspace:a ; os_name == "nt"', "b"]),
            (
                '[{url = "https://h/a.whl", marker = "sys_platform == \'linux\'"}]',
                [
                    f'a[x] @ https://h/a.whl ; os_name == "nt" and {LINUX}',
                    f'a[x]>=1 ; os_name == "nt" and {NOT_LINUX}',
                    "b",
                ],
            ),
            ('{url = "https://h/a.whl", extra = "gpu"}', ['a[x]>=1 ; os_name == "nt"', "b"]),
        ],
    )
    def test_of_a_dependency(self, here: Path, source: str, expected: list[str]) -> None:
        content = clean(f"{PROJECT}[tool.uv.sources]\nA = {source}")
        assert says(content.roots) == [text.replace("{up}", here.parent.as_uri()) for text in expected]
        assert set(lines(content.roots)) == {3}

    def test_for_one_extra_or_group(self) -> None:
        content = clean(
            '[project]\nname = "p"\noptional-dependencies = {gpu = ["a"], cpu = ["a"]}\n'
            '[dependency-groups]\ndev = ["a"]\n[tool.uv.sources]\n'
            'a = [{url = "https://h/gpu.whl", extra = "gpu"}, {url = "https://h/dev.whl", group = "dev"}]'
        )
        assert says(content.roots, "gpu", "extra") == ["a @ https://h/gpu.whl"]
        assert says(content.roots, "cpu", "extra") == ["a"]
        assert says(content.roots, "dev", "group") == ["a @ https://h/dev.whl"]

    def test_a_marker_that_cannot_be_turned_round_loses_nothing(self) -> None:
        marker = 'sys_platform == "linux" and python_version < "3.12"'
        content = clean(
            f"[project]\ndependencies = ['a']\n[tool.uv.sources]\na = [{{git='https://h/a', marker='{marker}'}}]"
        )
        assert says(content.roots) == [f"a @ git+https://h/a ; {marker}", "a"]

    def test_workspace_member_in_a_directory_of_its_name(self, here: Path) -> None:
        content = clean(
            f'{PROJECT}[tool.uv.sources]\nb = {{workspace = true}}\n[tool.uv.workspace]\nmembers = ["x", "libs/*"]',
            {"libs/b/pyproject.toml": '[project]\nname = "B"', "x/pyproject.toml": '[project]\nname = "c"'},
        )
        assert says(content.roots)[1] == f"b @ {(here / 'libs' / 'b').as_uri()}"

    def test_a_member_without_a_workspace_is_nowhere(self) -> None:
        """`uv lock` refuses to go on, whatever lies beside it."""
        content = clean(
            f"{PROJECT}[tool.uv.sources]\nb = {{workspace = true}}",
            {"../b/pyproject.toml": '[project]\nname = "b"'},
        )
        assert says(content.roots)[1] == "b @ workspace:b"

    def test_what_cannot_be_read_is_set_aside(self) -> None:
        many = ", ".join(['{index = "i", extra = "e"}'] * (MAX_SOURCES + 1))
        content = pyproject(
            f"{PROJECT}[tool.uv.sources]\na = 3\nb = {{git = 3}}\nc = [{{url = 'u', marker = 'x'}}]\nd = [{many}]\n"
            "[tool.uv]\nconstraint-dependencies = ['a', 'b=', 3]\n"
            "override-dependencies = 3\nexclude-dependencies = ['z']\n"
        )
        assert sorted({line for line, _ in complaints(content) if line}) == [5, 6, 7, 8, 10, 11]
        assert len(content.roots) == 2
        assert [root.name for root in content.constraints] == ["a"]
        assert [(root.name, root.marker) for root in content.overrides] == [("z", NEVER)]

    def test_constraints_and_overrides_too(self) -> None:
        content = clean(f"{PROJECT}[tool.uv]\noverride-dependencies = ['a']\nsources = {{a = {{git = 'https://h/a'}}}}")
        assert [root.url for root in content.overrides] == ["git+https://h/a"]
