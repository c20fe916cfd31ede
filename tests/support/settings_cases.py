"""Small projects, each with one setting of an installer that changes what is chosen, or with several at random.

Every wheel is pure, so that all Pythons get the same versions. ``lib`` 2.0 is five days old, whatever the day.
"""

# ruff: noqa: E501

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from tests.support.command import run
from tests.world import SHAPES, Index, parse, serve

Way = Literal["pip", "uv pip", "uv lock", "poetry lock", "pdm lock"]

INPUTS: dict[Way, str] = {
    "pip": "requirements.txt",
    "uv pip": "requirements.txt",
    "uv lock": "pyproject.toml",
    "poetry lock": "pyproject.toml",
    "pdm lock": "pyproject.toml",
}
"""What is checked, and given to the tool."""

_DAYS_OLD = {"new": 5, "middle": 20}

WORLD = """
[projects.lib]
"1.0" = {{}}
"2.0" = {{ upload-time = "{new}" }}
"3.0a1" = {{ upload-time = "{middle}" }}

[projects.app]
"1.0" = {{ requires = ["lib"] }}
"2.0" = {{ requires = ["lib", "other"], upload-time = "{middle}" }}

[projects.other]
"1.0" = {{}}
"1.1" = {{ upload-time = "{new}" }}

[projects.ext]
"1.0" = {{}}
"2.0" = {{ sdist = {{ native = ["c"] }} }}
"""

_PROJECT = """\
[project]
name = "p"
version = "0"
requires-python = ">=3.11,<4"
dependencies = [{dependencies}]
"""

