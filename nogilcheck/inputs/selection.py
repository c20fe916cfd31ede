"""Which extras and dependency groups of a project are checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from nogilcheck.errors import UsageError
from nogilcheck.inputs.contents.content import Content
from nogilcheck.model.source import Root, Unread


@dataclass(frozen=True, slots=True, kw_only=True)
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
        lock = content.lock and replace(content.lock, roots=tuple(filter(self.admits, content.lock.roots)))
        return replace(
            content,
            roots=tuple(filter(self.admits, content.roots)),
            constraints=(*content.constraints, *filter(None, map(_as_constraint, bounding))),
            unread=tuple(filter(self.admits, content.unread)),
            lock=lock,
        )

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
                hint = f"there is {', '.join(known)}" if known else f"no file that is checked has {kind}s"
                raise UsageError(f"there is no {kind} {name!r}", hint=hint, setting=kind)


def _as_constraint(root: Root) -> Root | None:
    """The bound that a requirement sets; ``None`` for one that sets none, or names a directory or a repository."""
    if root.specifier or (root.url or "").startswith("http"):
        return replace(root, extras=(), group=None, kind="")
    return None


def _counted(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}"
