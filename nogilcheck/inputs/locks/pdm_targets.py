"""The targets of pdm.lock -> environment markers (PEP 508).

The names of platforms are those of the ``Platform`` of dep-logic, which PDM uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nogilcheck.inputs.specifiers.marker_text import all_of

_PLATFORM = re.compile(
    r"(?P<system>linux|manylinux|musllinux|alpine|macos|windows)(?:_\d+_\d+)?(?:_(?P<machine>[a-z0-9_]+))?"
)

_SYSTEMS = {"windows": "win32", "macos": "darwin"}
"""Name -> ``sys_platform``; all others are ``linux``."""

_DEFAULT_MACHINES = {"macos": "arm64", "windows": "amd64"}
"""Where a platform does not name its machine; all others are ``x86_64``."""

_MACHINES = {
    ("win32", "amd64"): "AMD64",
    ("win32", "x86_64"): "AMD64",
    ("win32", "aarch64"): "ARM64",
    ("win32", "arm64"): "ARM64",
    ("darwin", "aarch64"): "arm64",
    ("linux", "arm64"): "aarch64",
    ("linux", "amd64"): "x86_64",
}
"""``sys_platform``, machine -> ``platform_machine``, where that has another name."""

_IMPLEMENTATION = re.compile(r"[a-z]+")


def environment_of(target: Mapping[str, Any]) -> str | None:
    """The marker of one target; ``None`` where it is for everything. Raises `ValueError` with a text for people."""
    return all_of(
        *python_clauses(target.get("requires_python")),
        *_platform(target.get("platform")),
        *_implementation(target.get("implementation")),
    )


def free_threaded(target: Mapping[str, Any]) -> bool | None:
    """Which build of CPython a target is for; ``None``: for both. PDM takes no lock that has none for its own build.

    Where a target names an implementation and does not say, it is the regular build.
    """
    return None if target.get("implementation") is None else target.get("gil_disabled") is True


def python_clauses(value: object) -> list[str]:
    """A version specifier set for Python as clauses of a marker. Raises `ValueError` with a text for people."""
    if value is None or value == "*":
        return []
    try:
        specifiers = SpecifierSet(value) if isinstance(value, str) else None
    except InvalidSpecifier:
        specifiers = None
    if specifiers is None:
        raise ValueError(f"requires_python is not a version specifier set: {value!r}")
    clauses = sorted(specifiers, key=str)
    return [f'python_full_version {clause.operator} "{clause.version}"' for clause in clauses]


def _platform(value: object) -> list[str]:
    if value is None:
        return []
    parsed = _PLATFORM.fullmatch(value) if isinstance(value, str) else None
    if parsed is None:
        raise ValueError(f"unknown platform: {value!r}")
    name = parsed["system"]
    system = _SYSTEMS.get(name, "linux")
    machine = parsed["machine"] or _DEFAULT_MACHINES.get(name, "x86_64")
    machine = _MACHINES.get((system, machine), machine)
    return [f'sys_platform == "{system}"', f'platform_machine == "{machine}"']


def _implementation(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, str) or not _IMPLEMENTATION.fullmatch(value):
        raise ValueError(f"not an implementation of Python: {value!r}")
    return [f'implementation_name == "{value}"']
