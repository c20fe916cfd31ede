"""A finished walk -> nodes, edges, gaps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.graph import Edge, GapKind
from nogilcheck.resolve.walk.graph import GraphBuilder, permitted_files
from nogilcheck.resolve.walk.walk import walk
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs, resolve, versions
from tests.world import parse

TWIN = make_target("3.14", "linux-x86_64")

WORLD = """
[projects.a]
"1.0" = { requires = ["c>=1", "d ; python_version >= '3.9'"], extras.x = ["e[y]<9"] }
[projects.b]
"1.0" = { requires = ["c<9", "a[x]"] }
[projects.c]
"1.0" = {}
"2.0" = {}
"3.0" = { wheels = ["cp314-cp314-win_amd64"] }
"4.0rc1" = {}
[projects.d]
"1.0" = { requires = ["f ; platform_release >= '6'"] }
[projects.e]
"1.0" = { extras.y = ["c"] }
[projects.f]
"1.0" = { wheels = ["cp313-cp313-manylinux_2_28_x86_64"] }
[projects.g]
"1.0" = {}
"2.0" = { requires-python = ">=3.15", requires-python-page = false }
"""


def test_nodes_and_edges_in_the_order_in_which_a_reader_meets_them() -> None:
    graph = resolve(WORLD, ["b", "a"], TWIN)[1]
    assert list(graph.nodes) == ["b", "a", "c", "d", "e", "f"]
    assert graph.edges == (
        Edge(parent=0, child="b"),
        Edge(parent=1, child="a"),
        Edge(parent="b", child="c", specifier="<9"),
        Edge(parent="b", child="a", child_extras=("x",)),
        Edge(parent="a", child="c", specifier=">=1"),
        Edge(parent="a", child="d", marker='python_version >= "3.9"'),
        Edge(parent="a", child="e", specifier="<9", extra="x", marker='extra == "x"', child_extras=("y",)),
        Edge(parent="d", child="f", marker='platform_release >= "6"'),
        Edge(parent="e", child="c", extra="y", marker='extra == "y"'),
    )


def test_a_marker_that_cannot_be_known_is_taken_to_hold_and_told() -> None:
    graph = resolve(WORLD, ["d"], TWIN)[1]
    assert versions(graph) == {"d": "1.0", "f": "1.0"}
    (gap,) = graph.gaps
    assert (gap.kind, gap.distribution) == (GapKind.MARKER, "d")
    assert "platform_release" in gap.text


@pytest.mark.parametrize(
    ("requirements", "constraints", "expected"),
    [
        (["c"], [], ("3.0", "")),
        (["c<3"], [], None),
        (["c", "b"], ["c<3"], None),
        (["c==1.0"], [], None),
        (["g"], [], ("2.0", ">=3.15")),
        (["f"], [], None),
    ],
)
def test_what_is_held_back(requirements: list[str], constraints: list[str], expected: tuple[str, str] | None) -> None:
    graph = resolve(WORLD, inputs(requirements, constraints), TWIN)[1]
    node = next(iter(graph.nodes.values()))
    found = None if node.held_back_from is None else (str(node.held_back_from), node.held_back_by)
    assert found == expected


def test_a_project_that_only_the_metadata_exclude_enters_at_its_newest() -> None:
    world = '[projects.g]\n"1.0" = { requires-python = "<3.9", requires-python-page = false }\n'
    world += '"2.0" = { requires-python = ">=3.15", requires-python-page = false }'
    node = resolve(world, ["g"], TWIN)[1].nodes["g"]
    assert (node.version, node.requires_python, node.held_back_from) == (Version("2.0"), ">=3.15", None)


def test_permitted_versions_under_every_requirement_of_the_graph() -> None:
    finished, graph = resolve(WORLD, inputs(["a", "c<4"], ["c!=1.0"]), TWIN)
    assert [str(version) for version, _ in permitted_files(finished, graph, "c")] == ["3.0", "2.0"]
    finished, graph = resolve(WORLD, inputs(["a"]), TWIN)
    assert [str(version) for version, _ in permitted_files(finished, graph, "c")] == ["3.0", "2.0", "1.0", "4.0rc1"]
    finished, graph = resolve(WORLD, inputs(["ghost"]), TWIN)
    assert permitted_files(finished, graph, "ghost") == []


class Unreadable(MemoryFetcher):
    """Metadata of some projects cannot be read."""

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        if file.filename.startswith("a-"):
            return Missing(kind=MissingKind.TOO_LARGE, text="a.whl is larger than the limit")
        found = super().metadata(file)
        assert isinstance(found, Metadata)
        if file.filename.startswith("d-"):
            return Metadata(requires=found.requires, problems=("its Requires-Dist '???' cannot be read",))
        return found


def test_metadata_that_cannot_be_read_are_a_gap_and_the_walk_goes_on() -> None:
    finished = walk(inputs(["a", "d", "c"]), TWIN, Unreadable(parse(WORLD)), exclude_newer=None)
    graph = GraphBuilder(finished).build()
    assert versions(graph) == {"a": "1.0", "d": "1.0", "c": "2.0", "f": "1.0"}
    gaps = {gap.distribution: gap for gap in graph.gaps if gap.kind is GapKind.DEPENDENCIES}
    assert gaps["a"].text == "the dependencies of a 1.0 are not fully known: a.whl is larger than the limit"
    assert gaps["a"].missing is not None
    assert gaps["d"].text == "the dependencies of d 1.0 are not fully known: its Requires-Dist '???' cannot be read"
    assert gaps["d"].missing is None


class Undated(MemoryFetcher):
    """No upload times, as on an index that does not implement PEP 700."""

    def page(self, name: str) -> ProjectPage | Missing:
        found = super().page(name)
        assert isinstance(found, ProjectPage)
        files = {
            version: tuple(replace(file, upload_time=None) for file in found.files(version))
            for version in found.versions
        }
        return replace(found, files_by_version=files)


def test_an_upload_date_that_cannot_be_applied_is_told() -> None:
    universe, asked = parse(WORLD), inputs(["c<3"])
    dated = walk(asked, TWIN, MemoryFetcher(universe), exclude_newer="2026-06-01T00:00:00")
    assert not GraphBuilder(dated).build().gaps
    undated = walk(asked, TWIN, Undated(universe), exclude_newer="2026-06-01T00:00:00")
    graph = GraphBuilder(undated).build()
    assert versions(graph) == {"c": "2.0"}
    assert [(gap.kind, gap.distribution) for gap in graph.gaps] == [(GapKind.UPLOAD_TIME, "c")]
