"""Describe why a resolution is impossible: the lines and the distributions that contradict each other."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from packaging.version import Version

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GraphGap
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import COMMAND_LINE, Root
from nogilcheck.resolve.direct import reference
from nogilcheck.resolve.roots import missing_project
from nogilcheck.resolve.versions import is_pinned, merged
from nogilcheck.resolve.walk.candidate_index import CandidateIndex

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

    from nogilcheck.resolve.walk.requirements import Candidate, Requirement

    Information = RequirementInformation[Requirement, Candidate]

_NONE = Version("0")

MAX_SHOWN = 5
"""Requirements listed in one message."""

_CONTRADICTION = (MissingKind.CONFLICT, ", and no set of versions satisfies all of it")


def describe_conflict(
    causes: Sequence[Information], inputs: Inputs, candidates: CandidateIndex, unresolvable: Container[str]
) -> tuple[str, GraphGap]:
    """The project to relax or give up next, and the gap that says why.

    Of the projects in conflict, one whose requirements no version satisfies comes first, then the one with the most
    requirements. Raises `ValueError` when all of them are ``unresolvable`` already.
    """
    by_project: defaultdict[str, list[Information]] = defaultdict(list)
    for cause in causes:
        if cause.requirement.name not in unresolvable:
            by_project[cause.requirement.name].append(cause)
    project = min(
        by_project,
        key=lambda name: (_satisfiable(name, by_project[name], candidates), -len(by_project[name]), name),
    )
    asked = by_project[project]
    location = next((inputs.roots[origin].location for origin in map(_origin, asked) if origin is not None), None)
    lines = [_line(cause, inputs) for cause in sorted(newest_of_each(asked), key=_told)]
    if overrides := _overriding(asked, inputs):
        lines = [f"{override.location} overrides it with {_said(override)}" for override in overrides]
        location = overrides[0].location
    lines = list(dict.fromkeys(lines))[:MAX_SHOWN]
    constraints = [constraint for constraint in inputs.constraints if constraint.name == project]
    constraint = next((each for each in constraints if each.url), next(iter(constraints), None))
    if constraint:
        lines.append(f"{constraint.location} constrains it to {_said(constraint)}")
        location = location or constraint.location
    if any(cause.requirement.url for cause in asked) or (constraint and constraint.url):
        kind, ending = _CONTRADICTION
    else:
        kind, ending = _nature(project, asked, constraint.specifier if constraint else "", candidates)
    text = f"{project}: {'; '.join(lines)}{ending}"
    return project, missing_project(Missing(kind=kind, text=text), project, location)


def newest_of_each(causes: Iterable[Information]) -> list[Information]:
    """One cause for each pair of a project and what requires it: of the newest version that does."""
    found: dict[tuple[str, int | str | None, Version | None], Information] = {}
    for cause in causes:
        requirement, parent = cause
        key = (requirement.name, parent.name if parent else requirement.origin, requirement.exact)
        known = found.get(key)
        if known is None or _version(known) < _version(cause):
            found[key] = cause
    return list(found.values())


def _version(cause: Information) -> Version:
    """Of the candidate that makes a requirement."""
    return (cause.parent.version if cause.parent else None) or _NONE


def _overriding(asked: Sequence[Information], inputs: Inputs) -> list[Root]:
    """The overrides that made the requirements on a project what they are."""
    wanted = {(cause.requirement.specifier, cause.requirement.url) for cause in asked}
    return [
        override
        for override in inputs.overrides
        if override.name == asked[0].requirement.name
        and (override.specifier, override.url and reference(override.url)) in wanted
    ]


def _said(root: Root) -> str:
    return root.requirement if root.url else root.specifier or "any version"


def _satisfiable(project: str, asked: Sequence[Information], candidates: CandidateIndex) -> bool:
    wanted = [_wanted(cause.requirement) for cause in asked if not cause.requirement.url]
    if urls := {cause.requirement.url for cause in asked if cause.requirement.url}:
        found = candidates.of(project, urls.pop())
        return not urls and (
            isinstance(found, Missing) or merged(wanted).contains(found.direct_version(), prereleases=True)
        )
    return _matching(project, wanted, candidates)


def _origin(cause: Information) -> int | None:
    return cause.requirement.origin


def _told(cause: Information) -> tuple[bool, float, str, str]:
    """A sort key: the user's requirements first, those that tie a project to its extras last."""
    requirement = cause.requirement
    line = math.inf if requirement.origin is None else requirement.origin
    return (requirement.exact is not None, line, cause.parent.name if cause.parent else "", requirement.specifier)


def _wanted(requirement: Requirement) -> str:
    return f"=={requirement.exact}" if requirement.exact else requirement.url or requirement.specifier


def _line(cause: Information, inputs: Inputs) -> str:
    return describe_requirement(cause.requirement, cause.parent, inputs)


def describe_requirement(requirement: Requirement, parent: Candidate | None, inputs: Inputs) -> str:
    """Who requires what: ``r.txt:3 asks for <2``, ``app 1.0 requires >=2``."""
    wanted = _wanted(requirement) or "any version"
    if requirement.origin is not None:
        root = inputs.roots[requirement.origin]
        return f"{_asker(root)} asks for {root.requirement if requirement.url else wanted}"
    assert parent is not None
    extras = f"[{','.join(parent.extras)}]" if parent.extras else ""
    return f"{parent.name}{extras} {parent.version} requires {wanted}"


def _asker(root: Root) -> str:
    return f"'{root.requirement}'" if root.location.path == COMMAND_LINE else str(root.location)


def _matching(project: str, specifiers: Sequence[str], candidates: CandidateIndex) -> bool:
    available = candidates.of(project)
    if isinstance(available, Missing):
        return False
    wanted = merged(specifiers)
    versions = filter(available.exists, available.page.versions)
    return any(wanted.contains(version, prereleases=True) for version in versions)


def said_of_discarded(project: str, specifiers: Iterable[str], candidates: CandidateIndex) -> str:
    """The end of a sentence about a project of which installers discard a permitted version; empty: of none."""
    available = candidates.of(project)
    gone = None if isinstance(available, Missing) else available.discarded_above(None, merged(specifiers))
    return f", and installers discard {gone[1]}: {gone[2].text}" if gone else ""


def _nature(
    project: str, asked: Sequence[Information], constraint: str, candidates: CandidateIndex
) -> tuple[MissingKind, str]:
    """The kind of the conflict, and the end of the sentence about it: whether one requirement alone is at fault."""
    distinct = {_wanted(cause.requirement) for cause in asked} | ({constraint} if constraint else set())
    available = candidates.of(project)
    versions = [] if isinstance(available, Missing) else [v for v in available.page.versions if available.exists(v)]
    if gone := said_of_discarded(project, distinct, candidates):
        return MissingKind.NO_VERSION, gone
    if isinstance(available, Missing) or not versions:
        return MissingKind.NO_VERSION, ", and no version of it exists"
    for specifier in sorted(distinct):
        if not _matching(project, [specifier], candidates):
            return MissingKind.NO_VERSION, f", and no version matches {specifier}; the newest is {versions[0]}"
    offered = available.permitted(merged(distinct), pinned=any(map(is_pinned, distinct)))
    if not offered and _matching(project, list(distinct), candidates):
        return MissingKind.NO_VERSION, ", and every version that matches is yanked"
    return _CONTRADICTION
