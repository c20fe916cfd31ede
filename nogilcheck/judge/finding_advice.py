"""The next steps for one finding: those that the index offers, and those that the graph does. Best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from nogilcheck.judge.chains import ChainStart
from nogilcheck.model.evidence import SourceReading, SourceWord
from nogilcheck.model.graph import Node
from nogilcheck.model.report.finding import Advice, AdviceKind, Cap
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.source import COMMAND_LINE, Bounds, Root
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import ReasonCode, Severity, Status, Verdict

_RANK = {kind.value: rank for rank, kind in enumerate(AdviceKind)}

_STATUSES = frozenset(status.value for status in Status)


def steps(
    rule: Rule,
    node: Node,
    verdict: Verdict,
    offered: Sequence[Advice],
    *,
    roots: Sequence[Root],
    entries: Sequence[ChainStart],
) -> tuple[Advice, ...]:
    """What to do about a rule that holds for a distribution.

    ``offered`` is what the index has to say, ``entries`` are all requirements of the user's that lead here.
    """
    if rule.name in _STATUSES:
        found = [*after_reading(offered, verdict.source), *_relock(node, verdict)]
        if rule.severity is Severity.BLOCKER:
            found += _drop(node, roots, entries)
        # What can do without a distribution as a whole comes last: the user has asked for something.
        return tuple(sorted(found, key=lambda one: (one.kind == AdviceKind.DROP and one.extra is None, _rank(one))))
    return tuple(_of_rule(rule, node))


def _of_rule(rule: Rule, node: Node) -> Iterator[Advice]:
    """The step that the rule itself names; of ``missing-extra`` one for each extra."""
    if rule.advice is None:
        return
    for extra in node.missing_extras if "{extra}" in rule.advice_text else (None,):
        yield Advice(
            kind=rule.advice,
            project=node.name,
            version=str(node.version) if node.version else None,
            extra=extra,
            text=rule.advice_text.format(extra=extra),
        )


def after_reading(advice: Sequence[Advice], source: SourceReading | None) -> tuple[Advice, ...]:
    """The advice without building an sdist whose source refuses that, or turns the GIL on afterwards."""
    useless = source is not None and source.word in {SourceWord.REFUSES, SourceWord.TURNS_ON}
    return tuple(one for one in advice if not (useless and one.kind == AdviceKind.BUILD))


def to_admit(bounds: Bounds, target: Target) -> Advice:
    """Let a project, or a lock, that leaves a target out be for it."""
    if bounds.again:
        text = f"lock again for {target.python_name}: {bounds.again.replace('{version}', target.version)}"
        return Advice(kind=AdviceKind.RELOCK, project=bounds.project, text=text)
    said = bounds.requires_python or " or ".join(told_environments(bounds))
    what = bounds.setting if bounds.requires_python else "its environments"
    cap = Cap(by=str(bounds.location), specifier=said, location=bounds.location)
    return Advice(
        kind=AdviceKind.RELAX,
        project=bounds.project,
        held_back_by=cap.by,
        caps=(cap,),
        text=f"widen {what} to admit {target.python_name}",
    )


def told_environments(bounds: Bounds) -> tuple[str, ...]:
    """The environments of bounds in words: markers, with the build where one is for one of them alone."""
    builds = {True: " (free-threaded builds only)", False: " (regular builds only)"}
    return tuple(
        f"{environment}{builds.get(build, '') if build is not None else ''}"
        for environment, build in zip_longest(bounds.environments, bounds.free_threaded)
    )


def _rank(advice: Advice) -> int:
    """The most useful kinds first; what others have to change is as good as waiting for them."""
    held = advice.kind == AdviceKind.RELAX and not all(cap.location for cap in advice.caps)
    return _RANK.get(AdviceKind.WAIT if held else advice.kind, len(_RANK))


def _relock(node: Node, verdict: Verdict) -> Iterator[Advice]:
    """To lock again, where a wheel that fits was uploaded since."""
    if any(reason.code is ReasonCode.LATER_UPLOAD for reason in verdict.reasons):
        text = f"lock again: a wheel of {node.version} was uploaded after the lock was written"
        yield Advice(kind=AdviceKind.RELOCK, project=node.name, version=str(node.version), text=text)


def _drop(node: Node, roots: Sequence[Root], entries: Sequence[ChainStart]) -> Iterator[Advice]:
    """To do without the one requirement of the user's, or the one extra of it, that brings a distribution in."""
    asked_for = {entry.name for entry in entries}
    if len(asked_for) != 1 or asked_for == {node.name}:
        return
    (parent,) = asked_for
    extras = {extra for entry in entries for extra in entry.extras}
    where = dict.fromkeys(
        str(root.location) for root in (roots[entry.root] for entry in entries) if root.location.path != COMMAND_LINE
    )
    place = f" ({', '.join(where)})" if where else ""
    if len(extras) == 1 and "" not in extras:
        (extra,) = extras
        yield Advice(
            kind=AdviceKind.DROP,
            project=parent,
            extra=extra,
            text=f"drop the `{extra}` extra of {parent}{place}; nothing else requires it",
        )
    elif len({root.name for root in roots}) > 1:  # of a single requirement nothing would be left
        yield Advice(
            kind=AdviceKind.DROP,
            project=parent,
            text=f"drop {parent}{place}; nothing else requires it",
        )
