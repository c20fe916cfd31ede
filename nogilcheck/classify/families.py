"""Platform tags in the words people use."""

from __future__ import annotations

import re

_FAMILIES = (
    (re.compile(r"manylinux(?:\d+|_\d+_\d+)_(?P<arch>.+)"), "manylinux {arch}"),
    (re.compile(r"musllinux_\d+_\d+_(?P<arch>.+)"), "musllinux {arch}"),
    (re.compile(r"macosx_\d+_\d+_(?P<arch>arm64|x86_64)"), "macOS {arch}"),
    (re.compile(r"macosx_.+"), "macOS"),
    (re.compile(r"win(?:_(?P<arch>.+)|32)"), "Windows {arch}"),
    (re.compile(r"linux_(?P<arch>.+)"), "Linux {arch}"),
    (re.compile(r"(?P<arch>ios|android|pyodide|emscripten|wasi)_.+"), "{arch}"),
)


def platform_family(platform: str) -> str:
    """``manylinux_2_28_x86_64`` -> ``manylinux x86_64``; an unknown tag stands for itself."""
    for pattern, words in _FAMILIES:
        if match := pattern.fullmatch(platform):
            arch = match.groupdict().get("arch") or "x86"
            return words.format(arch=arch)
    return platform


_FLOORS = (
    (re.compile(r"manylinux_(\d+)_(\d+)_.+"), "glibc"),
    (re.compile(r"musllinux_(\d+)_(\d+)_.+"), "musl"),
    (re.compile(r"macosx_(\d+)_(\d+)_.+"), "macOS"),
)


def platform_floor(platform: str) -> tuple[str, tuple[int, int]] | None:
    """What a platform tag asks for at least: ``manylinux_2_28_x86_64`` -> ``("glibc", (2, 28))``; ``None``: nothing."""
    for pattern, what in _FLOORS:
        if match := pattern.fullmatch(platform):
            return what, (int(match[1]), int(match[2]))
    return None
