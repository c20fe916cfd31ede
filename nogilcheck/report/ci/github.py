"""Workflow commands of GitHub Actions: annotations on the lines of the user's files.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.repository_paths import repository_path
from nogilcheck.report.entries import ReportEntry, entries
from nogilcheck.report.rows import left_out, told
from nogilcheck.report.scope import Scope
from nogilcheck.report.words import BASELINE_STALE, counted, listed, safe, sentence

MAX_ANNOTATIONS: Final = 10
"""Annotations of each level that GitHub keeps from one step; the last one says what is left out."""
MAX_NAMES: Final = 20
"""How many of those that are left out are named."""
MAX_MESSAGE: Final = 4000
"""Characters; GitHub keeps 4 KiB of a message."""

_LEVELS: Final = ("error", "warning", "notice")
_NOUNS: Final = {Severity.BLOCKER: "blocker", Severity.GAP: "unknown", Severity.WARNING: "warning"}


@frozen
class _Annotation:
    """One distribution, or one gap, on every target that it is alike on."""

    alike: Sequence[ReportEntry]
    among: Scope

    @property
    def entry(self) -> ReportEntry:
        """What they have in common."""
        return self.alike[0]

    @property
    def title(self) -> str:
        """``NGC006 grpcio 1.85.1 blocks 3.14t and 3.15t``."""
        on = self._names(self.alike)
        if not self.entry.subject or not on:
            return f"{self.entry.rule} {self.entry.subject or 'unknown'}"
        verb = "blocks" if self.entry.severity is Severity.BLOCKER else "on"
        return f"{self.entry.rule} {self.entry.subject} {verb} {on}"

    @property
    def message(self) -> str:
        """A line for each reason, the chain, advice."""
        reasons: dict[str, list[ReportEntry]] = {}
        for entry in self.alike:
            reasons.setdefault(": ".join(filter(None, (entry.word, entry.why))) or entry.headline, []).append(entry)
        lines = [
            text if len(reasons) == 1 or not (on := self._names(alike)) else f"{on}: {text}"
            for text, alike in reasons.items()
        ]
        lines += dict.fromkeys(f"Required by: {entry.chain}" for entry in self.alike if entry.chain)
        lines += dict.fromkeys(sentence(remark) for entry in self.alike for remark in entry.remarks)
        return "%0A".join(map(_data, lines))

    def _names(self, alike: Sequence[ReportEntry]) -> str:
        words = self.among.words(target.id for entry in alike for target in entry.targets)
        one_python = len(self.among.pythons) == 1 and len(self.among.platforms) > 1
        return f"{self.among.pythons[0]} on {words}" if words and one_python else words


def render(report: Report, *, prefix: str = "") -> str:
    """One command for each distribution, blockers first.

    Nothing of what a waiver or a baseline keeps from counting, and no good news. What makes the run fail is an error;
    blockers that do not, and warnings, are warnings; what is only watched is a notice. ``prefix`` leads from the root
    of the repository to the working directory.
    """
    by_level: dict[str, list[_Annotation]] = {level: [] for level in _LEVELS}
    for annotation in _annotations(report):
        by_level[_level(annotation.entry, report)].append(annotation)
    lines = [line for level, found in by_level.items() for line in _commands(level, found, prefix)]
    if texts := told(report, MAX_NAMES):
        title = f"{counted(sum(1 for _ in left_out(report)), 'requirement')} not applicable"
        lines.append(_command("notice", title, "%0A".join(map(_data, texts)), None, prefix))
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: Report) -> list[_Annotation]:
    order = list(_NOUNS)
    together: dict[tuple[object, ...], list[ReportEntry]] = {}
    for entry in sorted((e for e in entries(report) if e.severity in order), key=lambda e: order.index(e.severity)):
        if entry.suppressed_by is None and entry.name != BASELINE_STALE:
            about = entry.subject if entry.word else entry.headline
            together.setdefault((entry.severity, about, entry.location, entry.allowed), []).append(entry)
    scope = Scope(report.targets)
    return [_Annotation(alike=alike, among=scope) for alike in together.values()]


def _level(entry: ReportEntry, report: Report) -> str:
    if entry.counts and report.exit_status:
        return "error"
    return "notice" if entry.allowed else "warning"


def _commands(level: str, found: Sequence[_Annotation], prefix: str) -> list[str]:
    shown = found if len(found) <= MAX_ANNOTATIONS else found[: MAX_ANNOTATIONS - 1]
    lines = [_command(level, one.title, one.message, one.entry.location, prefix) for one in shown]
    if rest := found[len(shown) :]:
        title = "and " + counted(len(rest), f"more {_noun(rest)}")
        names = list(dict.fromkeys(one.entry.subject or one.entry.rule for one in rest))
        more = [f"{len(names) - MAX_NAMES} others"] if len(names) > MAX_NAMES else []
        told = _data(f"{listed([*names[:MAX_NAMES], *more])}: see the report.")
        lines.append(_command(level, title, told, None, prefix))
    return lines


def _noun(rest: Sequence[_Annotation]) -> str:
    kinds = {one.entry.severity for one in rest}
    return _NOUNS[kinds.pop()] if len(kinds) == 1 else "finding"


def _command(level: str, title: str, message: str, location: Location | None, prefix: str) -> str:
    properties = []
    if location is not None and (path := repository_path(location.path, prefix)) is not None:
        properties.append(f"file={_property(path)}")
        if location.line is not None:
            properties.append(f"line={location.line}")
    properties.append(f"title={_property(title)}")
    return f"::{level} {','.join(properties)}::{_cut(message)}"


def _cut(message: str) -> str:
    """Not in the middle of an escape."""
    if len(message) <= MAX_MESSAGE:
        return message
    end = message.rfind("%", MAX_MESSAGE - 2, MAX_MESSAGE)
    return message[: MAX_MESSAGE if end < 0 else end]


def _data(text: str) -> str:
    """As ``escapeData`` of actions/toolkit; line ends are made visible before, so that none is left."""
    return safe(text).replace("%", "%25")


def _property(text: str) -> str:
    """As ``escapeProperty`` of actions/toolkit."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
