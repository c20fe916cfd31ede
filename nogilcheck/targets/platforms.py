"""Platforms by name or by tag: the tags that they accept (PEP 425), and their marker variables (PEP 508)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from packaging.tags import mac_platforms

from nogilcheck.errors import invalid_value
from nogilcheck.frozen import frozen
from nogilcheck.model.options import HOST

GLIBC_FLOOR = (2, 34)
"""RHEL 9, Debian 12, Ubuntu 22.04 and newer."""

MUSL_FLOOR = (1, 2)
MACOS_FLOOR = (14, 0)

_LEGACY_MANYLINUX = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
"""PEP 600, "Legacy manylinux tags"."""

_SINCE_MANYLINUX1 = ("x86_64", "i686")
"""Other architectures start with manylinux2014 (PEP 599)."""

_NUMBERS = r"(?:0|[1-9][0-9]{0,2})_(?:0|[1-9][0-9]{0,2})"
_TAG = re.compile(
    rf"(?:manylinux_(?P<glibc>{_NUMBERS})|manylinux(?P<legacy>1|2010|2014)|musllinux_(?P<musl>{_NUMBERS}))"
    r"_(?P<arch>x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64|loongarch64)"
    rf"|macosx_(?P<macos>{_NUMBERS})_(?P<mac>arm64|x86_64)|(?P<windows>win_amd64|win_arm64|win32)"
)
"""A platform tag that says how new the platform is."""


@frozen
class Platform:
    """What a platform name stands for."""

    family: str
    """Its name without a floor: ``linux-x86_64``."""
    floor: str
    """For people: ``glibc 2.34``."""
    tags: Callable[[], Iterator[str]]
    """Platform tags, most preferred first."""
    markers: Mapping[str, str]
    """The known marker variables that depend on the platform."""


def manylinux(arch: str, floor: tuple[int, int] = GLIBC_FLOOR) -> Platform:
    """A glibc system: the plain ``linux_<arch>``, which installers prefer, then PEP 600's tags."""

    def tags() -> Iterator[str]:
        yield f"linux_{arch}"
        major, newest = floor
        for minor in range(newest, (5 if arch in _SINCE_MANYLINUX1 else 17) - 1, -1):
            yield f"manylinux_{major}_{minor}_{arch}"
            if legacy := _LEGACY_MANYLINUX.get((major, minor)):
                yield f"{legacy}_{arch}"

    return _linux("linux", arch, f"glibc {floor[0]}.{floor[1]}", tags)


def musllinux(arch: str, floor: tuple[int, int] = MUSL_FLOOR) -> Platform:
    """A musl system: the plain ``linux_<arch>``, which installers prefer, then PEP 656's tags."""

    def tags() -> Iterator[str]:
        yield f"linux_{arch}"
        major, newest = floor
        yield from (f"musllinux_{major}_{minor}_{arch}" for minor in range(newest, -1, -1))

    return _linux("musllinux", arch, f"musl {floor[0]}.{floor[1]}", tags)


def macos(arch: str, floor: tuple[int, int] = MACOS_FLOOR) -> Platform:
    """A macOS of this version."""
    # The Darwin kernel of macOS 11 to 15 is nine ahead, from macOS 26 on one behind; before 11 it is minor + 4.
    major, minor = floor
    darwin = minor + 4 if major == 10 else major + 9 if major < 26 else major - 1
    return Platform(
        family=f"macos-{arch}",
        floor=f"macOS {major}.{minor}",
        tags=lambda: mac_platforms(floor, arch),
        markers=_markers("posix", "darwin", "Darwin", arch) | {"platform_release": f"{darwin}.0.0"},
    )


def windows(tag: str) -> Platform:
    """``win_amd64``, ``win_arm64`` or ``win32``."""
    machine = "x86" if tag == "win32" else tag.removeprefix("win_").upper()
    markers = _markers("nt", "win32", "Windows", machine)
    return Platform(family=f"windows-{machine.lower()}", floor="Windows", tags=lambda: iter((tag,)), markers=markers)


