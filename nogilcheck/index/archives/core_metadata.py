"""Core metadata from the text of a METADATA or PKG-INFO file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from packaging.markers import InvalidMarker, Marker
from packaging.metadata import RawMetadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from nogilcheck.index.archives.upstream import read_free_threading, read_links
from nogilcheck.model.artifact import Dependency, Metadata
from nogilcheck.model.classifiers import read_pythons
from nogilcheck.model.urls import quotable, without_credentials

HEADERS_LIMIT = 4 * 1024 * 1024
"""Bytes of the header fields; older files have the whole description among them."""
LINES_LIMIT = 100_000
"""Lines of the header fields. The parser of the standard library takes 15 microseconds for each."""
EXTRAS_LIMIT = 2_000
"""Extras of one distribution; the most seen is below 300."""
REQUIREMENT_LIMIT = 16_384
"""Characters of one Requires-Dist entry; the longest real ones have about 4,000."""
DIGITS_LIMIT = 640
"""Digits of a number in a version: packaging accepts more, and Python may then refuse to convert them (`int`)."""
REQUIREMENTS_LIMIT = 10_000
"""Requires-Dist entries of one distribution; the most seen is below 2,000."""
PROBLEMS_LIMIT = 20
"""Problems told one by one; the rest are only counted."""
MEMO_SIZE = 65_536
"""Requirement strings remembered; a cold run over a large graph sees about 20,000."""

_FOLDED = re.compile(r"\r?\n[ \t]*")
_LONG_NUMBER = re.compile(rf"[0-9]{{{DIGITS_LIMIT + 1}}}")
_UNREAD_DEPENDENCY = re.compile(r"^requires-dist[ \t]*:", re.IGNORECASE | re.MULTILINE)


class BeyondLimitsError(InvalidRequirement):
    """A requirement that goes beyond a limit of this module: another reader may well accept it."""


def parse_metadata(data: bytes, *, origin: str) -> Metadata:
    """The fields that resolution needs, from METADATA, PKG-INFO or a PEP 658 file.

    As strict as packaging, and so as pip, about each requirement; but a field that cannot be read
    goes into ``problems`` and takes no other field with it. A malformed Requires-Python is kept as it
    is: who evaluates it decides, as pip does. Never raises.
    """
    raw, unparsed = read_fields(data)
    problems: list[str] = []
    if not _head(data)[1]:
        problems.append(f"its metadata have more than {LINES_LIMIT:,} lines or {HEADERS_LIMIT:,} bytes of fields")
    lines = [*raw.get("requires_dist", []), *unparsed.get("requires-dist", [])]
    if any(_UNREAD_DEPENDENCY.search(str(text)) for text in (raw.get("description"), *unparsed.get("description", ()))):
        problems.append("a malformed line ends its metadata before all Requires-Dist lines are read")
    invalid: list[str] = []
    requires = read_dependencies(
        (_FOLDED.sub(" ", line) for line in lines), problems, field="Requires-Dist line", invalid=invalid
    )
    requires_python = _first("requires-python", raw.get("requires_python"), unparsed)
    if _is_absurd(requires_python):
        problems.append(f"its Requires-Python {quotable(requires_python)!r} cannot be read")
        requires_python = ""
    return Metadata(
        requires=requires,
        extras=bounded_extras(raw.get("provides_extra", ()), problems),
        requires_python=requires_python or None,
        origin=origin,
        problems=summed_up(problems),
        name=canonicalize_name(_first("name", raw.get("name"), unparsed)),
        version=_first("version", raw.get("version"), unparsed),
        invalid=next(iter(invalid), None),
        is_utf8=_is_utf8(data),
        pythons=read_pythons(raw.get("classifiers", ())),
        links=read_links(raw, unparsed),
        free_threading=read_free_threading(raw),
    )


def _first(field: str, read: str | None, unparsed: dict[str, list[str]]) -> str:
    """A field as pip has it, which asks the email message and gets the first of several; empty: there is none."""
    return _FOLDED.sub(" ", str(read or next(iter(unparsed.get(field, ())), ""))).strip()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_fields(data: bytes) -> tuple[RawMetadata, dict[str, list[str]]]:
    """The header fields as packaging reads them: those it knows, and those it could not place.

    The description after the first blank line is not read: that saves four fifths of the time.
    """
    return parse_email(_head(data)[0])


def _head(data: bytes) -> tuple[bytes, bool]:
    """The header fields as far as they are read, and whether that is all of them."""
    ends = [end for end in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if end >= 0]
    size = min(ends) + 1 if ends else len(data)
    head = data[: min(size, HEADERS_LIMIT)]
    lines = head.count(b"\n") + head.count(b"\r")
    if lines <= LINES_LIMIT:
        return head, size <= HEADERS_LIMIT
    return b"".join(head.splitlines(keepends=True)[:LINES_LIMIT]), False


def read_dependencies(
    lines: Iterable[str],
    problems: list[str],
    *,
    field: str,
    most: int | None = None,
    invalid: list[str] | None = None,
) -> tuple[Dependency, ...]:
    """One dependency per line; lines that cannot be read are told in ``problems`` as a bad ``field``.

    :param most: lines that are read; by default `REQUIREMENTS_LIMIT`.
    :param invalid: takes those of the problems with which no reader can do anything.
    """
    dependencies = []
    for count, line in enumerate(lines):
        if count == (REQUIREMENTS_LIMIT if most is None else most):
            problems.append(f"it has more than {REQUIREMENTS_LIMIT:,} dependencies; the rest were not read")
            break
        try:
            dependencies.append(parse_dependency(line))
        except InvalidRequirement as error:
            problems.append(f"its {field} {quotable(line)!r} cannot be read")
            if invalid is not None and not isinstance(error, BeyondLimitsError):
                invalid.append(problems[-1])
    return tuple(dependencies)


@lru_cache(maxsize=MEMO_SIZE)
def parse_dependency(text: str) -> Dependency:
    """One requirement (PEP 508), taken apart.

    :raises InvalidRequirement: where packaging raises it, and for texts beyond `REQUIREMENT_LIMIT`.
    """
    if _is_absurd(text):
        raise BeyondLimitsError("the requirement, or a number in it, is too long")
    try:
        requirement = Requirement(text.strip())
        marker = str(requirement.marker) if requirement.marker else None
    except SystemError:  # packaging has `ast` read literals, whose depth CPython 3.11 counts for all threads together
        again: Dependency = parse_dependency.__wrapped__(text)
        return again
    except RecursionError as error:  # parentheses too deep
        raise BeyondLimitsError(str(error)) from None
    except ValueError as error:
        raise InvalidRequirement(str(error)) from None
    return Dependency(
        name=canonicalize_name(requirement.name),
        specifier=str(requirement.specifier),
        extras=normalized_extras(requirement.extras),
        marker=marker,
        url=without_credentials(requirement.url) if requirement.url else None,
    )


def with_conditions(dependency: Dependency, *conditions: str) -> Dependency:
    """The dependency, required only where its own marker and all of these markers (PEP 508) hold.

    :raises InvalidMarker: when a condition is not a marker.
    """
    markers = [marker for marker in (dependency.marker, *conditions) if marker]
    try:
        for condition in conditions:
            Marker(condition)
        combined = str(Marker(" and ".join(f"({marker})" for marker in markers))) if markers else None
    except (ValueError, RecursionError) as error:
        raise InvalidMarker(str(error)) from None
    return replace(dependency, marker=combined)


def normalized_extras(names: Iterable[str]) -> tuple[str, ...]:
    """Extra names, normalized (PEP 685), sorted, each once."""
    return tuple(sorted({canonicalize_name(name.strip()) for name in names if name.strip()}))


def bounded_extras(names: Collection[str], problems: list[str]) -> tuple[str, ...]:
    """`EXTRAS_LIMIT` extra names at most, normalized; that there are more is told in ``problems``."""
    if len(names) > EXTRAS_LIMIT:
        problems.append(f"it has more than {EXTRAS_LIMIT:,} extras; the rest were not read")
    return normalized_extras(islice(names, EXTRAS_LIMIT))


def _is_absurd(text: str) -> bool:
    return len(text) > REQUIREMENT_LIMIT or (len(text) > DIGITS_LIMIT and _LONG_NUMBER.search(text) is not None)


def summed_up(problems: list[str]) -> tuple[str, ...]:
    """At most `PROBLEMS_LIMIT` problems, and how many more there are."""
    more = len(problems) - PROBLEMS_LIMIT
    return (*problems[:PROBLEMS_LIMIT], f"{more:,} more of its fields cannot be read") if more > 0 else tuple(problems)
