"""What replaces the requirements on a project, whoever makes them (uv's ``override-dependencies``).

As uv does it (https://docs.astral.sh/uv/concepts/resolution/): a requirement on a project that has overrides is
replaced by all of them, with its marker and its extras. Where no override's marker holds on a target, nothing is left
of it there. Only the extra that brings a dependency in stays a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from nogilcheck.model.artifact import Dependency
from nogilcheck.model.source import Root
from nogilcheck.resolve.markers import extras_that_bring


class Overrides:
    """The overrides of a run by project. Their markers are left to whoever evaluates those of requirements."""

    def __init__(self, overrides: Iterable[Root]) -> None:
        """``overrides`` must have names."""
        self._by_name: defaultdict[str, list[Root]] = defaultdict(list)
        for override in overrides:
            if override.name:
                self._by_name[override.name].append(override)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def of_root(self, root: Root) -> Sequence[Root]:
        """What counts instead of a root, at its place and with its words."""
        if root.name is None or root.name not in self._by_name:
            return (root,)
        return [
            replace(
                override,
                requirement=root.requirement,
                location=root.location,
                group=root.group,
                kind=root.kind,
            )
            for override in self._by_name[root.name]
        ]

    def of_dependencies(self, requires: Sequence[Dependency]) -> Sequence[Dependency]:
        """What counts instead of the dependencies of a distribution."""
        if not any(dependency.name in self._by_name for dependency in requires):
            return requires
        found: dict[Dependency, None] = {}
        for dependency in requires:
            overrides = self._by_name.get(dependency.name)
            found.update(dict.fromkeys(map(_bound_to(dependency), overrides) if overrides else (dependency,)))
        return tuple(found)


def _bound_to(dependency: Dependency) -> Callable[[Root], Dependency]:
    """Makes the dependency that an override stands for, brought in by the extras that brought in the original."""
    extras = extras_that_bring(dependency.marker) if dependency.marker else ()
    brought = " or ".join(f'extra == "{extra}"' for extra in extras)

    def bound(override: Root) -> Dependency:
        conditions = [condition for condition in (brought, override.marker) if condition]
        marker = " and ".join(f"({each})" for each in conditions) if len(conditions) > 1 else "".join(conditions)
        return Dependency(
            name=dependency.name,
            specifier=override.specifier,
            extras=override.extras,
            marker=marker or None,
            url=override.url,
        )

    return bound
