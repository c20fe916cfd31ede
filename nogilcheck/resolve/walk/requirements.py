"""The values that resolvelib works with: identifiers, requirements and candidates."""

from __future__ import annotations

from typing import NamedTuple

from packaging.version import Version

from nogilcheck.resolve.direct import reference


class Identifier(NamedTuple):
    """A project, or a project with a set of extras, which pip resolves as a project of its own."""

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
    """The position of the root that makes it; ``None`` for a dependency."""
    url: str | None = None
    """A direct reference as `nogilcheck.resolve.direct.reference` normalizes it."""
    exact: Version | None = None
    """The version, at ``url``, that the project must have because the project with extras was resolved to it."""


class Candidate(NamedTuple):
    """One version of a project, or of a project with extras."""

    name: str
    extras: tuple[str, ...]
    version: Version | None
    """``None`` stands in for a project that cannot be resolved, and satisfies every requirement."""
    url: str | None = None
    """The direct reference that it comes from; ``None``: the index."""


def split_extras(
    name: str, extras: tuple[str, ...], specifier: str, *, origin: int | None = None, url: str | None = None
) -> list[Requirement]:
    """Split ``foo[a,b]>=1`` into ``foo>=1`` and ``foo[a,b]>=1``, as pip does.

    ``foo[a,b]`` stays whole: once it has a version, its candidate requires that version of ``foo``.
    """
    whole = Requirement(name, extras, specifier, origin, url and reference(url))
    return [whole._replace(extras=()), whole] if extras and (specifier or url) else [whole]
