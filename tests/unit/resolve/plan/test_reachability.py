"""What is reached, with some extras and without."""

from __future__ import annotations

from nogilcheck.model.graph import Graph
from nogilcheck.resolve.plan.reachability import Reach, nearest_above
from nogilcheck.targets.builds import make_target
from tests.support.small_worlds import resolve

WORLD = """
[projects.app]
"1.0" = { requires = ["plain"], extras.x = ["deep"], extras.y = ["deep", "own"], extras.z = ["app[x]"] }
[projects.plain]
"1.0" = {}
[projects.deep]
"1.0" = { requires = ["deeper"] }
[projects.deeper]
"1.0" = { requires = ["deep"] }
[projects.own]
"1.0" = {}
"""


def _graph(*requirements: str) -> Graph:
    return resolve(WORLD, list(requirements), make_target("3.14", "linux-x86_64"))[1]


def test_an_extra_that_alone_brings_it() -> None:
    reach = Reach(_graph("app[x,y]"))
    assert reach.reached() == {"app", "plain", "deep", "deeper", "own"}
    assert reach.reached(without={(0, "y")}) == {"app", "plain", "deep", "deeper"}
    assert reach.extras_to_drop("own") == {(0, "y")}


def test_several_extras_that_bring_it_together() -> None:
    reach = Reach(_graph("app[x]", "app[y]", "plain"))
    assert reach.extras_to_drop("deeper") == {(0, "x"), (1, "y")}


def test_an_extra_that_brings_another() -> None:
    assert Reach(_graph("app[z]")).extras_to_drop("deep") == {(0, "z")}


def test_what_no_extra_brings() -> None:
    assert set(Reach(_graph("app[x]", "deep")).extras_to_drop("deeper")) == set()
    assert set(Reach(_graph("app[x]")).extras_to_drop("plain")) == set()


def test_the_nearest_of_those_that_lead_to_it() -> None:
    graph = _graph("app[x]")
    assert list(nearest_above(graph, ["deeper"], {"deep", "app"})) == ["deep"]
    assert list(nearest_above(graph, ["deeper", "plain"], {"app"})) == ["app", "app"]
    assert list(nearest_above(graph, ["deeper"], {"deeper", "deep"})) == ["deeper"]
    assert list(nearest_above(graph, ["deeper"], {"plain"})) == []
