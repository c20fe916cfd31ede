"""What the metadata say of the project beyond a resolution: where it lives, and what it claims of free threading."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

from packaging.metadata import RawMetadata

MAX_LINKS = 100
"""Project-URL fields that are looked at; PyPI takes fewer."""
MAX_URL = 2000
"""Characters of a URL; a longer one is nothing to show."""

FREE_THREADING = "Programming Language :: Python :: Free Threading"
"""What the classifiers begin with: https://pypi.org/classifiers/"""

_ALIASES = {
    "homepage": "homepage",
    "source": "source",
    "repository": "source",
    "sourcecode": "source",
    "github": "source",
    "issues": "issues",
    "bugs": "issues",
    "issue": "issues",
    "tracker": "issues",
    "issuetracker": "issues",
    "bugtracker": "issues",
    "changelog": "changelog",
    "changes": "changelog",
    "whatsnew": "changelog",
    "history": "changelog",
}
"""Labels (PEP 753, normalized) -> the well-known one of the same meaning; those that lead to other places left out."""

_REMOVED = str.maketrans("", "", string.punctuation + string.whitespace)


def read_links(raw: RawMetadata, unparsed: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """Well-known labels and their URLs: the first of each, from Project-URL, or else from Home-page (PEP 753)."""
    links: dict[str, str] = {}
    for label, url in _stated(raw, unparsed):
        known = _ALIASES.get(_normalized(label))
        if known and known not in links and (usable := _usable(url)):
            links[known] = usable
    return tuple(sorted(links.items()))


def read_free_threading(raw: RawMetadata) -> tuple[str, ...]:
    """The classifiers on free threading, without what they all begin with: ``2 - Beta``; empty: the bare one."""
    claims = [classifier for classifier in raw.get("classifiers", ()) if classifier.startswith(FREE_THREADING)]
    levels = (classifier.removeprefix(FREE_THREADING).removeprefix(" :: ").strip() for classifier in claims)
    return tuple(dict.fromkeys(level for level in levels if len(level) <= len(FREE_THREADING)))


def _stated(raw: RawMetadata, unparsed: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Labels and URLs. packaging refuses all of a file's Project-URL fields when two have the same label."""
    yield from list(raw.get("project_urls", {}).items())[:MAX_LINKS]
    for line in unparsed.get("project-url", ())[:MAX_LINKS]:
        label, _, url = line.partition(",")
        yield label, url.strip()
    yield "homepage", raw.get("home_page", "")


def _normalized(label: str) -> str:
    return label.translate(_REMOVED).lower()


def _usable(url: str) -> str:
    """The URL; empty for anything that a browser should not be sent to."""
    url = url.strip()
    if len(url) > MAX_URL or not url.isprintable() or " " in url:
        return ""
    return url if url.startswith(("https://", "http://")) else ""
