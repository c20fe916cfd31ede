"""A lock and what is beside it: what has to agree with it, and the lock of a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import Source
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Root, Unread


def beside(lock: Lock, named: Iterable[Root], constraints: Iterable[Root], requirements: Iterable[Root]) -> Lock:
    """The lock with what it has to agree with: pip resolves a pylock.toml together with all that it is told.

    The locks of other tools have to satisfy the constraints that were ``named``; an environment is what it is.
    """
    if lock.kind == "environment":
        return lock
    if lock.kind != "pylock.toml":
        return replace(lock, constraints=unique(named))
    return replace(lock, constraints=unique(constraints), companions=unique(requirements))


def not_together(locks: Iterable[Lock]) -> Iterator[str]:
    """A note on locks of which each is judged by itself, and that pip does not install in one go."""
    found: dict[str, dict[str | None, str]] = {}
    for lock in locks:
        for entry in lock.distributions if lock.kind == "pylock.toml" else ():
            found.setdefault(entry.name, {}).setdefault(entry.version, lock.path)
    clashing = {name: unique(paths.values()) for name, paths in sorted(found.items()) if len(set(paths.values())) > 1}
    if clashing:
        name, paths = next(iter(clashing.items()))
        more = f" (and of {len(clashing) - 1} more)" if len(clashing) > 1 else ""
        yield f"{' and '.join(paths)} have different versions of {name}{more}: pip cannot install both at once"


def lock_of_script(script: Source, neighbours: Neighbours) -> str | None:
    """The lock beside a script, from which ``uv run`` installs; ``None`` where there is none."""
    path = f"{script.key}.lock"
    return path if neighbours.exists(Path(path).name) else None


def not_locked(script: Content, locked: Content, path: str) -> Iterator[Unread]:
    """A gap for each requirement of a script that its lock, at ``path``, does not have: ``uv run`` locks anew then."""
    roots = locked.lock.roots if locked.lock else ()
    for root in script.roots:
        named = [other for other in roots if other.name == root.name]
        if not any(root.url or SpecifierSet(other.specifier) == SpecifierSet(root.specifier) for other in named):
            yield Unread(
                location=root.location,
                text=f"'{root.requirement}' is not in {path}: `uv run` would lock the script again",
                hint="Lock it: uv lock --script",
            )
