"""What `make` installs is what was locked: the locks are whole, of what pyproject.toml declares, and used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "tests" / "locks"
NAMES = sorted(path.stem for path in LOCKS.glob("*.txt"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

OF_THE_PROJECT = {
    "run": (["build"], []),
    "run-fast": (["build"], ["fast"]),
    "dev": (["dev"], []),
    "test-fast": (["test", "pip", "build"], ["fast"]),
    "lowest": (["test", "pip", "build"], ["fast"]),
}
"""Locks that hold what the project depends on: with which groups, and with which extras."""

_PINNED = re.compile(
    r"""(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?:\ ;\ [^\\\n]+)?\ \\\n
        (?P<hashes>(?:\ {4}--hash=sha256:[0-9a-f]{64}(?:\ \\)?\n)+)
        (?P<why>(?:\ {4}\#.*\n)+)""",
    re.VERBOSE,
)


class Pin(NamedTuple):
    """One version of a lock."""

    version: Version
    declared: bool
    """Whether pyproject.toml asks for it, and not only another distribution."""


def pins(name: str) -> Iterator[tuple[str, Pin]]:
    """What a lock holds; fails where there is anything but versions with hashes."""
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    assert not _PINNED.sub("", lines)
    for found in _PINNED.finditer(lines):
        yield found["name"], Pin(Version(found["version"]), "(pyproject.toml" in found["why"])


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group and of those that it includes."""
    for entry in PROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


def declared(name: str) -> list[Requirement]:
    """What a lock is the lock of."""
    if name not in OF_THE_PROJECT:
        return list(group(name))
    groups, extras = OF_THE_PROJECT[name]
    project = PROJECT["project"]
    lines = chain(project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras))
    return [*map(Requirement, lines), *chain.from_iterable(map(group, groups))]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_what_is_declared(name: str) -> None:
    held = list(pins(name))
    requirements = declared(name)
    assert {key for key, pin in held if pin.declared} == {canonicalize_name(one.name) for one in requirements}, (
        "renew with: make lock"
    )
    for requirement in requirements:
        versions = [pin.version for key, pin in held if key == canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), "renew with: make lock"


def test_every_group_is_locked() -> None:
    """Alone, or as a part of what the project's locks hold."""
    parts = {name for groups, _ in OF_THE_PROJECT.values() for name in groups} | {"lint"}
    assert {*PROJECT["dependency-groups"]} - parts | {"pip"} == {*NAMES} - OF_THE_PROJECT.keys()


def test_the_lowest_versions_are_the_lowest_declared() -> None:
    """Every range says where it begins, and it begins at a version that can be had."""
    held = dict(pins("lowest"))
    for requirement in declared("lowest"):
        floors = [Version(part.version) for part in requirement.specifier if part.operator in {">=", "=="}]
        assert floors == [held[canonicalize_name(requirement.name)].version], f"{requirement}: renew with: make lock"


def test_what_the_scan_needs_is_tested_as_it_is_declared() -> None:
    assert {*PROJECT["project"]["optional-dependencies"]["scan"]} <= {*PROJECT["dependency-groups"]["test"]}


def test_what_builds_the_package_is_locked() -> None:
    assert {*PROJECT["build-system"]["requires"]} <= {*PROJECT["dependency-groups"]["build"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_host(name: str) -> None:
    assert "://" not in (LOCKS / f"{name}.txt").read_text(encoding="utf-8")


def commands() -> Iterator[str]:
    """What `make` and CI run, those that go on over several lines joined, but for what is to take the newest."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    without, found = re.subn(r"^test-newest:.*\n(?:\t.*\n)+", "", makefile, flags=re.MULTILINE)
    assert found == 1
    for line in without.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            yield line
    for path in (ROOT / ".ci").glob("*"):
        yield from path.read_text(encoding="utf-8").splitlines()


def test_make_and_ci_install_from_locks() -> None:
    installing = [line for line in commands() if re.search(r"\bpip3? (install|download|wheel)\b|\$\(PIP\)", line)]
    assert installing == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nLOCKED := $(PIP) --require-hashes -r $(LOCKS)\n" in makefile
    assert "\nOURS := $(PIP) --no-deps --no-build-isolation\n" in makefile


INSTALLED_AS_DATA = {"tests/integration/test_formats.py", "tests/live/test_declarations.py"}
"""These fetch distributions to look at them, by name: from an index of ours, and from the real one."""


def test_tests_install_from_locks() -> None:
    """With hashes, the package alone, or with variables that leave pip nothing but what is locked."""
    loose = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if '"pip"' in text else ():
            if not isinstance(node, ast.Call):
                continue
            words = [part.value for part in node.args if isinstance(part, ast.Constant)]
            if "pip" not in words or not {"install", "download", "wheel"} & {*words}:
                continue
            given = any(keyword.arg == "env" for keyword in node.keywords) or "BUILT_HERE" in ast.unparse(node)
            if not given and not {"--require-hashes", "--no-deps"} & {*words}:
                loose[path.relative_to(ROOT).as_posix()] = ast.unparse(node)
    assert loose.keys() <= INSTALLED_AS_DATA, loose
