"""What a wheel's tags say, and which wheel a build prefers (PEP 425, PEP 427, PEP 803).

A ``cp3XY-none-<platform>`` wheel claims no ABI and is tied to one Python all the same: its members tell. Real ones hold
shared libraries that Python never imports, or, mis-tagged, extension modules of one build
(``orjson-3.10.9-cp313-none-win_amd64.whl``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache
from pathlib import PurePosixPath

from nogilcheck.model.artifact import ReleaseFile, build_number
from nogilcheck.model.declaration import Declared
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.target import Target, expand_tags
from nogilcheck.model.verdict import WheelKind

_CPYTHON = re.compile(r"cp3(\d*)")
_FREE_THREADED_ABI = re.compile(r"cp3\d+t")
_MEANT_FOR_3 = re.compile(r"(?:cp|py)3\d*t?")
_GIL_ABI = re.compile(r"cp3\d+[dmu]*")

FREE_THREADED = frozenset({WheelKind.FREE_THREADED, WheelKind.ABI3T})
"""Kinds that are built for a free-threaded ABI."""

_STRENGTH = (
    WheelKind.FREE_THREADED,
    WheelKind.ABI3T,
    WheelKind.GIL,
    WheelKind.ABI3,
    WheelKind.NO_ABI,
    WheelKind.PURE,
    WheelKind.FOREIGN,
)
"""Which kind names a wheel whose compressed tag set holds several."""


def tag_kind(python: str, abi: str, platform: str) -> WheelKind:
    """The kind of one tag.

    Tags that no interpreter accepts are foreign: ``py3-abi3``, ``cp315t-abi3t`` (the ``t`` belongs
    to the ABI), ``abi3`` with ``any`` (a stable-ABI extension is built for a platform).
    """
    if abi == "none":
        if not re.fullmatch(r"(?:py|cp)3\d*", python):
            return WheelKind.FOREIGN
        return WheelKind.PURE if platform == "any" else WheelKind.NO_ABI
    if not _CPYTHON.fullmatch(python) or platform == "any":
        return WheelKind.FOREIGN
    if abi == "abi3t":
        return WheelKind.ABI3T
    if abi == "abi3":
        return WheelKind.ABI3
    if _FREE_THREADED_ABI.fullmatch(abi):
        return WheelKind.FREE_THREADED if abi == f"{python}t" else WheelKind.FOREIGN
    return WheelKind.GIL if _GIL_ABI.fullmatch(abi) else WheelKind.FOREIGN


def is_odd(python: str, abi: str, platform: str) -> bool:
    """Whether a tag means CPython 3 and no interpreter accepts it, so that its wheel is never installed."""
    return bool(_MEANT_FOR_3.fullmatch(python)) and tag_kind(python, abi, platform) is WheelKind.FOREIGN


@lru_cache(maxsize=4096)
def tag_kinds(tags: str) -> frozenset[WheelKind]:
    """The kinds in a compressed tag set; foreign only when there is nothing else."""
    kinds = {tag_kind(*tag) for tag in expand_tags(tags)}
    return frozenset(kinds - {WheelKind.FOREIGN} or {WheelKind.FOREIGN})


def wheel_kind(tags: str) -> WheelKind:
    """The one kind that names a wheel, the most specific ABI first."""
    kinds = tag_kinds(tags)
    return next(kind for kind in _STRENGTH if kind in kinds)


def is_compiled(tags: str) -> bool:
    """Whether the wheel is built for an ABI, of whatever interpreter, or for a platform."""
    return any(abi != "none" or platform != "any" for _, abi, platform in expand_tags(tags))


def is_free_threaded(tags: str) -> bool:
    """Whether some free-threaded CPython accepts the wheel for its ABI."""
    return not tag_kinds(tags).isdisjoint(FREE_THREADED)


def free_threaded_tags(files: Iterable[ReleaseFile]) -> list[tuple[str, ...]]:
    """The tags, of any platform, by which some free-threaded CPython accepts one of the wheels."""
    wheels = (file for file in files if file.kind == "wheel" and is_free_threaded(file.tags))
    return [tag for file in wheels for tag in expand_tags(file.tags) if tag_kind(*tag) in FREE_THREADED]


def fitting_wheels(files: Sequence[ReleaseFile], build: Target) -> list[ReleaseFile]:
    """The wheels of one version that a build accepts, most preferred first, as pip sorts them.

    Yanked ones (PEP 592) are among them only where the build would find nothing but yanked files.
    """
    fitting = [
        (build.rank(tag), file)
        for file in files
        if file.kind == "wheel" and (tag := build.best_tag(file.tags)) and build.admits_python(file.requires_python)
    ]
    if any(file.yanked for _, file in fitting):
        usable = [ranked for ranked in fitting if not ranked[1].yanked]
        if usable or not all(file.yanked for file in sdists(files, build)):
            fitting = usable
    # pip takes the last of equals after sorting by tag, then by build tag.
    fitting.sort(key=lambda ranked: (-ranked[0], build_number(ranked[1].build)))
    return [file for _, file in reversed(fitting)]


def sdists(files: Iterable[ReleaseFile], build: Target) -> list[ReleaseFile]:
    """The source distributions that Requires-Python admits."""
    return [file for file in files if file.kind == "sdist" and build.admits_python(file.requires_python)]


def same_python(tag: tuple[str, ...], target: Target) -> bool:
    """Whether the target accepts the tag's interpreter and ABI, whatever its platform; ``none`` claims no ABI."""
    python, abi, _ = tag
    major, minor = target.python
    own = f"cp{major}{minor}"
    if abi == "none":
        return python in {own, "py3"} or _minor(python, "py3", minor)
    if abi == ("abi3t" if target.free_threaded else "abi3"):
        return _minor(python, "cp3", minor)
    return python == own and abi == (f"{own}t" if target.free_threaded else own)


