"""Change the user's requirements so that an installer chooses the versions that a search found."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.plan import PlanLine, RequirementChange, RequirementChangeKind
from nogilcheck.model.source import Location, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.plan.loosened_problem import bounded, permits, restated, rewritten
from nogilcheck.resolve.versions import is_pinned

PLANNED = Location(path="the plan")
"""The location of requirements that a plan adds."""

HashesOf = Callable[[str, Version], tuple[str, ...]]
"""The hashes of a version's files, ``sha256:...``."""


@frozen
class Rewriter:
    """Changes those of the user's requirements and constraints that apply to a build."""

    build: Target
    today: Mapping[str, Version]
    """The versions that are installed today: lines about a project whose version stays are left alone."""
    hashes_of: HashesOf
    smallest: bool
    """Raise a cap just as far as it takes; else it goes."""

    def restated(self, inputs: Inputs, versions: Mapping[str, Version]) -> Inputs:
        """Restate every requirement and constraint that excludes a version in ``versions``."""
        moved = {name: version for name, version in versions.items() if self._is_stated(inputs, name, version)}

        def admit(root: Root) -> Root:
            version = moved.get(root.name or "")
            return self._admitting(root, version) if version is not None and self.applies(root) else root

        return replace(inputs, roots=tuple(map(admit, inputs.roots)), constraints=tuple(map(admit, inputs.constraints)))

    def tightened(
        self, inputs: Inputs, versions: Mapping[str, Version], names: Iterable[str], chosen: Mapping[str, Version]
    ) -> Inputs:
        """Add bounds on ``names`` that keep an installer to ``versions`` where it has ``chosen`` another version."""
        for name in names:
            version = versions.get(name)
            if version is None or chosen.get(name) == version:
                continue
            above = name not in chosen or chosen[name] > version
            inputs = self._limited(inputs, name, version, partial(bounded, version=version, above=above))
        return inputs

    def pinned(self, inputs: Inputs, versions: Mapping[str, Version]) -> Inputs:
        """Pin every version in ``versions``, in the user's own lines or in additional ones."""
        for name, version in sorted(versions.items()):
            inputs = self._limited(inputs, name, version, _pinning(version))
        return inputs

    def completed(self, inputs: Inputs, versions: Mapping[str, Version], *, hashed: bool) -> Inputs:
        """Add a pin for every project in ``versions`` that has no line, as a fully pinned file needs."""
        named = {root.name for root in inputs.roots if self.applies(root)}
        pins = tuple(
            _further(name, f"=={version}", hashes=self.hashes_of(name, version) if hashed else ())
            for name, version in sorted(versions.items())
            if name not in named
        )
        return replace(inputs, roots=(*inputs.roots, *pins))

    def fixed(self, inputs: Inputs, limits: Mapping[str, str]) -> Inputs:
        """Add constraints that are not the user's: what a lock keeps, by project."""
        pins = tuple(_further(name, limit) for name, limit in sorted(limits.items()))
        return replace(inputs, constraints=(*inputs.constraints, *pins))

    def _is_stated(self, inputs: Inputs, name: str, version: Version) -> bool:
        """Whether the user's lines decide about a changed version; overrides would replace them."""
        return self.today.get(name) != version and all(override.name != name for override in inputs.overrides)

    def applies(self, root: Root) -> bool:
        """Whether a requirement or a constraint applies to the build."""
        return MarkerEvaluator(self.build.environment).holds(root.marker) is not False

    def _may_change(self, root: Root) -> bool:
        return not root.url and not root.binding and self.applies(root)

    def _admitting(self, root: Root, version: Version) -> Root:
        if root.url or root.binding:
            return root
        if permits([root.specifier], version):
            return self._hashed(root, version)
        return self._hashed(_respecified(root, restated(root.specifier, version, smallest=self.smallest)), version)

    def _hashed(self, root: Root, version: Version) -> Root:
        """Replace the hashes, if there are any, with those of another version."""
        if not root.hashes:
            return root
        hashes = self.hashes_of(root.name or "", version)
        return root if set(hashes) & set(root.hashes) else replace(root, hashes=hashes)

    def _limited(self, inputs: Inputs, name: str, version: Version, limit: Callable[[str], str]) -> Inputs:
        """Change the specifier set in the first line about a project, or add a line."""

        def at(lines: Sequence[Root]) -> int | None:
            own = (n for n, root in enumerate(lines) if root.name == name and self._may_change(root))
            return next(own, None)

        if (position := at(inputs.roots)) is not None:
            return replace(inputs, roots=self._replaced(inputs.roots, position, version, limit))
        if (position := at(inputs.constraints)) is not None:
            return replace(inputs, constraints=self._replaced(inputs.constraints, position, version, limit))
        return replace(inputs, roots=(*inputs.roots, _further(name, limit(""))))

    def _replaced(
        self, lines: Sequence[Root], position: int, version: Version, limit: Callable[[str], str]
    ) -> tuple[Root, ...]:
        old = lines[position]
        if is_pinned(old.specifier):
            return tuple(lines)
        new = self._hashed(_respecified(old, limit(old.specifier)), version)
        return (*lines[:position], new, *lines[position + 1 :])


