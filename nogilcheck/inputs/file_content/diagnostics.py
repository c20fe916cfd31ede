"""What of a file cannot be used, and what is worth saying of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location, Root, Unread

Kind = Literal["", "extra", "group"]

MAX_REQUIREMENTS = 50_000
"""Requirements of one file, extras and groups that name one another written out."""

MAX_UNREAD = 1000
"""Parts of one file that are reported as unusable, each for itself."""


class NothingStatedError(UnreadableSourceError):
    """The file can be read, and has no place where dependencies are stated: it is not what was looked for."""


@frozen
class Part:
    """What of a project a requirement belongs to: an extra, a dependency group, or the core."""

    group: str | None = None
    """Normalized."""
    kind: Kind = ""


CORE = Part()


def extra_part(name: str) -> Part:
    """The extra of this name (PEP 685)."""
    return Part(group=canonicalize_name(name), kind="extra")


def group_part(name: str) -> Part:
    """The dependency group of this name (PEP 735)."""
    return Part(group=canonicalize_name(name), kind="group")


class Diagnostics:
    """Records what is wrong with a file while it is read."""

    def __init__(self) -> None:
        self._full = False
        """A bound was hit; it is said once."""
        self._unread: dict[Unread, None] = {}
        self._by_part: dict[Part, list[Unread]] = {}
        self._notes: dict[str, None] = {}

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What was rejected, each once, in order."""
        return tuple(self._unread)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, each once, in order."""
        return tuple(self._notes)

    @property
    def complete(self) -> bool:
        """Whether nothing was rejected so far."""
        return all(unread.setting for unread in self._unread)

    def reject(
        self,
        where: Location,
        message: str,
        hint: str | None = None,
        *,
        part: Part = CORE,
        needs_build: bool = False,
        setting: Literal["", "choice", "install"] = "",
    ) -> None:
        """Record something that cannot be used, that only a build could tell, or that only the tool obeys."""
        self._add(
            Unread(
                location=where,
                text=abbreviate(message),
                hint=hint and abbreviate(hint),
                needs_build=needs_build,
                setting=setting,
                group=part.group,
                kind=part.kind,
            )
        )

    def note(self, text: str, where: Location | str) -> None:
        """Record something worth saying that changes nothing."""
        self._notes[f"{where}: {abbreviate(text)}"] = None

    def share(self, source: Part, target: Part) -> None:
        """What cannot be used of one part concerns another as well, which includes it."""
        for unread in tuple(self._by_part.get(source, ())):
            if self._full:
                break
            self._add(replace(unread, group=target.group, kind=target.kind))

    def take(self, unread: Iterable[Unread], notes: Iterable[str] = ()) -> None:
        """Take over what was recorded of another file that speaks for the same project."""
        for problem in unread:
            self._add(problem)
        self._notes |= dict.fromkeys(notes)

    def bounded(self, roots: Iterable[Root]) -> tuple[Root, ...]:
        """The requirements, up to the one that hits a bound."""
        kept: list[Root] = []
        before = self._full
        for root in roots:
            if len(kept) >= MAX_REQUIREMENTS:
                self._stop(root.location, f"more than {MAX_REQUIREMENTS} requirements in all; the rest is not read")
                break
            if self._full and not before:
                break
            kept.append(root)
        return tuple(kept)

    def _add(self, unread: Unread) -> None:
        if unread in self._unread:
            return
        if len(self._unread) < MAX_UNREAD:
            self._unread[unread] = None
            self._by_part.setdefault(Part(group=unread.group, kind=unread.kind), []).append(unread)
        else:
            self._stop(unread.location, f"more than {MAX_UNREAD} parts cannot be used; the others are not listed")

    def _stop(self, where: Location, message: str) -> None:
        if not self._full:
            self._full = True
            self._unread.setdefault(Unread(location=where, text=message))
