from __future__ import annotations

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.projects.pixi import read_pixi_toml
from nogilcheck.inputs.projects.pyproject import NoProjectError, read_project
from tests.unit.inputs.projectfiles import FIXTURES, beside, complaints, read_file, says
from tests.unit.inputs.reading import write

MANIFEST = FIXTURES / "pixi" / "pyproject.toml"
LINUX = 'sys_platform == "linux" and platform_machine == "x86_64"'
NOT_LINUX = '(sys_platform != "linux") or (platform_machine != "x86_64")'


def manifest(text: str) -> Content:
    return read_pixi_toml(text, "pixi.toml", beside())


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(MANIFEST.read_text().splitlines(), 1) if line.startswith(text))


def test_the_default_environment_is_the_project_and_the_others_are_groups() -> None:
    content = read_file(MANIFEST)
    assert says(content.roots) == [
        "requests",
        f"torch>=2.6 ; {LINUX}",
        "matplotlib",
        "idna>=3",
        f"torch ; {NOT_LINUX}",
        "click @ git+https://git.example/click.git@8.1.7#subdirectory=src",
    ]
    assert says(content.roots, "lint", "group") == ['ruff ; sys_platform != "win32"']
    assert says(content.roots, "test", "group") == ["pytest"]
    assert says(content.roots, "docs", "group") == ["sphinx>=8"]
    assert content.groups == ("test", "lint", "docs")
    assert says(content.constraints) == ["sphinx>=8"], "of what is solved along with the default environment"
    assert [line for root in content.roots if root.name == "idna" for line in [root.location.line]] == [line_of("idna")]
    assert content.notes == (
        f"pyproject.toml:{line_of('[tool.pixi.feature.unused')}: no environment has the feature 'unused': not checked",
    )


def test_pythons_and_platforms_bound_the_project() -> None:
    bounds = read_file(MANIFEST).bounds
    assert bounds
    told = (bounds.requires_python, bounds.location.line, bounds.setting)
    assert told == (">=3.11,<3.15", line_of("python = "), "python in [dependencies]")
    assert bounds.environments == (LINUX, 'sys_platform == "darwin" and platform_machine == "arm64"')


def test_what_it_says_of_the_choice() -> None:
    content = read_file(MANIFEST)
    settings = content.settings
    assert [(index.url, index.role) for index in settings.indexes] == [
        ("https://mirror.example/simple", "default"),
        ("https://${USER}:${TOKEN}@packages.example/simple", "first"),
        ("https://download.example/cpu", "explicit"),
    ]
    assert settings.find_links == (str(MANIFEST.parent / "links"),)
    assert settings.only_binary == {"torch"}
    assert [cutoff.project for cutoff in settings.cutoffs] == [None, "torch"]
    assert [(root.name, root.specifier, root.marker) for root in content.overrides] == [
        ("urllib3", ">=2", None),
        ("cmake", "", "python_version < '0'"),
    ]
    assert content.installers == {"pixi"}


def test_what_is_not_followed_is_said_with_what_it_belongs_to() -> None:
    content = read_file(MANIFEST)
    said = {(unread.location.line, unread.group): unread.text for unread in content.unread}
    assert {place for place in said if not (place[1] or "").startswith("pixi:")} == {
        (line_of("platforms"), None),
        (line_of("prerelease-mode"), None),
        *((line_of("cmake"), group) for group in (None, "test", "docs")),
        (line_of("test = {"), "test"),
        (line_of("lint = {"), "lint"),
    }
    assert said[line_of("cmake"), None] == "1 conda package is not checked: cmake"
    apart = "the environment {} is checked along with the default one: {}"
    assert said[line_of("test = {"), "test"] == apart.format("test", "its own python ==3.11.* is not followed")
    assert said[line_of("lint = {"), "lint"] == apart.format("lint", "it lacks a feature of that one")


@pytest.mark.parametrize(
    ("python", "bound"),
    [("*", None), ("3.14", "==3.14.*"), ("3.14.*", "==3.14.*"), ("=3.14", "==3.14.*"), (">=3.11, <4", ">=3.11,<4")],
)
def test_versions_of_conda_python(python: str, bound: str | None) -> None:
    content = manifest(f'[pypi-dependencies]\na = "*"\n[dependencies]\npython = "{python}"\n')
    assert content.unread == ()
    assert (content.bounds.requires_python if content.bounds else None) == bound


@pytest.mark.parametrize(
    "text",
    [
        '[dependencies]\npython = "3.11.*|3.12.*"',
        '[dependencies]\npython = { version = "3.14.*", build = "*_cp314" }',
        '[target.linux.dependencies]\npython = "3.11.*"',
        '[target.gpu.pypi-dependencies]\nb = "*"',
        '[system-requirements]\nlibc = "2.17"',
        "[pypi-options]\nsomething-new = 1",
        '[pypi-dependancies]\nb = "*"',
        '[dependencies]\na = ">=1"',
        '[environments]\ndefault = ["missing"]',
        '[pypi-options.dependency-overrides]\na = "^1"',
        '[workspace.pypi-options.dependency-overrides]\na = "^1"',
        '[feature.x]\npypi-dependencies = { b = "1.0" }\n[environments]\ndefault = ["x"]',
        "[feature.x]\npypi-dependencies = { b = { versoin = '>=1' } }\n[environments]\ndefault = ['x']",
        "[feature.x]\npypi-dependencies = { b = 3 }\n[environments]\ndefault = ['x']",
        "[feature.x]\npypi-dependencies = { 'b ; os_name == \"x\"' = '*' }\n[environments]\ndefault = ['x']",
    ],
)
def test_what_is_not_obeyed_is_an_unknown_of_the_default_environment(text: str) -> None:
    content = manifest(f'pypi-dependencies = {{ a = "*" }}\n{text}\n')
    assert [line for unread in content.unread if not unread.group for line in [unread.location.line]]


def test_nothing_from_pypi_is_no_input() -> None:
    with pytest.raises(NothingStatedError):
        manifest('[workspace]\nchannels = []\n[dependencies]\npython = "*"\npip = "*"\n[tasks]\na = "true"\n')
    assert complaints(manifest('[dependencies]\nnumpy = "*"\n')) == [(2, "1 conda package is not checked: numpy")] * 2


def test_what_pixi_installs_is_no_requirement_of_a_project_that_another_one_requires() -> None:
    project = '[project]\nname = "lib"\ndependencies = ["x"]\n'
    write({"lib/pyproject.toml": f'{project}[tool.pixi.pypi-dependencies]\ny = "*"\n'})
    assert says(read_project(beside("lib"), "lib").roots) == ["x"]
    write({"env/pyproject.toml": '[tool.pixi.pypi-dependencies]\ny = "*"\n'})
    with pytest.raises(NoProjectError):
        read_project(beside("env"), "env")
