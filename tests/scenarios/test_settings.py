"""Settings of the installers that change what is chosen: never "ready" where the tool would take something else.

``lib`` 1.0 is GIL-only; ``lib`` 2.0 has free-threaded wheels and is five days old.
"""

# ruff: noqa: E501

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.command import run
from tests.world import SHAPES, Index, parse, serve

WORLD = """
[projects.lib]
"1.0" = {{ wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }}
"2.0" = {{ upload-time = "{new}", wheels = [
    "cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"
] }}
"""

PROJECT = '[project]\nname = "p"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = ["lib"]\n'
POETRY = "[tool.poetry]\npackage-mode = false\n"
SCRIPT = '# /// script\n# dependencies = ["lib"]\n# [tool.uv]\n# exclude-newer = "14 days"\n# ///\n'
REQUIREMENTS = {"requirements.txt": "lib\n"}
CONSTRAINTS = REQUIREMENTS | {"c.txt": "lib<2\n"}

UV_LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"
{options}
[[package]]
name = "lib"
version = "1.0"
source = {{ registry = "{index}" }}
wheels = [{{ url = "{base}/files/lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:{digest}" }}]

[[package]]
name = "p"
version = "0"
source = {{ virtual = "." }}
dependencies = [{{ name = "lib" }}]
[package.metadata]
requires-dist = [{{ name = "lib" }}]
"""
_SPAN = '[options]\nexclude-newer = "0001-01-01T00:00:00Z"\nexclude-newer-span = "P14D"\n'

POETRY_LOCK = """\
[[package]]
name = "lib"
version = "1.0"
description = ""
optional = false
python-versions = "*"
groups = ["main"]
files = [{{ file = "lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:{digest}" }}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
content-hash = "x"
"""

PDM_LOCK = """\
[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:x"
[[metadata.targets]]
requires_python = ">=3.11"

[[package]]
name = "lib"
version = "1.0"
groups = ["default"]
files = [{{ file = "lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:{digest}" }}]
"""

PIPFILE_LOCK = """\
{{"_meta": {{"hash": {{"sha256": "ebffa69a1fa192d1cef7cb42ad79231ca976565c5ce371a70160b3048d3cbc06"}}, "pipfile-spec": 6, \
"requires": {{}}, "sources": [{{"name": "pypi", "url": "{index}", \
"verify_ssl": true}}]}}, "default": {{"lib": {{"hashes": ["sha256:{digest}"], "version": "==1.0"}}}}, "develop": {{}}}}
"""


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    """An index with lib."""
    new = (datetime.now(UTC) - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with serve(parse(WORLD.format(new=new)), SHAPES["pypi"]) as served:
        yield served


@dataclass(frozen=True, slots=True)
class Project:
    """A directory with files, and how it is asked about."""

    directory: Path
    index: Index
    monkeypatch: pytest.MonkeyPatch

    def write(self, files: Mapping[str, str], variables: Mapping[str, str]) -> None:
        values = {
            "index": self.index.url,
            "base": self.index.base,
            "digest": self.index.sha256_of("lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"),
        }
        self.monkeypatch.chdir(self.directory)
        self.monkeypatch.delenv("UV_NO_CONFIG")
        self.monkeypatch.setenv("PIP_INDEX_URL", self.index.url)
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)
        for name, text in files.items():
            locked = name.endswith(".lock")
            (self.directory / name).write_text(text.format(**values) if locked else text, encoding="utf-8")

    def check(self, *arguments: str) -> tuple[int, dict[str, str], list[tuple[str, str]]]:
        """Exit status, versions, and rule and place of each gap."""
        outcome = run(*arguments, "--python", "3.14t", "--no-cache", "--format", "json")
        report = json.loads(outcome.stdout)
        places = [(gap["rule"], f"{gap['location']['path']}:{gap['location']['line']}") for gap in report["gaps"]]
        return outcome.status, {each["name"]: each["version"] for each in report["distributions"]}, places


@pytest.fixture
def project(tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project."""
    return Project(tmp_path, index, monkeypatch)


@pytest.mark.parametrize(
    ("files", "variables", "arguments"),
    [
        (CONSTRAINTS, {"PIP_CONSTRAINT": "c.txt"}, ()),
        (CONSTRAINTS, {"PIP_CONSTRAINT": "c.txt"}, ("lib",)),
        (CONSTRAINTS, {"UV_CONSTRAINT": "c.txt"}, ()),
        (CONSTRAINTS | {"pip.conf": "[global]\nconstraint = c.txt\n"}, {"PIP_CONFIG_FILE": "pip.conf"}, ()),
        ({"pyproject.toml": PROJECT, "c.txt": "lib<2\n"}, {"PIP_CONSTRAINT": "c.txt"}, ()),
        (REQUIREMENTS, {"PIP_UPLOADED_PRIOR_TO": "P14D"}, ()),
        (REQUIREMENTS, {"UV_EXCLUDE_NEWER": "14 days"}, ()),
        (REQUIREMENTS | {"uv.toml": 'exclude-newer = "P14D"\n'}, {}, ()),
        (REQUIREMENTS | {"pyproject.toml": PROJECT + '[tool.uv]\nexclude-newer = "P14D"\n'}, {}, ("requirements.txt",)),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nexclude-newer = "14 days"\n'}, {}, ()),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nexclude-newer-package = { Lib = "2 weeks" }\n'}, {}, ()),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nconstraint-dependencies = ["lib<2"]\n'}, {}, ()),
        ({"x.py": SCRIPT}, {}, ("x.py",)),
        ({"pyproject.toml": PROJECT + POETRY, "poetry.toml": "[solver]\nmin-release-age = 14\n"}, {}, ()),
        ({"pyproject.toml": PROJECT + POETRY}, {"POETRY_SOLVER_MIN_RELEASE_AGE": "14"}, ()),
        ({"pyproject.toml": PROJECT + '[tool.pdm.resolution]\nexclude-newer = "14d"\n'}, {}, ()),
        ({"pyproject.toml": PROJECT + "[tool.pdm.scripts]\nx = 'y'\n", "pdm.toml": "strategy.exclude-newer = '14d'"}, {}, ()),
    ],
)  # fmt: skip
def test_what_keeps_the_new_release_out_is_obeyed(
    files: dict[str, str], variables: dict[str, str], arguments: tuple[str, ...], project: Project
) -> None:
    project.write(files, variables)
    assert project.check(*arguments) == (1, {"lib": "1.0"}, [])