def _linux(family: str, arch: str, floor: str, tags: Callable[[], Iterator[str]]) -> Platform:
    markers = _markers("posix", "linux", "Linux", arch)
    return Platform(family=f"{family}-{arch}", floor=floor, tags=tags, markers=markers)


def _markers(os_name: str, sys_platform: str, system: str, machine: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
    }


PLATFORMS: Mapping[str, Platform] = {
    "linux-x86_64": manylinux("x86_64"),
    "linux-aarch64": manylinux("aarch64"),
    "musllinux-x86_64": musllinux("x86_64"),
    "musllinux-aarch64": musllinux("aarch64"),
    "macos-arm64": macos("arm64"),
    "macos-x86_64": macos("x86_64"),
    "windows-amd64": windows("win_amd64"),
    "windows-arm64": windows("win_arm64"),
}
"""The platforms by name; ``all`` stands for these."""

PLATFORM_NAMES = ("linux", "macos", "windows", *PLATFORMS, "all", HOST)
"""What ``--platform`` takes, beside tags and other spellings."""


def platform_named(name: str) -> Platform:
    """A platform by its name, or by the newest platform tag that it accepts (``manylinux_2_28_x86_64``).

    Raises `UsageError`.
    """
    if name in PLATFORMS:
        return PLATFORMS[name]
    platform = _by_tag(name)
    if platform is not None:
        return platform
    tags = "a tag such as manylinux_2_28_x86_64, musllinux_1_2_aarch64 or macosx_14_0_arm64"
    raise invalid_value(name, "--platform", f"{', '.join(PLATFORM_NAMES)}, {tags}", among=PLATFORM_NAMES)


def _by_tag(tag: str) -> Platform | None:
    """The platform whose newest tag this is; ``None`` when there is no such platform."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    arch = match["arch"]
    if match["windows"]:
        return windows(tag)
    if match["macos"]:
        floor = _floor(match["macos"])
        # Apple silicon came with 11; after 15 Apple counts by years, from 26 on.
        exists = floor[0] in {10, *range(11, 16)} or floor[0] >= 26
        return (
            macos(match["mac"], floor)
            if exists and floor >= ((11, 0) if match["mac"] == "arm64" else (10, 4))
            else None
        )
    if match["musl"]:
        floor = _floor(match["musl"])
        return musllinux(arch, floor) if floor[0] == 1 else None
    aliases = {alias.removeprefix("manylinux"): version for version, alias in _LEGACY_MANYLINUX.items()}
    floor = aliases[match["legacy"]] if match["legacy"] else _floor(match["glibc"])
    oldest = (2, 5) if arch in _SINCE_MANYLINUX1 else (2, 17)
    return manylinux(arch, floor) if floor[0] == 2 and floor >= oldest else None


def platform_names(name: str) -> tuple[str, ...]:
    """The platforms that a name stands for: ``all``, an operating system, one platform in any usual spelling, a tag.

    A newest tag is as good as the name: ``windows-amd64`` for ``win_amd64``. A name that stands for nothing comes back.
    """
    if name == "all":
        return tuple(PLATFORMS)
    written = name.lower().replace("_", "-")
    system, _, machine = written.partition("-")
    system, machine = _SYSTEMS.get(system, system), _MACHINES.get(machine, machine)
    named = [known for known in PLATFORMS if known.startswith(f"{system}-")]
    if not machine and named:
        return tuple(named)
    same = [known for known in named if _MACHINES[known.partition("-")[2].replace("_", "-")] == machine]
    return (same[0] if same else _BY_NEWEST_TAG.get(name, name),)


_SYSTEMS = {
    "darwin": "macos", "osx": "macos", "mac": "macos", "macosx": "macos", "win": "windows", "manylinux": "linux",
    "alpine": "musllinux", "musl": "musllinux",
}  # fmt: skip

_MACHINES = {"x86-64": "amd64", "x64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
"""Two names for each of two machines."""


_BY_NEWEST_TAG = {
    next(tag for tag in platform.tags() if not tag.startswith("linux_")): name for name, platform in PLATFORMS.items()
}


def _floor(text: str) -> tuple[int, int]:
    major, minor = text.split("_")
    return int(major), int(minor)
