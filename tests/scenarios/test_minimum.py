"""``nogilcheck minimum``: the least versions that fit, for every shape of a history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.world import SHAPES, parse, serve

FREE = '"cp314-cp314t-manylinux_2_28_x86_64"'
GIL = '"cp314-cp314-manylinux_2_28_x86_64"'
UNIVERSE = parse(
    f"""
    [projects.made]
    "1.0" = {{ wheels = [{GIL}] }}
    "1.1" = {{ wheels = [{FREE}], yanked = "broken" }}
    "1.2" = {{ wheels = [{FREE}], upload-time = "2025-03-04T05:06:07Z" }}
    "1.3" = {{ wheels = [{FREE}] }}

    [projects.interrupted]
    "1.0" = {{ wheels = [{FREE}] }}
    "1.1" = {{ wheels = [{GIL}] }}
    "1.2" = {{ wheels = [{FREE}] }}

    [projects.lost]
    "1.0" = {{ wheels = [{FREE}] }}
    "1.1" = {{ wheels = [{GIL}] }}

    [projects.none]
    "1.0" = {{ wheels = [{GIL}] }}
    "1.1rc1" = {{ wheels = [{FREE}] }}

    [projects.pure]
    "1.0" = {{ wheels = [], sdist = true }}
    "1.1" = {{ }}

    [projects.fallback]
    "1.0" = {{ wheels = ["py3-none-any", {GIL}] }}
    """
)
REQUIREMENTS = """\
Made[x]<2; python_version > '3'
made>=1.3
made<1.2
interrupted
lost
none
pure~=1.0
fallback
gone
made ; python_version < '3'
made @ https://example.org/made.tar.gz
made>=1.4
"""


def test_lines_to_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.txt").write_text(REQUIREMENTS, encoding="utf-8")
    with serve(UNIVERSE, SHAPES["pypi"]) as index:
        arguments = ("r.txt", "--python", "3.14t", "--index-url", index.url, "--no-cache")
        outcome = run("minimum", *arguments)
        single = run("minimum", "made", "pure", *arguments[1:])
        found = json.loads(run("minimum", *arguments, "--format", "json").stdout)
    lines = [line.replace(" (2026-01-01)", "").split("  # ") for line in outcome.stdout.splitlines() if "  # " in line]
    assert [(line.strip(), comment.partition("3.14t: ")[2] or comment) for line, comment in lines[:8]] == [
        (
            'Made[x]>=1.2,<2 ; python_version > "3"',
            "free-threaded wheels since 1.2 (2025-03-04); 1.1 is yanked (previously: <2)",
        ),
        ("made>=1.3", "free-threaded wheels since 1.2 (2025-03-04); 1.1 is yanked"),
        ("made>=1.2", "free-threaded wheels since 1.2 (2025-03-04); 1.1 is yanked (previously: <1.2)"),
        ("interrupted>=1.2", "free-threaded wheels since 1.2; had some from 1.0 on, and none in 1.1"),
        ("lost", "BLOCKED, the newest release has no wheel that fits; the last that fits is 1.0"),
        ("none", "BLOCKED, no release has a wheel that fits; the pre-release 1.1rc1 has one"),
        ("pure>=1.1,~=1.0", "wheels for every build since 1.1 (previously: ~=1.0)"),
        ("fallback", "no free-threaded wheels, a pure fallback since 1.0"),
    ]
    assert [comment.partition(":")[0] for _, comment in lines[8:]] == [
        "unknown",
        "does not apply to any target",
        "unknown",
        "BLOCKED, no release is >=1.4; 3.14t",
    ]
    assert (outcome.status, single.status, found["exit_status"]) == (1, 0, 1)
    assert [one["minimum"] for one in found["requirements"][:5]] == ["1.2", "1.2", "1.2", "1.2", None]


def test_what_is_bounded_elsewhere_or_applies_to_nothing_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.txt").write_text("made<1.2\npure==1.0 ; python_version < '3'\n", encoding="utf-8")
    with serve(UNIVERSE, SHAPES["pypi"]) as index:
        always = ("--index-url", index.url, "--no-cache", "--python")
        bounded = run("minimum", "made", "pure", "-c", "c.txt", *always, "3.14t")
        idle = run("minimum", "pure; python_version < '3.15'", *always, "3.14t,3.15t")
        allowed = run("minimum", "pure; python_version < '3.15'", "--allow-target", "3.15t", *always, "3.14t")
    assert (bounded.status, idle.status, allowed.status) == (1, 3, 0)
    assert bounded.stdout.startswith("made       # BLOCKED, c.txt:1 excludes 1.2: made<1.2; 3.14t: free-threaded")
    assert "pure>=1.1" in bounded.stdout
    assert "# no requirement applies to 3.15t\n" in idle.stdout
