"""A search for versions that agree, which learns from every conflict: PubGrub over finite sets of versions.

See https://github.com/dart-lang/pub/blob/master/doc/solver.md for the algorithm. A set of versions is a number with a
bit for each, the newest lowest; one bit more says that the project is not installed. So a term and its negation, unions
and intersections are operations on numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
C = TypeVar("C")

CONFLICTS_UNTIL_PROMOTED = 5
"""A project that is in conflict this often is decided before others, from the start."""


@dataclass(slots=True, eq=False)
class Exclusion(Generic[K, C]):
    """Sets of versions that cannot be installed together, by project (an incompatibility of PubGrub)."""

    terms: dict[K, int]
    cause: C | None = None
    """What states it; ``None``: it was learned from two others."""
    learned_from: tuple[Exclusion[K, C], ...] = ()
    idle: K | None = None
    """The project that was seen last with no possible version in its term: most likely that still holds."""

    def causes(self) -> list[C]:
        """What states the exclusions that it was learned from."""
        found: dict[int, C] = {}
        seen: set[int] = set()
        left = [self]
        while left:
            exclusion = left.pop()
            if id(exclusion) not in seen:
                seen.add(id(exclusion))
                left.extend(exclusion.learned_from)
                if exclusion.cause is not None:
                    found[id(exclusion.cause)] = exclusion.cause
        return list(found.values())


class UnsolvableError(Exception):
    """No versions agree."""

    def __init__(self, causes: list[Any]) -> None:
        """``causes``: of the exclusions that prove it."""
        super().__init__()
        self.causes = causes


@dataclass(slots=True)
class _Step(Generic[K, C]):
    key: K
    before: int
    """The versions that were possible."""
    after: int
    level: int
    """How many decisions there were."""
    cause: Exclusion[K, C] | None
    """``None``: this is a decision."""


class Solver(Generic[K, C]):
    """The state of one search."""

    def __init__(self, full: Callable[[K], int], spend: Callable[[int], None]) -> None:
        """``full``: all versions of a project, and that it is not installed. ``spend``: counts steps."""
        self._full = full
        self._spend = spend
        self._possible: dict[K, int] = {}
        self._exclusions: dict[K, list[Exclusion[K, C]]] = {}
        self._trail: list[_Step[K, C]] = []
        self._steps: dict[K, list[_Step[K, C]]] = {}
        self._positions: dict[int, int] = {}
        self._level = 0
        self.decided: dict[K, int] = {}
        """The versions that were decided for."""
        self._conflicts: dict[K, int] = {}
        self._promoted: dict[K, None] = {}
        self._restart = False

    def possible(self, key: K) -> int:
        """The versions that are not ruled out."""
        return self._possible[key] if key in self._possible else self._full(key)

    def promoted(self, key: K) -> bool:
        """Whether a project is decided before others."""
        return key in self._promoted

    def undecided(self) -> Iterator[K]:
        """The projects that must be installed and have no version yet."""
        for key, possible in self._possible.items():
            if key not in self.decided and not possible & self._absent(key):
                yield key

    def _absent(self, key: K) -> int:
        return (self._full(key) + 1) >> 1

    def add(self, exclusion: Exclusion[K, C]) -> None:
        """Add a exclusion without looking at what follows from it."""
        for key in exclusion.terms:
            self._possible.setdefault(key, self._full(key))
            self._exclusions.setdefault(key, []).append(exclusion)

    def is_violated(self, exclusion: Exclusion[K, C], key: K, versions: int) -> bool:
        """Whether a exclusion would rule out these versions of a project at once."""
        return all(not self.possible(one) & ~term for one, term in exclusion.terms.items() if one != key) and bool(
            versions & exclusion.terms.get(key, versions)
        )

    def decide(self, key: K, version: int) -> None:
        """Decide for a version. Raises `UnsolvableError`, as `follow` does."""
        self._level += 1
        self._assign(key, version, None)
        self.decided[key] = version
        self.follow([key])

    def follow(self, keys: Iterable[K]) -> None:
        """Rule out what contradicts the exclusions, and learn from conflicts; raises `UnsolvableError`."""
        queue = list(keys)
        while queue:
            if (violated := self._follow_from(queue.pop(), queue)) is not None:
                learned, key = self._learn(violated)
                self.add(learned)
                queue = [self._derive(key, learned)]
            if not queue and self._restart:
                self._restart = False
                self._go_back(0)
                queue = list(self._exclusions)

    def _follow_from(self, key: K, changed: list[K]) -> Exclusion[K, C] | None:
        """Rule out what follows from a change; a exclusion that is violated ends it."""
        exclusions = self._exclusions.get(key, ())
        self._spend(len(exclusions))
        possible = self._possible
        for exclusion in reversed(list(exclusions)):
            idle = exclusion.idle
            if idle is not None and not possible[idle] & exclusion.terms[idle]:
                continue
            open_keys = self._open(exclusion)
            if open_keys == []:
                return exclusion
            if open_keys and len(open_keys) == 1:
                changed.append(self._derive(open_keys[0], exclusion))
        return None

    def _open(self, exclusion: Exclusion[K, C]) -> list[K] | None:
        """The projects whose possible versions are not all in the exclusion; ``None``: those of one are not at all."""
        found = []
        for key, term in exclusion.terms.items():
            possible = self._possible[key]
            if not possible & term:
                exclusion.idle = key
                return None
            if possible & ~term:
                found.append(key)
                if len(found) > 1:
                    return found
        return found

    def _derive(self, key: K, exclusion: Exclusion[K, C]) -> K:
        self._assign(key, self.possible(key) & ~exclusion.terms[key], exclusion)
        return key

    def _assign(self, key: K, versions: int, cause: Exclusion[K, C] | None) -> None:
        step = _Step(key, self.possible(key), versions, self._level, cause)
        self._positions[id(step)] = len(self._trail)
        self._trail.append(step)
        self._steps.setdefault(key, []).append(step)
        self._possible[key] = versions

    def _go_back(self, level: int) -> None:
        while self._trail and self._trail[-1].level > level:
            step = self._trail.pop()
            del self._positions[id(step)]
            self._steps[step.key].pop()
            self._possible[step.key] = step.before
            if step.cause is None:
                del self.decided[step.key]
        self._level = level

    def _learn(self, exclusion: Exclusion[K, C]) -> tuple[Exclusion[K, C], K]:
        """What a violated exclusion proves, and the project that it rules versions out of once the search went back."""
        for key in exclusion.terms:
            self._conflicts[key] = self._conflicts.get(key, 0) + 1
            if self._conflicts[key] == CONFLICTS_UNTIL_PROMOTED and key not in self._promoted:
                self._promoted[key] = None
                self._restart = True
        while exclusion.terms:
            self._spend(20 * len(exclusion.terms))
            firsts = {key: self._first(key, term) for key, term in exclusion.terms.items()}
            key = max(firsts, key=lambda one: self._positions[id(firsts[one])])
            last = firsts[key]
            levels = [step.level for one, step in firsts.items() if one != key]
            if last.cause is not None:
                own = self._full(key) & ~last.cause.terms[key]
                if own & ~exclusion.terms[key]:
                    levels.append(self._first(key, exclusion.terms[key] | ~own).level)
            previous = max(levels, default=0)
            if last.cause is None or previous < last.level:
                self._go_back(previous)
                return exclusion, key
            exclusion = self._resolved(exclusion, last.cause, key)
        raise UnsolvableError(exclusion.causes())

    def _first(self, key: K, term: int) -> _Step[K, C]:
        """The step after which all possible versions of a project were in a term."""
        return next(step for step in self._steps[key] if not step.after & ~term)

    def _resolved(self, one: Exclusion[K, C], other: Exclusion[K, C], key: K) -> Exclusion[K, C]:
        """What two exclusions prove together, whatever is chosen of one project."""
        terms = dict(one.terms)
        for each, term in other.terms.items():
            terms[each] = terms[each] & term if each in terms else term
        either = one.terms[key] | other.terms[key]
        if either == self._full(key):
            del terms[key]
        else:
            terms[key] = either
        return Exclusion(terms=terms, learned_from=(one, other))
