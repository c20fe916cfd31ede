"""Poetry's version constraints -> specifier sets (PEP 440).

The rules are those of Poetry's documentation, "Dependency specification": caret, tilde and wildcard requirements,
plain versions as exact ones, ``,`` or a blank for "and", ``||`` for "or".
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from itertools import pairwise

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

MAX_CONSTRAINT_LENGTH = 1000
"""Characters; nobody writes longer ones."""

MAX_HOLES = 100
"""Prefixes (``!=3.1.*``) that stand for the room between two parts of a union."""

_TERM = re.compile(r"(?P<operator>\^|~=|~|===?|=|!=|<>|>=?|<=?)?\s*(?P<version>(?:\d+!)?[^\s,<>=!~^]+)\s*(?:,\s*)?")
_WILDCARD = re.compile(r"(?P<prefix>.+?)(?:\.[xX*])+")
_EVERY = re.compile(r"v?[xX*](?:\.[xX*])*")

_OPERATORS = {"": "==", "=": "==", "<>": "!="}
"""Poetry's spelling -> that of PEP 440, where they differ."""

_Cut = tuple[int, Version, int]
"""A place between versions: 0 before all of them, 1 just before (0) or after (1) the version, 2 after all."""

_Ranges = list[tuple[_Cut, _Cut]]
"""Disjoint, ascending."""

_START: _Cut = (0, Version("0"), 0)
_END: _Cut = (2, Version("0"), 0)


@lru_cache(maxsize=4096)
def specifier_of(constraint: str) -> str | None:
    """The specifier set that a constraint of Poetry stands for, empty for ``*``; ``None`` when it is none.

    PEP 440 has no "or". Of a union (``^1.5 || ^3``) comes what reaches from its lowest to its highest version, without
    the room between where prefixes can say it (``>=1.5,<4,!=2.*``). Where they cannot (``1.2.3 || ^2``), versions in
    between are admitted too: the newest one admitted is right all the same.
    """
    if len(constraint) > MAX_CONSTRAINT_LENGTH:
        return None
    try:
        parts = [_conjunction(part) for part in re.split(r"\|\|?", constraint)]
        if len(parts) == 1 or any(not len(part) for part in parts):
            return str(parts[0]) if len(parts) == 1 else ""
        return _union(parts)
    except ValueError:  # InvalidVersion and InvalidSpecifier are
        return None


def _conjunction(text: str) -> SpecifierSet:
    """What is written between ``||``. Raises `ValueError`."""
    text = text.strip()
    if not text:
        raise ValueError("an empty constraint")
    clauses: list[str] = []
    at = 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None:
            raise ValueError(f"not a version constraint: {text[at:]}")
        clauses += _clauses(term["operator"] or "", term["version"])
        at = term.end()
    return SpecifierSet(",".join(clauses))


def _clauses(operator: str, written: str) -> list[str]:
    """The specifiers of one term. Raises `ValueError`."""
    if _EVERY.fullmatch(written):
        if operator in {"!=", "<>", "<", ">"}:
            raise ValueError("no version is admitted")
        return []
    if wildcard := _WILDCARD.fullmatch(written):
        prefix = wildcard["prefix"].removeprefix("v")
        if operator in {"", "=", "==", "!=", "<>"}:
            return [f"{_OPERATORS.get(operator, operator)}{prefix}.*"]
        written = prefix
    version = Version(written)
    match operator:
        case "^":
            return [f">={version.public}", f"<{_next_breaking(version)}"]
        case "~":
            return [f">={version.public}", f"<{_bumped(version, min(len(version.release), 2))}"]
        case "~=" if len(version.release) == 1:  # Poetry takes it, PEP 440 does not
            return [f">={version.public}", f"<{_bumped(version, 1)}"]
    exact = operator in {"", "=", "==", "===", "!=", "<>"}
    return [f"{_OPERATORS.get(operator, operator)}{version if exact else version.public}"]


