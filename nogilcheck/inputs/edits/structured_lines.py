"""Edit a file in which requirements are strings: pyproject.toml, scripts, setup.cfg, environment.yml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.edits.written import line_end, replaced
from nogilcheck.inputs.specifiers.poetry_versions import specifier_of
from nogilcheck.model.plan import RequirementChange
from nogilcheck.model.source import Root

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_CONSTRAINT = re.compile(r"(?:^|[{,\[])\s*(?P<key>[\w\"'.-]+)\s*=\s*$")
"""What stands before a version constraint of Poetry: the name of the project, or ``version``."""
_HEADER = re.compile(r"^\s*\[")
_PLAIN = re.compile(r"[\d.]+[\w.]*")
_ALONE = re.compile(r"[\s#]*(?:-\s+)?")
"""What may stand before a requirement that has a line to itself: nothing, a comment (scripts), a list item (YAML)."""


def edited_strings(
    text: str, changes: Sequence[RequirementChange], *, after: Root | None
) -> tuple[str, tuple[RequirementChange, ...]]:
    """The text with the changes in their places, and the changes that have none.

    Changes without a location are further requirements, which follow ``after``, the last requirement of the project.
    """
    lines = text.split("\n")
    unplaced: list[RequirementChange] = []
    new = {(change.location, change.before): change.after for change in changes}
    if after is not None and (requirement := new.get((after.location, after.requirement))):
        after = replace(after, requirement=requirement)
    # From below, so that what is inserted moves nothing that is still to be found.
    for change in sorted(changes, key=lambda one: -(one.location.line or 0) if one.location else 0):
        if change.location is None:
            continue
        if change.hashes or not (number := change.location.line) or not _change(lines, number - 1, change):
            unplaced.append(change)
    unplaced += [
        change
        for change in reversed(changes)
        if change.location is None
        and (change.hashes or after is None or not _insert(lines, after, change, line_end(text)))
    ]
    return "\n".join(lines), tuple(unplaced)


def _change(lines: list[str], number: int, change: RequirementChange) -> bool:
    """Change one requirement where it stands; whether it does."""
    if number >= len(lines):
        return False
    line = lines[number]
    before = change.before or ""
    for found in _STRING.finditer(line):
        if (value := _value(found[0])) is not None and value.strip() == before.strip():
            new = replaced(value, before.strip(), change.after.strip())
            lines[number] = line[: found.start()] + _quoted(new or change.after, found[0]) + line[found.end() :]
            return True
    if _change_constraint(lines, number, change):
        return True
    new = replaced(line, before, change.after)
    lines[number] = line if new is None else new
    return new is not None


def _change_constraint(lines: list[str], number: int, change: RequirementChange) -> bool:
    """Change a version constraint of Poetry, or of Pipenv; it stands in the line or in the table that begins there."""
    try:
        before, after = Requirement(change.before or ""), Requirement(change.after)
    except InvalidRequirement:
        return False
    if before.extras != after.extras:
        return False
    for position in range(number, len(lines)):
        if position > number and _HEADER.match(lines[position]):
            return False
        for found in _STRING.finditer(lines[position]):
            key = _CONSTRAINT.search(lines[position][: found.start()])
            constraint = _value(found[0])
            if key is None or constraint is None or key["key"] == "python":
                continue
            specifier = specifier_of(constraint)
            if specifier is not None and SpecifierSet(specifier) == before.specifier:
                new = _quoted(_constraint(after.specifier, constraint), found[0])
                lines[position] = lines[position][: found.start()] + new + lines[position][found.end() :]
                return True
        if position == number and not _HEADER.match(lines[number]):
            return False
    return False


def _constraint(specifiers: SpecifierSet, written: str) -> str:
    """A specifier set as a constraint of Poetry, the floor first; an exact version as it was written."""
    clauses = sorted(specifiers, key=lambda clause: (clause.operator not in (">=", ">"), str(clause)))
    if len(clauses) == 1 and clauses[0].operator == "==" and _PLAIN.fullmatch(written.strip()):
        return clauses[0].version
    return ",".join(map(str, clauses))


def _insert(lines: list[str], after: Root, change: RequirementChange, end: str) -> bool:
    """Add a requirement behind another one, in a line of its own where that has one; whether there is a place."""
    number = (after.location.line or 0) - 1
    if not 0 <= number < len(lines):
        return False
    line = lines[number]
    for start, stop, token in _anchors(line, after.requirement):
        rest = line[stop:].rstrip("\r").lstrip()
        if _ALONE.fullmatch(line[:start]) and (not rest or rest[0] in ",#"):
            separated = token and not rest.startswith(",")
            lines[number] = line[:stop] + ("," if separated else "") + line[stop:]
            new = line[:start] + _quoted(change.after, token) + ("," if token else "")
        elif token:
            lines[number] = f"{line[:stop]}, {_quoted(change.after, token)}{line[stop:]}"
            return True
        else:
            continue
        lines.insert(number + 1, new + end.removesuffix("\n"))
        return True
    return _insert_constraint(lines, number, after, change, end)


def _anchors(line: str, requirement: str) -> Iterator[tuple[int, int, str]]:
    """Where a requirement stands in a line, with its quotes, and as it is quoted; empty: not at all."""
    for found in _STRING.finditer(line):
        if (value := _value(found[0])) is not None and value.strip() == requirement.strip():
            yield found.start(), found.end(), found[0]
    text = line.rstrip("\r")
    if text.rstrip().endswith(requirement):
        stop = len(text.rstrip())
        yield stop - len(requirement), stop, ""


def _insert_constraint(lines: list[str], number: int, after: Root, change: RequirementChange, end: str) -> bool:
    """Add ``name = "constraint"`` behind a dependency of Poetry that stands in one line of its own."""
    line = lines[number].rstrip("\r")
    key = re.match(r"\s*[\w\"'.-]+\s*=\s*", line)
    if key is None or not _is_whole(line):
        return False
    try:
        added = Requirement(change.after)
    except InvalidRequirement:
        return False
    if (after.name or "") not in re.sub(r"[-_.]+", "-", key[0].lower()) or added.marker or added.extras:
        return False
    indent = line[: len(line) - len(line.lstrip())]
    lines.insert(number + 1, f'{indent}{added.name} = "{_constraint(added.specifier, "")}"{end.removesuffix(chr(10))}')
    return True


def _is_whole(line: str) -> bool:
    """Whether a line is TOML by itself."""
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _value(token: str) -> str | None:
    """What a string of TOML says."""
    try:
        value = tomllib.loads(f"x={token}")["x"]
    except tomllib.TOMLDecodeError:
        return None
    return value if isinstance(value, str) else None


def _quoted(value: str, token: str) -> str:
    """A string of TOML, in the quotes of another one; without one, as it is."""
    if not token:
        return value
    if token.startswith("'") and "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
