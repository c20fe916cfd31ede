"""What the tool of a lock makes of a plan: with which command, and which releases it takes."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from nogilcheck.jobs.planning.planned_project import Project
from nogilcheck.judge.caps import floor_of
from nogilcheck.model.artifact import Missing, ProjectPage
from nogilcheck.model.graph import Graph, versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock_tools import FOR_EVERY_PYTHON, POETRY, takes_versions
from nogilcheck.resolve.plan.loosened_problem import permits


def floors_of(inputs: Inputs, graph: Graph, kind: str) -> dict[str, Version]:
    """See `Project.floors`; none for a tool that locks a release for each Python."""
    oldest = _oldest(inputs) if kind in FOR_EVERY_PYTHON else None
    if oldest is None:
        return {}
    # Poetry takes markers that tell Pythons apart as forks.
    forked = {edge.child for edge in graph.edges if kind == POETRY and "python" in (edge.marker or "")}
    names = {node.name for key, node in graph.nodes.items() if key not in forked}
    return dict.fromkeys(names - {graph.nodes[key].name for key in forked}, oldest)


def limits_of(project: Project, versions: Mapping[str, Version]) -> dict[str, str]:
    """What bounds each project when the lock is written again for these versions.

    What need not move is kept. What moves is what the command names, else the newest release that the project permits
    and that does for every Python where one release has to.
    """
    today = versions_of(project.today.graph)
    newest = chosen_by_tool(project, versions)
    limits = {}
    for name, version in versions.items():
        if name not in newest and name in today:
            limits[name] = f"=={version}"
        elif (floor := project.floors.get(name)) and (cap := _newest_for(project, name, floor)):
            limits[name] = f"<={cap}"
    return limits


def chosen_by_tool(project: Project, versions: Mapping[str, Version]) -> set[str]:
    """The projects of which the command names no release: the tool takes the newest that it may."""
    assert project.lock is not None
    today = versions_of(project.today.graph)
    moved = {name for name, version in versions.items() if name in today and today[name] != version}
    if not takes_versions(project.lock.kind):
        return moved
    oldest = _oldest(project.inputs)
    return {name for name in moved if oldest and not _does_for(_page(project, name), versions[name], oldest)}


def _oldest(inputs: Inputs) -> Version | None:
    """The oldest Python that the project is for."""
    floors = [floor[1] for bounds in inputs.bounds if (floor := floor_of(bounds))]
    return min(floors, default=None)


def _newest_for(project: Project, name: str, python: Version) -> str | None:
    """The newest final release that does for a Python."""
    page = _page(project, name)
    versions = page.versions if page else ()
    return next((v.public for v in versions if not v.is_prerelease and _does_for(page, v, python)), None)


def _does_for(page: ProjectPage | None, version: Version, python: Version) -> bool:
    said = {file.requires_python for file in page.files(version) if not file.yanked} if page else set()
    return not said or any(not text or permits([text], python) for text in said)


def _page(project: Project, name: str) -> ProjectPage | None:
    page = project.session.fetcher.page(name)
    return None if isinstance(page, Missing) else page
