"""Words for sets of targets read back, by the grammar alone and without the code that writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nogilcheck.model.report.report import TargetSummary

_FAMILIES = {"linux": "linux-", "musllinux": "musllinux-", "macOS": "macos-", "windows": "windows-"}
_PYTHON = re.compile(r"\d+(\.\d+)+t?")


def targets_meant(words: str, targets: Sequence[TargetSummary]) -> set[str]:
    """The ids that the words stand for. Raises `ValueError` for words that mean nothing, or nothing certain."""
    if words == "all targets":
        return {target.id for target in targets}
    if words.startswith("all targets but "):
        return {target.id for target in targets} - _group(words.removeprefix("all targets but "), targets)
    return {id_ for group in words.split("; ") for id_ in _group(group, targets)}


def _group(words: str, targets: Sequence[TargetSummary]) -> set[str]:
    if match := re.fullmatch(r"every platform(?: but (.+))?", words):
        return _meant(targets, None, None, match[1])
    if match := re.fullmatch(r"(\S+) \(([^)]+)\)", words):  # the Pythons of one place
        return _meant(targets, match[2], match[1], None)
    if match := re.fullmatch(r"(.+?) everywhere(?: but (.+))?", words):
        return _meant(targets, match[1], None, match[2])
    if match := re.fullmatch(r"(.+?) on (.+)", words):
        return _meant(targets, match[1], match[2], None)
    if all(_PYTHON.fullmatch(name) for name in _names(words)):
        return _meant(targets, words, None, None)
    return _meant(targets, None, words, None)


def _meant(targets: Sequence[TargetSummary], pythons: str | None, places: str | None, without: str | None) -> set[str]:
    allowed = None if pythons is None else set(_names(pythons))
    if allowed and not allowed <= {target.python_name for target in targets}:
        raise ValueError(pythons)
    on = None if places is None else _platforms(places, targets)
    off = set() if without is None else _platforms(without, targets)
    return {
        target.id
        for target in targets
        if (allowed is None or target.python_name in allowed)
        and (on is None or target.platform in on)
        and target.platform not in off
    }


def _platforms(words: str, targets: Sequence[TargetSummary]) -> set[str]:
    found: set[str] = set()
    for name in _names(words):
        prefix = _FAMILIES.get(name)
        meant = {t.platform for t in targets if (t.platform.startswith(prefix) if prefix else t.platform == name)}
        if not meant:
            raise ValueError(name)
        found |= meant
    return found


def _names(words: str) -> list[str]:
    return re.split(r", | and ", words)
