"""Versions that were found -> the user's requirements, changed so that an installer comes to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from packaging.version import Version

from nogilcheck.model.inputs import Inputs
from nogilcheck.model.plan import Change, ChangeKind
from nogilcheck.model.source import Location, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.loosen import bounded, permits, restated, rewritten
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import is_pinned

PLANNED = Location(path="<plan>")
"""Where a constraint stands that is not written yet."""

HashesOf = Callable[[str, Version], tuple[str, ...]]
"""The hashes of a version's files, ``sha256:...``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Changes what the user says as far as it applies to a build."""

    build: Target
    hashes_of: HashesOf

    def restated(self, inputs: Inputs, found: Mapping[str, Version]) -> Inputs:
        """With every requirement and constraint that stands in the way of ``found`` put so that it does not."""
        markers = MarkerEvaluator(self.build.environment)

        def admit(root: Root) -> Root:
            version = found.get(root.name or "")
            applies = markers.holds(root.marker) is not False
            return root if version is None or not applies else self._admitting(root, version)

        return replace(inputs, roots=tuple(map(admit, inputs.roots)), constraints=tuple(map(admit, inputs.constraints)))

    def tightened(
        self, inputs: Inputs, found: Mapping[str, Version], names: Iterable[str], chosen: Mapping[str, Version]
    ) -> Inputs:
        """With bounds that keep an installer to ``found`` where it ``chose`` something else."""
        for name in names:
            version = found.get(name)
            if version is None or chosen.get(name) == version:
                continue
            above = name not in chosen or chosen[name] > version
            inputs = self._bounded(inputs, name, version, above=above)
        return inputs

    def pinned(self, inputs: Inputs, found: Mapping[str, Version]) -> Inputs:
        """With a constraint that pins every one of ``found``."""
        pins = tuple(_constraint(name, f"=={version}") for name, version in sorted(found.items()))
        return replace(inputs, constraints=(*inputs.constraints, *pins))

    def _admitting(self, root: Root, version: Version) -> Root:
        if root.url or permits([root.specifier], version):
            return root
        specifier = restated(root.specifier, version)
        hashes = self.hashes_of(root.name or "", version) if root.hashes else ()
        requirement = rewritten(root.requirement, root.specifier, specifier)
        return replace(root, specifier=specifier, requirement=requirement, hashes=hashes)

    def _bounded(self, inputs: Inputs, name: str, version: Version, *, above: bool) -> Inputs:
        markers = MarkerEvaluator(self.build.environment)
        for position, root in enumerate(inputs.roots):
            if root.name == name and not root.url and markers.holds(root.marker) is not False:
                if is_pinned(root.specifier):
                    return inputs
                specifier = bounded(root.specifier, version, above=above)
                requirement = rewritten(root.requirement, root.specifier, specifier)
                changed = replace(root, specifier=specifier, requirement=requirement)
                return replace(inputs, roots=(*inputs.roots[:position], changed, *inputs.roots[position + 1 :]))
        added = _constraint(name, f"{'<=' if above else '>='}{version.public}")
        return replace(inputs, constraints=(*inputs.constraints, added))


def without_extras(inputs: Inputs, dropped: Container[tuple[int, str]]) -> Inputs:
    """Without some of the extras that roots ask for: (position, extra)."""

    def keep(position: int, root: Root) -> Root:
        extras = tuple(extra for extra in root.extras if (position, extra) not in dropped)
        if extras == root.extras:
            return root
        text = f"[{','.join(extras)}]" if extras else ""
        return replace(root, extras=extras, requirement=re.sub(r"\s*\[[^]]*\]", text, root.requirement, count=1))

    return replace(inputs, roots=tuple(keep(*numbered) for numbered in enumerate(inputs.roots)))


def changes(before: Inputs, after: Inputs) -> tuple[Change, ...]:
    """What was changed: the user's own lines in their order, then what was added."""
    own = [
        *zip(before.roots, after.roots, strict=True),
        *zip(before.constraints, after.constraints[: len(before.constraints)], strict=True),
    ]
    found = [
        Change(
            kind=_kind(old, new),
            project=new.name or "",
            before=old.requirement,
            after=new.requirement,
            location=old.location,
            constraint=position >= len(before.roots),
            hashes=new.hashes,
        )
        for position, (old, new) in enumerate(own)
        if old != new
    ]
    added = after.constraints[len(before.constraints) :]
    found += [
        Change(
            kind=ChangeKind.CONSTRAIN,
            project=constraint.name or "",
            before=None,
            after=constraint.requirement,
            location=None,
            constraint=True,
        )
        for constraint in added
    ]
    return tuple(found)


def _kind(old: Root, new: Root) -> ChangeKind:
    if old.extras != new.extras:
        return ChangeKind.DROP_EXTRA
    if is_pinned(old.specifier):
        return ChangeKind.PIN
    return ChangeKind.CONSTRAIN if new.specifier.startswith(old.specifier) and old.specifier else ChangeKind.RELAX


def _constraint(name: str, specifier: str) -> Root:
    return Root(requirement=f"{name}{specifier}", name=name, specifier=specifier, location=PLANNED)