def _next_breaking(version: Version) -> str:
    """The first version that a caret excludes: the leftmost part that is not zero, one higher."""
    release = version.release[:3]
    return _bumped(version, next((at for at, part in enumerate(release, 1) if part), len(release)))


def _bumped(version: Version, precision: int) -> str:
    release = (*version.release[: precision - 1], version.release[precision - 1] + 1)
    return (f"{version.epoch}!" if version.epoch else "") + ".".join(map(str, release))


def _union(parts: list[SpecifierSet]) -> str | None:
    ranges = _merged([span for part in parts for span in _ranges(part)])
    if not ranges:
        return None
    clauses = []
    kind, lowest, after = ranges[0][0]
    if kind:
        clauses.append(f"{'>' if after else '>='}{lowest.public}")
    kind, highest, after = ranges[-1][1]
    if kind == 1:
        clauses.append(f"{'<=' if after else '<'}{highest.public}")
    for (_, start), (end, _) in pairwise(ranges):
        clauses += _hole(start, end)
    return str(SpecifierSet(",".join(clauses)))


def _ranges(specifiers: SpecifierSet) -> _Ranges:
    """The versions that satisfy all of them."""
    return reduce(_intersection, map(_ranges_of, specifiers), [(_START, _END)])


def _ranges_of(specifier: Specifier) -> _Ranges:
    """The versions that satisfy one. Raises `ValueError` for ``===`` with anything but a version."""
    operator, wildcard = specifier.operator, specifier.version.endswith(".*")
    version = Version(specifier.version.removesuffix(".*"))
    before, after = (1, version, 0), (1, version, 1)
    if wildcard:
        after = (1, Version(_bumped(version, len(version.release))), 0)
    match operator:
        case ">=":
            return [(before, _END)]
        case ">":
            return [(after, _END)]
        case "<":
            return [(_START, before)]
        case "<=":
            return [(_START, after)]
        case "~=":
            return [(before, (1, Version(_bumped(version, len(version.release) - 1)), 0))]
        case "!=":
            return [(_START, before), (after, _END)]
    return [(before, after)]


def _intersection(left: _Ranges, right: _Ranges) -> _Ranges:
    both = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return [(start, end) for start, end in both if start < end]


def _merged(ranges: _Ranges) -> _Ranges:
    merged: _Ranges = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _hole(start: _Cut, end: _Cut) -> list[str]:
    """The clauses that exclude the versions between two places, where prefixes can express it."""
    (_, low, above), (_, high, past) = start, end
    last = [f"!={high}"] if past else []
    if low == high:
        return last
    if any(str(version) != version.base_version or version.epoch for version in (low, high)):
        return last
    length = max(len(low.release), len(high.release))
    at, stop = _padded(low.release, length), _padded(high.release, length)
    if above:
        at = (*at[:-1], at[-1] + 1)
    prefixes = _prefixes(at, stop)
    return [f"!={'.'.join(map(str, prefix))}.*" for prefix in prefixes] + last


def _prefixes(at: tuple[int, ...], stop: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shortest prefixes that cover the releases from ``at`` up to ``stop``; none when they are too many.

    The rest of a series that ends before ``stop`` (2.8, 2.9, ... before 3.5) has no end, and is left out.
    """
    prefixes: list[tuple[int, ...]] = []
    length = len(at)
    while at < stop:
        size = next(
            size for size in range(1, length + 1) if not any(at[size:]) and (_padded(_next(at[:size]), length) <= stop)
        )
        if size > 1 and at[: size - 1] < stop[: size - 1]:
            at = _padded(_next(at[: size - 1]), length)
            continue
        prefixes.append(at[:size])
        if len(prefixes) > MAX_HOLES:
            return []
        at = _padded(_next(at[:size]), length)
    return prefixes


def _next(release: tuple[int, ...]) -> tuple[int, ...]:
    return (*release[:-1], release[-1] + 1)


def _padded(release: tuple[int, ...], length: int) -> tuple[int, ...]:
    return release + (0,) * (length - len(release))