@pytest.mark.parametrize(
    ("files", "variables", "place"),
    [
        (REQUIREMENTS, {"UV_RESOLUTION": "lowest"}, "UV_RESOLUTION:None"),
        (REQUIREMENTS, {"PIP_PREFER_BINARY": "yes"}, "PIP_PREFER_BINARY:None"),
        (REQUIREMENTS | {"pip.conf": "[global]\n# why\n[install]\nno-deps = true\n"}, {"PIP_CONFIG_FILE": "pip.conf"},
         "pip.conf:4"),
        ({"requirements.txt": "--prefer-binary\nlib\n"}, {}, "requirements.txt:1"),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nresolution = "lowest-direct"\n'}, {}, "pyproject.toml:7"),
        ({"pyproject.toml": PROJECT + '[tool.uv.pip]\nexclude-newer = "14 days"\n'}, {}, "pyproject.toml:7"),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nnew-choice = "lowest-direct"\n'}, {}, "pyproject.toml:7"),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nlink-mode = "copy"\n', "c.txt": ""}, {"UV_CONSTRAINT": "c.txt"},
         "UV_CONSTRAINT:None"),
        ({"pyproject.toml": PROJECT}, {"UV_NO_BUILD": "1"}, "UV_NO_BUILD:None"),
        ({"pyproject.toml": PROJECT + "[tool.poetry]\nrequires-plugins = { x = '1' }\n"}, {}, "pyproject.toml:7"),
        ({"pyproject.toml": PROJECT + "[tool.poetry]\nname = 'p'\n", "poetry.toml": "[installer]\nre-resolve = true\n"}, {},
         "poetry.toml:2"),
        ({"pyproject.toml": PROJECT + "[tool.pdm.options]\nlock = ['--no-isolation']\n"}, {}, "pyproject.toml:6"),
        ({"pyproject.toml": PROJECT + "[tool.pdm.scripts]\nx = 'y'\n", "pdm.toml": "use_uv = true\n"}, {}, "pdm.toml:1"),
        ({"pyproject.toml": PROJECT + "[tool.pdm.scripts]\nx = 'y'\n"}, {"PDM_PREFER_BINARY": "1"},
         "PDM_PREFER_BINARY:None"),
    ],
)  # fmt: skip
def test_what_is_not_followed_is_a_gap_with_its_place(
    files: dict[str, str], variables: dict[str, str], place: str, project: Project
) -> None:
    project.write(files, variables)
    assert project.check() == (3, {"lib": "2.0"}, [("NGC216", place)])


