"""Which extras and dependency groups of a project are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.errors import UsageError, invalid_value
from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.graph import reach
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Root, Unread


@frozen
class Selection:
    """What was asked for beside the core; names are normalized (PEP 685, PEP 735)."""

    extras: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    all_extras: bool = False
    all_groups: bool = False

    @classmethod
    def of(cls, extras: Iterable[str], groups: Iterable[str], *, all_extras: bool, all_groups: bool) -> Selection:
        """From names as typed."""
        return cls(
            extras=frozenset(map(canonicalize_name, extras)),
            groups=frozenset(map(canonicalize_name, groups)),
            all_extras=all_extras,
            all_groups=all_groups,
        )

    def with_extras(self, extras: Iterable[str]) -> Selection:
        """The selection with further extras, as typed; itself for none."""
        more = frozenset(map(canonicalize_name, extras))
        return replace(self, extras=self.extras | more) if more else self

    def admits(self, root: Root | Unread) -> bool:
        """Whether something belongs to the core, or to something that was asked for."""
        if root.kind == "extra":
            return self.all_extras or root.group in self.extras
        if root.kind == "group":
            return self.all_groups or root.group in self.groups
        return True

    def of_content(self, content: Content) -> Content:
        """A file's content without what was not asked for, which may bound the versions of the rest."""
        bounding = (root for root in content.roots if root.kind in content.resolved_together and not self.admits(root))
        return replace(
            content,
            roots=tuple(filter(self.admits, content.roots)),
            constraints=(*content.constraints, *filter(None, map(_as_constraint, bounding))),
            unread=tuple(filter(self.admits, content.unread)),
            lock=content.lock and replace(content.lock, roots=tuple(filter(self.admits, content.lock.roots))),
        )

    def locks_of(self, content: Content) -> Iterator[Lock]:
        """The lock of a file without what was not asked for; once for each choice of what conflicts.

        Every extra and group that was asked for is in one of them at least.
        """
        lock = content.lock
        if lock is None:
            return
        asked = [("extra", name) for name in content.extras if self.all_extras or name in self.extras]
        asked += [("group", name) for name in content.groups if self.all_groups or name in self.groups]
        asked += [(root.kind, root.group) for root in lock.roots if root.kind and root.group and self.admits(root)]
        asked += [("project", root.asker) for root in lock.roots if root.asker]
        for chosen in choices(asked, lock.conflicts):
            selected = lock.selected | chosen
            roots = tuple(
                root
                for root in lock.roots
                if (not root.kind or (root.kind, root.group) in selected)
                and (root.asker is None or ("project", root.asker) in chosen)
            )
            members = _members(lock, roots) if any("project" in dict(conflict) for conflict in lock.conflicts) else ()
            yield replace(lock, roots=roots, selected=selected | {("project", name) for name in members})

    def left_out(self, path: str, content: Content) -> str | None:
        """A sentence on what the file offers beyond it; ``None`` when that is nothing."""
        extras = [] if self.all_extras else [name for name in content.extras if name not in self.extras]
        groups = [] if self.all_groups else [name for name in content.groups if name not in self.groups]
        parts = []
        if extras:
            parts.append(f"{_counted('extra', extras)} (--extra NAME, --all-extras)")
        if groups:
            parts.append(f"{_counted('group', groups)} (--group NAME, --all-groups)")
        return f"{path}: not checked: {'; '.join(parts)}" if parts else None

    def check(self, contents: Sequence[Content]) -> None:
        """Raises `UsageError` for an extra or a group that no file has."""
        for kind, asked, offered in (
            ("extra", self.extras, [content.extras for content in contents]),
            ("group", self.groups, [content.groups for content in contents]),
        ):
            known = {name: None for names in offered for name in names}
            for name in sorted(asked - known.keys()):
                raise invalid_value(name, f"--{kind}", known or f"none, since no file that is checked has {kind}s")
        named = {*(("extra", name) for name in self.extras), *(("group", name) for name in self.groups)}
        for content in contents:
            for conflict in content.lock.conflicts if content.lock else ():
                if len(both := sorted(f"{kind} {name!r}" for kind, name in conflict & named)) > 1:
                    hint = "check them one after another, or all of them with --all-extras and --all-groups"
                    raise UsageError(f"{' and '.join(both)} conflict and are never installed together", hint=hint)


def _members(lock: Lock, roots: Sequence[Root]) -> set[str]:
    """Everything that requirements lead to, members of the workspace among it, whatever the markers."""
    edges: dict[str, list[str]] = {}
    for entry in lock.distributions:
        edges.setdefault(entry.name, []).extend(dependency.name for dependency in entry.dependencies)
    return set(reach((name for root in roots if (name := root.asker or root.name)), edges))


def choices(
    asked: Sequence[tuple[str, str]], conflicts: Sequence[frozenset[tuple[str, str | None]]]
) -> Iterator[frozenset[tuple[str, str]]]:
    """Sets of what was asked for in which nothing conflicts, each as large as can be; together they are all of it."""
    left = dict.fromkeys(asked)
    while True:
        chosen: set[tuple[str, str]] = set()
        for part in (*left, *asked):
            if part in chosen or not any(part in conflict and conflict & chosen for conflict in conflicts):
                chosen.add(part)
        yield frozenset(chosen)
        left = {part: None for part in left if part not in chosen}
        if not left:
            return


def _as_constraint(root: Root) -> Root | None:
    """The bound that a requirement sets; ``None`` for one that sets none, or names a directory or a repository."""
    if root.specifier or (root.url or "").startswith("http"):
        return replace(root, extras=(), group=None, kind="")
    return None


def _counted(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}"
