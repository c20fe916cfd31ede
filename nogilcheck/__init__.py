"""What stops a Python project from moving to a free-threaded CPython.

What ``__all__`` names is the public API (docs/reference/api.md); everything else may change.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for the one of typing, which every start would import
if TYPE_CHECKING:
    from nogilcheck.api import check
    from nogilcheck.errors import CacheError, ExitStatus, InputError, NogilcheckError, UsageError
    from nogilcheck.model.options import Options
    from nogilcheck.model.report.finding import Finding
    from nogilcheck.model.report.report import Distribution, Report, TargetSummary
    from nogilcheck.model.source import IndexSettings
    from nogilcheck.model.verdict import Severity, Status

__version__ = "0.1.0"
__all__ = [
    "CacheError",
    "Distribution",
    "ExitStatus",
    "Finding",
    "IndexSettings",
    "InputError",
    "NogilcheckError",
    "Options",
    "Report",
    "Severity",
    "Status",
    "TargetSummary",
    "UsageError",
    "check",
]

_HOMES = {
    **dict.fromkeys(["CacheError", "ExitStatus", "InputError", "NogilcheckError", "UsageError"], "nogilcheck.errors"),
    **dict.fromkeys(["Distribution", "Report", "TargetSummary"], "nogilcheck.model.report.report"),
    **dict.fromkeys(["Severity", "Status"], "nogilcheck.model.verdict"),
    "Finding": "nogilcheck.model.report.finding",
    "IndexSettings": "nogilcheck.model.source",
    "Options": "nogilcheck.model.options",
    "check": "nogilcheck.api",
}


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that ``--version`` stays cheap (PEP 562)."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*__all__, "__version__"]
