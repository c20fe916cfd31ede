"""The world that tests live in: small package universes, their archives, and an index that serves them.

universe = load("fallback")                     # fixtures/universes/fallback.toml
universe = parse('[projects.a]\\n"1.0" = {}')    # or written in the test
with serve(universe, SHAPES["mirror"]) as index:
    index.fail("/simple/a/", action=503, times=1)
    ...                                         # ask index.url
    assert len(index.asked("/simple/a/")) == 2
"""

from __future__ import annotations

from tests.world.archives import CANARY, archive, metadata, sha256, write_links_dir
from tests.world.faults import Action, Close, Garbage, Hang, Rounds, Rule, Truncate, WrongLength, redirect, status
from tests.world.proxy import Proxy, run_proxy
from tests.world.scenario import Expected, ExpectedFallback, ExpectedHeldBack, Scenario, TargetName
from tests.world.server import AUTHORITY, Index, Request, serve
from tests.world.shape import SHAPES, Shape
from tests.world.site import Answer
from tests.world.tables import UniverseError
from tests.world.universe import File, Project, SdistContents, Universe, WheelContents, load, names, parse

__all__ = [
    "AUTHORITY", "CANARY", "SHAPES", "Action", "Answer", "Close", "Expected", "ExpectedFallback", "ExpectedHeldBack",
    "File", "Garbage", "Hang", "Index", "Project", "Proxy", "Request", "Rounds", "Rule", "Scenario", "SdistContents",
    "Shape", "TargetName", "Truncate", "Universe", "UniverseError", "WheelContents", "WrongLength", "archive", "load",
    "metadata", "names", "parse", "redirect", "run_proxy", "scenarios", "serve", "sha256", "status", "write_links_dir",
]  # fmt: skip


def scenarios(*universes: str) -> list[tuple[Universe, Scenario]]:
    """Every scenario of these universes, or of all, with its universe.

    For ``@pytest.mark.parametrize(("universe", "scenario"), scenarios(), ids=str)``.
    """
    chosen = [load(name) for name in universes or names()]
    return [(universe, scenario) for universe in chosen for scenario in universe.scenarios]
