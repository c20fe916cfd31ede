"""``3.14t`` and ``linux-x86_64`` -> `Target`, with its tags (PEP 425) and marker environment (PEP 508).

Nothing here reads the running interpreter: `packaging` is always given versions and platforms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from packaging.tags import compatible_tags, cpython_tags, mac_platforms

from nogilcheck.errors import UsageError
from nogilcheck.model.target import Target

NEWEST_PATCH = {(3, 11): 15, (3, 12): 13, (3, 13): 18, (3, 14): 10, (3, 15): 2}
"""The newest known patch release of each minor (2026-11), for ``python_full_version``; others count as ``.0``."""

FIRST_FREE_THREADED = (3, 13)
"""PEP 703 landed in CPython 3.13."""

OLDEST_PYTHON = (3, 8)

GLIBC_FLOOR = (2, 34)
"""RHEL 9, Debian 12, Ubuntu 22.04 and newer."""

MUSL_FLOOR = (1, 2)
MACOS_FLOOR = {"arm64": (14, 0), "x86_64": (14, 0)}

_LEGACY_MANYLINUX = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
"""PEP 600, "Legacy manylinux tags"."""

_PYTHON = re.compile(r"(?:cp)?(?P<major>3)\.?(?P<minor>\d{1,2})(?:\.(?P<patch>\d{1,3}))?(?P<threads>t?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Platform:
    """What a platform name stands for."""

    floor: str
    tags: Callable[[], Iterator[str]]
    """Platform tags, most preferred first."""
    markers: Mapping[str, str]
    """Those of the marker variables that depend on the platform and are known."""


def _manylinux(arch: str) -> Iterator[str]:
    """The plain ``linux_<arch>``, which installers prefer, then the platform tags of a glibc system (PEP 600)."""
    yield f"linux_{arch}"
    oldest = 5 if arch == "x86_64" else 17  # PEP 599: other architectures start with manylinux2014
    major, minor = GLIBC_FLOOR
    for number in range(minor, oldest - 1, -1):
        yield f"manylinux_{major}_{number}_{arch}"
        if legacy := _LEGACY_MANYLINUX.get((major, number)):
            yield f"{legacy}_{arch}"


def _musllinux(arch: str) -> Iterator[str]:
    """The plain ``linux_<arch>``, which installers prefer, then the platform tags of a musl system (PEP 656)."""
    yield f"linux_{arch}"
    major, minor = MUSL_FLOOR
    yield from (f"musllinux_{major}_{number}_{arch}" for number in range(minor, -1, -1))


def _linux(arch: str, tags: Callable[[str], Iterator[str]], floor: str) -> _Platform:
    markers = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": arch}
    return _Platform(floor=floor, tags=lambda: tags(arch), markers=markers)


def _macos(arch: str) -> _Platform:
    version = MACOS_FLOOR[arch]
    markers = {
        "os_name": "posix",
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "platform_machine": arch,
        # The Darwin kernel of macOS 11 to 15 is nine ahead; from macOS 26 on it is one behind.
        "platform_release": f"{version[0] + 9 if version[0] < 26 else version[0] - 1}.0.0",
    }
    return _Platform(
        floor=f"macOS {version[0]}.{version[1]}", tags=lambda: mac_platforms(version, arch), markers=markers
    )


def _windows(arch: str) -> _Platform:
    markers = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": arch.upper(),
    }
    return _Platform(floor="Windows", tags=lambda: iter((f"win_{arch}",)), markers=markers)


_GLIBC = f"glibc {GLIBC_FLOOR[0]}.{GLIBC_FLOOR[1]}"
_MUSL = f"musl {MUSL_FLOOR[0]}.{MUSL_FLOOR[1]}"

PLATFORMS: Mapping[str, _Platform] = {
    "linux-x86_64": _linux("x86_64", _manylinux, _GLIBC),
    "linux-aarch64": _linux("aarch64", _manylinux, _GLIBC),
    "musllinux-x86_64": _linux("x86_64", _musllinux, _MUSL),
    "musllinux-aarch64": _linux("aarch64", _musllinux, _MUSL),
    "macos-arm64": _macos("arm64"),
    "macos-x86_64": _macos("x86_64"),
    "windows-amd64": _windows("amd64"),
    "windows-arm64": _windows("arm64"),
}


def parse_targets(pythons: Iterable[str], platforms: Iterable[str]) -> tuple[Target, ...]:
    """Every combination, Pythons outermost, in the order given and without repeats.

    ``pythons`` and ``platforms`` are names, or several joined by commas. Raises `UsageError` for a
    name that stands for nothing.
    """
    chosen = dict.fromkeys(_split(platforms))
    wanted = dict.fromkeys(chain.from_iterable(PLATFORMS if name == "all" else (name,) for name in chosen))
    found: dict[str, Target] = {}
    for python in dict.fromkeys(_split(pythons)):
        for platform in wanted:
            target = make_target(python, platform)
            found.setdefault(target.id, target)
    return tuple(found.values())


def make_target(python: str, platform: str) -> Target:
    """One target, with its twin when it is free-threaded. Raises `UsageError`."""
    match = _PYTHON.fullmatch(python)
    if match is None:
        raise UsageError(f"'{python}' is not a Python version", hint="write 3.14t, 3.15t or, for a GIL build, 3.15")
    version = (int(match["major"]), int(match["minor"]))
    free_threaded = bool(match["threads"])
    if version < OLDEST_PYTHON:
        raise UsageError(f"Python {python} is too old to be checked", hint="Python 3.8 is the oldest")
    if free_threaded and version < FIRST_FREE_THREADED:
        raise UsageError(f"there is no free-threaded Python {python}", hint="the first free-threaded build is 3.13t")
    if platform not in PLATFORMS:
        raise UsageError(f"'{platform}' is not a known platform", hint=f"one of: {', '.join(PLATFORMS)}, all")
    patch = int(match["patch"]) if match["patch"] else NEWEST_PATCH.get(version, 0)
    gil_build = _build(version, patch, platform, free_threaded=False, twin=None)
    return _build(version, patch, platform, free_threaded=True, twin=gil_build) if free_threaded else gil_build


def _build(version: tuple[int, int], patch: int, platform: str, *, free_threaded: bool, twin: Target | None) -> Target:
    return Target(
        python=version,
        free_threaded=free_threaded,
        platform=platform,
        floor=PLATFORMS[platform].floor,
        tags=_tags(version, platform, free_threaded=free_threaded),
        environment=_environment(version, patch, platform),
        twin=twin,
    )


def _split(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from filter(None, (part.strip() for part in name.split(",")))


@lru_cache(maxsize=64)
def _tags(version: tuple[int, int], platform: str, *, free_threaded: bool) -> dict[str, int]:
    """Tags that an installer accepts, as pip builds them: ``cpython_tags``, then ``compatible_tags``.

    A free-threaded build accepts ``abi3t`` wheels of every minor and never ``abi3`` (PEP 803).
    """
    interpreter = f"cp{version[0]}{version[1]}"
    platforms = list(PLATFORMS[platform].tags())
    abi = interpreter + ("t" if free_threaded else "")
    ordered = chain(
        cpython_tags(version, abis=[abi], platforms=platforms), compatible_tags(version, interpreter, platforms)
    )
    return {text: rank for rank, text in enumerate(dict.fromkeys(map(str, ordered)))}


def _environment(version: tuple[int, int], patch: int, platform: str) -> dict[str, str]:
    """Marker variables (PEP 508) that the target knows; absent ones cannot be known."""
    full = f"{version[0]}.{version[1]}.{patch}"
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "platform_python_implementation": "CPython",
        "python_full_version": full,
        "python_version": f"{version[0]}.{version[1]}",
        **PLATFORMS[platform].markers,
    }