def without_extras(inputs: Inputs, dropped: Container[tuple[int, str]]) -> Inputs:
    """Drop extras from roots. ``dropped``: (position of the root, extra)."""

    def keep(position: int, root: Root) -> Root:
        extras = tuple(extra for extra in root.extras if (position, extra) not in dropped)
        if extras == root.extras:
            return root
        text = f"[{','.join(extras)}]" if extras else ""
        return replace(root, extras=extras, requirement=re.sub(r"\s*\[[^]]*\]", text, root.requirement, count=1))

    return replace(inputs, roots=tuple(keep(*numbered) for numbered in enumerate(inputs.roots)))


def changes(before: Inputs, after: Inputs) -> tuple[RequirementChange, ...]:
    """List the differences: the user's own lines in their order, then the added ones."""
    kept = len(before.roots)
    own = [
        *((old, new, False) for old, new in zip(before.roots, after.roots[:kept], strict=True)),
        *((old, new, True) for old, new in zip(before.constraints, after.constraints, strict=True)),
    ]
    changed = [
        RequirementChange(
            kind=_kind(old, new),
            project=new.name or "",
            before=old.requirement,
            after=new.requirement,
            location=old.location,
            constraint=constraint,
            hashes=new.hashes,
        )
        for old, new, constraint in own
        if old != new
    ]
    changed += [
        RequirementChange(
            kind=RequirementChangeKind.ADD if is_pinned(new.specifier) else RequirementChangeKind.CONSTRAIN,
            project=new.name or "",
            before=None,
            after=new.requirement,
            location=None,
            hashes=new.hashes,
        )
        for new in after.roots[kept:]
    ]
    # What several groups include stands in one place.
    return tuple(dict.fromkeys(changed))


def without_constraints(inputs: Inputs, *, reached: Container[str]) -> Inputs:
    """Turn the constraints on ``reached`` projects into requirements, and drop the others."""
    limits = tuple(constraint for constraint in inputs.constraints if constraint.name in reached)
    return replace(inputs, roots=(*inputs.roots, *limits), constraints=())


def lines(inputs: Inputs) -> Iterator[PlanLine]:
    """Yield the lines of a requirements file with these requirements, and the options that affect the choice."""
    settings = inputs.settings
    if settings.pre:
        yield PlanLine(requirement="--pre")
    for option, names in (("--only-binary", settings.only_binary), ("--no-binary", settings.no_binary)):
        if names:
            yield PlanLine(requirement=f"{option} {','.join(sorted(names))}")
    asked = (
        PlanLine(requirement=f"-e {root.requirement}" if root.editable else root.requirement, hashes=root.hashes)
        for root in inputs.roots
    )
    yield from dict.fromkeys(asked)


def _kind(old: Root, new: Root) -> RequirementChangeKind:
    if old.extras != new.extras:
        return RequirementChangeKind.DROP_EXTRA
    if is_pinned(old.specifier):
        return RequirementChangeKind.PIN
    before, after = (set(root.specifier.split(",")) - {""} for root in (old, new))
    return RequirementChangeKind.CONSTRAIN if before <= after else RequirementChangeKind.RELAX


def _respecified(root: Root, specifier: str) -> Root:
    requirement = rewritten(root.requirement, root.specifier, specifier)
    return replace(root, specifier=specifier, requirement=requirement)


def _pinning(version: Version) -> Callable[[str], str]:
    return lambda _: f"=={version}"


def _further(name: str, specifier: str, *, hashes: tuple[str, ...] = ()) -> Root:
    requirement = f"{name}{specifier}"
    return Root(requirement=requirement, name=name, specifier=specifier, hashes=hashes, location=PLANNED)
