"""The state that threads share in Python sources, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nogilcheck.model.report.report import Report
from nogilcheck.model.report.shared_state import SharedStateKind, SharedStateReading
from nogilcheck.report.words import counted

SHARED_STATE: Final = "Shared state"
"""The title of what a scan has found in Python sources."""
_DONE: Final = {
    SharedStateKind.COUNTER: "read, changed and written",
    SharedStateKind.CHECK_THEN_ACT: "checked and then changed",
    SharedStateKind.LAZY: "made at its first use",
    SharedStateKind.CHANGED: "changed in place",
    SharedStateKind.REBOUND: "rebound by a function",
}


def shared_state(reading: SharedStateReading) -> str:
    """``4 names that functions change without a lock, in 25 Python modules``."""
    names = counted(len(reading.found), "name") if reading.found else "no name"
    return f"{names} that functions change without a lock, in {counted(reading.modules, 'Python module')}"


def shared_places(reading: SharedStateReading) -> Iterator[tuple[str, str]]:
    """``regex/_main.py:677`` and ``_cache: checked and then changed``."""
    return ((f"{one.path}:{one.line}", f"{one.name}: {_DONE[one.kind]}") for one in reading.found)


def unread_sources(reading: SharedStateReading) -> Iterator[str]:
    """Each source that was not read, with the reason."""
    return (f"not read: {': '.join(filter(None, (one.path, one.text)))}" for one in reading.unread)


def shared_in_report(report: Report) -> str:
    """One sentence on all of them; empty where no Python source was read."""
    readings = [one.shared_state for one in report.distributions if one.shared_state]
    if not readings:
        return ""
    names, having = sum(len(one.found) for one in readings), sum(bool(one.found) for one in readings)
    unread = sum(bool(one.unread) for one in readings)
    told = f"{counted(names, 'name') if names else 'no name'} changed without a lock"
    if having:
        told += f" in {having} of {counted(len(readings), 'distribution')}"
    lacking = f"; {unread} not read in full" if unread else ""
    return f"Shared state in Python code: {told}{lacking}."
