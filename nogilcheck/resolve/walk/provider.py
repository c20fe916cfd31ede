"""The world as resolvelib sees it: pip's provider, with gaps and blockers that never stop the walk."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version
from resolvelib import AbstractProvider, ResolutionTooDeep

from nogilcheck.model.artifact import Dependency, Metadata, Missing
from nogilcheck.resolve.direct import reference
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import is_pinned, is_upper_bounded, merged, specifier_set
from nogilcheck.resolve.walk.candidates import CandidateIndex
from nogilcheck.resolve.walk.overrides import Overrides

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

CONFLICTS_UNTIL_PROMOTED = 5
"""pip's threshold: a project met this often in conflicts is resolved earlier."""

MAX_COMPARISONS = 500_000
"""Pairs of a requirement and a candidate in one resolution; a large real stack has some hundreds. Extras that ask for
each other are of the third power: 500 of them, in 30 KB of metadata, would take all memory."""

MAX_LOOKED_THROUGH = 5_000_000
"""Requirements on one project that are looked through for one more on it, all in all; about a thousand in a large
real stack."""


class ExhaustedError(ResolutionTooDeep):
    """The resolution has compared more than it may."""

    def __init__(self, what: str) -> None:
        """``what``: it was stopped after that."""
        super().__init__(0)
        self.what = what


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
    """A direct reference, see `nogilcheck.resolve.direct.reference`."""
    exact: Version | None = None
    """The one version that a project must have, at ``url``, because its extras were resolved to it."""


class Candidate(NamedTuple):
    """One version of a project, or of a project with extras."""

    name: str
    extras: tuple[str, ...]
    version: Version | None
    """``None`` stands in for a project that cannot be resolved; it satisfies everything."""
    url: str | None = None
    """The direct reference that it is; ``None``: from the index."""


def split_extras(
    name: str, extras: tuple[str, ...], specifier: str, *, origin: int | None = None, url: str | None = None
) -> list[Requirement]:
    """``foo[a,b]>=1`` asks for ``foo>=1`` and ``foo[a,b]>=1``.

    ``foo[a,b]`` asks for itself only: as soon as it has a version, it asks for that version of ``foo``.
    """
    whole = Requirement(name, extras, specifier, origin, url and reference(url))
    return [whole._replace(extras=()), whole] if extras and (specifier or url) else [whole]


