"""Which files an interpreter takes for extension modules, by their names (PEP 3149, PEP 803)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from nogilcheck.frozen import frozen

MACHINES: Final = {"linux-x86_64": "x86_64", "linux-aarch64": "aarch64", "linux-i686": "i386"}
"""Platform families of which the name in a suffix (the multiarch tuple) is not simply theirs."""

TEST_DIRECTORIES: Final = frozenset({"tests", "test"})
"""Directories of which the modules are there for a test suite only."""

LIBRARY_DIRECTORIES: Final = frozenset({"lib", "lib64"})
"""Where native libraries lie in a package, as on a system."""

FIRST_WITH_ABI3T: Final = 15
"""The first minor version whose free-threaded build looks for ``.abi3t.so`` (PEP 803), and no more for ``.abi3.so``."""

_TAGGED = re.compile(
    r"\.(?:cpython-(?P<unix>3\d+[a-z]*)(?:-[^.]+)?|cp(?P<windows>3\d+[a-z]*)-[^.]+|(?P<stable>abi3t?)(?:-[^.]+)?"
    r"|(?P<other>(?:pypy|graalpy|cpython-2)[^.]*))\.(?:so|pyd)"
)
"""A suffix that says which interpreter it is for."""
_BARE = frozenset({".so", ".pyd"})
_MODULE = re.compile(r"\w+")
_TESTED = re.compile(r"_test.*|.*_tests?")
_DATA = re.compile(r"[^/]+\.data/(?P<scheme>[^/]+)/")
_IMPORTED_SCHEMES = frozenset({"purelib", "platlib"})


@frozen
class Extensions:
    """The files of a wheel that look like extension modules."""

    loadable: tuple[str, ...] = ()
    """Those that the interpreter looks for, sorted."""
    unloadable: tuple[str, ...] = ()
    """Those that have a suffix for another interpreter, sorted."""


def suffixes(python: tuple[int, int], family: str, *, free_threaded: bool = True) -> tuple[str, ...]:
    """What the interpreter looks for, the first first: `importlib.machinery.EXTENSION_SUFFIXES` of the target.

    ``family`` is `Target.family`. Windows has no suffix for a stable ABI (Python/dynload_win.c).
    """
    own = f"{python[0]}{python[1]}{'t' if free_threaded else ''}"
    system, _, machine = family.partition("-")
    if system == "windows":
        tag = {"x86": "win32"}.get(machine, f"win_{machine}")
        return (f".cp{own}-{tag}.pyd", ".pyd")
    libc = {"musllinux": "linux-musl"}.get(system, "linux-gnu")
    place = "darwin" if system == "macos" else f"{MACHINES.get(f'linux-{machine}', machine)}-{libc}"
    if free_threaded and python[1] >= FIRST_WITH_ABI3T:
        return (f".cpython-{own}-{place}.so", f".abi3t-{place}.so", ".abi3t.so", ".so")
    return (f".cpython-{own}-{place}.so", ".abi3.so", ".so")


def find_extensions(members: Iterable[str], looked_for: tuple[str, ...]) -> Extensions:
    """Those among the members of a wheel; ``looked_for`` are the interpreter's `suffixes`.

    Of files that would be the same module, the interpreter takes the first in its own order. What auditwheel and
    delvewheel bundle, and names that no module has, are libraries; mypyc's begin with a digit all the same.
    """
    best: dict[str, tuple[int, str]] = {}
    unloadable: list[str] = []
    for member in members:
        path = imported_path(member)
        if path is None:
            continue
        key, suffix = _split(path)
        if not suffix:
            continue
        if suffix in looked_for:
            rank = looked_for.index(suffix)
            best[key] = min(best.get(key, (rank, member)), (rank, member))
        elif suffix in _BARE or _TAGGED.fullmatch(suffix):
            unloadable.append(member)
    return Extensions(
        loadable=tuple(sorted(member for _, member in best.values())), unloadable=tuple(sorted(unloadable))
    )


def is_extension(member: str) -> bool:
    """Whether some CPython may take a member for an extension module."""
    path = imported_path(member)
    suffix = "" if path is None else _split(path)[1]
    match = _TAGGED.fullmatch(suffix)
    return suffix in _BARE or (match is not None and not match["other"])


def _split(path: str) -> tuple[str, str]:
    """The path without suffix, and the suffix; nothing where it is not that of an extension module."""
    directory, _, name = path.rpartition("/")
    stem, dot, rest = name.partition(".")
    suffix = dot + rest
    if not suffix.endswith((".so", ".pyd")) or not _MODULE.fullmatch(stem) or _is_bundled(directory):
        return "", ""
    return f"{directory}/{stem}", suffix


def imported_path(member: str) -> str | None:
    """Where a member lands below site-packages (PEP 427); ``None``: elsewhere, or it is no file that is imported."""
    match = _DATA.match(member)
    if match is None:
        return None if ".dist-info/" in member else member
    return member[match.end() :] if match["scheme"] in _IMPORTED_SCHEMES else None


def module_of(member: str) -> str:
    """The name by which it is imported: ``numpy._core._simd``."""
    directory, _, name = (imported_path(member) or member).rpartition("/")
    stem = name.partition(".")[0]
    return ".".join([*filter(None, directory.split("/")), stem])


def is_for_tests(member: str) -> bool:
    """Whether only a test suite imports it: a directory ``tests``, a name ``_test*``, ``*_test`` or ``*_tests``."""
    directory, _, name = member.rpartition("/")
    return not TEST_DIRECTORIES.isdisjoint(directory.split("/")) or bool(_TESTED.fullmatch(name.partition(".")[0]))


def abi_of(member: str) -> str | None:
    """The ABI that the suffix names: ``cp314t``, ``cp314``, ``abi3``, ``abi3t``; ``None``: none, or not CPython's."""
    match = _TAGGED.fullmatch("." + member.rpartition("/")[2].partition(".")[2])
    if match is None or match["other"]:
        return None
    return match["stable"] or f"cp{match['unix'] or match['windows']}"


def libraries(members: Collection[str]) -> Iterator[str]:
    """Those that are libraries by name and place: ``torch/lib/libtorch_cuda.so``.

    The name alone does not tell (``triton/_C/libtriton.so`` is a module); but a directory in a ``lib`` that is no
    package holds what linkers look for. One with Python files in it may be a package without ``__init__.py`` (PEP 420).
    """
    packages = {member.rpartition("/")[0] for member in members if member.endswith((".py", ".pyi"))}
    for member in members:
        directory, _, name = member.rpartition("/")
        in_lib = not LIBRARY_DIRECTORIES.isdisjoint(directory.split("/")) and directory not in packages
        if in_lib and name.startswith("lib") and name.endswith(".so") and name.count(".") == 1:
            yield member


def _is_bundled(directory: str) -> bool:
    return any(part.endswith((".libs", ".dylibs")) for part in directory.split("/"))
