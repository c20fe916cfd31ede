"""Overrides, which replace every requirement on a project (uv's ``override-dependencies``).

As in uv (https://docs.astral.sh/uv/concepts/resolution/), all overrides of a project together replace each requirement
on it, its marker and its extras included; where no override's marker holds on a target, the requirement is dropped.
Only the extra that requires the dependency remains a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from nogilcheck.model.artifact import Dependency
from nogilcheck.model.source import Root
from nogilcheck.resolve.markers import extras_that_bring


class Overrides:
    """The overrides of a run, by project. Their markers are not evaluated here."""

    def __init__(self, overrides: Iterable[Root]) -> None:
        """Create them; overrides without a name are ignored."""
        self._by_name: defaultdict[str, list[Root]] = defaultdict(list)
        for override in overrides:
            if override.name:
                self._by_name[override.name].append(override)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def of_root(self, root: Root) -> Sequence[Root]:
        """The roots that replace a root, with its own text and location."""
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
        """The dependencies that replace those of a distribution."""
        if not any(dependency.name in self._by_name for dependency in requires):
            return requires
        replaced: dict[Dependency, None] = {}
        for dependency in requires:
            overrides = self._by_name.get(dependency.name)
            replaced.update(dict.fromkeys(map(_bound_to(dependency), overrides) if overrides else (dependency,)))
        return tuple(replaced)


def _bound_to(dependency: Dependency) -> Callable[[Root], Dependency]:
    """Make the function from an override to its dependency, which needs the same extras as the original."""
    extras = extras_that_bring(dependency.marker) if dependency.marker else ()
    needed = " or ".join(f'extra == "{extra}"' for extra in extras)

    def bound(override: Root) -> Dependency:
        conditions = [condition for condition in (needed, override.marker) if condition]
        marker = " and ".join(f"({part})" for part in conditions) if len(conditions) > 1 else "".join(conditions)
        return Dependency(
            name=dependency.name,
            specifier=override.specifier,
            extras=override.extras,
            marker=marker or None,
            url=override.url,
        )

    return bound
