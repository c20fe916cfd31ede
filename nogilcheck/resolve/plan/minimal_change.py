"""Versions that a search found -> the fewest of them that are needed, everything else as it is today."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from packaging.version import Version

from nogilcheck.resolve.plan.loosened_problem import permits
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider

VersionOf = Callable[[str], Version | None]


class _Ask(NamedTuple):
    parent: str
    child: str
    specifier: str


def least_change(
    problem: Problem,
    provider: Provider,
    *,
    today: Mapping[str, Version],
    found: Mapping[str, Version],
    needed: Collection[str],
) -> dict[str, Version]:
    """The least set of projects, with those that are ``needed``, that must go from ``today`` to ``found``.

    Or out, where the search did without them. Both ends are consistent. So whenever a requirement between a project
    that has gone over and one that has not is not met, the other has to go over as well; what is left in the end is
    the least fixed point of that rule.
    """
    gone = set(needed)

    def version_of(name: str) -> Version | None:
        return found.get(name) if name in gone or name not in today else today[name]

    def is_met(ask: _Ask) -> bool:
        chosen = version_of(ask.child)
        # What has no version anywhere could not be looked up, which asks nothing of anybody.
        return permits([ask.specifier], chosen) if chosen is not None else ask.child not in gone

    def may_go(name: str) -> bool:
        return name not in gone and found.get(name) != today.get(name)

    asks = list(_asked(problem, provider, version_of))
    while unmet := [ask for ask in asks if not is_met(ask)]:
        involved = {name for ask in unmet for name in (ask.parent, ask.child)}
        # What stays as it is, on either side, was reached otherwise: whoever asks for it has to go over.
        while not any(map(may_go, involved)) and (more := {a.parent for a in asks if a.child in involved} - involved):
            involved |= more
        if not (new := set(filter(may_go, involved))):
            return dict(found)
        gone |= new
        asks = list(_asked(problem, provider, version_of))
    versions = {ask.child: version_of(ask.child) for ask in asks}
    return {name: version for name, version in versions.items() if version is not None}


def _asked(problem: Problem, provider: Provider, version_of: VersionOf) -> Iterator[_Ask]:
    """Every requirement between the projects that are reached with these versions."""
    queue: deque[tuple[str, str]] = deque()
    seen: set[tuple[str, str]] = set()

    def meet(name: str, extras: Collection[str]) -> None:
        for stage in ((name, extra) for extra in ("", *extras)):
            if stage not in seen:
                seen.add(stage)
                queue.append(stage)

    for _, root in problem.applying:
        if root.name and not root.url:
            meet(root.name, root.extras)
            yield _Ask(root.name, root.name, root.specifier)
    while queue:
        name, extra = queue.popleft()
        version = version_of(name)
        if version is None:
            continue
        for dependency, _ in provider.dependencies(name, version, extra):
            if dependency.url is None:
                meet(dependency.name, dependency.extras)
                yield _Ask(name, dependency.name, dependency.specifier)
