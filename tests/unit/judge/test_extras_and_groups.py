"""The verdicts of extras and groups."""

from __future__ import annotations

import pytest

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.merge import merge
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock, LockedDistribution
from nogilcheck.model.report.report import TargetSummary
from nogilcheck.model.source import Bounds, Location, Unread
from nogilcheck.resolve.locked.follow import follow
from nogilcheck.targets.builds import make_target
from tests.support.locks import GIL, entry, lock

T314 = make_target("3.14t", "linux-x86_64")

UNKNOWN = entry("unknown", "1.0", tags=(), files_known=False)


def _entries() -> tuple[LockedDistribution, ...]:
    return (
        entry("pure", "1.0", ["x?gil"]),
        entry("deep", "1.0", ["gil"]),
        entry("gil", tags=[GIL]),
        UNKNOWN,
        entry("partial", "1.0", ["ghost"]),
    )


def _summary(*locks: Lock, bounds: tuple[Bounds, ...] = (), unread: tuple[Unread, ...] = ()) -> TargetSummary:
    asked = Inputs(locks=locks, unread=unread)
    judged = []
    for one, first in zip(locks, asked.first_roots, strict=True):
        graph = follow(one, T314.installer, None, first_root=first)
        verdicts = {key: decide(node, T314, page=None, archives=Archives()) for key, node in graph.nodes.items()}
        judged.append(TargetResult(target=T314, graph=graph, verdicts=verdicts))
    merged = merge(judged, excluded_by=bounds)
    return assemble(asked, [merged], allowed=(), options={}, tool_version="0").targets[0]


def _parts(*roots: str) -> tuple[str | None, dict[str, str], dict[str, str]]:
    found = _summary(lock(roots, *_entries()))
    return found.core, dict(found.extras), dict(found.groups)


@pytest.mark.parametrize(
    ("roots", "core", "extras", "groups"),
    [
        (["pure", "gil"], None, {}, {}),
        (["pure", "fast?gil"], "ready", {"fast": "blocked"}, {}),
        (["pure", "fast?deep", "cli?pure"], "ready", {"fast": "blocked", "cli": "ready"}, {}),
        (["pure", "dev!gil", "fast?unknown"], "ready", {"fast": "unknown"}, {"dev": "blocked"}),
        # An extra of a distribution that the core has without it.
        (["pure", "fast?pure[x]"], "ready", {"fast": "blocked"}, {}),
        # Every part comes with the core.
        (["gil", "fast?pure"], "blocked", {"fast": "blocked"}, {}),
        (["unknown", "fast?pure", "dev!gil"], "unknown", {"fast": "unknown"}, {"dev": "blocked"}),
        # A part alone.
        (["fast?pure"], None, {"fast": "ready"}, {}),
        # An extra and a group of the same name.
        (["pure", "dev?gil", "dev!pure"], "ready", {"dev": "blocked"}, {"dev": "ready"}),
        # Gaps belong to whom they are about.
        (["pure", "fast?partial"], "ready", {"fast": "unknown"}, {}),
        (["pure", "fast?nowhere", "cli?pure"], "ready", {"fast": "unknown", "cli": "ready"}, {}),
        (["partial", "fast?pure"], "unknown", {"fast": "unknown"}, {}),
        # None of its lines applies.
        (["pure", "fast?gil ; sys_platform == 'win32'"], "ready", {"fast": "ready"}, {}),
    ],
)
def test_a_part_is_judged_with_the_core(
    roots: list[str], core: str | None, extras: dict[str, str], groups: dict[str, str]
) -> None:
    assert _parts(*roots) == (core, extras, groups)


def test_nothing_is_ready_where_something_could_not_be_read() -> None:
    unread = Unread(location=Location(path="uv.lock", line=99), text="no entry")
    found = _summary(lock(["pure", "fast?gil", "cli?pure"], *_entries()), unread=(unread,))
    assert (found.core, found.extras) == ("unknown", {"fast": "blocked", "cli": "unknown"})


def test_a_target_that_the_project_excludes_is_blocked_for_every_part() -> None:
    excluding = Bounds(project="demo", location=Location(path="pyproject.toml", line=2), requires_python="<3")
    found = _summary(lock(["pure", "cli?pure"], *_entries()), bounds=(excluding,))
    assert (found.verdict, found.core, found.extras) == ("blocked", "blocked", {"cli": "blocked"})


def test_a_part_of_one_project_does_not_reach_into_another() -> None:
    """Both have the same ``app``; only that of the second requires something that blocks."""
    first = lock(["pure", "cli?app"], entry("pure"), entry("app"), path="one.lock")
    second = lock(["app"], entry("app", "1.0", ["x?gil"]), entry("gil", tags=[GIL]), path="two.lock")
    third = lock(["fast?app[x]"], entry("app", "1.0", ["x?gil"]), entry("gil", tags=[GIL]), path="three.lock")
    found = _summary(first, second, third)
    assert (found.core, found.extras) == ("ready", {"cli": "ready", "fast": "blocked"})
