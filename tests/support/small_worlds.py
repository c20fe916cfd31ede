"""Random worlds of a few projects, and ways to resolve in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings, Location, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.walk import BuildResolution, walk
from tests.support.memory_fetcher import MemoryFetcher
from tests.world import File, Universe, WheelContents, parse

LINUX = "manylinux_2_28_x86_64"
FILES = "https://files.test"
"""Where the wheels of worlds are that are referred to directly."""
VERSIONS = ("1.0", "1.1", "2.0", "2.1rc1", "3.0", "4.0a1")
WHEELS = (
    "py3-none-any",
    "1-py3-none-any",
    f"py3-none-{LINUX}",
    f"cp314-cp314-{LINUX}",
    f"2-cp314-cp314-{LINUX}",
    f"cp39-abi3-{LINUX}",
    f"cp314-cp314t-{LINUX}",
    f"cp313-cp313-{LINUX}",
)
OPERATORS = (">=", "<", "==", "!=", "<=", "~=", ">")
MARKERS = ("python_version < '3.15'", "sys_platform == 'win32'", "python_full_version >= '3.14.5'")
REQUIRES_PYTHON = (">=3.15", "<3.15", ">=3.9", "!=3.14.*", "nonsense")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A universe, and what is asked for in it."""

    universe: str
    """TOML, so that a failing example can be read."""
    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the projects of a world are."""

    plain: float = 0.5
    """Share of requirements without a specifier."""
    ghosts: bool = False
    """Some requirements are on projects that do not exist, or on URLs that lead nowhere."""
    references: float = 0.0
    """Share of requirements, and of constraints, that are direct references to pure wheels; every version has one."""
    yanked: float = 0.05
    """Share of versions that are yanked."""
    wheels: tuple[str, ...] = WHEELS
    """What a version that is not simply pure has some of."""
    compiled: float = 0.25
    """Share of versions that are not simply pure."""
    sources: float = 0.0
    """Share of versions that have an sdist as well."""


def make_world(random: Random, habits: Habits) -> World:
    """A world of two to seven projects that require one another at random."""
    return _Maker(random, habits).world()


class _Maker:
    def __init__(self, random: Random, habits: Habits) -> None:
        self._random = random
        self._habits = habits
        self._names = [f"p{letter}" for letter in "abcdefg"[: random.randint(2, 7)]]

    def world(self) -> World:
        lines = [line for name in self._names for line in self._project(name)]
        requirements = tuple(self._requirement() for _ in range(self._random.randint(1, 4)))
        constraints = tuple(self._constraint() for _ in range(self._few(0, 0, 0, 1, 2)))
        return World(universe="\n".join(lines), requirements=requirements, constraints=constraints)

    def _project(self, name: str) -> Iterable[str]:
        yield f"[projects.{name}]"
        count = len(VERSIONS) if self._habits.references else self._random.randint(1, 5)
        for version in self._random.sample(VERSIONS, count):
            options = [
                f"wheels = {self._wheels()!r}",
                f"requires = {self._requirements(self._few(0, 0, 1, 1, 2, 3))!r}",
            ]
            options += [f"extras.{extra} = {self._requirements(1)!r}" for extra in "xy" if self._rarely(0.4)]
            options += ["sdist = true"] if self._habits.sources and self._rarely(self._habits.sources) else []
            options += ["yanked = true"] if self._rarely(self._habits.yanked) else []
            options += [f"requires-python = {self._random.choice(REQUIRES_PYTHON)!r}"] if self._rarely(0.05) else []
            yield f'"{version}" = {{ {", ".join(options)} }}'

    def _wheels(self) -> list[str]:
        if not self._habits.references and self._rarely(self._habits.compiled):
            return self._random.sample(self._habits.wheels, self._few(1, 2, 3))
        return ["py3-none-any"]

    def _requirements(self, count: int) -> list[str]:
        return [self._requirement() for _ in range(count)]

    def _requirement(self) -> str:
        name = self._random.choice(self._names)
        extras = f"[{','.join(sorted(self._random.sample('xyz', self._few(1, 1, 2))))}]" if self._rarely(0.3) else ""
        marker = f" ; {self._random.choice(MARKERS)}" if self._rarely(0.15) else ""
        if self._habits.ghosts and self._rarely(0.1):
            return f"{self._random.choice(('ghost', 'phantom'))}{extras}{self._specifier()}{marker}"
        if self._habits.ghosts and self._rarely(0.05):
            return f"{name}{extras} @ {FILES}/{name}.whl{marker}"
        if self._refers():
            return f"{name}{extras} @ {self._wheel_url(name)}{marker}"
        return f"{name}{extras}{self._specifier()}{marker}"

    def _constraint(self) -> str:
        name = self._random.choice(self._names)
        return f"{name} @ {self._wheel_url(name)}" if self._refers() else name + self._specifier()

    def _refers(self) -> bool:
        return bool(self._habits.references) and self._rarely(self._habits.references)

    def _wheel_url(self, name: str) -> str:
        return f"{FILES}/{name}-{self._random.choice(VERSIONS)}-py3-none-any.whl"

    def _specifier(self) -> str:
        if self._rarely(self._habits.plain):
            return ""
        specifier = self._random.choice(OPERATORS) + self._random.choice(VERSIONS)
        return f"{specifier},!={self._random.choice(VERSIONS)}" if self._rarely(0.2) else specifier

    def _rarely(self, share: float) -> bool:
        return self._random.random() < share

    def _few(self, *choices: int) -> int:
        return self._random.choice(choices)


def root(line: str, number: int = 1, *, path: str = "r.txt") -> Root:
    """A requirement as the reader of requirements files would hand it on."""
    requirement = Requirement(line)
    return Root(
        requirement=line,
        name=canonicalize_name(requirement.name),
        specifier=str(requirement.specifier),
        extras=tuple(sorted(map(canonicalize_name, requirement.extras))),
        marker=str(requirement.marker) if requirement.marker else None,
        url=requirement.url,
        location=Location(path=path, line=number),
    )


def inputs(
    requirements: Sequence[str], constraints: Sequence[str] = (), *, settings: IndexSettings | None = None
) -> Inputs:
    """The lines of a requirements file and of a constraints file."""
    return Inputs(
        roots=tuple(root(line, number) for number, line in enumerate(requirements, 1)),
        constraints=tuple(root(line, number, path="c.txt") for number, line in enumerate(constraints, 1)),
        settings=settings or IndexSettings(),
    )


def resolve(
    universe: Universe | str,
    asked: Inputs | Sequence[str],
    build: Target,
    *,
    exclude_newer: str | None = None,
) -> tuple[BuildResolution, Graph]:
    """Resolve in a universe (or in its TOML text) without a server."""
    world = parse(universe) if isinstance(universe, str) else universe
    wanted = asked if isinstance(asked, Inputs) else inputs(asked)
    finished = walk(wanted, build, MemoryFetcher(world), exclude_newer=exclude_newer)
    return finished, GraphBuilder(finished).build()


def versions(graph: Graph) -> dict[str, str | None]:
    """What was chosen, by name."""
    return {name: None if node.version is None else str(node.version) for name, node in graph.nodes.items()}


def without_free_threaded_wheels(universe: Universe) -> Universe:
    """The universe without the free-threaded wheels of every version that has something else."""

    def keep(file: File, files: tuple[File, ...]) -> bool:
        others = [other for other in files if other.version == file.version and not _is_free_threaded(other)]
        return not (_is_free_threaded(file) and others)

    return replace(
        universe,
        projects=tuple(
            replace(project, files=tuple(file for file in project.files if keep(file, project.files)))
            for project in universe.projects
        ),
    )


def _is_free_threaded(file: File) -> bool:
    return isinstance(file.contents, WheelContents) and "cp314t" in file.contents.tags
