"""Specifier sets by their text: built once, merged by text (hashing a `SpecifierSet` is slow)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_UNREADABLE_NUMBER = re.compile(r"[0-9]{4301}")
"""packaging takes it, and Python refuses to convert it once it is compared (`sys.set_int_max_str_digits`)."""


@lru_cache(maxsize=16384)
def specifier_set(text: str) -> SpecifierSet:
    """The specifier set (PEP 440) of a text; one that cannot be read, or compared with, admits everything.

    Whoever read the text has said so: only what was let pass comes here.
    """
    try:
        return SpecifierSet() if _UNREADABLE_NUMBER.search(text) else SpecifierSet(text)
    except InvalidSpecifier:
        return SpecifierSet()


def merged(specifiers: Iterable[str]) -> SpecifierSet:
    """The intersection of several specifier sets."""
    return specifier_set(",".join(sorted(set(filter(None, specifiers)))))


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
