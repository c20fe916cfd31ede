"""Suggestions for misspelt settings and values. Imported only when there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nogilcheck.errors import did_you_mean

ALIASES: Mapping[str, str] = {
    "targets": "`python` and `platform` set the targets",
    "target": "`python` and `platform` set the targets",
    "pythons": "`python`",
    "platforms": "`platform`",
    "extras": "`extra`",
    "groups": "`group`",
    "indexes": "`index-url` and `extra-index-url`",
    "index": "`index-url`",
    "requirements": "`inputs`",
    "files": "`inputs`",
    "ignore": "`[[waivers]]`, each with a reason; --ignore is for one run",
    "waiver": "`waivers`",
    "allow-targets": "`allow-target`",
    "format": "--format belongs on the command line",
    "output": "--output belongs on the command line",
    "refresh": "--refresh belongs on the command line",
    "write-baseline": "--write-baseline belongs on the command line",
    "tool": "nogilcheck.toml has its settings at the top level, without [tool.nogilcheck]",
}
"""Keys of other tools, and likely guesses."""

SEVERITY_ALIASES: Mapping[str, str] = {
    "error": "blocker",
    "fail": "blocker",
    "warn": "warning",
    "ignore": "off",
    "ready": "off",
    "none": "off",
}


def suggestion(word: str, known: Iterable[str], aliases: Mapping[str, str] | None = None) -> str | None:
    """A hint with the nearest known word; ``None`` where none is near."""
    plain = word.lower().replace("_", "-")
    if aliases and plain in aliases:
        return aliases[plain]
    return did_you_mean(plain, known)
