"""What stops a Python project from moving to a free-threaded CPython.

The public API is `check`, `Options`, `Target` and `Report`; everything else may change.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, whose import would come before Ctrl-C is dealt with

if TYPE_CHECKING:
    from nogilcheck.jobs.check import check
    from nogilcheck.model.options import Options
    from nogilcheck.model.report.report import Report
    from nogilcheck.model.target import Target

__version__ = "0.1.0"
__all__ = ["Options", "Report", "Target", "check"]

_HOMES = {
    "check": "nogilcheck.jobs.check",
    "Options": "nogilcheck.model.options",
    "Report": "nogilcheck.model.report.report",
    "Target": "nogilcheck.model.target",
}


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that ``--version`` stays cheap (PEP 562)."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
