"""uv's ``override-dependencies``. Every row is what ``uv pip compile --override`` 0.13.9 answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import Edge, GapKind, Graph
from nogilcheck.resolve.markers import extras_that_bring
from nogilcheck.targets.builds import make_target
from tests.support.small_worlds import inputs, resolve, root, versions

TWIN = make_target("3.14", "linux-x86_64")

WORLD = """
[projects.app]
"1.0" = { requires = ["lib>=2"], extras.o = ["opt[x]>=1"] }
[projects.lib]
"1.0" = { extras.x = ["more"] }
"2.0" = { extras.x = ["more"] }
[projects.more]
"1.0" = {}
[projects.opt]
"1.0" = { extras.x = ["more"] }
"2.0" = { extras.x = ["more"] }
[projects.win]
"1.0" = { requires = ["lib>=2 ; sys_platform == 'win32'"] }
[projects.self]
"1.0" = { extras.all = ["self[a]"], extras.a = ["lib"] }
[projects.either]
"1.0" = { extras.a = [], extras.b = [], fields.Requires-Dist = ["lib ; extra == 'a' or extra == 'b'"] }
[projects.loose]
"1.0" = { extras.b = [], fields.Requires-Dist = ["lib ; python_version >= '3' or extra == 'b'"] }
[projects.both]
"1.0" = { extras.a = [], fields.Requires-Dist = ["lib ; extra == 'a' and sys_platform == 'win32'"] }
"""


def _resolve(requirements: list[str], overrides: list[str], constraints: tuple[str, ...] = ()) -> Graph:
    asked = inputs(requirements, constraints)
    said = tuple(root(line, number, path="pyproject.toml") for number, line in enumerate(overrides, 1))
    return resolve(WORLD, replace(asked, overrides=said), TWIN)[1]


ELSEWHERE, HERE = "sys_platform == 'win32'", "sys_platform != 'win32'"


@pytest.mark.parametrize(
    ("requirement", "overrides", "expected"),
    [
        ("app", ["lib==1.0"], {"app": "1.0", "lib": "1.0"}),
        ("lib>=2", ["lib==1.0"], {"lib": "1.0"}),
        # A marker is replaced with everything else, and so are extras.
        ("win", ["lib==1.0"], {"win": "1.0", "lib": "1.0"}),
        (f"lib ; {ELSEWHERE}", ["lib==1.0"], {"lib": "1.0"}),
        ("lib[x]", ["lib==1.0"], {"lib": "1.0"}),
        ("lib", ["lib[x]==1.0"], {"lib": "1.0", "more": "1.0"}),
        ("app", [f"lib==1.0 ; {ELSEWHERE}"], {"app": "1.0"}),
        ("app", [f"lib==1.0 ; {ELSEWHERE}", f"lib==2.0 ; {HERE}"], {"app": "1.0", "lib": "2.0"}),
        # What an extra brings in, nothing else does.
        ("app", ["opt==1.0"], {"app": "1.0", "lib": "2.0"}),
        ("app[o]", ["opt==1.0"], {"app": "1.0", "lib": "2.0", "opt": "1.0"}),
        ("either", ["lib==1.0"], {"either": "1.0"}),
        ("either[b]", ["lib==1.0"], {"either": "1.0", "lib": "1.0"}),
        ("loose", ["lib==1.0"], {"loose": "1.0", "lib": "1.0"}),
        ("both", ["lib==1.0"], {"both": "1.0"}),
        ("both[a]", ["lib==1.0"], {"both": "1.0", "lib": "1.0"}),
        ("self[all]", ["self==1.0"], {"self": "1.0"}),
        # Nothing is brought in.
        ("app", ["more==1.0"], {"app": "1.0", "lib": "2.0"}),
    ],
)
def test_as_uv_does_it(requirement: str, overrides: list[str], expected: dict[str, str]) -> None:
    graph = _resolve([requirement], overrides)
    assert versions(graph) == expected
    assert not graph.gaps


def test_edges_show_what_counts() -> None:
    graph = _resolve(["app[o]", "lib>=2"], ["lib<2", "opt[x]==1.0 ; python_version >= '3.9'"])
    assert graph.edges == (
        Edge(parent=0, child="app", child_extras=("o",)),
        Edge(parent=1, child="lib", specifier="<2"),
        Edge(parent="app", child="lib", specifier="<2"),
        Edge(
            parent="app", child="opt", specifier="==1.0", extra="o", child_extras=("x",),
            marker='(extra == "o") and (python_version >= "3.9")',
        ),
        Edge(parent="opt", child="more", extra="x", marker='extra == "x"'),
    )  # fmt: skip


def test_constraints_bound_overrides_too() -> None:
    assert versions(_resolve(["app"], ["lib"], constraints=("lib<2",))) == {"app": "1.0", "lib": "1.0"}


def test_overrides_that_nothing_satisfies_are_told_with_their_line() -> None:
    graph = _resolve(["app"], ["lib<2", "lib>=2"])
    (gap,) = graph.gaps[:1]
    assert gap.text == (
        "lib: pyproject.toml:1 overrides it with <2; pyproject.toml:2 overrides it with >=2,"
        " and no set of versions satisfies all of it"
    )
    assert str(gap.location) == "pyproject.toml:1"
    assert gap.missing is not None
    assert gap.missing.kind is MissingKind.CONFLICT


def test_a_marker_of_an_override_that_cannot_be_known_is_told() -> None:
    graph = _resolve(["app"], ["lib==1.0 ; platform_release >= '6'"])
    assert versions(graph) == {"app": "1.0", "lib": "1.0"}
    assert [(gap.kind, gap.distribution) for gap in graph.gaps] == [(GapKind.MARKER, "app")]


def test_an_override_to_a_direct_reference() -> None:
    graph = _resolve(["app", "lib"], ["lib @ https://files.test/lib-1.0-py3-none-any.whl"])
    assert versions(graph) == {"app": "1.0", "lib": "1.0"}
    assert not graph.gaps
    graph = _resolve(["app"], ["lib @ https://files.test/lib.whl"])
    assert versions(graph) == {"app": "1.0", "lib": None}
    missing = graph.nodes["lib"].missing
    assert isinstance(missing, Missing)
    assert missing.text == (
        "an override asks for lib @ https://files.test/lib.whl, which is not checked: lib.whl is no wheel of lib"
    )


@pytest.mark.parametrize(
    ("marker", "extras"),
    [
        ("extra == 'b'", ("b",)),
        ("python_version < '3' and extra == 'b'", ("b",)),
        ("(extra == 'b' or extra == 'a') and python_version < '3'", ("a", "b")),
        ("'a' == extra", ("a",)),
        ("python_version < '3' or extra == 'b'", ()),
        ("extra != 'b'", ()),
        ("python_version < '3'", ()),
        ("sys_platform == 'extra'", ()),
        ("not a marker", ()),
    ],
)
def test_the_extras_that_a_marker_cannot_do_without(marker: str, extras: tuple[str, ...]) -> None:
    assert extras_that_bring(marker) == extras