def _minor(python: str, prefix: str, newest: int) -> bool:
    """Whether ``python`` is ``prefix`` and a minor version up to ``newest``."""
    digits = python.removeprefix(prefix)
    return python.startswith(prefix) and digits.isdecimal() and 2 <= int(digits) <= newest


def is_tied(tag: str | None) -> bool:
    """Whether a tag is ``cp3XY-none-<platform>``: no ABI is claimed, yet one Python is."""
    if tag is None:
        return False
    python, abi, platform = tag.split("-")
    return python.startswith("cp") and abi == "none" and platform != "any"


_EXTENSION = re.compile(
    r"\.(?:(?:cpython-|cp)3(?P<minor>\d+)(?P<flags>[a-z]*)\b[^.]*|(?P<stable>abi3t?)[^.]*)\.(?:so|pyd)$"
)
"""A suffix that names its ABI: ``.cpython-314t-x86_64-linux-gnu.so``, ``.cp313-win_amd64.pyd``, ``.abi3.so``."""

_BARE = re.compile(r"\.(?:so|pyd)$")


class Contents(Enum):
    """What a build would find in the wheel."""

    NO_EXTENSION = auto()
    """No extension module: native code that Python does not import."""
    LOADABLE = auto()
    """Every extension module is built for this ABI."""
    FOREIGN_ABI = auto()
    """An extension module is built for another ABI."""
    UNCLEAR = auto()
    """A file that may be an extension module of any ABI."""


def judge_members(members: Iterable[str], build: Target) -> Contents:
    """What the build finds in a wheel with these members (PEP 3149 suffixes)."""
    found = {_judge_member(member, build) for member in members}
    for contents in (Contents.FOREIGN_ABI, Contents.UNCLEAR, Contents.LOADABLE):
        if contents in found:
            return contents
    return Contents.NO_EXTENSION


def judge_scan(members: Iterable[str], scan: WheelScan, build: Target) -> Contents:
    """Likewise, after the bytes of the files that may be modules were read: which are, and for which build."""
    read = {module.path: module.declaration for module in scan.modules if module.declaration is not None}
    modules = [declaration for declaration in read.values() if declaration.hooks]
    if any(declaration.gil_layout for declaration in modules):
        return Contents.FOREIGN_ABI if build.free_threaded else Contents.LOADABLE
    libraries = {path for path, declaration in read.items() if declaration.declared is Declared.NOT_A_MODULE}
    return judge_members([member for member in members if member not in libraries], build)


def _judge_member(member: str, build: Target) -> Contents:
    path = PurePosixPath(member)
    if match := _EXTENSION.search(path.name):
        return Contents.LOADABLE if _is_own(match, build) else Contents.FOREIGN_ABI
    # ``libfoo.so`` and what auditwheel and delvewheel bundle are libraries: import never looks at them.
    bundled = path.name.startswith("lib") or any(part.endswith((".libs", ".dylibs")) for part in path.parts)
    if _BARE.search(path.name) and not bundled:
        return Contents.UNCLEAR
    return Contents.NO_EXTENSION


def _is_own(match: re.Match[str], build: Target) -> bool:
    if stable := match["stable"]:
        return bool(stable == ("abi3t" if build.free_threaded else "abi3"))
    flags = "t" if build.free_threaded else ""
    return int(match["minor"]) == build.python[1] and match["flags"] == flags
