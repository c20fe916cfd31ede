"""Resolutions that pip's search does not finish: versions that agree are found, or it is proved that none do."""

from __future__ import annotations

import pytest

from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.graph import GapKind, Graph
from nogilcheck.resolve.walk import effort
from nogilcheck.resolve.walk import walk as walk_module
from nogilcheck.targets.builds import make_target
from tests.support.small_worlds import inputs, resolve, versions

TWIN = make_target("3.14", "linux-x86_64")


def _project(name: str, releases: dict[str, list[str]]) -> str:
    return "\n".join([f"[projects.{name}]", *(f'"{v}" = {{ requires = {lines!r} }}' for v, lines in releases.items())])


def _tied(releases: int, parts: int) -> str:
    """Parts of one product that are released together, as those of OpenTelemetry are, and an old client beside them."""
    numbers = range(1, releases + 1)
    core = {f"{n}.0": ["proto>=4" if n > 3 else "proto<4"] for n in numbers}
    part = {f"{n}.0": [f"core=={n}.0"] for n in numbers}
    projects = [_project(f"part{number}", part) for number in range(parts)]
    proto = _project("proto", {f"{n}.0": [] for n in (3, 4, 5)})
    return "\n".join([*projects, _project("core", core), proto, _project("old", {"1.0": ["proto<4"]})])


def _contradicting(releases: int) -> str:
    numbers = range(1, releases + 1)
    a = _project("a", {f"{n}.0": [f"c=={n}.0"] for n in numbers})
    b = _project("b", {f"{n}.0": [f"c=={n}.5"] for n in numbers})
    return "\n".join([a, b, _project("c", {f"{n}.{m}": [] for n in numbers for m in (0, 5)}), _project("d", {"1": []})])


def _resolve(world: str, *lines: str) -> Graph:
    return resolve(world, inputs(lines), TWIN)[1]


def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MAX_ROUNDS", 20)


def test_versions_that_agree_are_found_and_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    _impatient(monkeypatch)
    graph = _resolve(_tied(40, 5), *(f"part{number}" for number in range(5)), "old")
    assert versions(graph) == {
        **{f"part{number}": "3.0" for number in range(5)}, "core": "3.0", "proto": "3.0", "old": "1.0",
    }  # fmt: skip
    (gap,) = graph.gaps
    assert gap.kind is GapKind.CUT_OFF
    assert "20 rounds" in gap.text
    assert "pip may choose others" in gap.text


def test_extras_and_unknown_projects_are_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _impatient(monkeypatch)
    more = '[projects.app]\n"1.0" = { extras.x = ["part0", "ghost"] }\n"2.0" = { extras.x = ["proto>=4"] }'
    graph = _resolve(f"{_tied(40, 5)}\n{more}", "app[x]", *(f"part{number}" for number in range(1, 5)), "old")
    assert versions(graph)["app"] == "1.0"
    assert versions(graph)["part0"] == versions(graph)["part4"] == "3.0"
    assert {gap.distribution for gap in graph.gaps} == {"ghost", None}


def test_a_contradiction_is_proved_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a requirement of the newest version of each side; everything else is judged."""
    _impatient(monkeypatch)
    graph = _resolve(_contradicting(30), "a", "b", "d")
    assert versions(graph) == {"a": "30.0", "b": "30.0", "c": "30.5", "d": "1"}
    (gap,) = graph.gaps
    assert gap.missing is not None
    assert gap.missing.kind is MissingKind.CONFLICT
    assert "a 30.0 requires ==30.0; b 30.0 requires ==30.5" in gap.text


@pytest.mark.parametrize("releases", [30, 120])
def test_the_cost_of_a_proof_grows_with_the_versions_and_not_with_their_pairs(
    releases: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk_module, "MAX_ROUNDS", 0)
    monkeypatch.setattr(effort, "MAX_STEPS", 3000 * releases)
    graph = _resolve(_contradicting(releases), "a", "b")
    assert [gap.kind for gap in graph.gaps] == [GapKind.PROJECT]


def test_a_pre_release_that_only_all_requirements_together_admit_is_no_contradiction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walk_module, "MAX_ROUNDS", 0)
    world = (
        _tied(10, 2) + '\n[projects.lib]\n"1.0" = {}\n"2.0rc1" = {}\n[projects.new]\n"1.0" = { requires = ["lib>1"] }'
    )
    graph = _resolve(world, "part0", "part1", "old", "lib", "new")
    assert versions(graph)["lib"] == "2.0rc1"
    assert not any(gap.missing and gap.missing.kind is MissingKind.CONFLICT for gap in graph.gaps)


@pytest.mark.parametrize("line", ["lib @ https://files.test/lib-1.0-py3-none-any.whl", "lib"])
def test_direct_references_are_left_to_pips_search(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MAX_ROUNDS", 0)
    world = _tied(10, 2) + '\n[projects.lib]\n"1.0" = {}'
    graph = _resolve(world, "part0", "part1", "old", line)
    (cut_off,) = [gap for gap in graph.gaps if gap.kind is GapKind.CUT_OFF]
    assert ("newest permitted" in cut_off.text) is ("@" in line)
    assert "lib" in versions(graph)
