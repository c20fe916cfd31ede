"""Whether a uv.lock was made with the settings that count now: where they differ, ``uv sync`` resolves anew."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.inputs.contents.document import Table
from nogilcheck.inputs.settings.cooldown import span_of, uv_cutoff
from nogilcheck.inputs.settings.unfollowed import HINT

_MODES = {
    "resolution": ("resolution-mode", ("highest",)),
    "prerelease": ("prerelease-mode", ("if-necessary-or-explicit", "if-necessary")),
    "fork-strategy": ("fork-strategy", ("requires-python",)),
}
"""Setting -> what the lock calls it, and its default by all its names."""


def reject_other_settings(lock: Table, tool: Table) -> None:
    """Reject the settings of ``[tool.uv]`` that are not those of the lock."""
    for key in _differing(lock.table("options"), tool):
        text = f"uv.lock was made with another {key}: uv resolves anew before it installs"
        tool.document.diagnostics.reject(tool.where(key), text, HINT, setting="install")


def _differing(options: Table, tool: Table) -> Iterator[str]:
    for key, (name, defaults) in _MODES.items():
        asked, locked = tool.at(key) or defaults[0], options.at(name) or defaults[0]
        if asked != locked and not (asked in defaults and locked in defaults):
            yield key
    if _cutoff(tool.at("exclude-newer")) != _locked_cutoff(options):
        yield "exclude-newer"


def _cutoff(value: object) -> object:
    """A moment, or a span from now; ``None`` for none, and for what uv does not read either."""
    if not isinstance(value, str):
        return None
    try:
        span = span_of(value)
        return uv_cutoff(value).before if span is None else span
    except ValueError:
        return None


def _locked_cutoff(options: Table) -> object:
    """Uv writes a span beside a moment that means nothing."""
    return _cutoff(options.at("exclude-newer-span") or options.at("exclude-newer"))
