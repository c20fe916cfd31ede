"""Which places are asked about a project, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from nogilcheck.index.pages.index_routes import Place, Routes
from nogilcheck.model.source import IndexSettings, NamedIndex, Pin

PYPI = "https://pypi.org/simple/"


def tiers(project: str = "any", **settings: Any) -> list[list[str]]:
    return [[shown(place) for place in tier] for tier in Routes(IndexSettings(**settings)).of(project).tiers]


def shown(place: Place) -> str:
    return place.name.removeprefix("https://").removesuffix("/") if place.name != PYPI else "pypi"


def index(name: str, role: Any = "first", **options: Any) -> NamedIndex:
    return NamedIndex(name=name, url=f"https://{name}", role=role, **options)


A, B, C = (index(name) for name in "abc")
EXPLICIT = index("x", "explicit")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [["pypi"]]),
        ({"index_url": "https://i"}, [["i"]]),
        ({"index_url": "", "extra_index_urls": ("https://e",)}, [["e"]]),
        ({"extra_index_urls": ("https://e",)}, [["pypi", "e"]]),
        ({"indexes": (A, B)}, [["a"], ["b"], ["pypi"]]),
        ({"indexes": (A, EXPLICIT)}, [["a"], ["pypi"]]),
        ({"indexes": (A, index("d", "default"))}, [["a"], ["d"]]),
        ({"index_url": "https://i", "indexes": (index("d", "default"),)}, [["i"]]),
        ({"indexes": (A,), "extra_index_urls": ("https://e",)}, [["a"], ["pypi", "e"]]),
        ({"indexes": (index("d", "default"), index("m", "merged"))}, [["d", "m"]]),
        ({"indexes": (index("s", "supplemental"), index("t", "supplemental"))}, [["pypi"], ["s", "t"]]),
        ({"indexes": (A, B), "strategy": "merge"}, [["pypi", "a", "b"]]),
        ({"extra_index_urls": ("https://e", "https://f"), "strategy": "first-index"}, [["e"], ["f"], ["pypi"]]),
        ({"indexes": (A,), "no_index": True}, []),
    ],
)
def test_what_each_tool_does(settings: dict[str, Any], expected: list[list[str]]) -> None:
    assert tiers(**settings) == expected


PINS = (Pin(project="torch", index="x"), Pin(project="half", index="x"), Pin(project="half", index=None))


@pytest.mark.parametrize(
    ("project", "expected"),
    [("torch", [["x"]]), ("half", [["x", "pypi", "a"]]), ("other", [["a"], ["pypi"]])],
)
def test_pins(project: str, expected: list[list[str]]) -> None:
    assert tiers(project, indexes=(A, EXPLICIT), pins=PINS) == expected


def test_a_pin_is_the_users_choice() -> None:
    routes = Routes(IndexSettings(indexes=(EXPLICIT,), pins=PINS))
    assert [routes.of(name).pinned for name in ("torch", "half", "other")] == [True, True, False]


def test_a_pin_to_what_is_not_there_changes_nothing() -> None:
    assert tiers("torch", pins=PINS) == [["pypi"]]


@pytest.mark.parametrize(
    ("project", "expected"),
    [("own", [["m"]]), ("own-tool", [["m"]]), ("numpy", [["pypi"]]), ("other", [["pypi", "m"]])],
)
def test_patterns(project: str, expected: list[list[str]]) -> None:
    own = index("m", "merged", only=("own", "own-*"), never=("num*",))
    assert tiers(project, indexes=(own,)) == expected


def test_find_links_and_flat_indexes() -> None:
    settings = IndexSettings(find_links=("https://l/page",), indexes=(index("flat", flat=True), EXPLICIT), pins=PINS)
    routes = Routes(settings)
    assert [place.url for place in routes.of("torch").places(0)] == ["https://l/page", "https://x/"]
    flat = routes.of("other").tiers[0][0]
    assert (flat.is_links, flat.url, flat.key("other").project) == (True, "https://flat", "")


def test_every_place_is_known_and_each_once() -> None:
    settings = IndexSettings(
        index_url="https://i/", find_links=("https://l",), indexes=(A, EXPLICIT, index("i")), pins=PINS
    )
    assert [place.url for place in Routes(settings).places] == ["https://l", "https://i/", "https://a/", "https://x/"]
    assert [place.url for place in Routes(settings).of("other").places(2)] == ["https://l", "https://a/", "https://i/"]