_TABLES: dict[Way, str] = {
    "uv lock": '[[tool.uv.index]]\nname = "local"\nurl = "{index}"\ndefault = true\n',
    "poetry lock": '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "local"\nurl = "{index}"\n',
    "pdm lock": '[[tool.pdm.source]]\nname = "pypi"\nurl = "{index}"\nverify_ssl = false\n',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A project, and how it is installed."""

    name: str
    way: Way
    requirements: tuple[str, ...] = ("lib",)
    table: str = ""
    """What is appended to pyproject.toml."""
    files: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    gap: bool = False
    """nogilcheck does not follow the setting, and says so."""

    def write(self, directory: Path, index: str) -> None:
        """The files of the project."""
        directory.mkdir(parents=True, exist_ok=True)
        dependencies = ", ".join(json.dumps(line) for line in self.requirements)
        if INPUTS[self.way] == "requirements.txt":
            (directory / "requirements.txt").write_text("\n".join(self.requirements) + "\n", encoding="utf-8")
        table = _TABLES.get(self.way, "").format(index=index) + self.table
        if self.table or self.way in _TABLES:
            text = _PROJECT.format(dependencies=dependencies) + table
            (directory / "pyproject.toml").write_text(text, encoding="utf-8")
        for name, text in self.files.items():
            (directory / name).write_text(text, encoding="utf-8")

    def environment(self, index: str) -> dict[str, str]:
        """The variables of the project, those that name the index among them."""
        return {"PIP_INDEX_URL": index, "UV_DEFAULT_INDEX": index, **self.variables}


@contextmanager
def served() -> Iterator[Index]:
    """An index with the projects of the cases."""
    times = {
        name: (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, days in _DAYS_OLD.items()
    }
    with serve(parse(WORLD.format(**times)), SHAPES["pypi"]) as index:
        yield index


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What nogilcheck says."""

    versions: dict[str, str]
    status: int
    rules: tuple[str, ...]
    """Of the gaps."""


def ours(case: Case, directory: Path, index: str, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The versions that nogilcheck finds for 3.14t, in the case's directory and with its variables."""
    with monkeypatch.context() as patch:
        patch.chdir(directory)
        patch.delenv("UV_NO_CONFIG", raising=False)
        for name, value in case.environment(index).items():
            patch.setenv(name, value)
        outcome = run(INPUTS[case.way], "--python", "3.14t", "--format", "json", "--no-cache")
    assert outcome.stdout, outcome.stderr
    report = json.loads(outcome.stdout)
    return Answer(
        versions={entry["name"]: entry["version"] for entry in report["distributions"] if entry["version"]},
        status=outcome.status,
        rules=tuple(gap["rule"] for gap in report["gaps"]),
    )


def agrees(case: Case, answer: Answer, theirs: dict[str, str] | None) -> None:
    """A setting that is obeyed gives the tool's versions, one that is not is a gap. ``None``: the tool refuses."""
    if case.gap:
        assert (case.name, answer.status in {1, 3}, "NGC216" in answer.rules) == (case.name, True, True)
    elif theirs is None:
        assert answer.status != 0, case.name
    else:
        assert (case.name, answer.versions, answer.rules) == (case.name, theirs, ())


_C = {"c.txt": "lib<2\n"}

PIP_CASES = (
    Case(name="plain", way="pip"),
    Case(name="PIP_CONSTRAINT", way="pip", files=_C, variables={"PIP_CONSTRAINT": "c.txt"}),
    Case(name="two constraints", way="pip", requirements=("app",), files={**_C, "d.txt": "app<2\n"},
         variables={"PIP_CONSTRAINT": "c.txt d.txt"}),
    Case(name="constraint of a file", way="pip", files={**_C, "pip.conf": "[global]\nconstraint = c.txt\n"},
         variables={"PIP_CONFIG_FILE": "pip.conf"}),
    Case(name="constraint of install before global", way="pip",
         files={**_C, "d.txt": "lib<3\n", "pip.conf": "[global]\nconstraint = c.txt\n[install]\nconstraint = d.txt\n"},
         variables={"PIP_CONFIG_FILE": "pip.conf"}),
    Case(name="a span", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "P14D"}),
    Case(name="a span that is too short", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "P2D"}),
    Case(name="a date", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "2026-02-01"}),
    Case(name="a time", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "2026-02-01T12:00:00+02:00"}),
    Case(name="a span in words", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "14 days"}),
    Case(name="a span of a file", way="pip", files={"pip.conf": "[install]\nuploaded-prior-to = P14D\n"},
         variables={"PIP_CONFIG_FILE": "pip.conf"}),
    Case(name="a span that everything is younger than", way="pip", variables={"PIP_UPLOADED_PRIOR_TO": "P90000D"}),
    Case(name="pre", way="pip", variables={"PIP_PRE": "1"}),
    Case(name="all releases", way="pip", variables={"PIP_ALL_RELEASES": ":all:"}),
    Case(name="all releases of one", way="pip", variables={"PIP_ALL_RELEASES": "lib"}, gap=True),
    Case(name="only final", way="pip", variables={"PIP_ONLY_FINAL": ":all:"}, gap=True),
    Case(name="only binary", way="pip", requirements=("ext",), variables={"PIP_ONLY_BINARY": ":all:"}),
    Case(name="only binary of one", way="pip", requirements=("ext",), variables={"PIP_ONLY_BINARY": "ext"}),
    Case(name="no binary, then only", way="pip", requirements=("ext",),
         files={"pip.conf": "[global]\nno-binary = :all:\n[install]\nonly-binary = ext\n"},
         variables={"PIP_CONFIG_FILE": "pip.conf"}),
    Case(name="prefer binary", way="pip", requirements=("ext",), variables={"PIP_PREFER_BINARY": "1"}, gap=True),
    Case(name="no dependencies", way="pip", requirements=("app",), variables={"PIP_NO_DEPS": "1"}, gap=True),
    Case(name="requirements of a variable", way="pip", files={"more.txt": "other\n"},
         variables={"PIP_REQUIREMENT": "more.txt"}, gap=True),
    Case(name="no requires-python", way="pip", variables={"PIP_IGNORE_REQUIRES_PYTHON": "1"}, gap=True),
    Case(name="a platform", way="pip", variables={"PIP_PLATFORM": "win_amd64"}, gap=True),
    Case(name="unknown", way="pip", files={"pip.conf": "[install]\nfancy-choice = 1\n"},
         variables={"PIP_CONFIG_FILE": "pip.conf"}, gap=True),
    Case(name="without influence", way="pip", variables={"PIP_UPGRADE": "1", "PIP_TIMEOUT": "5", "PIP_NO_COLOR": "1"}),
)  # fmt: skip


