"""Direct references in a resolution: archives, and versions from version control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.graph import GapKind, Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings, Root
from nogilcheck.resolve.walk.graph import GraphBuilder, permitted_files
from nogilcheck.resolve.walk.walk import BuildResolution, walk, walk_all
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs, root, versions
from tests.world import parse

TWIN = make_target("3.14", "linux-x86_64")

FILES = "https://files.test"
LIB1 = f"lib @ {FILES}/lib-1.0-py3-none-any.whl"
LIB2 = f"lib @ {FILES}/lib-2.0-py3-none-any.whl"
SOURCE = f"{FILES}/made-1.0.tar.gz"
GIT = "git+https://git.test/lib.git"

WORLD = f"""
[projects.lib]
"1.0" = {{ requires = ["other"], extras.x = ["extra-of-one"] }}
"2.0" = {{ requires = ["other"], extras.x = ["extra-of-two"] }}
"3.0rc1" = {{}}
[projects.extra-of-one]
"1.0" = {{}}
[projects.extra-of-two]
"1.0" = {{}}
[projects.other]
"1.0" = {{}}
[projects.windows]
"1.0" = {{ wheels = ["cp314-cp314-win_amd64"], requires = ["other"] }}
[projects.ancient]
"1.0" = {{ requires-python = "<3", requires-python-page = false }}
[projects.made]
"1.0" = {{ wheels = [], sdist = true, requires = ["other"] }}
[projects.asks-for-one]
"1.0" = {{ requires = ["{LIB1}"] }}
[projects.asks-for-two]
"1.0" = {{ requires = ["lib[x] @ {FILES}/lib-2.0-py3-none-any.whl"] }}
[projects.asks-for-new]
"1.0" = {{ requires = ["lib>=2"] }}
[projects.asks-for-disk]
"1.0" = {{ requires = ["lib @ file:///home/me/lib-1.0-py3-none-any.whl"] }}
[projects.asks-for-git]
"1.0" = {{ requires = ["lib @ {GIT}@v1.0"] }}
"""


def _walk(asked: Inputs, *, exclude_newer: str | None = None) -> tuple[BuildResolution, Graph, MemoryFetcher]:
    fetcher = MemoryFetcher(parse(WORLD))
    finished = walk(asked, TWIN, fetcher, exclude_newer=exclude_newer)
    return finished, GraphBuilder(finished).build(), fetcher


def _resolve(*requirements: str, constraints: Sequence[str] = (), settings: IndexSettings | None = None) -> Graph:
    return _walk(inputs(requirements, constraints, settings=settings))[1]


def _nameless(url: str) -> Root:
    return replace(root("placeholder"), name=None, requirement=url, url=url)


class TestArchives:
    @pytest.mark.parametrize(
        ("requirements", "expected"),
        [
            ([LIB1], {"lib": "1.0", "other": "1.0"}),
            (["asks-for-one"], {"asks-for-one": "1.0", "lib": "1.0", "other": "1.0"}),
            ([f"lib[x] @ {FILES}/lib-1.0-py3-none-any.whl"], {"lib": "1.0", "other": "1.0", "extra-of-one": "1.0"}),
            ([LIB1, "lib[x]"], {"lib": "1.0", "other": "1.0", "extra-of-one": "1.0"}),
            (["lib", "asks-for-one"], {"lib": "1.0", "asks-for-one": "1.0", "other": "1.0"}),
            ([LIB1, "lib<2"], {"lib": "1.0", "other": "1.0"}),
            ([LIB1, f"{LIB1}#egg=lib", "asks-for-one"], {"lib": "1.0", "other": "1.0", "asks-for-one": "1.0"}),
            ([f"lib @ {FILES}/lib-3.0rc1-py3-none-any.whl", "lib>1"], {"lib": "3.0rc1"}),
            ([f"made @ {SOURCE}"], {"made": "1.0", "other": "1.0"}),
        ],
    )
    def test_one_is_the_only_candidate_of_its_project(self, requirements: list[str], expected: dict[str, str]) -> None:
        finished, graph, fetcher = _walk(inputs(requirements))
        assert versions(graph) == expected
        assert not graph.gaps
        assert requirements[0] == "lib" or "lib" not in fetcher.asked, "no index has a word on it"
        (name,) = {"lib", "made"} & set(expected)
        (file,) = graph.nodes[name].files
        assert (file.index, file.url.startswith(FILES)) == ("", True)
        assert permitted_files(finished, graph, name) == [(file.version, (file,))]

    def test_a_name_that_only_the_file_name_tells(self) -> None:
        graph = _walk(Inputs(roots=(_nameless(SOURCE),)))[1]
        assert versions(graph) == {"made": "1.0", "other": "1.0"}
        assert not graph.gaps

    def test_what_the_twin_cannot_install_is_chosen_all_the_same(self) -> None:
        graph = _resolve(f"windows @ {FILES}/windows-1.0-cp314-cp314-win_amd64.whl", "windows")
        assert versions(graph) == {"windows": "1.0", "other": "1.0"}
        assert len(graph.nodes["windows"].files) == 1
        assert not graph.gaps

    def test_metadata_that_exclude_this_python_are_told(self) -> None:
        graph = _resolve(f"ancient @ {FILES}/ancient-1.0-py3-none-any.whl")
        assert graph.nodes["ancient"].requires_python == "<3"

    def test_options_that_pick_files_of_an_index_do_not_apply(self) -> None:
        settings = IndexSettings(only_binary=frozenset({":all:"}))
        finished, graph, _ = _walk(
            inputs([f"made @ {SOURCE}"], settings=settings), exclude_newer="2000-01-01T00:00:00Z"
        )
        node = graph.nodes["made"]
        assert (len(node.files), node.not_admitted) == (1, ())
        assert [gap.distribution for gap in graph.gaps] == ["other"]
        assert finished.is_archive("made")
        assert not finished.is_archive("other")

    def test_a_file_on_the_disk_is_read_for_the_user_only(self) -> None:
        graph = _resolve("asks-for-disk")
        assert versions(graph) == {"asks-for-disk": "1.0", "lib": None}
        (gap,) = graph.gaps
        assert gap.text == (
            "asks-for-disk 1.0 asks for lib @ file:///home/me/lib-1.0-py3-none-any.whl, which is not checked:"
            " files on this disk are read for the user's own lines only"
        )
        graph = _resolve("lib @ file:///home/me/lib-1.0-py3-none-any.whl", "asks-for-disk")
        assert versions(graph) == {"lib": "1.0", "asks-for-disk": "1.0", "other": "1.0"}
        assert not graph.gaps

    def test_a_link_with_credentials_is_asked_for_and_not_shown(self) -> None:
        secret = "https://me:hunter2@files.test/lib-1.0-py3-none-any.whl"
        one = replace(root(LIB1), link=secret)
        graph = _walk(Inputs(roots=(one, root("lib>=2", 2))))[1]
        assert "hunter2" not in "".join(gap.text for gap in graph.gaps) + repr(one)
        assert _walk(Inputs(roots=(one,)))[1].nodes["lib"].files[0].url == secret


class TestContradictions:
    @pytest.mark.parametrize(
        ("requirements", "words", "expected"),
        [
            # After the first gap the user's own words count.
            ([LIB1, "asks-for-new"], [f"r.txt:1 asks for {LIB1}", "asks-for-new 1.0 requires >=2"], "1.0"),
            (["lib<2", "asks-for-two"], ["r.txt:1 asks for <2", "asks-for-two 1.0 requires https://files.test/lib-2.0"],
             "1.0"),
            ([LIB1, "asks-for-two"], [f"r.txt:1 asks for {LIB1}", "asks-for-two 1.0 requires https://"], "1.0"),
            ([LIB1, LIB2], [f"r.txt:1 asks for {LIB1}", f"r.txt:2 asks for {LIB2}"], None),
            ([LIB1, "lib>=2"], [f"r.txt:1 asks for {LIB1}", "r.txt:2 asks for >=2"], None),
            (["asks-for-one", "asks-for-two"], ["asks-for-one 1.0 requires https://", "asks-for-two 1.0 req"], None),
            ([LIB1, f"{LIB1}#sha256=aa"], [f"r.txt:1 asks for {LIB1}", f"r.txt:2 asks for {LIB1}#sha256=aa"], None),
        ],
    )  # fmt: skip
    def test_a_reference_satisfies_no_other(
        self, requirements: list[str], words: list[str], expected: str | None
    ) -> None:
        graph = _resolve(*requirements)
        gap = graph.gaps[0]
        assert gap.missing is not None
        assert (gap.kind, gap.distribution, gap.missing.kind) == (GapKind.PROJECT, "lib", MissingKind.CONFLICT)
        assert gap.text.endswith(", and no set of versions satisfies all of it")
        for word in words:
            assert word in gap.text
        assert versions(graph)["lib"] == expected


class TestConstraints:
    def test_one_takes_a_project_from_a_reference_where_it_is_asked_for(self) -> None:
        assert versions(_resolve("other", constraints=[LIB1])) == {"other": "1.0"}
        graph = _resolve("lib[x]", constraints=[LIB1])
        assert versions(graph) == {"lib": "1.0", "other": "1.0", "extra-of-one": "1.0"}
        assert not graph.gaps

    @pytest.mark.parametrize("requirement", ["asks-for-new", LIB2, "asks-for-two"])
    def test_one_that_contradicts_a_requirement(self, requirement: str) -> None:
        graph = _resolve(requirement, constraints=[LIB1])
        (gap, *_) = graph.gaps
        assert f"c.txt:1 constrains it to {LIB1}, and no set of versions" in gap.text

    def test_a_version_that_a_constraint_excludes(self) -> None:
        graph = _resolve(LIB1, constraints=["lib>=2"])
        assert versions(graph) == {"lib": None}
        assert "c.txt:1 constrains it to >=2" in graph.gaps[0].text


class TestVersionControl:
    @pytest.mark.parametrize("ref", ["1.0", "v1.0", "refs/tags/lib-1.0", "v1.0.0"])
    def test_a_version_that_the_index_has_stands_for_it(self, ref: str) -> None:
        finished, graph, _ = _walk(inputs([f"lib[x] @ {GIT}@{ref}", "lib>=1"]))
        assert versions(graph) == {"lib": "1.0", "other": "1.0", "extra-of-one": "1.0"}
        assert not graph.gaps
        node = graph.nodes["lib"]
        assert node.assumed_from == f"{GIT}@{ref}"
        assert [file.index for file in node.files] == ["memory"]
        assert not finished.is_archive("lib")
        assert graph.nodes["other"].assumed_from is None

    def test_one_that_a_distribution_asks_for(self) -> None:
        graph = _resolve("asks-for-git")
        assert versions(graph) == {"asks-for-git": "1.0", "lib": "1.0", "other": "1.0"}
        assert graph.nodes["lib"].assumed_from == f"{GIT}@v1.0"

    def test_one_that_a_constraint_names(self) -> None:
        graph = _resolve("lib", constraints=[f"lib @ {GIT}@v1.0"])
        assert versions(graph)["lib"] == "1.0"
        assert graph.nodes["lib"].assumed_from == f"{GIT}@v1.0"

    @pytest.mark.parametrize(
        ("requirement", "reason"),
        [
            (f"lib @ {GIT}", "it names no version"),
            (f"lib @ {GIT}@main", "main is no version"),
            (f"lib @ {GIT}@v9", "memory has no version 9 of lib"),
            ("ghost @ git+https://git.test/ghost@v1", "1 was looked for, but ghost: no such project"),
            ("lib @ file:///home/me/lib", "it is a project directory"),
        ],
    )
    def test_whatever_else_is_a_gap(self, requirement: str, reason: str) -> None:
        graph = _resolve(requirement, "other")
        name = requirement.partition(" ")[0]
        assert versions(graph) == {name: None, "other": "1.0"}
        (gap,) = graph.gaps
        assert gap.missing is not None
        assert gap.missing.kind is MissingKind.DIRECT_URL
        assert gap.text == f"'{requirement}' is a direct reference, which is not checked: {reason}"
        assert (gap.distribution, str(gap.location)) == (name, "r.txt:1")

    def test_one_without_a_name_is_a_gap(self) -> None:
        graph = _walk(Inputs(roots=(_nameless(f"{GIT}@v1.0"), root("other", 2))))[1]
        assert versions(graph) == {"other": "1.0"}
        assert [gap.text for gap in graph.gaps] == [
            f"'{GIT}@v1.0' is a direct reference, which is not checked: it tells no name"
        ]


@pytest.mark.parametrize(
    ("requirement", "hashes", "complaint"),
    [
        (f"lib @ {FILES}/lib-3.0rc1-py3-none-any.whl#sha256=aa", (), None),
        (f"lib @ {FILES}/lib-3.0rc1-py3-none-any.whl", ("sha256:aa",), None),
        (f"lib @ {FILES}/lib-3.0rc1-py3-none-any.whl", (), "has no hash"),
        (f"lib @ {GIT}@3.0rc1#sha256=aa", (), "has no hash"),
    ],
)
def test_a_reference_with_a_hash_is_pinned(requirement: str, hashes: tuple[str, ...], complaint: str | None) -> None:
    asked = Inputs(roots=(replace(root(requirement), hashes=hashes),), settings=IndexSettings(require_hashes=True))
    gaps = [gap.text for gap in _walk(asked)[1].gaps]
    assert gaps == ([f"lib {complaint}, and hashes are required: pip would refuse to install"] if complaint else [])


def test_builds_share_a_walk_with_references() -> None:
    """Where they would take the same decisions, and not where one of them meets a contradiction."""
    builds = [TWIN, make_target("3.14", "windows-amd64")]
    asked = inputs([LIB1, f"other @ {GIT}@1.0", "asks-for-git ; sys_platform == 'win32'"])
    found = list(walk_all(asked, builds, MemoryFetcher(parse(WORLD)), exclude_newer=None))
    assert [versions(GraphBuilder(one).build()) for one in found] == [
        {"lib": "1.0", "other": "1.0"},
        {"lib": "1.0", "other": "1.0", "asks-for-git": "1.0"},
    ]
    assert [len(one.gaps) for one in found] == [0, 1]
    same = list(walk_all(inputs([LIB1]), builds, MemoryFetcher(parse(WORLD)), exclude_newer=None))
    assert same[0].mapping is same[1].mapping
    assert versions(GraphBuilder(same[1]).build()) == {"lib": "1.0", "other": "1.0"}
