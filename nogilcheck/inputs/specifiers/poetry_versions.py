"""Poetry's version constraints -> specifier sets (PEP 440).

The rules are those of Poetry's documentation, "Dependency specification": caret, tilde and wildcard requirements,
plain versions as exact ones, ``,`` or a blank for "and", ``||`` for "or". ``python`` and ``platform`` of a dependency,
which Poetry has beside ``markers``, become markers (PEP 508).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from itertools import islice
from operator import or_

from packaging.ranges import VersionRange
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

MAX_CONSTRAINT_LENGTH = 1000
"""Characters; nobody writes longer ones."""

MAX_CANDIDATES = 1000
"""Clauses that are tried for a union."""

MAX_SERIES = 100
"""Series (``3.1.*``) before one part of a version that may fill the room between two parts of a union."""

_TERM = re.compile(r"(?P<operator>\^|~=|~|===?|=|!=|<>|>=?|<=?)?\s*(?P<version>(?:\d+!)?[^\s,<>=!~^]+)\s*(?:,\s*)?")
_WILDCARD = re.compile(r"(?P<prefix>.+?)(?:\.[xX*])+")
_EVERY = re.compile(r"v?[xX*](?:\.[xX*])*")

_OPERATORS = {"": "==", "=": "==", "<>": "!="}
"""Poetry's spelling -> that of PEP 440, where they differ."""


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
    return _joined(version.epoch, (*version.release[: precision - 1], version.release[precision - 1] + 1))


def _joined(epoch: int, release: tuple[int, ...]) -> str:
    return (f"{epoch}!" if epoch else "") + ".".join(map(str, release))


def _union(parts: list[SpecifierSet]) -> str | None:
    spans = [span for span in map(_span, parts) if not span.is_empty]
    if not spans:
        return None
    whole = reduce(or_, spans)
    clauses: list[str] = []
    admitted = _span("")
    for clause in islice(_candidates(clause for part in parts for clause in part), MAX_CANDIDATES):
        narrower = admitted & _span(clause)
        if narrower != admitted and whole.is_subset(narrower):
            clauses.append(clause)
            admitted = narrower
    return str(SpecifierSet(",".join(clauses)))


def _span(specifiers: SpecifierSet | str) -> VersionRange:
    """The releases that are admitted; which pre-releases are differs between clauses with the same bound (PEP 440)."""
    return SpecifierSet(str(specifiers), prereleases=False).to_range()


def _candidates(clauses: Iterable[Specifier]) -> Iterator[str]:
    """Clauses that may hold for a whole union, of the clauses of its parts: of each kind the narrowest first."""
    bounds = {bound for clause in clauses for bound in _bounds(clause)}
    lower = [bound for bound in bounds if bound.operator.startswith(">")]
    upper = [bound for bound in bounds if bound.operator.startswith("<")]
    yield from map(str, sorted(lower, key=lambda bound: (Version(bound.version), -len(bound.operator)), reverse=True))
    yield from map(str, sorted(upper, key=lambda bound: (Version(bound.version), len(bound.operator))))
    series = {each for bound in lower for each in _series_before(Version(bound.version))}
    yield from (f"!={each}.*" for each in sorted(series, key=lambda each: (each.count("."), Version(each))))
    yield from sorted(str(bound) for bound in bounds if bound.operator == "!=")


def _bounds(clause: Specifier) -> list[Specifier]:
    """Clauses that together admit what one admits; ``!=1`` may hold for a union where ``>1`` does not."""
    version, wildcard = Version(clause.version.removesuffix(".*")), clause.version.endswith(".*")
    match clause.operator:
        case ">":
            bounds = [str(clause), f"!={version.public}"]
        case "==" if wildcard:
            bounds = [f">={version}", f"<{_bumped(version, len(version.release))}"]
        case "~=":
            bounds = [f">={version}", f"<{_bumped(version, len(version.release) - 1)}"]
        case "==" | "===":
            bounds = [f">={version.public}", f"<={version.public}"]
        case _:
            bounds = [str(clause)]
    return [Specifier(bound) for bound in bounds]


def _series_before(version: Version) -> Iterator[str]:
    """The last series (2, 3.0, 3.1) that end where a version (3.2) begins, at each of its first four parts."""
    for at, number in enumerate(version.release[:4]):
        for before in range(max(0, number - MAX_SERIES), number):
            yield _joined(version.epoch, (*version.release[:at], before))


MAX_LENGTH = 1000
"""Characters of a constraint; nobody writes longer ones."""

_PLATFORM = re.compile(r"\s*(?P<operator>!=|==?)?\s*(?P<value>[A-Za-z0-9_.-]+)\s*")


def python_marker(constraint: str) -> str | None:
    """The marker that a constraint on the Python version stands for; ``None`` for every version.

    Raises `ValueError` for what is no constraint.
    """
    alternatives = []
    for part in _alternatives(constraint):
        specifier = specifier_of(part)
        if specifier is None:
            raise ValueError(f"no constraint: {part!r}")
        clauses = sorted(SpecifierSet(specifier), key=str)
        if not clauses:
            return None
        alternatives.append(" and ".join(map(_comparison, clauses)))
    return " or ".join(alternatives)


def _alternatives(constraint: str) -> list[str]:
    if len(constraint) > MAX_LENGTH:
        raise ValueError(f"no constraint: {constraint[:100]!r}")
    return re.split(r"\|\|?", constraint)


def _comparison(specifier: Specifier) -> str:
    """One clause; ``python_version`` has two parts only, which are all that such a clause looks at."""
    short = specifier.version.count(".") < 2 and not specifier.version.endswith("*")
    variable = "python_version" if short and specifier.operator in {">=", "<", "==", "!="} else "python_full_version"
    return f'{variable} {specifier.operator} "{specifier.version}"'


def platform_marker(constraint: str) -> str | None:
    """The marker that a constraint on ``sys.platform`` stands for; ``None`` for every platform.

    Raises `ValueError` for what is no constraint.
    """
    if constraint.strip() == "*":
        return None
    alternatives = []
    for part in _alternatives(constraint):
        clauses = []
        for clause in part.split(","):
            platform = _PLATFORM.fullmatch(clause)
            if platform is None:
                raise ValueError(f"no constraint: {clause!r}")
            clauses.append(f'sys_platform {"!=" if platform["operator"] == "!=" else "=="} "{platform["value"]}"')
        alternatives.append(" and ".join(clauses))
    return " or ".join(alternatives)
