"""How long a page may be used without asking again (RFC 9111)."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_LIFE = 600
"""Seconds, for a server that does not say; what PyPI says."""

MAX_LIFE = 7 * 24 * 3600
"""Seconds; a server that promises more is not believed."""

MAX_DIGITS = 18
"""Of a number in a header. Python refuses to read those of some thousand digits."""


def fresh_until(headers: Mapping[str, str], now: float) -> float:
    """The Unix time until which an answer that came at ``now`` is fresh.

    ``headers`` has lower-case or case-insensitive keys. ``no-store`` and ``no-cache`` mean now: the page is kept,
    since its digest is what an answer rests on, and asked for again by the next run.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-store" in directives or "no-cache" in directives:
        return now
    life = _seconds(directives.get("max-age"))
    if life is None:
        return now + DEFAULT_LIFE
    age = _seconds(headers.get("age")) or 0
    return now + min(max(life - age, 0), MAX_LIFE)


def _directives(value: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in value.split(","))
    return {name.strip().lower(): argument.strip().strip('"') for name, _, argument in pairs}


def _seconds(text: str | None) -> int | None:
    """A number of seconds; one too large to be told is `MAX_LIFE` (RFC 9111, section 1.2.2)."""
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= MAX_DIGITS else MAX_LIFE
