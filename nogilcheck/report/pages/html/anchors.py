"""The addresses of distributions within a page: ``report.html#grpcio``."""

from __future__ import annotations

import re
from typing import Final

from nogilcheck.model.report.report import Report

Key = tuple[str, str | None]
"""A distribution: its name and version."""

_PLAIN: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A normalized name (name normalization specification). Sections have names with an underscore, which none has."""


def anchors(report: Report) -> dict[Key, str]:
    """A distribution -> its id: the name; where another version has that, or the name is none, a number follows."""
    found: dict[Key, str] = {}
    taken: set[str] = set()
    named = [(one.name, one.version) for one in report.distributions]
    named += [(one.distribution, one.version) for one in report.findings]
    for key in dict.fromkeys(named):
        name = key[0] if _PLAIN.fullmatch(key[0]) else "_"
        number = next(number for number in range(len(taken) + 1) if _numbered(name, number) not in taken)
        found[key] = _numbered(name, number)
        taken.add(found[key])
    return found


def _numbered(name: str, number: int) -> str:
    return f"{name}.{number + 1}" if number else name
