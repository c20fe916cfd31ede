"""A resolution where pip's search does not come to an end: versions that agree, or a proof that there are none.

pip tries versions one after another and forgets why each was in conflict. This search learns it, and so ends where
pip's does not; but it takes other versions than pip where several agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.version import Version
from resolvelib import ResolutionImpossible
from resolvelib.structs import RequirementInformation

from nogilcheck.model.artifact import Missing
from nogilcheck.resolve.versions import is_pinned, merged
from nogilcheck.resolve.walk.conflict_learning import Exclusion, Solver, UnsolvableError
from nogilcheck.resolve.walk.conflicts import newest_of_each
from nogilcheck.resolve.walk.effort import STEPS_PER_LOOK
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement

if TYPE_CHECKING:
    Cause = RequirementInformation[Requirement, Candidate]


class NotDecidedError(Exception):
    """Versions were found that pip would not take, or the requirements are not of the kind that is searched."""


def resolve_learning(provider: Provider, requirements: Sequence[Requirement]) -> dict[Identifier, Candidate]:
    """Candidates that satisfy every requirement.

    Raises `ResolutionImpossible` where none do, `NotDecidedError`, and what the `Provider` raises.
    """
    # pip admits yanked releases and pre-releases under conditions on all requirements together. Where these stand in
    # the way any version is tried; and only where no version at all would do is there a contradiction.
    for is_generous in (False, True):
        try:
            found = _Search(provider, is_generous=is_generous).run(requirements)
        except UnsolvableError as proof:
            if is_generous:
                raise ResolutionImpossible(newest_of_each(proof.causes)) from None
        else:
            if _is_valid(found, provider, requirements):
                return found
    raise NotDecidedError


class _Domain:
    """The candidates of one identifier, as numbers for the solver."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.full = (1 << len(candidates) + 1) - 1
        self.all = self.full >> 1
        self._bits = {candidate.version: 1 << number for number, candidate in enumerate(candidates)}
        self.masks: dict[tuple[str, bool], int] = {}
        """What satisfies a requirement: by its text, and whether the user makes it."""
        self.usual: int | None = None

    def mask(self, versions: Sequence[Version]) -> int:
        return sum(self._bits.get(version, 0) for version in versions)

    def first(self, versions: int) -> tuple[int, Candidate]:
        bit = versions & -versions
        return bit, self.candidates[bit.bit_length() - 1]


