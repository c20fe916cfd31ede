"""Share the candidates of a plan among targets to which every file of a project looks the same."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING

from nogilcheck.model.target import Target

if TYPE_CHECKING:
    from nogilcheck.resolve.plan.goal import GoalCandidates

FOR_ALL = "-none-any"
"""The end of the tags of a wheel for every ABI and platform."""


@lru_cache(maxsize=256)
def view_of_all(build: Target) -> tuple[object, ...]:
    """What a build's answers about such wheels depend on."""
    tags = sorted((tag for tag in build.tags if tag.endswith(FOR_ALL)), key=build.rank)
    return build.environment["python_full_version"], *tags


class SharedCandidates:
    """The candidates that the targets of one run share, whose inputs, pages and upload date are the same.

    These are those of projects whose wheels all claim neither ABI nor platform, as most do: where two targets prefer
    such tags in the same order, and have the same Python and the same goal for it, each question has the same answer.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, GoalCandidates] = {}

    def alike(self, project: GoalCandidates) -> GoalCandidates:
        """The candidates of the first target to which the project looks like this; those given, where there is none."""
        wanted, name = project.wanted, project.page.name
        if wanted is None or not all(tags.endswith(FOR_ALL) for tags in project.page.every_wheel_tag):
            return project
        return self._known.setdefault((name, *map(view_of_all, project.builds), *wanted), project)
