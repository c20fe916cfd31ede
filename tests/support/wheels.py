"""Wheels on the disk for inspections, as a build backend writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from wheel.wheelfile import WheelFile

from tests.support.modules import Says, module

LINUX = "manylinux_2_28_x86_64"
SO = "cpython-314t-x86_64-linux-gnu.so"


def write_wheel(
    directory: Path,
    tags: str = f"cp314-cp314t-{LINUX}",
    *,
    modules: Mapping[str, Says] | None = None,
    files: Mapping[str, bytes] | None = None,
    stated: Iterable[str] | None = None,
    classifiers: Iterable[str] = (),
    name: str = "demo",
    version: str = "1.0",
) -> Path:
    """A wheel with these extension modules. ``stated``: the tags in its WHEEL file, by default those of its name."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}-{version}-{tags}.whl"
    python, abi, platform = tags.split("-")
    product = [f"{p}-{a}-{q}" for p in python.split(".") for a in abi.split(".") for q in platform.split(".")]
    lines = "".join(f"Tag: {tag}\n" for tag in (product if stated is None else stated))
    claims = "".join(f"Classifier: Programming Language :: Python :: Free Threading{one}\n" for one in classifiers)
    info = f"{name}-{version}.dist-info"
    with WheelFile(path, "w") as archive:
        for member, says in (modules or {}).items():
            archive.writestr(member, module(member.rpartition("/")[2].partition(".")[0], says))
        for member, data in (files or {}).items():
            archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{claims}\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\n{lines}")
    return path


def install(wheel: Path, site_packages: Path) -> None:
    """What an installer makes of a wheel."""
    with WheelFile(wheel) as archive:
        archive.extractall(site_packages)
