from __future__ import annotations

from tests.unit.inputs.projectfiles import clean, complaints, pyproject, says


def test_environments_inherit() -> None:
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


def test_templates_in_a_circle() -> None:
    content = clean(
        '[tool.hatch.envs]\na = {template = "b"}\nb = {template = "a", dependencies = ["x"]}\nc = {template = 3}'
    )
    assert says(content.roots, "a", "group") == ["x"]


def test_what_cannot_be_read_is_set_aside() -> None:
    content = pyproject(
        "[tool.hatch.envs]\na = 3\nb = {dependencies = 3}\nc = {features = [3]}\n"
        'd = {dependency-groups = ["nope"]}\ne = {dependencies = ["x"]}'
    )
    assert [line for line, _ in complaints(content)] == [2, 3, 4, 5]
    assert says(content.roots, "e", "group") == ["x"]
