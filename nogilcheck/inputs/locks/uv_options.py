"""Whether a uv.lock was made with the settings that count now: where they differ, ``uv sync`` resolves anew."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.cooldown import cutoff_at, span_of, uv_cutoff
from nogilcheck.inputs.settings.unfollowed import HINT
from nogilcheck.inputs.settings.uv import TRUE
from nogilcheck.model.source import IndexSettings, Location

_MODES = {
    "resolution": ("UV_RESOLUTION", "resolution-mode", ("highest",)),
    "prerelease": ("UV_PRERELEASE", "prerelease-mode", ("if-necessary-or-explicit", "if-necessary")),
    "fork-strategy": ("UV_FORK_STRATEGY", "fork-strategy", ("requires-python",)),
}
"""Setting -> its variable, what the lock calls it, and its default by all its names."""


def reject_other_settings(lock: Table, tool: Table) -> None:
    """Reject the settings of ``[tool.uv]`` and of uv's variables that are not those of the lock."""
    variable = tool.document.neighbours.evidence.variable
    if (variable("UV_FROZEN") or "").lower() in TRUE:
        return
    options = lock.table("options")
    differing = []
    for key, (name, written, defaults) in _MODES.items():
        asked, locked = variable(name) or tool.at(key) or defaults[0], options.at(written) or defaults[0]
        if asked != locked and not (asked in defaults and locked in defaults):
            differing.append((key, name))
    name = "UV_EXCLUDE_NEWER"
    locked = options.at("exclude-newer-span") or options.at("exclude-newer")  # beside a span, a moment means nothing
    if _cutoff(variable(name) or tool.at("exclude-newer")) != _cutoff(locked):
        differing.append(("exclude-newer", name))
    for key, name in differing:
        where = Location(path=name) if variable(name) else tool.where(key)
        text = f"uv.lock was made with another {key}: uv resolves anew before it installs"
        tool.document.diagnostics.reject(where, text, HINT, setting="install")


def _cutoff(value: object) -> object:
    """A moment, or a span from now; ``None`` for none, and for what uv does not read either."""
    if not isinstance(value, str):
        return None
    try:
        span = span_of(value)
        return uv_cutoff(value).before if span is None else span
    except ValueError:
        return None


def locked_settings(lock: Table) -> IndexSettings:
    """The cool-down by which a lock was made, where no project beside it says it."""
    options = lock.table("options")
    key = "exclude-newer-span" if "exclude-newer-span" in options else "exclude-newer"
    by_name = options.table("exclude-newer-package")
    cutoffs = [
        cutoff
        for name in by_name
        if not isinstance(by_name.at(name), dict)
        for cutoff in cutoff_at(by_name, name, uv_cutoff, project=canonicalize_name(name))
    ]
    return IndexSettings(cutoffs=(*cutoffs, *cutoff_at(options, key, uv_cutoff)))
