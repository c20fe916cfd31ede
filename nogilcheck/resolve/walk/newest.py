"""What is judged where no resolution was found within its limits: every project at its newest permitted version.

A resolution that was cut off stands at any point of its search, where projects have old versions because others were
being tried. Nothing is said from there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GraphGap
from nogilcheck.model.inputs import Inputs
from nogilcheck.resolve.roots import missing_project
from nogilcheck.resolve.walk.conflicts import describe_requirement, said_of_discarded
from nogilcheck.resolve.walk.effort import ExhaustedError
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement

MAX_PASSES = 8
"""Each knows the requirements that the one before it met; usually the second changes nothing any more."""

MAX_PROJECTS = 5000

MAX_SHOWN = 5
"""Requirements listed in one message."""

Asked = dict[str, dict[Requirement, Candidate | None]]
"""By project: the requirements on it, each with the first that makes it; ``None``: the user."""


def newest_permitted(
    problem: Problem, provider: Provider, inputs: Inputs
) -> tuple[dict[Identifier, Candidate], list[GraphGap]]:
    """A version for each project that is reached, and a gap for each whose requirements do not all hold there."""
    mapping: dict[str, Candidate] = {}
    asked: Asked = {}
    for _ in range(MAX_PASSES):
        before = mapping
        mapping, asked = _pass(problem, provider, asked)
        if mapping == before:
            break
    gaps = [
        gap
        for name, candidate in mapping.items()
        if (gap := _contradiction(candidate, asked[name], problem, provider, inputs))
    ]
    return {Identifier(name): candidate for name, candidate in mapping.items()}, gaps


def _pass(problem: Problem, provider: Provider, known: Asked) -> tuple[dict[str, Candidate], Asked]:
    """Follow the requirements from the user's on; of each project the newest version that the known ones permit."""
    mapping: dict[str, Candidate] = {}
    asked: Asked = {}
    queue: deque[tuple[Requirement, Candidate | None]] = deque((one, None) for one in problem.requirements)
    followed: dict[str, set[tuple[str, ...]]] = {}
    known_versions = 0
    try:
        while queue and known_versions < MAX_PROJECTS:
            whole, parent = queue.popleft()
            name = whole.name
            asked.setdefault(name, {}).setdefault(whole._replace(extras=()), parent)
            if name not in mapping:
                mapping[name] = _newest(name, {**known.get(name, {}), **asked[name]}, provider)
                while provider.is_discarded(mapping[name]):
                    mapping[name] = _newest(name, {**known.get(name, {}), **asked[name]}, provider)
                known_versions += mapping[name].version is not None
            done = followed.setdefault(name, set())
            for extras in sorted({(), whole.extras} - done):
                done.add(extras)
                candidate = mapping[name]._replace(extras=extras)
                required = provider.get_dependencies(candidate)
                queue.extend((one, candidate) for one in required if one.exact is None)
    except ExhaustedError:
        pass  # what was not come to is a gap of its own
    return mapping, asked


def _newest(name: str, requirements: Mapping[Requirement, Candidate | None], provider: Provider) -> Candidate:
    """The newest version that satisfies the requirements; those that contradict earlier ones do not count."""
    identifier = Identifier(name)

    def first(wanted: list[Requirement]) -> Candidate | None:
        matches = provider.find_matches(identifier, {identifier: iter(wanted)}, {identifier: iter(())})
        return next(matches(), None)

    # The user's own come first, as they do where a contradiction is found by a search.
    ordered = sorted(requirements, key=lambda one: one.origin is None)
    if found := first(ordered):
        return found
    kept: list[Requirement] = []
    for requirement in ordered:
        if candidate := first([*kept, requirement]):
            found = candidate
            kept.append(requirement)
    return found or Candidate(name, (), None)


def _contradiction(
    candidate: Candidate,
    asked: Mapping[Requirement, Candidate | None],
    problem: Problem,
    provider: Provider,
    inputs: Inputs,
) -> GraphGap | None:
    """The gap of a project whose version does not satisfy everything, or that has none."""
    failed = [one for one in asked if not provider.is_satisfied_by(one, candidate)]
    if not failed and (candidate.version is not None or isinstance(provider.project(candidate.name), Missing)):
        return None
    has_none = candidate.version is None
    lines = [
        describe_requirement(one, parent, inputs)
        for one, parent in asked.items()
        if one in failed or one.specifier or has_none
    ]
    kind, ending = MissingKind.UNRESOLVED, ", and the resolution was stopped before versions were found that agree"
    if has_none and not any(one.url for one in asked):
        specifiers = provider.effective_specifiers(candidate.name, asked)
        if gone := said_of_discarded(candidate.name, specifiers, problem.candidates):
            kind, ending = MissingKind.NO_VERSION, gone
    text = f"{candidate.name}: {'; '.join(list(dict.fromkeys(lines))[:MAX_SHOWN])}{ending}"
    return missing_project(Missing(kind=kind, text=text), candidate.name)
