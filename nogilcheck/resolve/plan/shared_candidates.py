"""Share the candidates of a plan among targets to which every file of a project looks the same."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from nogilcheck.model.artifact import ProjectPage
from nogilcheck.model.target import Target

if TYPE_CHECKING:
    from nogilcheck.resolve.plan.goal import GoalCandidates

_FOR_ALL = "-none-any"


class SharedCandidates:
    """The candidates that the targets of one run share, whose inputs, pages and upload date are the same.

    These are those of projects whose wheels all claim neither ABI nor platform, as most do: where two targets prefer
    such tags in the same order, and have the same Python and the same goal for it, each question has the same answer.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, GoalCandidates] = {}
        self._for_all: dict[str, bool] = {}
        self._seen_by: dict[str, tuple[object, ...]] = {}

    def alike(self, project: GoalCandidates) -> GoalCandidates:
        """The candidates of the first target to which the project looks like this; those given, where there is none."""
        wanted, name = project.wanted, project.page.name
        if wanted is None or not self._is_for_all(project.page):
            return project
        return self._known.setdefault((name, *map(self._view, project.builds), *wanted), project)

    def _is_for_all(self, page: ProjectPage) -> bool:
        if page.name not in self._for_all:
            tags = (tags for version in page.versions for tags in page.wheel_tags(version))
            self._for_all[page.name] = all(each.endswith(_FOR_ALL) for each in tags)
        return self._for_all[page.name]

    def _view(self, build: Target) -> tuple[object, ...]:
        """What a build's answers about such files depend on."""
        if build.id not in self._seen_by:
            tags = sorted((tag for tag in build.tags if tag.endswith(_FOR_ALL)), key=build.rank)
            self._seen_by[build.id] = build.environment["python_full_version"], *tags
        return self._seen_by[build.id]