@pytest.mark.parametrize(
    ("files", "variables"),
    [
        # The settings of a tool that does not install the project.
        ({"pyproject.toml": PROJECT + "[tool.uv]\nlink-mode = 'copy'\n", "c.txt": "lib<2\n"}, {"PIP_CONSTRAINT": "c.txt"}),
        ({"pyproject.toml": PROJECT + POETRY}, {"UV_EXCLUDE_NEWER": "14 days", "PIP_NO_DEPS": "1"}),
        (REQUIREMENTS | {"poetry.toml": "[solver]\nmin-release-age = 14\n"}, {"PDM_PREFER_BINARY": "1"}),
        (REQUIREMENTS, {"UV_NO_BUILD": "1", "UV_CONSTRAINT": ""}),
        # Values that change nothing.
        (REQUIREMENTS, {"UV_RESOLUTION": "highest", "PIP_NO_DEPS": "0", "PIP_USE_FEATURE": "fast-deps truststore"}),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nprerelease = "if-necessary"\nno-sources = false\n'}, {}),
        (REQUIREMENTS | {"pip.conf": "[list]\nformat = json\n[global]\ntimeout = 3\n"}, {"PIP_CONFIG_FILE": "pip.conf"}),
    ],
)  # fmt: skip
def test_what_does_nothing_here_is_no_gap(files: dict[str, str], variables: dict[str, str], project: Project) -> None:
    project.write(files, variables)
    assert project.check() == (0, {"lib": "2.0"}, [])


COOLING = PROJECT + '[tool.uv]\nexclude-newer = "14 days"\n'
LOCKS = [
    ({"pyproject.toml": COOLING, "uv.lock": UV_LOCK.replace("{options}", _SPAN)}, {}),
    (
        {"pyproject.toml": PROJECT + POETRY, "poetry.lock": POETRY_LOCK},
        {"POETRY_SOLVER_MIN_RELEASE_AGE": "14"},
    ),
    ({"pyproject.toml": PROJECT + '[tool.pdm.resolution]\nexclude-newer = "14d"\n', "pdm.lock": PDM_LOCK}, {}),
    ({"Pipfile": '[pipenv]\ncool-down-period = "14d"\n', "Pipfile.lock": PIPFILE_LOCK}, {}),
]
PROPOSALS = {
    "uv.lock": "lib==2.0",
    "poetry.lock": "poetry update --lock lib",
    "pdm.lock": "pdm update --no-sync --update-reuse lib",
    "Pipfile.lock": "pipenv upgrade --lock-only lib",
}
"""What a plan says that moves lib to 2.0."""


@pytest.mark.parametrize(("files", "variables"), LOCKS)
def test_a_plan_for_a_lock_proposes_nothing_that_the_tool_refuses(
    files: dict[str, str], variables: dict[str, str], project: Project
) -> None:
    project.write(files, variables)
    assert project.check() == (1, {"lib": "1.0"}, [])
    outcome = run("plan", "--python", "3.14t", "--no-cache")
    assert (outcome.status, "2.0 (" in outcome.stdout) == (1, True), outcome.stderr
    assert not any(proposal in outcome.stdout for proposal in PROPOSALS.values())


_LIMITED = UV_LOCK.replace("{options}", '[manifest]\nconstraints = [{{ name = "lib", specifier = "<2" }}]\n')


