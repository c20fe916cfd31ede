"""The tables of PDM, Hatch and Flit."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.contents.diagnostics import NothingStatedError
from tests.unit.inputs.projectfiles import clean, complaints, lines, pyproject, says


class TestPdm:
    def test_editables(self, here: Path) -> None:
        content = clean(
            '[tool.pdm.dev-dependencies]\ndev = [\n"-e file:///${PROJECT_ROOT}/lib#egg=lib",\n'
            '"-e git+https://h/x.git#egg=x",\n"y>1"]',
            {"lib/pyproject.toml": ""},
        )
        lib = (here / "lib").as_uri()
        assert says(content.roots, "dev", "group") == [
            f"lib @ {lib}#egg=lib",
            "x @ git+https://h/x.git#egg=x",
            "y>1",
        ]
        assert [root.editable for root in content.roots] == [True, True, False]
        assert lines(content.roots) == [3, 4, 5]

    @pytest.mark.parametrize(
        ("value", "expected"), [("1.2", "a==1.2"), (">=1", "a>=1"), ("https://h/a.whl", "a @ https://h/a.whl")]
    )
    def test_overrides(self, value: str, expected: str) -> None:
        content = clean(f'[project]\ndependencies = ["x"]\n[tool.pdm.resolution.overrides]\na = "{value}"')
        assert [(root.requirement, root.location.line) for root in content.overrides] == [(expected, 4)]

    def test_what_cannot_be_read_is_set_aside(self) -> None:
        content = pyproject(
            '[tool.pdm]\nresolution = {overrides = {a = 3, b = ""}}\n'
            '[tool.pdm.dev-dependencies]\na = ["-e nope", "x"]\nb = 3'
        )
        assert sorted({line for line, _ in complaints(content) if line}) == [2, 4, 5]
        assert says(content.roots, "a", "group") == ["x"]


class TestHatch:
    def test_environments_inherit(self) -> None:
        content = clean(
            '[project]\nname = "p"\ndependencies = ["c"]\noptional-dependencies = {e = ["x"]}\n'
            '[dependency-groups]\ng = ["y"]\n[tool.hatch.envs.default]\ndependencies = ["d"]\n'
            '[tool.hatch.envs.a]\nextra-dependencies = ["m"]\nfeatures = ["E"]\n'
            '[tool.hatch.envs.b]\ntemplate = "a"\ndependencies = ["n"]\ndependency-groups = ["G"]\n'
            '[tool.hatch.envs.c]\ndetached = true\n[tool.hatch.envs.f]\ntemplate = "f"\nscripts = {}'
        )
        assert content.groups == ("g", "default", "a", "b")
        assert sorted(says(content.roots, "a", "group")) == ["d", "m", "x"]
        assert sorted(says(content.roots, "b", "group")) == ["m", "n", "x", "y"]
        assert says(content.roots) == ["c"]

    def test_templates_in_a_circle(self) -> None:
        content = clean(
            '[tool.hatch.envs]\na = {template = "b"}\nb = {template = "a", dependencies = ["x"]}\nc = {template = 3}'
        )
        assert says(content.roots, "a", "group") == ["x"]

    def test_what_cannot_be_read_is_set_aside(self) -> None:
        content = pyproject(
            "[tool.hatch.envs]\na = 3\nb = {dependencies = 3}\nc = {features = [3]}\n"
            'd = {dependency-groups = ["nope"]}\ne = {dependencies = ["x"]}'
        )
        assert [line for line, _ in complaints(content)] == [2, 3, 4, 5]
        assert says(content.roots, "e", "group") == ["x"]


def test_flit_before_pep_621() -> None:
    content = clean(
        '[tool.flit.metadata]\nmodule = "my_mod"\nrequires = ["a>1"]\nrequires-python = ">=3.6"\n'
        '[tool.flit.metadata.requires-extra]\ntest = ["b"]\nall = ["my-mod[test]"]'
    )
    assert (says(content.roots), says(content.roots, "all", "extra")) == (["a>1"], ["b"])
    assert content.bounds
    assert content.bounds.requires_python == ">=3.6"


@pytest.mark.parametrize(
    "table", ["[tool.hatch.version]\npath='x'", "[tool.pdm]\nversion = {}", "[tool.uv]\npackage=false"]
)
def test_settings_of_a_tool_state_nothing(table: str) -> None:
    with pytest.raises(NothingStatedError):
        pyproject(table)
