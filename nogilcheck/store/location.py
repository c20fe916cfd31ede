"""Where the cache is kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

VARIABLE = "NOGILCHECK_CACHE_DIR"
"""The environment variable that names the cache directory."""

DIRECTORY_NAME = "nogilcheck"
"""Below the platform's cache directory."""


class CacheLocation(NamedTuple):
    """A cache directory, and whether somebody asked for that one."""

    directory: Path
    """Absolute; it need not exist."""
    explicit: bool
    """Named by a flag or by `VARIABLE`: an error there is the user's to know."""


def locate(option: str | None, environ: Mapping[str, str], *, platform: str = sys.platform) -> CacheLocation | None:
    """The cache directory: the option, else `VARIABLE`, else the platform's own place.

    ``option`` is the value of ``--cache-dir``; an empty value counts as absent. ``None`` comes back when nothing was
    asked for and the user has no home directory, as in some containers: then there is no cache.
    """
    if named := option or environ.get(VARIABLE):
        directory = Path(os.path.expanduser(named)).absolute()  # noqa: PTH111  Path.expanduser raises without a home
        return CacheLocation(directory=directory, explicit=True)
    base = _platform_cache(environ, platform)
    return None if base is None else CacheLocation(directory=base / DIRECTORY_NAME, explicit=False)


def _platform_cache(environ: Mapping[str, str], platform: str) -> Path | None:
    if platform == "win32":
        if local := environ.get("LOCALAPPDATA"):
            return Path(local)
        below_home = "AppData/Local"
    elif platform == "darwin":
        below_home = "Library/Caches"
    else:
        # XDG base directory specification 0.8: a relative path is invalid and ignored.
        xdg = environ.get("XDG_CACHE_HOME", "")
        if xdg.startswith("/"):
            return Path(xdg)
        below_home = ".cache"
    home = _home(environ, platform)
    return home / below_home if home is not None else None


def _home(environ: Mapping[str, str], platform: str) -> Path | None:
    if home := environ.get("USERPROFILE" if platform == "win32" else "HOME"):
        return Path(home).absolute()
    try:
        return Path.home()
    except RuntimeError:
        return None
