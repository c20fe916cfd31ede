"""Sets of targets in the fewest words that mean exactly the set.

The grammar, where a *place* is a platform or a family of which the report has every platform in the set:

- ``all targets``, and ``all targets but`` one group
- ``3.13t and 3.14t everywhere``: every target of the report with these Pythons
- ``3.13t on musllinux``, ``3.14t everywhere but windows-arm64``
- ``musllinux``: every target of the report on it; ``musllinux (3.13t, 3.14t)``: those with these Pythons

Several groups are joined by semicolons. Where a report has one Python or one platform, it is not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Final

from nogilcheck.model.report.report import TargetSummary
from nogilcheck.report.words import listed

FAMILIES: Final = {"linux": "linux", "musllinux": "musllinux", "macos": "macOS", "windows": "windows"}
"""What the platform names begin with -> the name of all of them together."""


def family_of(platform: str) -> str | None:
    """``macos-arm64`` -> ``macOS``; ``None`` for a platform that goes by its tag."""
    head, dash, _ = platform.partition("-")
    return FAMILIES.get(head) if dash else None


class Scope:
    """The targets of one report, and the words for any set of them."""

    def __init__(self, targets: Sequence[TargetSummary]) -> None:
        self.targets = targets
        self.pythons = tuple(dict.fromkeys(target.python_name for target in targets))
        self.platforms = tuple(dict.fromkeys(target.platform for target in targets))
        self._by_id = {target.id: target for target in targets}
        self._members: dict[str, set[str]] = {}
        for platform in self.platforms:
            if family := family_of(platform):
                self._members.setdefault(family, set()).add(platform)

    @property
    def is_grid(self) -> bool:
        """Whether every Python is on every platform."""
        return len(self.targets) == len(self.pythons) * len(self.platforms)

    def words(self, ids: Iterable[str]) -> str:
        """The words for these targets; an id that is not in the report stands for itself."""
        wanted = dict.fromkeys(ids)
        chosen = [target for target in self.targets if target.id in wanted]
        strangers = sorted(wanted.keys() - self._by_id.keys())
        return "; ".join([*([self._words(chosen)] if chosen else []), *strangers])

    def on_one_python(self, ids: Iterable[str]) -> str:
        """The words for targets of one Python without its name: ``everywhere but windows-arm64``."""
        chosen = [self._by_id[target] for target in ids]
        here = {target.platform for target in chosen}
        python = chosen[0].python_name
        rest = {target.platform for target in self.targets if target.python_name == python} - here
        if not rest:
            return "everywhere"
        return min(", ".join(self.places(here)), f"everywhere but {listed(self.places(rest))}", key=len)

    def pythons_of(self, ids: Iterable[str]) -> str:
        """Their Pythons, as versions of the language: ``3.13 and 3.14``."""
        return listed(dict.fromkeys(self._by_id[target].python for target in ids))

    def places_of(self, ids: Iterable[str]) -> str:
        """Their platforms: ``musllinux and windows-arm64``."""
        return listed(self.places({self._by_id[target].platform for target in ids}))

    def places(self, platforms: Set[str]) -> list[str]:
        """Names that mean exactly these platforms of the report, families that are complete drawn together."""
        names: dict[str, None] = {}
        for platform in self.platforms:
            if platform in platforms:
                family = family_of(platform)
                members = self._members[family] if family else set()
                whole = family and len(members) > 1 and members <= platforms
                names[family if family and whole else platform] = None
        return list(names)

    def _words(self, chosen: Sequence[TargetSummary]) -> str:
        if len(self.platforms) == 1:
            return listed(target.python_name for target in chosen)
        if len(self.pythons) == 1:
            platforms = {target.platform for target in chosen}
            return "every platform" if len(platforms) == len(self.platforms) else self._where(platforms)
        if len(chosen) == len(self.targets):
            return "all targets"
        ids = {target.id for target in chosen}
        by_python = self._by_python(chosen)
        candidates = [by_python, self._by_platform(chosen)]
        others = self._by_python([target for target in self.targets if target.id not in ids])
        if len(others) == 1 and " but " not in others[0]:
            candidates.append([f"all targets but {others[0]}"])
        return min(("; ".join(groups) for groups in candidates if groups), key=len)

    def _where(self, platforms: Set[str]) -> str:
        """``linux and macOS``, or what is left out of everything where that is shorter."""
        rest = set(self.platforms) - platforms
        return min(listed(self.places(platforms)), f"every platform but {listed(self.places(rest))}", key=len)

    def _by_python(self, chosen: Sequence[TargetSummary]) -> list[str]:
        pythons: dict[str, list[str]] = {}
        for python in self.pythons:
            here = {target.platform for target in chosen if target.python_name == python}
            if here:
                rest = {target.platform for target in self.targets if target.python_name == python} - here
                pythons.setdefault(self._section(here, rest), []).append(python)
        return [f"{listed(members)} {section}" for section, members in pythons.items()]

    def _section(self, here: Set[str], rest: Set[str]) -> str:
        if not rest:
            return "everywhere"
        return min(f"on {listed(self.places(here))}", f"everywhere but {listed(self.places(rest))}", key=len)

    def _by_platform(self, chosen: Sequence[TargetSummary]) -> list[str]:
        """Nothing where brackets would hold one Python, or follow several places and seem to belong to the last."""
        platforms: dict[tuple[str, ...], set[str]] = {}
        for platform in self.platforms:
            here = tuple(target.python_name for target in chosen if target.platform == platform)
            if here:
                complete = len(here) == sum(target.platform == platform for target in self.targets)
                platforms.setdefault(() if complete else here, set()).add(platform)
        groups: list[str] = []
        for pythons, members in platforms.items():
            places = self.places(members)
            if pythons and (len(places) > 1 or len(pythons) == 1):
                return []
            groups.append(f"{listed(places)} ({', '.join(pythons)})" if pythons else listed(places))
        return groups
