"""The running interpreter as a target: the only place that looks at it."""

from __future__ import annotations

import sys
import sysconfig

from nogilcheck.errors import UsageError
from nogilcheck.model.options import HOST


def host_python() -> str:
    """``3.14.2t``: the version of the running interpreter, and whether it is a free-threaded build (PEP 703).

    A pre-release stands for its release.
    """
    major, minor, micro = sys.version_info[:3]
    return f"{major}.{minor}.{micro}{'t' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''}"


def host_platform() -> str:
    """The newest platform tag that says how new the host is: ``manylinux_2_36_x86_64``. Raises `UsageError`."""
    from packaging.tags import platform_tags

    for tag in platform_tags():
        if tag.startswith(("manylinux_", "musllinux_", "macosx_", "win")):
            return tag
    raise UsageError(
        "the platform of this machine has no wheels of its own", hint="name one with --platform", setting="platform"
    )


def settle(names: tuple[str, ...], found: str) -> tuple[str, ...]:
    """The names, with what was found in the place of ``host``."""
    return tuple(found if name == HOST else name for name in names)
