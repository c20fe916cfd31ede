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
    """A project, or a project with a set of extras, which is resolved as a distribution of its own (as pip does)."""

    name: str
    extras: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}[{','.join(self.extras)}]" if self.extras else self.name


class Requirement(NamedTuple):
    """One requirement on a project, or on a project with extras."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    origin: int | None = None
    """The position of the root that it comes from; ``None`` for a dependency."""
    url: str | None = None
    exact: Version | None = None
    """The one version that a project must have because its extras were resolved to it."""


class Candidate(NamedTuple):
    """One version of a project, or of a project with extras."""

    name: str
    extras: tuple[str, ...]
    version: Version | None
    """``None`` stands in for a project that cannot be resolved; it satisfies everything."""


def split_extras(
    name: str, extras: tuple[str, ...], specifier: str, *, origin: int | None = None, url: str | None = None
) -> list[Requirement]:
    """``foo[a,b]>=1`` asks for ``foo>=1`` and ``foo[a,b]>=1``.

    ``foo[a,b]`` asks for itself only: as soon as it has a version, it asks for that version of ``foo``.
    """
    whole = Requirement(name, extras, specifier, origin, url)
    return [whole._replace(extras=()), whole] if extras and (specifier or url) else [whole]


class Provider(AbstractProvider[Requirement, Candidate, Identifier]):
    """Answers resolvelib's questions for one build."""

    def __init__(
        self,
        *,
        candidates: CandidateIndex,
        fetcher: Fetcher,
        markers: MarkerEvaluator,
        constraints: Mapping[str, str],
        order: Mapping[Identifier, int],
        given_up: Mapping[str, Missing],
        relaxed: frozenset[str],
    ) -> None:
        """What the walk has decided so far.

        ``constraints`` are merged specifiers by project, ``order`` says which root asked first;
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
        self._satisfied: dict[tuple[Requirement, Candidate], bool] = {}

    def identify(self, requirement_or_candidate: Requirement | Candidate) -> Identifier:
        """Projects and sets of extras are told apart; versions are not."""
        return Identifier(requirement_or_candidate.name, requirement_or_candidate.extras)

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
    ) -> tuple[bool, bool, bool, bool, float, bool, str]:
        """Pip's order: direct, pinned, bounded above, as the user listed them, constrained, by name."""
        requirements = [info.requirement for info in information[identifier]]
        specifiers = [requirement.specifier for requirement in requirements if requirement.specifier]
        return (
            identifier not in self._promoted,
            not any(requirement.url or requirement.exact for requirement in requirements),
            not any(map(is_pinned, specifiers)),
            not any(map(is_upper_bounded, specifiers)),
            self._order.get(identifier, math.inf),
            not specifiers,
            str(identifier),
        )

    def find_matches(
        self,
        identifier: Identifier,
        requirements: Mapping[Identifier, Iterator[Requirement]],
        incompatibilities: Mapping[Identifier, Iterator[Candidate]],
    ) -> Callable[[], Iterator[Candidate]]:
        """The candidates that satisfy every requirement, newest first."""
        name, extras = identifier
        own = list(requirements[identifier])
        # What is asked of the project bounds its extras too, as in pip.
        asked = own + list(requirements.get(Identifier(name), ())) if extras else own
        excluded = {candidate.version for candidate in incompatibilities[identifier]}
        if name in self._given_up or any(requirement.url for requirement in asked):
            return lambda: iter(() if None in excluded else (Candidate(name, extras, None),))
        project = self._candidates.of(name)
        if isinstance(project, Missing):
            return lambda: iter(() if None in excluded else (Candidate(name, extras, None),))
        if exact := {requirement.exact for requirement in asked if requirement.exact}:
            allowed = specifier_set(self._constraints.get(name, ""))
            found = [
                candidate
                for candidate in (Candidate(name, extras, version) for version in sorted(exact - excluded))
                if all(self.is_satisfied_by(requirement, candidate) for requirement in own)
                and allowed.contains(str(candidate.version), prereleases=True)
            ]
            return lambda: iter(found)
        specifiers = self.counted(name, asked)
        wanted = merged(specifiers)
        pinned = any(map(is_pinned, specifiers))
        return lambda: (
            Candidate(name, extras, version)
            for version in project.matching(wanted, pinned=pinned)
            if version not in excluded
        )

    def counted(self, name: str, requirements: Iterable[Requirement]) -> list[str]:
        """The specifiers that count for a project; after a conflict only what the user wrote."""
        relaxed = name in self._relaxed
        specifiers = [r.specifier for r in requirements if not relaxed or r.origin is not None]
        return [*specifiers, self._constraints.get(name, "")]

    def is_satisfied_by(self, requirement: Requirement, candidate: Candidate) -> bool:
        """Whether a candidate satisfies a requirement (pre-releases were decided on before).

        resolvelib asks this of every requirement again in every round: answers are kept.
        """
        question = (requirement, candidate)
        answer = self._satisfied.get(question)
        if answer is None:
            answer = self._satisfied[question] = self._satisfies(candidate, requirement)
        return answer

    def _satisfies(self, candidate: Candidate, requirement: Requirement) -> bool:
        if candidate.version is None:
            return True
        if requirement.url:
            return False
        if requirement.exact:
            return candidate.version == requirement.exact
        if candidate.name in self._relaxed and requirement.origin is None:
            return True
        return specifier_set(requirement.specifier).contains(candidate.version, prereleases=True)

    def get_dependencies(self, candidate: Candidate) -> Iterable[Requirement]:
        """What a candidate requires on this build; unreadable metadata requires nothing (a gap)."""
        name, extras, version = candidate
        needed = [Requirement(name, exact=version)] if extras else []
        metadata = None if version is None else self._candidates.metadata(name, version)
        if not isinstance(metadata, Metadata):
            return needed
        # pip asks for what an extra adds together with everything else, which matters for what it blames later.
        provided = [extra for extra in extras if extra in metadata.extras] or [""]
        found = [
            dependency
            for dependency in metadata.requires
            if any(self._markers.holds(dependency.marker, extra) is not False for extra in provided)
        ]
        self._fetcher.prefetch(dict.fromkeys(d.name for d in found if d.url is None))
        for dependency in found:
            needed += split_extras(dependency.name, dependency.extras, dependency.specifier, url=dependency.url)
        return needed

    def dependencies(self, name: str, version: Version, extra: str = "") -> Iterator[tuple[Dependency, bool]]:
        """The dependencies that hold for a version, each with whether that is known.

        Those of an extra are only the ones that the extra adds; one that the version does not provide adds nothing.
        """
        metadata = self._candidates.metadata(name, version)
        if not isinstance(metadata, Metadata) or (extra and extra not in metadata.extras):
            return
        for dependency in metadata.requires:
            holds = self._markers.holds(dependency.marker)
            if extra:
                if holds is not False:
                    continue
                holds = self._markers.holds(dependency.marker, extra)
            if holds is not False:
                yield dependency, holds is True
