"""The resolvelib provider, mirroring pip's, except that missing projects and files never stop the walk."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from packaging.version import Version
from resolvelib import AbstractProvider

from nogilcheck.model.artifact import Dependency, Metadata, Missing
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import is_pinned, is_upper_bounded, specifier_set
from nogilcheck.resolve.walk.candidate_index import CandidateIndex
from nogilcheck.resolve.walk.discards import DiscardedError
from nogilcheck.resolve.walk.effort import STEPS_PER_COMPARISON, STEPS_PER_LOOK, Effort
from nogilcheck.resolve.walk.kept_candidates import KeptCandidates
from nogilcheck.resolve.walk.overrides import Overrides
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement, split_extras

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

Preference = tuple[bool, bool, bool, bool, float, bool, str]

CONFLICTS_UNTIL_PROMOTED = 5
"""pip's threshold: a project that is in conflict this often is resolved earlier."""


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
        direct: Set[str] | None,
        effort: Effort,
    ) -> None:
        """Create the provider of one attempt.

        ``constraints``: merged specifiers by project. ``constraint_urls``: the direct references that constraints
        demand, by project. ``order``: the position of the first root that names a project. ``unresolvable``: projects
        that stay without a version. ``relaxed``: projects for which only the user's own requirements count. ``direct``:
        projects with direct references, of which the index is not asked; ``None``: nothing is left out of the
        resolution because the index does not know it. ``effort``: what the resolution may cost, shared by its attempts.
        """
        self._candidates = candidates
        self._markers = markers
        self._constraints = constraints
        self._constraint_urls = constraint_urls
        self._overrides = overrides
        self._order = order
        self._unresolvable = unresolvable
        self._relaxed = relaxed
        self._direct = direct
        self.effort = effort
        self.read_ahead = candidates.read_ahead
        self.left_out: set[str] = set()
        """Projects that no index knows, the requirements on which were left out."""
        self._conflicts: defaultdict[Identifier, int] = defaultdict(int)
        self._promoted: set[Identifier] = set()
        self._kept = KeptCandidates(effort)
        self._required: dict[Candidate, Sequence[Requirement]] = {}
        self._satisfied: dict[tuple[int, int], tuple[bool, Requirement, Candidate]] = {}
        """Keyed by identity, which is quicker than equality; the values keep the objects alive."""

    def identify(self, requirement_or_candidate: Requirement | Candidate) -> Identifier:
        """The project and its set of extras, without a version."""
        return Identifier(requirement_or_candidate.name, requirement_or_candidate.extras)

    def narrow_requirement_selection(
        self,
        identifiers: Iterable[Identifier],
        resolutions: Mapping[Identifier, Candidate],
        candidates: Mapping[Identifier, Iterator[Candidate]],
        information: Mapping[Identifier, Iterator[RequirementInformation[Requirement, Candidate]]],
        backtrack_causes: Sequence[RequirementInformation[Requirement, Candidate]],
    ) -> Iterable[Identifier]:
        """Choose as pip does: causes of the last backtracking first, then projects that are often in conflict."""
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
    ) -> Preference:
        """Sort as pip does: see `preference`."""
        return self.preference(identifier, [info.requirement for info in information[identifier]])

    def preference(self, identifier: Identifier, requirements: Sequence[Requirement]) -> Preference:
        """Direct, pinned, bounded above, in the user's order, constrained, by name.

        Of more requirements together, each part is the smallest.
        """
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

    def is_promoted(self, identifier: Identifier) -> bool:
        """Whether a project is resolved earlier because it is often in conflict."""
        return identifier in self._promoted

    def find_matches(
        self,
        identifier: Identifier,
        requirements: Mapping[Identifier, Iterator[Requirement]],
        incompatibilities: Mapping[Identifier, Iterator[Candidate]],
    ) -> Callable[[], Iterator[Candidate]]:
        """The candidates that satisfy every requirement, newest first. Raises `ExhaustedError`."""
        name, extras = identifier
        own = list(requirements[identifier])
        # As in pip, requirements on the project bound the project with extras as well.
        asked = own + list(requirements.get(Identifier(name), ())) if extras else own
        self.effort.check_time()
        self.effort.spend(STEPS_PER_LOOK + len(asked))
        excluded = set(map(id, incompatibilities[identifier]))
        found = self._offered(identifier, asked, own)
        return lambda: self._first_read_ahead(each for each in found if id(each) not in excluded)

    def _offered(
        self, identifier: Identifier, asked: Sequence[Requirement], own: Sequence[Requirement]
    ) -> Iterable[Candidate]:
        """The candidates for some requirements, ``own`` ones and those on the project without extras."""
        name, extras = identifier
        chosen: Iterable[Candidate]
        if name in self._unresolvable:
            chosen = [Candidate(name, extras, None)]
        elif not asked:  # all requirements on it were backtracked: pip offers nothing and backtracks further
            chosen = []
        elif urls := self.references(name, asked):
            chosen = (c for c in self._direct_candidates(name, extras, urls) if self._is_allowed(c, own))
        elif isinstance(project := self._candidates.of(name), Missing):
            chosen = [Candidate(name, extras, None)]
        elif exact := {requirement.exact for requirement in asked if requirement.exact}:
            chosen = (c for v in sorted(exact) if self._is_allowed(c := Candidate(name, extras, v), own))
        else:
            return self._kept.of(identifier, project, self.effective_specifiers(name, asked))
        return list(map(self._kept.once, chosen))

    def _first_read_ahead(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        for number, candidate in enumerate(candidates):
            if number == 0:
                self.read_ahead(candidate)
            yield candidate

    def references(self, name: str, requirements: Sequence[Requirement]) -> set[str]:
        """The direct references that a project must come from; of a relaxed project the user's, if there are any."""
        if name in self._relaxed and any(requirement.origin is not None for requirement in requirements):
            requirements = [r for r in requirements if r.origin is not None or r.exact is not None]
        return {r.url for r in requirements if r.url} | self._constraint_urls.get(name, frozenset())

    def _direct_candidates(self, name: str, extras: tuple[str, ...], urls: set[str]) -> set[Candidate]:
        """The candidate of a direct reference; empty where two references contradict each other."""
        if len(urls) > 1:
            return set()
        (url,) = urls
        project = self._candidates.of(name, url)
        if isinstance(project, Missing):
            return {Candidate(name, extras, None)}
        return {Candidate(name, extras, project.direct_version(), url)}

    def _is_allowed(self, candidate: Candidate, requirements: Iterable[Requirement]) -> bool:
        """Whether a candidate that no specifier chose satisfies these requirements and the constraints."""
        if not all(self.is_satisfied_by(requirement, candidate) for requirement in requirements):
            return False
        allowed = specifier_set(self._constraints.get(candidate.name, ""))
        return candidate.version is None or allowed.contains(candidate.version, prereleases=True)

    def effective_specifiers(self, name: str, requirements: Iterable[Requirement]) -> list[str]:
        """The specifiers that apply to a project, the constraint last; of a relaxed project only the user's own."""
        relaxed = name in self._relaxed
        specifiers = [r.specifier for r in requirements if not relaxed or r.origin is not None]
        return [*specifiers, self._constraints.get(name, "")]

    def is_satisfied_by(self, requirement: Requirement, candidate: Candidate) -> bool:
        """Whether a candidate satisfies a requirement; `find_matches` has decided about pre-releases already.

        resolvelib asks this about every requirement in every round, so answers are kept. Raises `ExhaustedError`.
        """
        question = (id(requirement), id(candidate))
        known = self._satisfied.get(question)
        if known is None:
            self.effort.spend(STEPS_PER_COMPARISON)
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
        """The requirements of a candidate on this build; none where its metadata cannot be read (the graph says so).

        Raises `DiscardedError` where it is discarded.
        """
        if candidate not in self._required:
            self._required[candidate] = self._requirements_of(candidate)
        return self._required[candidate]

    def _requirements_of(self, candidate: Candidate) -> Sequence[Requirement]:
        name, extras, version, url = candidate
        needed = [Requirement(name, url=url, exact=version)] if extras else []
        if name in self._kept.asked_last:
            self.read_ahead(candidate, self._kept.asked_last[name].contains)
        metadata = None if version is None else self._candidates.metadata(name, version, url)
        if self.is_discarded(candidate):
            raise DiscardedError
        if not isinstance(metadata, Metadata):
            return needed
        # Like pip, yield the dependencies of extras together with the others: conflicts name the same parent then.
        provided = [extra for extra in extras if extra in metadata.extras] or [""]
        for dependency in self._overrides.of_dependencies(metadata.requires):
            if any(self._markers.holds(dependency.marker, extra) is not False for extra in provided):
                needed += split_extras(dependency.name, dependency.extras, dependency.specifier, url=dependency.url)
        self._candidates.prefetch((requirement.name, requirement.url) for requirement in needed)
        return self.deciding(needed)

    def is_discarded(self, candidate: Candidate) -> bool:
        """Whether installers do not take a candidate, or some file of it, for its metadata; see `CandidateIndex`."""
        name, _, version, url = candidate
        return version is not None and url is None and self._candidates.discards(name, version)

    def project(self, name: str) -> ProjectCandidates | Missing:
        """The candidates of a project on the index; why there are none, also where a contradiction took them."""
        return self._unresolvable.get(name) or self._candidates.of(name)

    def deciding(self, requirements: Sequence[Requirement]) -> Sequence[Requirement]:
        """The requirements that can influence what is chosen: those on a project that no index knows cannot.

        Ten thousand of them would cost as many rounds. The graph, which follows the metadata anew, has them all.
        """
        if self._direct is None:
            return requirements
        referenced = {one.name for one in requirements if one.url or one.exact} | self._direct
        names = {one.name for one in requirements} - referenced
        unknown = {name for name in names if isinstance(self._candidates.of(name), Missing)}
        self.left_out |= unknown
        return [one for one in requirements if one.name not in unknown]

    def dependencies(
        self, name: str, version: Version, extra: str = "", *, url: str | None = None
    ) -> Iterator[tuple[Dependency, bool]]:
        """The dependencies of a version on this build, each with whether its marker could be decided.

        With an ``extra``, only those that it adds; an extra that the version does not provide adds none.
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
