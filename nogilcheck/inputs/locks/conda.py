"""What locks of conda packages have in common: their platforms, and what build strings tell of the Python they need.

A package that has an extension module depends on ``python_abi``, whose build is ``*_cp314t`` for free-threaded Pythons
and ``*_cp314`` for others (conda-forge's CFEP-20).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.specifiers.conda import PLATFORMS
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.model.source import Bounds, Location

MAX_SHOWN = 20
_HINT = "Lock again with python-freethreading of conda-forge, and check that lock."
_FILE = re.compile(r".*/(?P<name>[^/]+)-(?P<version>[^/-]+)-(?P<build>[^/-]+)\.(?:conda|tar\.bz2)")
_ABI = re.compile(r"_cp(?P<major>\d)(?P<minor>\d+)(?P<threads>t?)\b")


@dataclass(frozen=True, slots=True)
class CondaPackage:
    """A package of a lock, and the ABI of CPython that it is built for."""

    name: str
    where: Location
    abi: str | None
    """``314t``; ``None``: it has no extension module for one Python, as far as its build tells."""
    from_source: bool = False
    """It is built where it is installed."""


def conda_package(url: str, depends: Iterable[str], where: Location) -> CondaPackage:
    """A package by its URL and the match specifications of its dependencies."""
    match = _FILE.fullmatch(url.partition("#")[0])
    name = match["name"] if match else abbreviate(url)
    told = [text for text in depends if text.split()[:1] == ["python_abi"]]
    if match and name in {"python", "python_abi"}:
        told = [match["build"].replace("_cpython", f"_cp{''.join(match['version'].split('.')[:2])}")]
    abi = next((found for text in told if (found := _ABI.search(text))), None)
    return CondaPackage(name, where, abi and f"{abi['major']}{abi['minor']}{abi['threads']}", from_source=match is None)


def check_conda(document: Document, packages: Iterable[CondaPackage], again: str) -> Bounds | None:
    """Say what is known of the packages; a lock whose builds are all free-threaded is for that Python alone.

    ``again``: as in `Bounds`.
    """
    every = {(package.name, package.abi): package for package in packages}.values()
    regular = [package for package in every if package.abi and not package.abi.endswith("t")]
    free = sorted({package.abi for package in every if package.abi and package.abi.endswith("t")})
    rest = [package for package in every if package.abi is None and not package.from_source]
    built = [package for package in every if package.from_source]
    if built:
        text = f"conda packages that are built from source, which are not checked: {_named(built)}"
        document.diagnostics.reject(built[0].where, text, needs_build=True)
    if rest:
        document.diagnostics.note(f"conda packages without a build for one Python: {_named(rest)}", document.path)
    if regular:
        text = f"conda packages with builds for the regular Python, not checked for others: {_named(regular)}"
        document.diagnostics.reject(regular[0].where, text, _HINT, needs_build=True)
    elif len(free) == 1:
        free_threaded = [package for package in every if package.abi == free[0]]
        text = f"conda packages with free-threaded builds (_cp{free[0]}): {_named(free_threaded)}"
        document.diagnostics.note(text, document.path)
        pythons = f"=={free[0][0]}.{free[0][1:-1]}.*"
        return Bounds(project=document.path, location=free_threaded[0].where, requires_python=pythons, again=again)
    elif every:
        text = "no conda package tells the Python that the others are for"
        document.diagnostics.reject(next(iter(every)).where, text, _HINT, needs_build=True)
    return None


def platform_marker(table: Table, platform: str, *keys: str | int) -> str | None:
    """The marker of a platform; ``None`` for one that is not known, which is rejected."""
    if platform not in PLATFORMS and platform != "noarch":
        table.reject(f"a platform that is not known: {platform}", *keys)
    return PLATFORMS.get(platform)


def _named(packages: Iterable[CondaPackage]) -> str:
    names = sorted({package.name for package in packages})
    return ", ".join(names[:MAX_SHOWN]) + (f" and {len(names) - MAX_SHOWN} more" if len(names) > MAX_SHOWN else "")
