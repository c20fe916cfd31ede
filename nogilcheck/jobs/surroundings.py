"""What a job finds around it: its cache, and how fresh pages have to be."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from nogilcheck.model.cache import Cache
from nogilcheck.model.options import Options
from nogilcheck.store.location import locate

if TYPE_CHECKING:
    from nogilcheck.index.pages.page_policy import PagePolicy


def page_policy(options: Options, asked_since: float | None = None) -> PagePolicy:
    """Pages that were asked for since ``asked_since`` (Unix time; by default now) are not asked for again."""
    from nogilcheck.index.pages.page_policy import PagePolicy

    since = time.time() if asked_since is None else asked_since
    return PagePolicy(offline=options.offline, refresh=options.refresh, max_age=options.max_age, asked_since=since)


def open_cache(options: Options, warn: Callable[[str], None]) -> Cache:
    """The cache that the options name. Raises `CacheError` for one that was asked for and cannot be made."""
    from nogilcheck.store.sqlite_cache import SqliteCache, open_cache

    location = None if options.no_cache else locate(options.cache_dir, os.environ)
    if location is None:
        return SqliteCache()
    return open_cache(location.directory, explicit=location.explicit, warn=warn)
