"""Specifier sets (PEP 440), cached and merged by their text, because hashing a `SpecifierSet` is slow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_UNREADABLE_NUMBER = re.compile(r"[0-9]{4301}")
"""packaging accepts such a number, and Python refuses to convert it in a comparison (`sys.set_int_max_str_digits`)."""


@lru_cache(maxsize=16384)
def specifier_set(text: str) -> SpecifierSet:
    """Parse a specifier set; one that cannot be parsed or compared with admits everything.

    The readers of requirements and metadata report such texts; this function does not.
    """
    try:
        return SpecifierSet() if _UNREADABLE_NUMBER.search(text) else SpecifierSet(text)
    except InvalidSpecifier:
        return SpecifierSet()


def merged_text(specifiers: Iterable[str]) -> str:
    """The intersection of several specifier sets, as text."""
    return ",".join(sorted(set(filter(None, specifiers))))


def merged(specifiers: Iterable[str]) -> SpecifierSet:
    """The intersection of several specifier sets."""
    return specifier_set(merged_text(specifiers))


@lru_cache(maxsize=16384)
def is_pinned(text: str) -> bool:
    """Whether a specifier set holds ``===``, or ``==`` without a wildcard."""
    return any(
        spec.operator == "===" or (spec.operator == "==" and not spec.version.endswith(".*"))
        for spec in specifier_set(text)
    )


@lru_cache(maxsize=16384)
def is_upper_bounded(text: str) -> bool:
    """Whether a specifier set holds ``<``, ``<=``, ``~=`` or ``==`` with a wildcard."""
    return any(
        spec.operator in {"<", "<=", "~="} or (spec.operator == "==" and spec.version.endswith(".*"))
        for spec in specifier_set(text)
    )