@pytest.mark.parametrize(
    ("files", "variables"),
    [
        ({"requirements.txt": "lib<1.5\n", "c.txt": "lib<2\n"}, {"PIP_CONSTRAINT": "c.txt"}),
        ({"requirements.txt": "lib\n", "c.txt": "lib<2\n"}, {"UV_CONSTRAINT": "c.txt"}),
        ({"requirements.txt": "lib<1.5\n", "pip.conf": "[global]\nonly-final = :all:\nno-binary = lib\n"},
         {"PIP_CONFIG_FILE": "pip.conf"}),
        ({"requirements.txt": "lib<1.5\n"}, {"PIP_UPLOADED_PRIOR_TO": "P14D"}),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nconstraint-dependencies = ["lib<2"]\n'}, {}),
        ({"pyproject.toml": PROJECT + '[tool.uv]\noverride-dependencies = ["lib<2"]\n'}, {}),
        ({"pyproject.toml": PROJECT + '[tool.uv]\nconstraint-dependencies = ["lib<2"]\n', "uv.lock": _LIMITED}, {}),
        ({"pyproject.toml": PROJECT + '[tool.uv]\noverride-dependencies = ["lib<2"]\n',
          "uv.lock": _LIMITED.replace("constraints", "overrides")}, {}),
        ({"pyproject.toml": PROJECT + '[tool.pdm.resolution.overrides]\nlib = "<2"\n', "pdm.lock": PDM_LOCK}, {}),
    ],
)  # fmt: skip
def test_a_plan_proposes_nothing_that_a_setting_refuses(
    files: dict[str, str], variables: dict[str, str], project: Project
) -> None:
    """Constraints, overrides, cool-downs and what is built or not are no lines that a plan changes."""
    project.write(files, variables)
    outcome = run("plan", "--python", "3.14t", "--no-cache", "--format", "json")
    (target,) = json.loads(outcome.stdout)["targets"]
    assert (target["blockers"], target["changes"], target["moves"]) == (["lib"], [], []), outcome.stderr
    assert outcome.status == 1


@pytest.mark.parametrize(("files", "variables"), LOCKS)
def test_without_the_cool_down_it_is_proposed(
    files: dict[str, str], variables: dict[str, str], project: Project
) -> None:
    plain = {
        name: text.replace(_SPAN, "").replace('exclude-newer = "14', '# "').replace("cool-down-period", "# ")
        for name, text in files.items()
    }
    project.write(plain, dict.fromkeys(variables, "0"))
    (proposal,) = {PROPOSALS[name] for name in files if name in PROPOSALS}
    assert proposal in run("plan", "--python", "3.14t", "--no-cache").stdout


@pytest.mark.parametrize(
    ("table", "options", "gaps"),
    [
        ("", "", []),
        ('exclude-newer = "14 days"', _SPAN, []),
        ('exclude-newer = "2 weeks"', _SPAN, []),
        ('exclude-newer = "7 days"', _SPAN, [("NGC216", "pyproject.toml:7")]),
        ('exclude-newer = "2026-02-01"', _SPAN, [("NGC216", "pyproject.toml:7")]),
        ('exclude-newer = "2026-02-01T00:00:00Z"', '[options]\nexclude-newer = "2026-02-01T00:00:00Z"', []),
        ("", _SPAN, [("NGC216", "pyproject.toml:6")]),
        ('resolution = "lowest"', '[options]\nresolution-mode = "lowest"', []),
        ('resolution = "lowest"', "", [("NGC216", "pyproject.toml:7")]),
        ('prerelease = "allow"', '[options]\nprerelease-mode = "allow"', []),
    ],
)
def test_a_lock_that_was_made_with_other_settings_is_a_gap(
    table: str, options: str, gaps: list[tuple[str, str]], project: Project
) -> None:
    text = f"{PROJECT}[tool.uv]\n{table}\n"
    project.write({"pyproject.toml": text, "uv.lock": UV_LOCK.replace("{options}", options)}, {})
    assert project.check() == (1, {"lib": "1.0"}, gaps)


@pytest.mark.parametrize(
    ("variables", "gaps"),
    [
        ({"UV_EXCLUDE_NEWER": "14 days"}, []),
        ({"UV_EXCLUDE_NEWER": "7 days"}, [("NGC216", "UV_EXCLUDE_NEWER:None")]),
        ({"UV_RESOLUTION": "lowest", "UV_EXCLUDE_NEWER": "P14D"}, [("NGC216", "UV_RESOLUTION:None")]),
        ({"UV_EXCLUDE_NEWER": "7 days", "UV_FROZEN": "1"}, []),
    ],
)
def test_a_lock_and_the_variables_of_uv(
    variables: dict[str, str], gaps: list[tuple[str, str]], project: Project
) -> None:
    project.write({"pyproject.toml": PROJECT, "uv.lock": UV_LOCK.replace("{options}", _SPAN)}, variables)
    assert project.check() == (1, {"lib": "1.0"}, gaps)


