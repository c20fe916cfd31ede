"""The world as resolvelib sees it: pip's provider, with gaps and blockers that never stop the walk."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version
from resolvelib import AbstractProvider

from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing
from nogilcheck.resolve.candidates import CandidateIndex
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import is_pinned, is_upper_bounded, merged, specifier_set

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

CONFLICTS_UNTIL_PROMOTED = 5
"""pip's threshold: a project met this often in conflicts is resolved earlier."""


class Identifier(NamedTuple):
    """A project, or one of its extras, which is resolved as a distribution of its own (as pip does)."""

    name: str
    extra: str = ""


class Requirement(NamedTuple):
    """One requirement on a project or on one of its extras."""

    name: str
    extra: str
    specifier: str
    origin: int | None
    """The position of the root that it comes from; ``None`` for a dependency."""
    url: str | None = None


class Candidate(NamedTuple):
    """One version of a project, or of one of its extras."""

    name: str
    extra: str
    version: Version | None
    """``None`` stands in for a project that cannot be resolved; it satisfies everything."""


def split_extras(
    name: str, extras: Iterable[str], specifier: str, *, origin: int | None = None, url: str | None = None
) -> list[Requirement]:
    """``foo[a,b]>=1`` asks for ``foo>=1``, ``foo[a]>=1`` and ``foo[b]>=1``."""
    return [Requirement(name, extra, specifier, origin, url) for extra in ("", *extras)]


