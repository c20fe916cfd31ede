"""Random worlds, and random settings of pip thrown at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from random import Random

from tests.support.small_worlds import LINUX, Habits, World, make_world

HABITS = Habits(
    plain=0.8,
    compiled=0.3,
    wheels=("py3-none-any", f"cp314-cp314-{LINUX}", f"cp314-cp314.cp314t-{LINUX}", f"py3-none-{LINUX}"),
)
"""Whatever fits the free-threaded build fits the regular one: nothing is newer there."""

DAYS = tuple(f"2026-{month:02}-15T00:00:00Z" for month in range(1, 12))
"""When versions may have been uploaded."""

_NAMES = tuple(f"p{letter}" for letter in "abcdefg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A setting, in one of the places where it can be said.

    In all of it, ``DIR`` stands for the directory, ``INDEX`` and ``OTHER`` for the URLs of two indexes.
    """

    lines: tuple[str, ...] = ()
    """Of the requirements file."""
    files: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()

    def __add__(self, other: Said) -> Said:
        return Said(
            lines=(*self.lines, *other.lines),
            files=self.files | other.files,
            variables=self.variables | other.variables,
            ours=(*self.ours, *other.ours),
            theirs=(*self.theirs, *other.theirs),
        )


def timed_world(random: Random) -> World:
    """A world whose versions came out on different days, and some of them not for this Python."""
    world = make_world(random, HABITS)

    def dated(line: re.Match[str]) -> str:
        python = ', requires-python = "<3.14"' if "requires-python" not in line[1] and random.random() < 0.15 else ""
        return f'= {{ upload-time = "{random.choice(DAYS)}"{python}, wheels{line[1]}'

    return replace(world, universe=re.sub(r"= \{ wheels(.*)", dated, world.universe))


def _bound(random: Random) -> str:
    return f"{random.choice(_NAMES[:4])}{random.choice(('<', '<=', '!='))}{random.choice(('2.0', '2.1rc1', '3.0'))}"


def two_indexes(random: Random, universe: str) -> tuple[str, str]:
    """The versions of a universe on two indexes, some of them on both."""
    indexes: tuple[list[str], list[str]] = ([], [])
    for line in universe.splitlines():
        for each in random.choice((indexes, indexes[:1], indexes[1:])) if line.startswith('"') else indexes:
            each.append(line)
    return "\n".join(indexes[0]), "\n".join(indexes[1])


def _bounds(random: Random) -> str:
    return "".join(f"{_bound(random)}\n" for _ in range(3))


def _in_file_or_variable(option: str, value: str, random: Random, *, flag: bool = True) -> Said:
    """An option that pip takes in a requirements file, in a variable and as a flag, and we as the same flag."""
    variable = f"PIP_{option.upper().replace('-', '_')}"
    ways = [Said(lines=(f"--{option} {value}",)), Said(variables={variable: value})]
    if flag:
        ways.append(Said(ours=(f"--{option}", value), theirs=(f"--{option}", value)))
    return random.choice(ways)


def _constraints(random: Random) -> Said:
    name = "more constraints.txt"
    written = Said(files={name: _bounds(random)})
    ways = (Said(lines=(f"-c '{name}'",)), Said(ours=("-c", name), theirs=("-c", f"DIR/{name}")))
    return written + random.choice(ways)


def _constraints_of_variables(random: Random) -> Said:
    files = {"c.txt": _bounds(random), "d.txt": _bounds(random)}
    return Said(variables={"PIP_CONSTRAINT": random.choice(("DIR/c.txt", "DIR/c.txt DIR/d.txt"))}, files=files)


def _pre(random: Random) -> Said:
    flag = Said(ours=("--pre",), theirs=("--pre",))
    return random.choice((Said(lines=("--pre",)), Said(variables={"PIP_PRE": "1"}), flag))


def _release_control(random: Random) -> Said:
    option = random.choice(("all-releases", "only-final"))
    names = ",".join(random.sample(_NAMES, 3))
    return _in_file_or_variable(option, random.choice((names, ":all:")), random, flag=False)


def _formats(random: Random) -> Said:
    return Said(lines=(f"--no-binary {random.choice(_NAMES)}",))


def _cool_down(random: Random) -> Said:
    day = random.choice(DAYS)[:10]
    ways = (
        Said(variables={"PIP_UPLOADED_PRIOR_TO": day}),
        Said(variables={"PIP_UPLOADED_PRIOR_TO": f"{day}T12:00:00Z"}),
        Said(variables={"PIP_UPLOADED_PRIOR_TO": "P120D"}),
        Said(ours=("--exclude-newer", f"{day}T00:00:00Z"), theirs=("--uploaded-prior-to", f"{day}T00:00:00Z")),
    )
    return random.choice(ways)


def _second_index(random: Random) -> Said:
    return random.choice(
        (
            _in_file_or_variable("extra-index-url", "OTHER", random),
            Said(variables={"PIP_INDEX_URL": "OTHER", "PIP_EXTRA_INDEX_URL": "INDEX"}),
            Said(lines=("--index-url OTHER",)),
        )
    )


def _no_index(random: Random) -> Said:
    return random.choice((Said(lines=("--no-index",)), Said(variables={"PIP_NO_INDEX": "1"})))


def _hashes(random: Random) -> Said:
    return random.choice((Said(lines=("--require-hashes",)), Said(variables={"PIP_REQUIRE_HASHES": "1"})))


def _no_dependencies(_: Random) -> Said:
    return Said(variables={"PIP_NO_DEPS": "1"})


def _any_python(_: Random) -> Said:
    return Said(variables={"PIP_IGNORE_REQUIRES_PYTHON": "1"})


def _more_requirements(random: Random) -> Said:
    return Said(variables={"PIP_REQUIREMENT": "DIR/more.txt"}, files={"more.txt": f"{_bound(random)}\n"})


def _without_influence(random: Random) -> Said:
    ways = (
        Said(lines=("--prefer-binary",)),
        Said(variables={"PIP_PREFER_BINARY": "1", "PIP_TIMEOUT": "9", "PIP_NO_COMPILE": "1", "PIP_CACHE_DIR": "DIR"}),
        Said(lines=("--trusted-host 127.0.0.1",)),
    )
    return random.choice(ways)


SETTINGS: dict[str, Callable[[Random], Said]] = {
    "constraints": _constraints,
    "constraints of variables": _constraints_of_variables,
    "pre-releases": _pre,
    "releases of some": _release_control,
    "formats": _formats,
    "cool-down": _cool_down,
    "second index": _second_index,
    "no index": _no_index,
    "hashes": _hashes,
    "no dependencies": _no_dependencies,
    "any Python": _any_python,
    "more requirements": _more_requirements,
    "without influence": _without_influence,
}


def some_settings(random: Random, names: Iterable[str]) -> Said:
    """Two or three of these settings together."""
    said = Said()
    for name in random.sample(sorted(names), random.randint(2, 3)):
        said += SETTINGS[name](random)
    return said
