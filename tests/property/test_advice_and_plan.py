"""Advice, the closing line and a plan never disagree in random worlds.

What a plan frees nobody is told to wait for, and the line that advice names is one whose edit helps. With
``NOGILCHECK_WORLDS=500`` that many worlds are looked at.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from nogilcheck.judge.assemble import assemble
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.plan import RequirementChangeKind, TargetPlan
from nogilcheck.model.report.finding import Advice, AdviceKind
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import Root
from nogilcheck.model.verdict import Severity
from nogilcheck.report.next_steps import insights
from nogilcheck.report.terminal.page import Page
from nogilcheck.targets.builds import make_target
from tests.support.plans import judged, planned
from tests.support.small_worlds import Habits, inputs, make_world
from tests.world import Universe, parse

WORLDS = int(os.environ.get("NOGILCHECK_WORLDS", "25"))
TARGET = make_target("3.14t", "linux-x86_64")
_GIL, _FREE = (f"cp314-{abi}-manylinux_2_28_x86_64" for abi in ("cp314", "cp314t"))
HABITS = Habits(plain=0.4, compiled=0.7, wheels=(_GIL, _GIL, _GIL, _FREE))
DELICATE = (26, 61, 76, 81, 106, 107, 118, 186, 215, 246, 297, 435, 551, 649, 669, 684, 807, 849)
"""Seeds of worlds in which an earlier version disagreed with itself, or named a line whose edit was not enough."""


def test_advice_the_closing_line_and_a_plan_agree(capsys: pytest.CaptureFixture[str]) -> None:
    found: Counter[str] = Counter()
    for seed in (*DELICATE, *range(WORLDS)):
        found.update(_look(seed))
    with capsys.disabled():
        print(f" {', '.join(f'{count} {what}' for what, count in found.most_common())}")
    assert min(found["edits"], found["freed"]) >= 3, "the worlds have lost their worth"


def _look(seed: int) -> Iterator[str]:
    world = make_world(Random(seed), HABITS)
    universe, asked = parse(world.universe), inputs(world.requirements, world.constraints)
    report = _report(universe, asked)
    best = _best(report)
    if not best:
        yield "ready"
        return
    plan = planned(universe, asked, TARGET)
    freed = _freed(plan)
    assert not any(step.kind == AdviceKind.SEARCH for one in plan.after.findings for step in one.advice), seed
    waits = _waited_for(report)
    for name, advice in best.items():
        where = f"world {seed}: {name}"
        if advice and advice.kind == AdviceKind.SEARCH:
            assert name not in waits, where
            yield "searches that free" if name in freed else "searches that find nothing"
        if name in freed:
            yield "freed"
            assert advice is not None, where
            assert advice.kind != AdviceKind.WAIT, where
            assert name not in waits or advice.kind == AdviceKind.DROP, where
        if advice and advice.kind == AdviceKind.RELAX and all(cap.location for cap in advice.caps):
            yield "edits"
            yield _follow(universe, _edited(asked, advice), name, advice, where)


def _follow(universe: Universe, edited: Inputs, name: str, advice: Advice, where: str) -> str:
    """What comes of an edit that advice named; where it is not enough, something else is said."""
    report = _report(universe, edited)
    found = _best(report)
    if name not in found:
        return "edits that free at once"
    if name in _freed(planned(universe, edited, TARGET)):
        return "edits that a plan completes"
    again = found[name]
    assert report.gaps or again is None or again.text != advice.text, where
    return "edits that are not enough"


def _freed(plan: TargetPlan) -> set[str]:
    """What a plan frees, save for what it has to drop extras for, which the user asked for."""
    if not plan.verified or any(change.kind is RequirementChangeKind.DROP_EXTRA for change in plan.changes):
        return set()
    return set(plan.blockers) - set(plan.remaining)


def _report(universe: Universe, asked: Inputs) -> Report:
    return assemble(asked, [judged(universe, asked, TARGET)], allowed=(), options={}, tool_version="0")


def _best(report: Report) -> dict[str, Advice | None]:
    return {
        finding.distribution: next(iter(finding.advice), None)
        for finding in report.findings
        if finding.severity is Severity.BLOCKER
    }


def _waited_for(report: Report) -> set[str]:
    """The names in the sentences of the closing line about waiting."""
    page = Page(report, [], width=100, verbose=False)
    sentences = [one for one in insights(report, page.scope, page.origins) if " wait" in one]
    return {word.strip(".,") for sentence in sentences for word in sentence.split()}


def _edited(asked: Inputs, advice: Advice) -> Inputs:
    """The lines that the advice names, without what keeps the release out."""
    places = {str(cap.location) for cap in advice.caps}

    def edited(line: Root) -> Root:
        return replace(line, specifier="") if str(line.location) in places else line

    return replace(asked, roots=tuple(map(edited, asked.roots)), constraints=tuple(map(edited, asked.constraints)))
