from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inputs.projectfiles import clean, complaints, lines, pyproject, says


def test_editables(here: Path) -> None:
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
def test_overrides(value: str, expected: str) -> None:
    content = clean(f'[project]\ndependencies = ["x"]\n[tool.pdm.resolution.overrides]\na = "{value}"')
    assert [(root.requirement, root.location.line) for root in content.overrides] == [(expected, 4)]


def test_what_cannot_be_read_is_set_aside() -> None:
    content = pyproject(
        '[tool.pdm]\nresolution = {overrides = {a = 3, b = ""}}\n'
        '[tool.pdm.dev-dependencies]\na = ["-e nope", "x"]\nb = 3'
    )
    assert sorted({line for line, _ in complaints(content) if line}) == [2, 4, 5]
    assert says(content.roots, "a", "group") == ["x"]