class Provider(AbstractProvider[Requirement, Candidate, Identifier]):
    """Answers resolvelib's questions for one build."""

    def __init__(
        self,
        *,
        candidates: CandidateIndex,
        markers: MarkerEvaluator,
        constraints: Mapping[str, str],
        constraint_urls: Mapping[str, frozenset[str]],
        overrides: Overrides,
        order: Mapping[Identifier, int],
        unresolvable: Mapping[str, Missing],
        relaxed: frozenset[str],
    ) -> None:
        """What the walk has decided so far.

        ``constraints`` are merged specifiers by project, ``constraint_urls`` the references to which constraints
        direct it; ``order`` says which root asked first;
        ``unresolvable`` projects stay unresolved, and on ``relaxed`` ones only the user's own words count.
        """
        self._candidates = candidates
        self._markers = markers
        self._constraints = constraints
        self._constraint_urls = constraint_urls
        self._overrides = overrides
        self._order = order
        self._given_up = unresolvable
        self._relaxed = relaxed
        self._conflicts: defaultdict[Identifier, int] = defaultdict(int)
        self._promoted: set[Identifier] = set()
        self._looked_through = 0
        self._satisfied: dict[tuple[int, int], tuple[bool, Requirement, Candidate]] = {}
        """By identity, which is quicker than equality; the values keep what they are about alive."""

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
        """The candidates that satisfy every requirement, newest first. Raises `ExhaustedError`."""
        name, extras = identifier
        own = list(requirements[identifier])
        # What is asked of the project bounds its extras too, as in pip.
        asked = own + list(requirements.get(Identifier(name), ())) if extras else own
        self._looked_through += len(asked)
        if self._looked_through > MAX_LOOKED_THROUGH:
            raise ExhaustedError(f"{MAX_LOOKED_THROUGH:,} requirements were looked through")
        excluded = set(incompatibilities[identifier])
        stand_in = Candidate(name, extras, None)
        if name in self._given_up:
            return lambda: iter({stand_in} - excluded)
        if not asked:  # whoever asked was sent back: pip offers nothing then, and goes further back
            return lambda: iter(())
        if urls := self.references(name, asked):
            found = self._referred_to(name, extras, urls)
            return lambda: iter([c for c in found - excluded if self._is_allowed(c, own)])
        project = self._candidates.of(name)
        if isinstance(project, Missing):
            return lambda: iter({stand_in} - excluded)
        if exact := {requirement.exact for requirement in asked if requirement.exact}:
            known = [Candidate(name, extras, version) for version in sorted(exact)]
            matching = [c for c in known if c not in excluded and self._is_allowed(c, own)]
            return lambda: iter(matching)
        specifiers = self.counted(name, asked)
        wanted = merged(specifiers)
        pinned = any(map(is_pinned, specifiers))
        return lambda: (
            candidate
            for version in project.matching(wanted, pinned=pinned)
            if (candidate := Candidate(name, extras, version)) not in excluded
        )

    def references(self, name: str, requirements: Sequence[Requirement]) -> set[str]:
        """The direct references from which a project must come; after a conflict only those of the user, if any."""
        counting = requirements
        if name in self._relaxed and any(requirement.origin is not None for requirement in requirements):
            counting = [r for r in requirements if r.origin is not None or r.exact is not None]
        return {r.url for r in counting if r.url} | self._constraint_urls.get(name, frozenset())

    def _referred_to(self, name: str, extras: tuple[str, ...], urls: set[str]) -> set[Candidate]:
        """The candidate of a reference; there is none where a project would have to come from two of them."""
        if len(urls) > 1:
            return set()
        (url,) = urls
        project = self._candidates.of(name, url)
        if isinstance(project, Missing):
            return {Candidate(name, extras, None)}
        return {Candidate(name, extras, project.only(), url)}

    def _is_allowed(self, candidate: Candidate, requirements: Iterable[Requirement]) -> bool:
        """Whether the constraints admit a candidate that is not the choice of specifiers, and it satisfies these."""
        if not all(self.is_satisfied_by(requirement, candidate) for requirement in requirements):
            return False
        allowed = specifier_set(self._constraints.get(candidate.name, ""))
        return candidate.version is None or allowed.contains(candidate.version, prereleases=True)

    def counted(self, name: str, requirements: Iterable[Requirement]) -> list[str]:
        """The specifiers that count for a project; after a conflict only what the user wrote."""
        relaxed = name in self._relaxed
        specifiers = [r.specifier for r in requirements if not relaxed or r.origin is not None]
        return [*specifiers, self._constraints.get(name, "")]

    def is_satisfied_by(self, requirement: Requirement, candidate: Candidate) -> bool:
        """Whether a candidate satisfies a requirement (pre-releases were decided on before).

        resolvelib asks this of every requirement again in every round: answers are kept. Raises `ExhaustedError`.
        """
        question = (id(requirement), id(candidate))
        known = self._satisfied.get(question)
        if known is None:
            if len(self._satisfied) >= MAX_COMPARISONS:
                raise ExhaustedError(f"{MAX_COMPARISONS:,} comparisons")
            answer = self._satisfies(candidate, requirement)
            known = self._satisfied[question] = (answer, requirement, candidate)
        return known[0]

    def _satisfies(self, candidate: Candidate, requirement: Requirement) -> bool:
        if candidate.version is None:
            return True
        if requirement.exact:
            return (candidate.version, candidate.url) == (requirement.exact, requirement.url)
        if candidate.name in self._relaxed and requirement.origin is None:
            return True
        if requirement.url:
            return candidate.url == requirement.url
        return specifier_set(requirement.specifier).contains(candidate.version, prereleases=True)

    def get_dependencies(self, candidate: Candidate) -> Iterable[Requirement]:
        """What a candidate requires on this build; unreadable metadata requires nothing (a gap)."""
        name, extras, version, url = candidate
        needed = [Requirement(name, url=url, exact=version)] if extras else []
        metadata = None if version is None else self._candidates.metadata(name, version, url)
        if not isinstance(metadata, Metadata):
            return needed
        # pip asks for what an extra adds together with everything else, which matters for what it blames later.
        provided = [extra for extra in extras if extra in metadata.extras] or [""]
        found = [
            dependency
            for dependency in self._overrides.of_dependencies(metadata.requires)
            if any(self._markers.holds(dependency.marker, extra) is not False for extra in provided)
        ]
        for dependency in found:
            needed += split_extras(dependency.name, dependency.extras, dependency.specifier, url=dependency.url)
        self._candidates.prefetch((requirement.name, requirement.url) for requirement in needed)
        return needed

    def dependencies(
        self, name: str, version: Version, extra: str = "", *, url: str | None = None
    ) -> Iterator[tuple[Dependency, bool]]:
        """The dependencies that hold for a version, each with whether that is known.

        Those of an extra are only the ones that the extra adds; one that the version does not provide adds nothing.
        """
        metadata = self._candidates.metadata(name, version, url)
        if not isinstance(metadata, Metadata) or (extra and extra not in metadata.extras):
            return
        for dependency in self._overrides.of_dependencies(metadata.requires):
            holds = self._markers.holds(dependency.marker)
            if extra:
                if holds is not False:
                    continue
                holds = self._markers.holds(dependency.marker, extra)
            if holds is not False:
                yield dependency, holds is True
