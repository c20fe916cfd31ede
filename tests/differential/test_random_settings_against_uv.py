"""Whatever uv is told in pyproject.toml and in variables: where we say ready, uv locks the same versions.

``SETTINGS_WORLDS=300`` looks further (with ``pytest -m tools``).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from nogilcheck.targets.builds import make_target
from tests.differential.random_settings import DAYS, HABITS, two_indexes
from tests.support.command import run
from tests.support.small_worlds import World, make_world
from tests.support.workshop import Workshop
from tests.support.workshop import run as run_program
from tests.world import SHAPES, parse, serve

pytestmark = pytest.mark.tools

WORLDS = int(os.environ.get("SETTINGS_WORLDS", "12"))
TARGET = make_target("3.14t", "linux-x86_64")
NAMES = tuple("abcd")

FINAL = {"2.1rc1": "2.1", "4.0a1": "4.0"}
"""uv prefers final releases where only a dependency names a candidate: an intended difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A setting: lines of ``[tool.uv]``, further tables, variables. ``OTHER`` stands for the URL of a second index."""

    lines: tuple[str, ...] = ()
    tables: str = ""
    variables: dict[str, str] = field(default_factory=dict)


def _bound(random: Random) -> str:
    return f"p{random.choice(NAMES)}{random.choice(('<', '<=', '!='))}{random.choice(('2.0', '2.1', '3.0'))}"


def _requirements(key: str) -> Callable[[Random], Said]:
    return lambda random: Said(lines=(f"{key} = {[_bound(random) for _ in range(3)]}",))


def _excluded(random: Random) -> Said:
    return Said(lines=(f"exclude-dependencies = ['p{random.choice(NAMES)}']",))


def _resolution(random: Random) -> Said:
    value = random.choice(("lowest", "lowest-direct", "highest"))
    return random.choice((Said(lines=(f"resolution = '{value}'",)), Said(variables={"UV_RESOLUTION": value})))


def _cool_down(random: Random) -> Said:
    day, name = random.choice(DAYS), random.choice(NAMES)
    ways = (
        Said(lines=(f"exclude-newer = '{day}'",)),
        Said(lines=(f"exclude-newer = '{day[:10]}'",)),
        Said(lines=("exclude-newer = '120 days'",)),
        Said(lines=("exclude-newer = 'P4M'",)),
        Said(lines=(f"exclude-newer-package = {{ p{name} = '{day}' }}",)),
        Said(variables={"UV_EXCLUDE_NEWER": day}),
    )
    return random.choice(ways)


def _metadata(random: Random) -> Said:
    name = random.choice(NAMES)
    return Said(tables=f"[[tool.uv.dependency-metadata]]\nname = 'p{name}'\nrequires-dist = ['{_bound(random)}']\n")


def _second_index(random: Random) -> Said:
    ways = (
        Said(variables={"UV_INDEX": "OTHER"}),
        Said(tables="[[tool.uv.index]]\nname = 'other'\nurl = 'OTHER'\n"),
        Said(lines=("index-strategy = 'unsafe-best-match'",), tables="[[tool.uv.index]]\nurl = 'OTHER'\n"),
    )
    return random.choice(ways)


def _nothing(_: Random) -> Said:
    return Said(lines=("link-mode = 'copy'", "package = false"), variables={"UV_CONCURRENT_DOWNLOADS": "2"})


SETTINGS: dict[str, Callable[[Random], Said]] = {
    "constraints": _requirements("constraint-dependencies"),
    "overrides": _requirements("override-dependencies"),
    "excluded": _excluded,
    "resolution": _resolution,
    "cool-down": _cool_down,
    "metadata": _metadata,
    "second index": _second_index,
    "without influence": _nothing,
}

GAPS = {"metadata"}
"""Settings that may be gaps rather than obeyed."""


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    try:
        return workshop.scripts("uv") / "uv"
    finally:
        workshop.close()


@pytest.mark.parametrize("kind", SETTINGS)
def test_each_setting(kind: str, uv: Path, tmp_path: Path) -> None:
    ready = 0
    for seed in range(WORLDS):
        random = Random(f"{kind} {seed}")
        directory = tmp_path / str(seed)
        directory.mkdir()
        ready += _agrees(uv, _world(random), SETTINGS[kind](random), random, directory)
    assert kind in GAPS or ready >= WORLDS // 6, "hardly anything is ready: nothing was tried"


def _world(random: Random) -> World:
    world = make_world(random, replace(HABITS, plain=0.9, yanked=0.0))
    universe, requirements = world.universe, world.requirements
    for candidate, final in FINAL.items():
        universe = universe.replace(candidate, final)
        requirements = tuple(line.replace(candidate, final) for line in requirements)
    lines = []
    for line in universe.splitlines():
        # uv ignores upper bounds of Requires-Python: an intended difference.
        kept = line.partition(", requires-python")[0]
        line = kept if kept == line else f"{kept} }}"
        lines.append(line.replace("= { ", f'= {{ upload-time = "{random.choice(DAYS)}", '))
    return World(universe="\n".join(lines), requirements=requirements)


def _agrees(uv: Path, world: World, said: Said, random: Random, directory: Path) -> bool:
    """Whether we say ready; then uv has to lock the same."""
    split = two_indexes(random, world.universe) if "OTHER" in repr(said) else (world.universe, "[projects]")
    with serve(parse(split[0]), SHAPES["pypi"]) as first, serve(parse(split[1]), SHAPES["pypi"]) as second:
        project = [
            "[project]\nname = 'app'\nversion = '1'\nrequires-python = '>=3.11'",
            f"dependencies = {list(world.requirements)}",
            "[tool.uv]",
            *said.lines,
            said.tables,
        ]
        text = "\n".join(project).replace("OTHER", second.url)
        (directory / "pyproject.toml").write_text(text, encoding="utf-8")
        variables = {name: value.replace("OTHER", second.url) for name, value in said.variables.items()}
        variables["UV_DEFAULT_INDEX"] = first.url
        ours = _ours(directory, variables)
        if ours is not None:
            assert _theirs(uv, directory, variables) == ours, f"{text}\n{variables}\n{split}"
    return ours is not None


def _ours(directory: Path, variables: dict[str, str]) -> dict[str, Version] | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.delenv("UV_NO_CONFIG", raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        outcome = run("pyproject.toml", "--python", "3.14t", "--no-cache", "--no-config", "--format", "json")
    if outcome.status:
        return None
    return {each["name"]: Version(each["version"]) for each in json.loads(outcome.stdout)["distributions"]}


def _theirs(uv: Path, directory: Path, variables: dict[str, str]) -> dict[str, Version] | str:
    """What uv locks for 3.14 on Linux, or what it says against it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    own = {"UV_CACHE_DIR": str(directory / "cache"), "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
    environment = {**kept, **variables, **own, "NO_PROXY": "*"}
    if (locked := run_program(uv, "lock", cwd=directory, env=environment, check=False)).returncode:
        return locked.stderr
    exported = run_program(
        *(uv, "export", "--frozen", "--quiet", "--no-hashes", "--no-header", "--no-annotate", "--no-emit-project"),
        cwd=directory,
        env=environment,
    ).stdout
    found: dict[str, Version] = {}
    for line in filter(None, exported.splitlines()):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(dict(TARGET.environment)):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found
