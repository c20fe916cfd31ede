"""The pages of projects, for names that lead there in terminals that know OSC 8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from nogilcheck.model.report.report import Distribution, Report
from nogilcheck.report.words import safe

_PYPI: Final = frozenset({"pypi.org", "www.pypi.org", "pypi.python.org"})
MAX_URL: Final = 2000
"""Characters; terminals take no more (VTE 2083, others less)."""


def project_links(report: Report) -> Mapping[str, str]:
    """``grpcio 1.85.1`` -> the page that says most about it; nothing for what no index listed."""
    found: dict[str, str] = {}
    for distribution in report.distributions:
        title = f"{distribution.name} {distribution.version}" if distribution.version else distribution.name
        if url := _page_of(distribution):
            found[safe(title)] = url
    return found


def _page_of(distribution: Distribution) -> str | None:
    """On PyPI the page of the release, elsewhere that of the index (PEP 503), which people can read, too."""
    if not distribution.index or not distribution.index.isascii() or not distribution.index.isprintable():
        return None
    try:
        parts = urlsplit(distribution.index)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or " " in distribution.index or ";" in distribution.index:
        return None
    name = quote(distribution.name.encode("utf-8", "replace"), safe="")
    if host in _PYPI:
        version = f"{quote(distribution.version.encode('utf-8', 'replace'), safe='')}/" if distribution.version else ""
        url = f"https://pypi.org/project/{name}/{version}"
    else:
        url = f"{distribution.index.rstrip('/')}/{name}/"
    return url if len(url) <= MAX_URL else None