def _uv(
    name: str, table: str = "", *, gap: bool = False, requirements: tuple[str, ...] = ("lib",), **variables: str
) -> Case:
    return Case(
        name=name, way="uv lock", table=f"[tool.uv]\n{table}\n", gap=gap, requirements=requirements, variables=variables
    )


UV_CASES = (
    _uv("plain"),
    *(_uv(f"exclude-newer {text}", f'exclude-newer = "{text}"')
      for text in ("14 days", "P14D", "2 weeks", "2w", "P2W", "336h", "PT336H", "14 days ago", "1wk 7d", "2 days", "P1DT2H",
                   "2026-02-01", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00+02:00")),
    _uv("exclude-newer of all but one", 'exclude-newer = "14 days"\nexclude-newer-package = { Lib = false }',
        requirements=("app",)),
    _uv("exclude-newer of one", 'exclude-newer-package = { lib = "14 days" }', requirements=("app",)),
    _uv("exclude-newer of a variable", 'exclude-newer = "2 days"', UV_EXCLUDE_NEWER="14 days"),
    _uv("exclude-newer switched off by a variable", 'exclude-newer = "14 days"', UV_EXCLUDE_NEWER="1 day"),
    _uv("constraint-dependencies", 'constraint-dependencies = ["lib<2"]', requirements=("app",)),
    _uv("override-dependencies", 'override-dependencies = ["lib==1.0"]', requirements=("app",)),
    _uv("exclude-dependencies", 'exclude-dependencies = ["lib"]', requirements=("app",)),
    _uv("exclude-dependencies of the project", 'exclude-dependencies = ["lib"]', requirements=("app<2", "lib")),
    _uv("prerelease", 'prerelease = "allow"'),
    _uv("prerelease of a variable", "", UV_PRERELEASE="allow"),
    _uv("no-build", "no-build = true", requirements=("ext",)),
    _uv("no-build-package", 'no-build-package = ["ext"]', requirements=("ext",)),
    _uv("no build of a variable", "", requirements=("ext",), UV_NO_BUILD="1"),
    _uv("resolution", 'resolution = "lowest"', gap=True),
    _uv("resolution of a variable", "", gap=True, UV_RESOLUTION="lowest-direct"),
    _uv("prerelease-package", 'prerelease-package = { lib = "allow" }', gap=True),
    _uv("prerelease disallow", 'prerelease = "disallow"', gap=True),
    _uv("fork-strategy", 'fork-strategy = "fewest"', gap=True),
    _uv("dependency-metadata", '[[tool.uv.dependency-metadata]]\nname = "lib"\nversion = "2.0"\nrequires-dist = ["other"]',
        gap=True),
    _uv("required-environments", "required-environments = [\"sys_platform == 'win32'\"]", gap=True),
    _uv("no-sources", "no-sources = true", gap=True),
    _uv("pip table", '[tool.uv.pip]\nexclude-newer = "14 days"', gap=True),
    _uv("a constraint of a variable", "", gap=True, UV_CONSTRAINT="pyproject.toml"),
    _uv("index of a cool-down", '[[tool.uv.index]]\nname = "x"\nurl = "http://127.0.0.1:1/"\nexplicit = true\n'
        'exclude-newer = "14 days"', gap=True),
    _uv("defaults", 'resolution = "highest"\nprerelease = "if-necessary"\nfork-strategy = "requires-python"\n'
        'no-sources = false\nlink-mode = "copy"'),
    Case(name="pip: a constraint", way="uv pip", files=_C, variables={"UV_CONSTRAINT": "c.txt"}),
    Case(name="pip: an override", way="uv pip", requirements=("app",), files={"o.txt": "lib==1.0\n"},
         variables={"UV_OVERRIDE": "o.txt"}),
    Case(name="pip: an exclusion", way="uv pip", requirements=("app",), files={"x.txt": "lib\n"},
         variables={"UV_EXCLUDE": "x.txt"}),
    Case(name="pip: exclude-newer", way="uv pip", variables={"UV_EXCLUDE_NEWER": "14 days"}),
    Case(name="pip: exclude-newer of a uv.toml", way="uv pip", files={"uv.toml": 'exclude-newer = "14 days"\n'}),
    Case(name="pip: exclude-newer of the project", way="uv pip", table='[tool.uv]\nexclude-newer = "14 days"\n'),
    Case(name="pip: constraints of the project", way="uv pip",
         table='[tool.uv]\nconstraint-dependencies = ["lib<2"]\n'),
    Case(name="pip: no build of the project", way="uv pip", requirements=("ext",), table="[tool.uv]\nno-build = true\n"),
    Case(name="pip: prerelease", way="uv pip", variables={"UV_PRERELEASE": "allow"}),
    Case(name="pip: the pip table", way="uv pip", table='[tool.uv.pip]\nexclude-newer = "14 days"\n', gap=True),
    Case(name="pip: resolution", way="uv pip", variables={"UV_RESOLUTION": "lowest"}, gap=True),
)  # fmt: skip

POETRY_CASES = (
    Case(name="plain", way="poetry lock"),
    Case(name="min-release-age", way="poetry lock", files={"poetry.toml": "[solver]\nmin-release-age = 14\n"}),
    Case(name="min-release-age of a variable", way="poetry lock", variables={"POETRY_SOLVER_MIN_RELEASE_AGE": "14"}),
    Case(name="min-release-age that is too short", way="poetry lock",
         files={"poetry.toml": "[solver]\nmin-release-age = 2\n"}),
    Case(name="min-release-age-exclude", way="poetry lock", requirements=("app",),
         files={"poetry.toml": '[solver]\nmin-release-age = 14\nmin-release-age-exclude = ["Lib"]\n'}),
    Case(name="min-release-age-exclude of a variable", way="poetry lock", requirements=("app",),
         variables={"POETRY_SOLVER_MIN_RELEASE_AGE": "14", "POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE": "other,x"}),
    Case(name="min-release-age-exclude-source", way="poetry lock", gap=True,
         files={"poetry.toml": '[solver]\nmin-release-age = 14\nmin-release-age-exclude-source = ["local"]\n'}),
    Case(name="allow-prereleases", way="poetry lock", gap=True,
         table='[tool.poetry.dependencies]\nlib = { allow-prereleases = true }\n'),
)  # fmt: skip


def _pdm(
    name: str, table: str = "", *, gap: bool = False, requirements: tuple[str, ...] = ("lib",), **files: str
) -> Case:
    return Case(
        name=name,
        way="pdm lock",
        table=f"[tool.pdm.resolution]\n{table}\n",
        gap=gap,
        requirements=requirements,
        files={name.replace("_", "."): text for name, text in files.items()},
    )


PDM_CASES = (
    _pdm("plain"),
    *(_pdm(f"exclude-newer {text}", f'exclude-newer = "{text}"')
      for text in ("14d", "2w", "336h", "2d", "2026-02-01", "2026-02-01T00:00:00Z")),
    _pdm("exclude-newer-override", 'exclude-newer = "2w"\nexclude-newer-override = { Lib = false }',
         requirements=("app",)),
    _pdm("exclude-newer of pdm.toml", pdm_toml='[strategy]\nexclude-newer = "14d"\n'),
    _pdm("exclude-newer of both", 'exclude-newer = "2d"', pdm_toml='[strategy]\nexclude-newer = "14d"\n'),
    _pdm("allow-prereleases", "allow-prereleases = true"),
    _pdm("excludes", 'excludes = ["lib"]', requirements=("app",)),
    _pdm("overrides", 'overrides = { lib = "<2" }', requirements=("app",)),
    _pdm("allow-prereleases false", "allow-prereleases = false", gap=True),
    _pdm("respect-source-order", "respect-source-order = true", gap=True),
    _pdm("options", '[tool.pdm.options]\nlock = ["--no-isolation"]', gap=True),
    Case(name="an override of a variable", way="pdm lock", requirements=("app",), files=_C, gap=True,
         variables={"PDM_OVERRIDE": "c.txt"}),
)  # fmt: skip


def random_pip_case(seed: int) -> Case:
    """Requirements and settings of pip, thrown together."""
    dice = Random(seed)
    files = {"c.txt": dice.choice(["lib<2\n", "other==1.0\n", "app<2\nlib>=1\n", "lib>=3a0\n"])}
    pool = {
        "PIP_CONSTRAINT": "c.txt",
        "PIP_UPLOADED_PRIOR_TO": dice.choice(["P14D", "P2D", "P30D", "2026-02-01", "2025-01-01", "soon"]),
        "PIP_PRE": dice.choice(["1", "0", "maybe"]),
        "PIP_ONLY_BINARY": dice.choice([":all:", "ext", "lib", ":none:"]),
        "PIP_ALL_RELEASES": dice.choice([":all:", "lib", ":none:"]),
        "PIP_ONLY_FINAL": dice.choice([":all:", "lib", ":none:"]),
        "PIP_NO_DEPS": dice.choice(["1", "0"]),
        "PIP_PREFER_BINARY": dice.choice(["1", "0"]),
        "PIP_REQUIREMENT": "c.txt",
        "PIP_REQUIRE_HASHES": dice.choice(["1", "0"]),
        "PIP_USE_FEATURE": "fast-deps",
        "PIP_UPGRADE_STRATEGY": "eager",
    }
    chosen = dict(dice.sample(sorted(pool.items()), dice.randint(1, 4)))
    if dice.random() < 0.4:
        moved = dice.choice(sorted(chosen))
        section = dice.choice(["global", "install"])
        option = moved.removeprefix("PIP_").lower().replace("_", "-")
        files["pip.conf"] = f"[{section}]\n{option} = {chosen.pop(moved)}\n"
        chosen["PIP_CONFIG_FILE"] = "pip.conf"
    requirements = tuple(dice.sample(["lib", "app", "other", "lib>=1", "app>=2", "ext ; python_version < '3'"], 2))
    chosen.setdefault("PIP_CONFIG_FILE", os.devnull)
    return Case(
        name=f"random {seed}: {chosen} {files}", way="pip", requirements=requirements, files=files, variables=chosen
    )


def random_uv_case(seed: int) -> Case:
    """A project and settings of uv, thrown together."""
    dice = Random(seed)
    span = dice.choice(["14 days", "P2D", "30 days", "2026-02-01", "3w"])
    one, until = dice.choice(["lib", "other"]), dice.choice(["false", '"14 days"', '"2 days"'])
    pool = [
        f'exclude-newer = "{span}"',
        f"exclude-newer-package = {{ {one} = {until} }}",
        f'constraint-dependencies = ["{dice.choice(["lib<2", "other==1.0", "app<2"])}"]',
        f'override-dependencies = ["{dice.choice(["lib==1.0", "other>=1.1"])}"]',
        f'exclude-dependencies = ["{dice.choice(["lib", "other"])}"]',
        f'resolution = "{dice.choice(["highest", "lowest", "lowest-direct"])}"',
        f'prerelease = "{dice.choice(["allow", "if-necessary", "disallow", "explicit"])}"',
        f'fork-strategy = "{dice.choice(["fewest", "requires-python"])}"',
        "no-build = true",
    ]
    table = "[tool.uv]\n" + "\n".join(dice.sample(pool, dice.randint(1, 4))) + "\n"
    variables = {}
    if dice.random() < 0.3:
        variables["UV_EXCLUDE_NEWER"] = dice.choice(["14 days", "2 days", "P30D"])
    requirements = tuple(dice.sample(["lib", "app", "other", "lib>=1", "app>=2"], 2))
    return Case(
        name=f"random {seed}: {table}{variables}",
        way="uv lock",
        requirements=requirements,
        table=table,
        variables=variables,
    )
