"""What the members of a ``cp3XY-none-<platform>`` wheel say about its ABI.

Such a wheel claims no ABI and is tied to one Python all the same. Real ones hold shared libraries
that Python never imports, or, mis-tagged, extension modules of one build
(``orjson-3.10.9-cp313-none-win_amd64.whl``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from pathlib import PurePosixPath

from nogilcheck.model.declaration import Declared
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.target import Target

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
