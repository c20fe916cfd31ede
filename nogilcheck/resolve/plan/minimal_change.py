"""Reduce the versions that a search found to the fewest that are needed; everything else stays as it is today."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from packaging.version import Version

from nogilcheck.resolve.plan.loosened_problem import permits
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider

VersionOf = Callable[[str], Version | None]


class _Wanted(NamedTuple):
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
    """The versions after moving the fewest projects, ``needed`` among them, from ``today`` to ``found`` (or out).

    Both ends are consistent. So whenever a requirement between a project that has moved and one that has not is
    unmet, the other has to move as well; the result is the least fixed point of that rule.
    """
    moved = set(needed)

    def version_of(name: str) -> Version | None:
        return found.get(name) if name in moved or name not in today else today[name]

    def is_met(wanted: _Wanted) -> bool:
        version = version_of(wanted.child)
        # A project without a version on either side could not be looked up: that is a gap, and no conflict.
        return permits([wanted.specifier], version) if version is not None else wanted.child not in moved

    def may_move(name: str) -> bool:
        return name not in moved and found.get(name) != today.get(name)

    requirements = list(_requirements(problem, provider, version_of))
    while unmet := [wanted for wanted in requirements if not is_met(wanted)]:
        involved = {name for wanted in unmet for name in (wanted.parent, wanted.child)}
        # Where neither side can move, a project that requires them has to.
        while not any(map(may_move, involved)) and (
            more := {wanted.parent for wanted in requirements if wanted.child in involved} - involved
        ):
            involved |= more
        if not (new := set(filter(may_move, involved))):
            return dict(found)
        moved |= new
        requirements = list(_requirements(problem, provider, version_of))
    versions = {wanted.child: version_of(wanted.child) for wanted in requirements}
    return {name: version for name, version in versions.items() if version is not None}


def _requirements(problem: Problem, provider: Provider, version_of: VersionOf) -> Iterator[_Wanted]:
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
            yield _Wanted(root.name, root.name, root.specifier)
    while queue:
        name, extra = queue.popleft()
        version = version_of(name)
        if version is None:
            continue
        for dependency, _ in provider.dependencies(name, version, extra):
            if dependency.url is None:
                meet(dependency.name, dependency.extras)
                yield _Wanted(name, dependency.name, dependency.specifier)