class Provider(AbstractProvider[Requirement, Candidate, Identifier]):
    """Answers resolvelib's questions for one build."""

    def __init__(
        self,
        *,
        candidates: CandidateIndex,
        fetcher: Fetcher,
        markers: MarkerEvaluator,
        constraints: Mapping[str, str],
        order: Mapping[str, int],
        given_up: Mapping[str, Missing],
        relaxed: frozenset[str],
    ) -> None:
        """What the walk has decided so far.

        ``constraints`` are merged specifiers by project, ``order`` the first root of each;
        ``given_up`` projects stay unresolved, and on ``relaxed`` ones only the user's own words count.
        """
        self._candidates = candidates
        self._fetcher = fetcher
        self._markers = markers
        self._constraints = constraints
        self._order = order
        self._given_up = given_up
        self._relaxed = relaxed
        self._conflicts: defaultdict[Identifier, int] = defaultdict(int)
        self._promoted: set[Identifier] = set()

    def identify(self, requirement_or_candidate: Requirement | Candidate) -> Identifier:
        """Projects and extras are told apart; versions are not."""
        return Identifier(requirement_or_candidate.name, requirement_or_candidate.extra)

    def narrow_requirement_selection(
        self,
        identifiers: Iterable[Identifier],
        resolutions: Mapping[Identifier, Candidate],
        candidates: Mapping[Identifier, Iterator[Candidate]],
        information: Mapping[Identifier, Iterator[RequirementInformation[Requirement, Candidate]]],
        backtrack_causes: Sequence[RequirementInformation[Requirement, Candidate]],
    ) -> Iterable[Identifier]:
        """Pip's choice: what caused the last backtracking first, then what is often in conflict."""
        causes: set[Identifier] = set()
        for cause in backtrack_causes:
            involved = [self.identify(cause.requirement)] + ([self.identify(cause.parent)] if cause.parent else [])
            causes.update(involved)
            for identifier in involved:
                if identifier not in resolutions:
                    self._conflicts[identifier] += 1
                    if self._conflicts[identifier] >= CONFLICTS_UNTIL_PROMOTED:
                        self._promoted.add(identifier)
        waiting = list(identifiers)
        return (
            [identifier for identifier in waiting if identifier in causes]
            or [identifier for identifier in waiting if identifier in self._promoted]
            or waiting
        )

    def get_preference(
        self,
        identifier: Identifier,
        resolutions: Mapping[Identifier, Candidate],
        candidates: Mapping[Identifier, Iterator[Candidate]],
        information: Mapping[Identifier, Iterator[RequirementInformation[Requirement, Candidate]]],
        backtrack_causes: Sequence[RequirementInformation[Requirement, Candidate]],
    ) -> tuple[bool, bool, bool, bool, float, bool, Identifier]:
        """Pip's order: direct, pinned, bounded above, as the user listed them, constrained, by name."""
        requirements = [info.requirement for info in information[identifier]]
        specifiers = [requirement.specifier for requirement in requirements if requirement.specifier]
        return (
            identifier not in self._promoted,
            not any(requirement.url for requirement in requirements),
            not any(map(is_pinned, specifiers)),
            not any(map(is_upper_bounded, specifiers)),
            self._order.get(identifier.name, math.inf),
            not specifiers,
            identifier,
        )

    def find_matches(
        self,
        identifier: Identifier,
        requirements: Mapping[Identifier, Iterator[Requirement]],
        incompatibilities: Mapping[Identifier, Iterator[Candidate]],
    ) -> Callable[[], Iterator[Candidate]]:
        """The candidates that satisfy every requirement, newest first."""
        name, extra = identifier
        asked = list(requirements[identifier])
        if extra:  # what is asked of the project bounds its extras too, as in pip
            asked += requirements.get(Identifier(name), iter(()))
        specifiers = self.counted(name, asked)
        excluded = {candidate.version for candidate in incompatibilities[identifier]}
        if name in self._given_up or any(requirement.url for requirement in asked):
            return lambda: iter(() if None in excluded else (Candidate(name, extra, None),))
        project = self._candidates.of(name)
        if isinstance(project, Missing):
            return lambda: iter(() if None in excluded else (Candidate(name, extra, None),))
        wanted = merged(specifiers)
        pinned = any(map(is_pinned, specifiers))
        return lambda: (
            Candidate(name, extra, version)
            for version in project.matching(wanted, pinned=pinned)
            if version not in excluded
        )

    def counted(self, name: str, requirements: Iterable[Requirement]) -> list[str]:
        """The specifiers that count for a project; after a conflict only what the user wrote."""
        relaxed = name in self._relaxed
        specifiers = [r.specifier for r in requirements if not relaxed or r.origin is not None]
        return [*specifiers, self._constraints.get(name, "")]

    def is_satisfied_by(self, requirement: Requirement, candidate: Candidate) -> bool:
        """Whether a candidate satisfies a requirement (pre-releases were decided on before)."""
        if candidate.version is None:
            return True
        if requirement.url:
            return False
        if candidate.name in self._relaxed and requirement.origin is None:
            return True
        return specifier_set(requirement.specifier).contains(candidate.version, prereleases=True)

    def get_dependencies(self, candidate: Candidate) -> Iterable[Requirement]:
        """What a candidate requires on this build; unreadable metadata requires nothing (a gap)."""
        if candidate.version is None:
            return [Requirement(candidate.name, "", "", None)] if candidate.extra else []
        found = [dependency for dependency, _ in self.dependencies(candidate)]
        self._fetcher.prefetch(dict.fromkeys(d.name for d in found if d.url is None))
        own = [Requirement(candidate.name, "", f"=={candidate.version}", None)] if candidate.extra else []
        for dependency in found:
            own += split_extras(dependency.name, dependency.extras, dependency.specifier, url=dependency.url)
        return own

    def dependencies(self, candidate: Candidate) -> Iterator[tuple[Dependency, bool]]:
        """The dependencies that hold for a candidate, each with whether that is known.

        Those of an extra are only the ones that the extra adds.
        """
        assert candidate.version is not None
        metadata = self._candidates.metadata(candidate.name, candidate.version)
        if not isinstance(metadata, Metadata):
            return
        for dependency in metadata.requires:
            holds = self._markers.holds(dependency.marker)
            if candidate.extra:
                if holds:
                    continue
                holds = self._markers.holds(dependency.marker, candidate.extra)
            if holds is not False:
                yield dependency, holds is True
