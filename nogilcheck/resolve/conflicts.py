"""Why a resolution is impossible, in words that name the lines and the distributions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.source import COMMAND_LINE, Inputs, Root
from nogilcheck.resolve.candidates import CandidateIndex
from nogilcheck.resolve.versions import is_pinned, merged

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

    from nogilcheck.resolve.provider import Candidate, Requirement

    Information = RequirementInformation[Requirement, Candidate]

MAX_SHOWN = 5
"""Requirements listed in one message."""


def describe_conflict(
    causes: Sequence[Information], inputs: Inputs, candidates: CandidateIndex, given_up: Container[str]
) -> tuple[str, GraphGap]:
    """The project to set aside next, and the gap that says why.

    Of the projects in conflict, one that no version can satisfy comes first, then the one with
    most requirements on it. Raises `ValueError` when all of them are given up already.
    """
    by_project: defaultdict[str, list[Information]] = defaultdict(list)
    for cause in causes:
        if cause.requirement.name not in given_up:
            by_project[cause.requirement.name].append(cause)
    project = min(by_project, key=lambda name: _precedence(name, by_project[name], candidates))
    asked = by_project[project]
    location = next((inputs.roots[origin].location for origin in map(_origin, asked) if origin is not None), None)
    constraint = next((c for c in inputs.constraints if c.name == project), None)
    lines = list(dict.fromkeys(_line(cause, inputs) for cause in sorted(asked, key=_told)))[:MAX_SHOWN]
    if constraint:
        lines.append(f"{constraint.location} constrains it to {constraint.specifier}")
        location = location or constraint.location
    kind, ending = _nature(project, asked, constraint.specifier if constraint else "", candidates)
    text = f"{project}: {'; '.join(lines)}{ending}"
    return project, GraphGap(
        kind=GapKind.PROJECT,
        text=text,
        missing=Missing(kind=kind, text=text),
        distribution=project,
        location=location,
    )


def _precedence(project: str, asked: Sequence[Information], candidates: CandidateIndex) -> tuple[bool, int, str]:
    unsatisfiable = not _matching(project, [_wanted(cause) for cause in asked], candidates)
    return (not unsatisfiable, -len(asked), project)


def _origin(cause: Information) -> int | None:
    return cause.requirement.origin


def _told(cause: Information) -> tuple[bool, float, str, str]:
    """The user's own words first; what only holds a project and its extras together last."""
    requirement = cause.requirement
    line = math.inf if requirement.origin is None else requirement.origin
    return (requirement.exact is not None, line, cause.parent.name if cause.parent else "", requirement.specifier)


def _wanted(cause: Information) -> str:
    requirement = cause.requirement
    return f"=={requirement.exact}" if requirement.exact else requirement.specifier


def _line(cause: Information, inputs: Inputs) -> str:
    requirement, parent = cause.requirement, cause.parent
    wanted = _wanted(cause) or "any version"
    if requirement.origin is not None:
        return f"{_asker(inputs.roots[requirement.origin])} asks for {wanted}"
    assert parent is not None
    extras = f"[{','.join(parent.extras)}]" if parent.extras else ""
    return f"{parent.name}{extras} {parent.version} requires {wanted}"


def _asker(root: Root) -> str:
    return f"'{root.requirement}'" if root.location.path == COMMAND_LINE else str(root.location)


def _matching(project: str, specifiers: Sequence[str], candidates: CandidateIndex) -> bool:
    found = candidates.of(project)
    if isinstance(found, Missing):
        return False
    wanted = merged(specifiers)
    return any(found.exists(version) and wanted.contains(version, prereleases=True) for version in found.page.versions)


def _nature(
    project: str, asked: Sequence[Information], constraint: str, candidates: CandidateIndex
) -> tuple[MissingKind, str]:
    """Whether the requirements contradict one another, or one alone matches no version."""
    distinct = {_wanted(cause) for cause in asked} | ({constraint} if constraint else set())
    found = candidates.of(project)
    versions = [] if isinstance(found, Missing) else [v for v in found.page.versions if found.exists(v)]
    if isinstance(found, Missing) or not versions:
        return MissingKind.NO_VERSION, ", and no version of it exists"
    for specifier in sorted(distinct):
        if not _matching(project, [specifier], candidates):
            return MissingKind.NO_VERSION, f", and no version matches {specifier}; the newest is {versions[0]}"
    offered = found.permitted(merged(distinct), pinned=any(map(is_pinned, distinct)))
    if not offered and _matching(project, list(distinct), candidates):
        return MissingKind.NO_VERSION, ", and every version that matches is yanked"
    return MissingKind.CONFLICT, ", and no set of versions satisfies all of it"
