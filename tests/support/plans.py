"""Plans in small worlds without a server, what comes of them, and the best that any plan could reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from packaging.version import Version

from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.check import Session
from nogilcheck.jobs.plan import plan_of
from nogilcheck.jobs.target_judging import judge_targets
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Metadata, ReleaseFile
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.options import Options
from nogilcheck.model.plan import TargetPlan
from nogilcheck.model.source import IndexSettings, Root
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity
from nogilcheck.report.documents.plan import changed_list
from nogilcheck.resolve.admission import EVERYTHING
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.plan.goal import Window
from nogilcheck.resolve.plan.loosened_problem import loosened, permits
from nogilcheck.resolve.walk.candidate_index import CandidateIndex
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs
from tests.world import Universe


class _Fetcher(MemoryFetcher):
    """What a check asks besides."""

    reached_limit = ""

    def prefetch_listing(self, file: ReleaseFile) -> None:
        pass


def judged(universe: Universe, asked: Inputs, target: Target) -> TargetResult:
    """What a target gets of what is asked."""
    fetcher = cast("IndexFetcher", _Fetcher(universe))
    (found,) = judge_targets([target], asked, fetcher, exclude_newer=None, offline=False)
    return found


def blocked(found: TargetResult) -> set[str]:
    """Names of the blockers."""
    return {found.graph.nodes[key].name for key, one in found.verdicts.items() if one.severity is Severity.BLOCKER}


def planned(universe: Universe, asked: Inputs, target: Target, *, window: Window | None = None) -> TargetPlan:
    """The plan of a world."""
    today = judged(universe, asked, target)
    session = Session(
        options=Options(inputs=()),
        targets=(target,),
        inputs=asked,
        fetcher=cast("IndexFetcher", _Fetcher(universe)),
        judged=(today,),
        report=assemble(asked, [today], allowed=(), options={}, tool_version="0"),
        solution=None,
        witnesses=None,
    )
    (found,) = plan_of(session, window or Window()).targets
    return found


def written(plan: TargetPlan) -> list[str]:
    """The lines of the requirements file that the plan amounts to, without comments and options."""
    return [line for line in changed_list(plan).splitlines() if not line.startswith(("#", "-"))]


def as_written(plan: TargetPlan, settings: IndexSettings) -> Inputs:
    """What a check reads of that file."""
    return inputs(written(plan), settings=settings)


def fewest_blocked(universe: Universe, asked: Inputs, target: Target, *, today: TargetResult, limit: int) -> int | None:
    """How few distributions can be blocked after any change that a plan may make, by trying everything.

    ``None``: there is no consistent choice at all, or there are more than ``limit`` to look at.
    """
    return _Everything(universe, asked, target, today).fewest(limit)


class _Everything:
    """Every consistent choice of versions, as the documentation of a plan says what may be chosen."""

    def __init__(self, universe: Universe, asked: Inputs, target: Target, today: TargetResult) -> None:
        self._target = target
        self._markers = MarkerEvaluator(target.installer.environment)
        self._candidates = CandidateIndex(MemoryFetcher(universe), target.installer, EVERYTHING, pre=False)
        self._today = {n.name: n.version for n in today.graph.nodes.values() if n.version is not None}
        roots = [root for root in map(loosened, asked.roots) if self._markers.holds(root.marker) is not False]
        limits = [root for root in map(loosened, asked.constraints) if self._markers.holds(root.marker) is not False]
        self._roots: Sequence[Root] = roots
        self._limits: Mapping[str, list[str]] = {
            root.name or "": [other.specifier for other in limits if other.name == root.name] for root in limits
        }
        self._left = 0

    def fewest(self, limit: int) -> int | None:
        self._left = limit
        asks = [(root.name or "", root.specifier, root.extras) for root in self._roots]
        fewest = min(self._counts({}, asks), default=None)
        return fewest if self._left > 0 else None

    def _counts(self, chosen: Mapping[str, Version], asks: Sequence[tuple[str, str, tuple[str, ...]]]) -> Iterator[int]:
        """Blocked distributions of every choice that agrees with what is chosen; ``asks`` are all that are known."""
        self._left -= 1
        if self._left <= 0:
            return
        for name, specifier, _ in asks:
            if name in chosen and not permits([specifier], chosen[name]):
                return
        name = next((name for name, _, _ in asks if name not in chosen), "")
        if not name:
            yield sum(not self._fits(one, version) for one, version in chosen.items())
            return
        for version in self._versions(name):
            now = {**chosen, name: version}
            yield from self._counts(now, self._asks(now))

    def _asks(self, chosen: Mapping[str, Version]) -> list[tuple[str, str, tuple[str, ...]]]:
        """Every requirement that the roots and the chosen versions bring, extras followed to their end."""
        asks = [(root.name or "", root.specifier, root.extras) for root in self._roots]
        seen = {(name, extra) for name, _, extras in asks for extra in ("", *extras)}
        queue = list(seen)
        while queue:
            name, extra = queue.pop()
            for ask in self._requires(name, chosen.get(name), extra):
                asks.append(ask)
                new = {(ask[0], one) for one in ("", *ask[2])} - seen
                seen |= new
                queue += new
        return asks

    def _requires(self, name: str, version: Version | None, extra: str) -> Iterable[tuple[str, str, tuple[str, ...]]]:
        metadata = None if version is None else self._candidates.metadata(name, version)
        if not isinstance(metadata, Metadata) or (extra and extra not in metadata.extras):
            return
        for dependency in metadata.requires:
            if self._markers.holds(dependency.marker, extra) is not False:
                yield dependency.name, dependency.specifier, dependency.extras

    def _versions(self, name: str) -> Iterator[Version]:
        project = self._candidates.of(name)
        if not isinstance(project, ProjectCandidates):
            return
        today = self._today.get(name)
        for version in project.page.versions:
            best = project.best(version)
            if not permits(self._limits.get(name, ()), version):
                continue
            if version == today or (
                best is not None
                and not best.yanked
                and not project.metadata_excludes(version)
                and (not version.is_prerelease or bool(today and today.is_prerelease))
            ):
                yield version

    def _fits(self, name: str, version: Version) -> bool:
        project = self._candidates.of(name)
        assert isinstance(project, ProjectCandidates)
        return bool(fitting_wheels(project.page.files(version), self._target))
