"""Detours around a blocker: other releases of what requires it, and the user's lines that keep them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from functools import cached_property

from packaging.version import Version

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.release_history import Release
from nogilcheck.jobs.advice.ways_out import WaysOut, admits
from nogilcheck.model.report.finding import Advice, AdviceKind, Cap
from nogilcheck.resolve.plan.goal import Goal
from nogilcheck.resolve.plan.infeasible import Choices, infeasible, way_around, with_requirers
from nogilcheck.resolve.plan.loosened_problem import loosened_specifier
from nogilcheck.resolve.plan.search import loosened_problem, unresolved


class Detours:
    """Looks for them in one resolved project, as a plan does before its search: so the two never disagree."""

    def __init__(self, ways: WaysOut, goal: Goal) -> None:
        """Create it. The index is asked when a detour is asked for."""
        self._ways = ways
        self._goal = goal

    @cached_property
    def _choices(self) -> Choices:
        return self._loosened(frozenset())

    def _loosened(self, kept: Set[str]) -> Choices:
        ways, goal = self._ways, self._goal
        problem = loosened_problem(ways.inputs, ways.fetcher, goal=goal, exclude_newer=ways.exclude_newer, kept=kept)
        missing = unresolved(ways.graph)
        provider = problem.provider(unresolvable=missing, relaxed=frozenset(), effort=problem.effort())
        return Choices(problem, provider, ways.graph, shared=ways.shared)

    def _way_around(self, name: str) -> Mapping[str, Version] | None:
        """See `way_around`; what requires the project and cannot be freed itself may stay blocked."""
        choice = way_around(self._choices, name)
        blocked = self._goal.today.keys() - self._goal.sound - {name}
        if choice is not None or not (above := blocked & with_requirers(name, self._choices.requirers)):
            return choice
        stuck = frozenset(infeasible(self._choices, sorted(above)))
        return way_around(self._loosened(stuck), name) if stuck else None

    def advice(self, key: str) -> Advice | None:
        """The step that leads around a blocked distribution; ``None``: within a plan's window there is none."""
        name = self._ways.graph.nodes[key].name
        choice = self._way_around(name)
        if choice is None:
            return None
        moved = {one: version for one, version in choice.items() if self._ways.chosen.get(one) != version}
        caps = tuple(dict.fromkeys(self._caps(moved)))
        if any(map(_is_lasting, caps)):
            return None
        if not moved or not all(cap.location for cap in caps):  # the first choice is no way, and others may be
            # What a project above would need does not explain this one.
            others = tuple(cap for cap in caps if cap.location is None) if moved.keys() == {name} else ()
            return Advice(kind=AdviceKind.SEARCH, project=name, caps=others, text=texts.search(others))
        return self._step(name, moved, caps, choice.get(name))

    def _step(self, name: str, moved: Mapping[str, Version], caps: tuple[Cap, ...], instead: Version | None) -> Advice:
        """What to change for the versions that move, the first of them the nearest to the user's requirements."""
        lead, version = next(iter(moved.items()))
        release = Release(version=version, uploaded=self._ways.day(lead, version))
        text = texts.detour(lead if lead != name else "", release, instead, caps)
        if caps:
            return Advice(
                kind=AdviceKind.RELAX,
                project=name,
                version=str(instead) if instead else None,
                caps=caps,
                held_back_by=caps[0].by,
                text=text,
            )
        older = version < self._ways.chosen.get(lead, version)
        return Advice(
            kind=AdviceKind.DOWNGRADE if older else AdviceKind.UPGRADE,
            project=lead,
            version=str(version),
            uploaded=release.uploaded,
            text=f"{'go back to' if older else 'upgrade to'} {text}",
        )

    def _caps(self, moved: Mapping[str, Version]) -> Iterator[Cap]:
        """Which of the user's lines keep out the versions that move, and what keeps out what these require.

        The choice agrees with what other distributions require of them.
        """
        for key, node in self._ways.graph.nodes.items():
            if (version := moved.get(node.name)) is None:
                continue
            for cap in self._ways.caps(key):
                if cap.location and not admits(cap.specifier, version):
                    yield replace(cap, project=node.name)
            yield from self._ways.conflicts(node.name, version, moved)


def _is_lasting(cap: Cap) -> bool:
    """Whether it is a floor or an exclusion of the user's, which no plan changes."""
    clauses = {clause.replace(" ", "") for clause in cap.specifier.split(",")}
    return cap.location is not None and not cap.floor and clauses == set(loosened_specifier(cap.specifier).split(","))