class _Search:
    def __init__(self, provider: Provider, *, is_generous: bool) -> None:
        """``is_generous``: a version that any rule might admit is one."""
        self._provider = provider
        self._is_generous = is_generous
        self._domains: dict[Identifier, _Domain] = {}
        self._exclusions: dict[tuple[Identifier, Identifier, int], Exclusion[Identifier, Cause]] = {}
        """That versions of the first need one of these versions of the second."""
        self._order: dict[Identifier, int] = {}
        self._first: dict[Identifier, int] = {}
        """The versions whose metadata were read ahead last."""
        self._solver: Solver[Identifier, Cause] = Solver(lambda key: self._domain(key).full, provider.effort.spend)

    def run(self, requirements: Sequence[Requirement]) -> dict[Identifier, Candidate]:
        solver = self._solver
        for requirement in requirements:
            key, mask = self._wanted(requirement)
            solver.add(Exclusion(terms=self._outside(key, mask), cause=RequirementInformation(requirement, None)))
        solver.follow(list(self._order))
        while undecided := list(solver.undecided()):
            self._read_ahead(undecided)
            self._decide(min(undecided, key=self._preference))
        return {key: self._domain(key).first(bit)[1] for key, bit in solver.decided.items()}

    def _read_ahead(self, undecided: Iterable[Identifier]) -> None:
        """Start reading the metadata of the versions that come next."""
        for key in undecided:
            possible = self._solver.possible(key)
            bit, candidate = self._domain(key).first(possible & self._usual(key) or possible)
            if bit != self._first.get(key):
                self._first[key] = bit
                self._provider.read_ahead(candidate)

    def _preference(self, key: Identifier) -> tuple[bool, bool, int]:
        possible = self._solver.possible(key)
        return not self._solver.promoted(key), bool(possible & (possible - 1)), self._order[key]

    def _decide(self, key: Identifier) -> None:
        """Add what the newest possible version requires; decide for it unless that is in conflict already."""
        provider, solver = self._provider, self._solver
        provider.effort.check_time()
        provider.effort.spend(STEPS_PER_LOOK)
        possible = solver.possible(key)
        project = provider.project(key.name)
        bit, candidate = self._domain(key).first(possible & self._usual(key) or possible)
        if candidate.version is not None and not isinstance(project, Missing):
            provider.read_ahead(candidate, lambda version: bool(possible & self._domain(key).mask([version])))
            if project.metadata_excludes(candidate.version):
                solver.add(Exclusion(terms={key: bit}))
                solver.follow([key])
                return
        exclusions = [self._exclusion(candidate, bit, required) for required in provider.get_dependencies(candidate)]
        if any(solver.is_violated(exclusion, key, bit) for exclusion in exclusions):
            solver.follow([key])
        else:
            solver.decide(key, bit)

    def _exclusion(self, candidate: Candidate, bit: int, required: Requirement) -> Exclusion[Identifier, Cause]:
        """The exclusion of a requirement: of all versions that make it there is one, which is about more with each."""
        key, (other, mask) = self._provider.identify(candidate), self._wanted(required)
        known = self._exclusions.get((key, other, mask))
        if known is None:
            terms = {} if other == key else self._outside(other, mask)
            known = Exclusion(terms={**terms, key: 0}, cause=RequirementInformation(required, candidate))
            self._exclusions[key, other, mask] = known
            self._solver.add(known)
        if other != key or not bit & mask:
            known.terms[key] |= bit
        return known

    def _outside(self, key: Identifier, mask: int) -> dict[Identifier, int]:
        """The term that no version of a set is installed; none, if it is empty: that always holds."""
        return {key: self._domain(key).full & ~mask} if mask else {}

    def _wanted(self, requirement: Requirement) -> tuple[Identifier, int]:
        """What a requirement is on, and the versions that satisfy it."""
        if self._provider.references(requirement.name, [requirement]):
            raise NotDecidedError
        key = self._provider.identify(requirement)
        self._order.setdefault(key, len(self._order))
        domain = self._domain(key)
        asked = (str(requirement.exact or requirement.specifier), requirement.origin is not None)
        if asked not in domain.masks:
            domain.masks[asked] = self._mask(domain, requirement)
        return key, domain.masks[asked]

    def _mask(self, domain: _Domain, requirement: Requirement) -> int:
        name = requirement.name
        project = self._provider.project(name)
        if isinstance(project, Missing):
            return domain.all
        if requirement.exact:
            return domain.mask([requirement.exact])
        specifiers = self._provider.effective_specifiers(name, [requirement])
        if not self._is_generous:
            return self._offered(domain, project, specifiers)
        wanted = merged(specifiers)
        versions = self._provider.effort.counted(project.equal_to(wanted))
        return domain.mask([each for each in versions if wanted.contains(each, prereleases=True)])

    def _usual(self, key: Identifier) -> int:
        """Where any version may be taken: those that are tried first."""
        domain, project = self._domain(key), self._provider.project(key.name)
        if not self._is_generous or isinstance(project, Missing):
            return 0
        if domain.usual is None:
            domain.usual = self._offered(domain, project, self._provider.effective_specifiers(key.name, ()))
        return domain.usual

    def _offered(self, domain: _Domain, project: ProjectCandidates, specifiers: Sequence[str]) -> int:
        pinned = any(map(is_pinned, specifiers))
        return domain.mask(project.offered(merged(specifiers), pinned=pinned, counted=self._provider.effort.counted))

    def _domain(self, key: Identifier) -> _Domain:
        if key not in self._domains:
            project = self._provider.project(key.name)
            versions = [None] if isinstance(project, Missing) else project.page.versions
            self._domains[key] = _Domain([Candidate(key.name, key.extras, version) for version in versions])
        return self._domains[key]


def _is_valid(found: Mapping[Identifier, Candidate], provider: Provider, requirements: Sequence[Requirement]) -> bool:
    """Whether pip, asked for exactly these requirements, would have each candidate among those to try."""
    asked: dict[Identifier, list[Requirement]] = {}
    for requirement in (*requirements, *(one for each in found.values() for one in provider.get_dependencies(each))):
        asked.setdefault(provider.identify(requirement), []).append(requirement)
    if asked.keys() != found.keys():
        return False
    for key, candidate in found.items():
        wanted = {each: iter(asked.get(each, ())) for each in {key, Identifier(key.name)}}
        if candidate not in provider.find_matches(key, wanted, {key: iter(())})():
            return False
    return True
