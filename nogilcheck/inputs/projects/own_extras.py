"""Requirements of a project on itself, ``name[extra]``: they stand for what its extras require."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import Part, extra_part
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.model.source import Root

MAX_WAYS = 32
"""Different markers under which one requirement may lead to one extra."""

MAX_STEPS = 10_000
"""From extra to extra, for all requirements of a project together."""


def completed(content: Content, document: Document) -> Content:
    """The content of a project file, its requirements on itself written out, with what could not be understood."""
    own = _OwnExtras(content)
    diagnostics = document.diagnostics
    roots = diagnostics.bounded(dict.fromkeys(new for root in content.roots for new in own.behind(root)))
    for part, extras in own.led_to.items():
        for extra in extras:
            diagnostics.share(extra_part(extra), part)
    for root, extra in own.missing:
        diagnostics.note(f"the project has no extra {extra!r}", root.location)
    for root in own.entangled:
        message = f"the extras of the project name one another in too many ways: {root.requirement}"
        diagnostics.reject(root.location, message)
    return replace(
        content,
        roots=roots,
        bounds=content.bounds and replace(content.bounds, project=content.name or document.path),
        unread=diagnostics.unread,
        notes=diagnostics.notes,
    )


class _OwnExtras:
    """The extras of one project, and what is behind them."""

    def __init__(self, content: Content) -> None:
        self._name = content.name
        self._extras = content.extras
        self._by_extra: dict[str | None, list[Root]] = {}
        for root in content.roots:
            if root.kind == "extra":
                self._by_extra.setdefault(root.group, []).append(root)
        self._steps = 0
        self.missing: list[tuple[Root, str]] = []
        """Requirements that ask for an extra which the project does not have; pip only warns of it."""
        self.entangled: list[Root] = []
        """Requirements that were not followed to their end, because a bound was hit."""
        self.led_to: dict[Part, dict[str, None]] = {}
        """The extras behind the requirements of each part."""

    def behind(self, root: Root) -> list[Root]:
        """What a requirement stands for: itself, or the requirements of the extras that it asks for.

        Those keep their own places, and belong to what ``root`` belongs to.
        """
        if root.name is None or root.name != self._name:
            return [root]
        behind: list[Root] = []
        # What the extra has that it belongs to is there in any case.
        done: dict[str, list[frozenset[str]]] = (
            {root.group: [frozenset()]} if root.group and root.kind == "extra" else {}
        )
        pending = deque((extra, _conditions(root)) for extra in root.extras)
        while pending:
            extra, conditions = pending.popleft()
            ways = done.setdefault(extra, [])
            if any(way <= conditions for way in ways):
                continue
            self._steps += 1
            if self._steps > MAX_STEPS or len(ways) >= MAX_WAYS:
                self.entangled.append(root)
                break
            ways.append(conditions)
            self.led_to.setdefault(Part(group=root.group, kind=root.kind), {}).setdefault(extra)
            if extra not in self._extras:
                self.missing.append((root, extra))
            for required in self._by_extra.get(extra, ()):
                if required.name == self._name:
                    pending += ((further, conditions | _conditions(required)) for further in required.extras)
                else:
                    marker = all_of(*sorted(conditions), required.marker)
                    behind.append(replace(required, marker=marker, group=root.group, kind=root.kind))
        return behind


def _conditions(root: Root) -> frozenset[str]:
    """Markers of which everything has to hold."""
    return frozenset() if root.marker is None else frozenset({root.marker})