def test_a_lock_without_its_project_brings_its_cool_down(project: Project) -> None:
    project.write({"uv.lock": UV_LOCK.replace("{options}", _SPAN)}, {})
    assert project.check() == (1, {"lib": "1.0"}, [])
    assert "lib==2.0" not in run("plan", "--python", "3.14t", "--no-cache").stdout


def test_pip_settings_that_count_where_it_installs_a_lock(project: Project) -> None:
    files = {"Pipfile.lock": PIPFILE_LOCK, "c.txt": "lib<1\n"}
    project.write(files, {"PIP_CONSTRAINT": "c.txt", "PIP_UPLOADED_PRIOR_TO": "P14D"})
    gaps = [("NGC216", "PIP_CONSTRAINT:None"), ("NGC216", "PIP_UPLOADED_PRIOR_TO:None")]
    assert project.check() == (1, {"lib": "1.0"}, gaps)


def test_a_cool_down_that_moves_with_the_clock_is_never_replayed(project: Project, index: Index) -> None:
    project.write(REQUIREMENTS, {"UV_EXCLUDE_NEWER": "14 days"})
    for _ in range(2):
        before = len(index.requests)
        assert run("--python", "3.14t", "--max-age", "0").status == 1
        assert len(index.requests) > before


@pytest.mark.parametrize(
    ("files", "variables", "origin", "moves"),
    [
        ({"pyproject.toml": COOLING}, {}, "exclude-newer (pyproject.toml:7)", True),
        (REQUIREMENTS, {"PIP_UPLOADED_PRIOR_TO": "P14D"}, "PIP_UPLOADED_PRIOR_TO", True),
        (REQUIREMENTS, {"UV_EXCLUDE_NEWER": "2026-01-02T00:00:00Z"}, "UV_EXCLUDE_NEWER", False),
        ({"pyproject.toml": PROJECT + POETRY, "poetry.toml": "[solver]\nmin-release-age = 14\n"}, {},
         "solver.min-release-age (poetry.toml:2)", True),
        (*LOCKS[2], "exclude-newer (pyproject.toml:7)", True),
    ],
)  # fmt: skip
def test_what_is_to_be_done_about_a_release_that_a_cool_down_holds(
    files: dict[str, str], variables: dict[str, str], origin: str, moves: bool, project: Project
) -> None:
    """It exists: nothing is to be waited for but the day, or the user."""
    project.write(files, variables)
    outcome = run("--python", "3.14t", "--no-cache", "--no-color")
    uploaded = datetime.now(UTC) - timedelta(days=5)
    day = f"{uploaded:%Y-%m-%d}"
    until = f"{uploaded + timedelta(days=14):%Y-%m-%d}"
    fix = (
        f"wait until {until}, when {origin} admits 2.0 ({day})"
        if moves
        else f"move {origin}, which keeps out 2.0 ({day})"
    )
    said = " ".join(outcome.stdout.split())
    assert f"fix {fix}, which fits" in said
    assert "waits for" not in said


def test_a_release_that_a_cool_down_and_a_requirement_keep_out(project: Project) -> None:
    project.write({"requirements.txt": "lib<2\n"}, {"UV_EXCLUDE_NEWER": "14 days"})
    said = " ".join(run("--python", "3.14t", "--no-cache", "--no-color").stdout.split())
    assert "relax <2 (requirements.txt:1), and wait until" in said
    assert "keeps out lib 2.0" not in said


def test_variables_that_switch_the_tables_of_uv_off_are_a_gap_beside_a_choice_in_them(project: Project) -> None:
    project.write({"pyproject.toml": COOLING}, {"UV_NO_CONFIG": "1"})
    assert project.check() == (1, {"lib": "1.0"}, [("NGC216", "UV_NO_CONFIG:None")])
