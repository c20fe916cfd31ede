"""Parse the names of Pythons and platforms into targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from packaging.tags import compatible_tags, cpython_tags

from nogilcheck.errors import invalid_value
from nogilcheck.model.target import Target
from nogilcheck.targets.platforms import platform_named, platform_names

NEWEST_PATCH = {(3, 11): 15, (3, 12): 13, (3, 13): 18, (3, 14): 10, (3, 15): 2}
"""The newest known patch release of each minor (2026-11), for ``python_full_version``; others count as ``.0``."""

FIRST_FREE_THREADED = (3, 13)
"""PEP 703 landed in CPython 3.13."""

OLDEST_PYTHON = (3, 8)

_PYTHON = re.compile(  # as pyenv, uv, tox and wheel tags spell it as well
    r"(?:cp|py|c?python[ @-]?)?3(?:\.(?P<minor>[0-9]{1,2})(?:\.(?P<patch>[0-9]{1,3}))?|(?P<digits>[0-9]{1,2}))"
    r"(?P<threads>t|\+freethreaded)?",
    re.IGNORECASE,
)


def parse_targets(pythons: Iterable[str], platforms: Iterable[str], *, setting: str = "python") -> tuple[Target, ...]:
    """Every combination, Pythons outermost, in the order given and without repeats.

    ``pythons`` and ``platforms`` are names, or several joined by commas. Raises `UsageError` for a
    name that stands for nothing; ``setting`` is the option that named the Pythons.
    """
    chosen = dict.fromkeys(_split(platforms))
    wanted = dict.fromkeys(chain.from_iterable(platform_names(name) for name in chosen))
    targets: dict[str, Target] = {}
    for python in dict.fromkeys(_split(pythons)):
        for platform in wanted:
            target = make_target(python, platform, setting=setting)
            targets.setdefault(target.id, target)
    return tuple(targets.values())


def make_target(python: str, platform: str, *, setting: str = "python") -> Target:
    """One target, with its twin when it is free-threaded. Raises `UsageError`.

    ``python`` is ``3.14t``, ``3.14`` for the GIL build, or ``3.14.2t`` for one patch release.
    """
    match = _PYTHON.fullmatch(python)
    if match is None:
        allowed = "3.14t, 3.15t, a patch release (3.14.2t), a regular build (3.15), host"
        raise invalid_value(python, f"--{setting}", allowed, among=usual_pythons())
    version = (3, int(match["minor"] or match["digits"]))
    free_threaded = bool(match["threads"])
    if version < OLDEST_PYTHON:
        raise invalid_value(python, f"--{setting}", "Python 3.8 and newer")
    if free_threaded and version < FIRST_FREE_THREADED:
        raise invalid_value(python, f"--{setting}", "free-threaded builds from 3.13t on", meant="3.13t")
    patch = int(match["patch"]) if match["patch"] else None
    gil_build = _build(version, patch, platform, free_threaded=False, twin=None)
    return _build(version, patch, platform, free_threaded=True, twin=gil_build) if free_threaded else gil_build


def usual_pythons() -> Iterator[str]:
    """The builds of the Pythons that are most asked for."""
    for _, minor in NEWEST_PATCH:
        yield from (f"3.{minor}t", f"3.{minor}") if (3, minor) >= FIRST_FREE_THREADED else (f"3.{minor}",)


def _build(
    version: tuple[int, int], patch: int | None, platform: str, *, free_threaded: bool, twin: Target | None
) -> Target:
    return Target(
        python=version,
        patch=patch,
        free_threaded=free_threaded,
        platform=platform,
        family=platform_named(platform).family,
        floor=platform_named(platform).floor,
        tags=_tags(version, platform, free_threaded=free_threaded),
        environment=_environment(version, NEWEST_PATCH.get(version, 0) if patch is None else patch, platform),
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
    platforms = list(platform_named(platform).tags())
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
        **platform_named(platform).markers,
    }
