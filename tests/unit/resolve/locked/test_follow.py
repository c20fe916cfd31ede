"""A lock and a build -> the graph that an installer takes from it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.graph import Edge, GapKind, Graph, Node
from nogilcheck.model.lock import Lock, LockedDistribution, LockedSource
from nogilcheck.model.source import IndexSettings, Location, Root
from nogilcheck.resolve.locked.files import locate
from nogilcheck.resolve.locked.follow import MAX_FORKS, follow
from nogilcheck.targets.builds import make_target
from tests.support.locks import FREE_THREADED, GIL, PURE, entry, lock, locked_file, locked_root, needs
from tests.support.memory_fetcher import MemoryFetcher
from tests.world import parse

TWIN = make_target("3.14", "linux-x86_64")
WINDOWS = make_target("3.14", "windows-amd64")
PY315 = make_target("3.15", "linux-x86_64")

WORLD = """
[projects.numpy]
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
"2.1" = {}
[projects.pure]
"1.0" = { sdist = {} }
"""


class Unasked:
    """A fetcher that must not be asked anything."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was called")


def _follow(locked: Lock, build: object = TWIN, **more: object) -> Graph:
    """Without a network."""
    return follow(locked, build, Unasked(), **more)  # type: ignore[arg-type]


def _chosen(graph: Graph) -> dict[str, str | None]:
    return {key: str(node.version) if node.version else None for key, node in graph.nodes.items()}


def _told(graph: Graph) -> list[tuple[GapKind, str | None]]:
    return [(gap.kind, gap.distribution) for gap in graph.gaps]


def test_nodes_and_edges_in_the_order_in_which_a_reader_meets_them() -> None:
    graph = _follow(
        lock(
            ["b", "a[x]>=1"],
            entry("a", "1.0", ["c>=1", "x?d[y]<9"]),
            entry("b", "1.0", ["a", "c ; sys_platform == 'win32'"]),
            entry("c", "2.0", ["b"]),
            entry("d", "1.0", ["y?e", "z?never"]),
            entry("e", "1.0"),
            entry("unreached", "1.0"),
        ),
        first_root=7,
    )
    assert _chosen(graph) == {"b": "1.0", "a": "1.0", "c": "2.0", "d": "1.0", "e": "1.0"}
    assert graph.edges == (
        Edge(parent=7, child="b"),
        Edge(parent=8, child="a", specifier=">=1", child_extras=("x",)),
        Edge(parent="b", child="a"),
        Edge(parent="a", child="c", specifier=">=1"),
        Edge(parent="a", child="d", specifier="<9", extra="x", child_extras=("y",)),
        Edge(parent="c", child="b"),
        Edge(parent="d", child="e", extra="y"),
    )
    assert graph.gaps == ()
    assert [file.filename for file in graph.nodes["c"].files] == ["c-2.0-py3-none-any.whl"]


def test_markers_belong_to_the_build() -> None:
    locked = lock(["a", "w ; sys_platform == 'win32'"], entry("a", "1.0", ["w ; os_name == 'nt'"]), entry("w"))
    assert _chosen(_follow(locked)) == {"a": "1.0"}
    assert _chosen(_follow(locked, WINDOWS)) == {"a": "1.0", "w": "1.0"}


def test_a_marker_that_cannot_be_known_is_taken_to_hold_and_told() -> None:
    unknown = "platform_release >= '6'"
    locked = lock(
        [f"a ; {unknown}", "d"], entry("a", "1.0", [f"b ; {unknown}"]), entry("b"), entry("d", marker=unknown)
    )
    graph = _follow(locked)
    assert set(graph.nodes) == {"a", "b", "d"}
    assert _told(graph) == [(GapKind.MARKER, "a"), (GapKind.MARKER, "d"), (GapKind.MARKER, "a")]
    assert graph.gaps[0].location == Location(path="uv.lock", line=1)


class TestBesideOthers:
    """What the user names beside a lock, which is not resolved again."""

    HASH = "sha256:" + "0" * 64

    def _told(
        self, *, kind: str = "pylock.toml", constraints: tuple[Root, ...] = (), companions: tuple[Root, ...] = ()
    ) -> list[tuple[GapKind, MissingKind | None]]:
        (hashed,) = (locked_file("a-1.0-py3-none-any.whl", "a", sha256="0" * 64),)
        locked = replace(lock(["a"], replace(entry("a", "1.0"), files=(hashed,))), kind=kind)
        graph = _follow(replace(locked, constraints=constraints, companions=companions))
        assert all(gap.location == Location(path="x.txt", line=1) for gap in graph.gaps)
        assert all("uv.lock" in gap.text for gap in graph.gaps)
        return [(gap.kind, gap.missing.kind if gap.missing else None) for gap in graph.gaps]

    def _root(self, requirement: str, **more: object) -> tuple[Root, ...]:
        return (replace(locked_root(requirement, 1, "x.txt"), **more),)  # type: ignore[arg-type]

    @pytest.mark.parametrize("kind", ["pylock.toml", "poetry.lock"])
    def test_constraints(self, kind: str) -> None:
        conflict = [(GapKind.PROJECT, MissingKind.CONFLICT)]
        assert self._told(kind=kind, constraints=self._root("a<1")) == conflict
        assert self._told(kind=kind, constraints=self._root("a>=1")) == []
        assert self._told(kind=kind, constraints=self._root("b<1")) == []
        assert self._told(kind=kind, constraints=self._root("a<1 ; os_name == 'nt'")) == []

    def test_a_constraint_that_cannot_be_compared(self) -> None:
        unknown = [(GapKind.DEPENDENCIES, None)]
        assert self._told(constraints=self._root("a", url="https://host/a-1.0.zip")) == unknown
        assert self._told(constraints=self._root("a", hashes=("sha256:" + "1" * 64,))) == unknown
        assert self._told(constraints=self._root("a", hashes=(self.HASH,))) == []

    def test_requirements_are_hashed_as_the_lock_is(self) -> None:
        assert self._told(companions=self._root("b")) == [(GapKind.HASHES, None)]
        assert self._told(companions=self._root("b==1", hashes=(self.HASH,))) == []
        assert self._told(companions=self._root("a==2", hashes=(self.HASH,))) == [
            (GapKind.PROJECT, MissingKind.CONFLICT)
        ]


class TestForks:
    OLD, NEW = "python_version < '3.15'", "python_version >= '3.15'"

    def test_the_entry_whose_marker_holds(self) -> None:
        locked = lock(["a"], entry("a", "1.0", marker=self.OLD), entry("a", "2.0", marker=self.NEW))
        assert _chosen(_follow(locked)) == {"a": "1.0"}
        assert _chosen(_follow(locked, PY315)) == {"a": "2.0"}

    def test_two_entries_of_a_pylock_that_both_apply(self) -> None:
        """PEP 751: installers refuse it; where another marker holds, or cannot be known, there are not two."""
        twice = (entry("a", "1.0"), entry("a", "1.0", marker=self.NEW))
        locked = replace(lock(["a"], *twice), kind="pylock.toml")
        assert _told(_follow(locked)) == []
        assert [gap.missing.kind for gap in _follow(locked, PY315).gaps if gap.missing] == [MissingKind.CONFLICT]
        assert _told(_follow(replace(locked, kind="uv.lock"), PY315)) == []

    def test_the_entry_that_a_requirement_names(self) -> None:
        requires = [needs(f"b ; {self.OLD}", "1.0"), needs(f"b ; {self.NEW}", "2.0")]
        locked = lock(["a"], entry("a", "1.0", requires), entry("b", "1.0.0"), entry("b", "2.0"))
        assert _chosen(_follow(locked)) == {"a": "1.0", "b": "1.0.0"}
        assert _chosen(_follow(locked, PY315)) == {"a": "1.0", "b": "2.0"}

    def test_a_specifier_tells_entries_apart_that_no_marker_does(self) -> None:
        locked = lock(["a"], entry("a", "1.0", ["b<2"]), entry("b", "1.0"), entry("b", "2.0"))
        assert _chosen(_follow(locked)) == {"a": "1.0", "b": "1.0"}

    def test_a_specifier_that_nothing_satisfies_is_no_reason_to_leave_the_lock(self) -> None:
        assert _chosen(_follow(lock(["a<1"], entry("a", "2.0")))) == {"a": "2.0"}

    def test_a_pin_means_its_version_and_none_with_a_local_part(self) -> None:
        locked = lock(["a==1.0"], entry("a", "1.0+cpu"), entry("a", "1.0"))
        assert _chosen(_follow(locked)) == {"a": "1.0"}
        assert _chosen(_follow(lock(["a==1.0"], entry("a", "1.0+cpu")))) == {"a": "1.0+cpu"}

    def test_versions_side_by_side_have_keys_of_their_own_and_their_own_dependencies(self) -> None:
        locked = lock(
            ["a==1.0", "a==2.0"],
            entry("a", "1.0", ["b"]),
            entry("a", "2.0", ["c"]),
            entry("b", "1.0"),
            entry("c", "1.0"),
        )
        graph = _follow(locked)
        assert _chosen(graph) == {"a": "1.0", "a==2.0": "2.0", "b": "1.0", "c": "1.0"}
        assert {node.name for node in graph.nodes.values()} == {"a", "b", "c"}
        links = {(edge.parent, edge.child) for edge in graph.edges}
        assert links == {(0, "a"), (1, "a==2.0"), ("a", "b"), ("a==2.0", "c")}

    def test_the_same_version_twice_is_two_nodes(self) -> None:
        locked = lock(["a"], entry("a", "1.0", tags=[FREE_THREADED]), entry("a", "1.0", tags=[GIL]))
        assert _chosen(_follow(locked)) == {"a": "1.0", "a==1.0": "1.0"}

    def test_more_entries_than_anybody_needs_are_cut_off_and_told(self) -> None:
        locked = lock(["a"], *(entry("a", f"{number}.0") for number in range(MAX_FORKS + 5)))
        graph = _follow(locked)
        assert len(graph.nodes) == MAX_FORKS
        assert _told(graph) == [(GapKind.CUT_OFF, "a")]


class TestExtrasOfTheProject:
    """What uv's ``conflicts`` and Poetry's optional packages write into markers."""

    CPU = "extra == 'extra-4-demo-cpu'"
    BOTH = "extra == 'extra-4-demo-cpu' and extra == 'extra-4-demo-gpu'"

    @pytest.mark.parametrize(
        ("roots", "chosen"),
        [
            (["a"], {"a", "plain"}),
            (["a", "cpu?a"], {"a", "cpu"}),
            (["a", "cpu?a", "gpu?a"], {"a", "cpu", "both"}),
            (["a", "lint!a"], {"a", "plain", "grouped"}),
            (["a", "cpu!a"], {"a", "plain"}),
        ],
    )
    def test_conflict_markers_hold_for_what_was_asked_for(self, roots: list[str], chosen: set[str]) -> None:
        requires = [
            f"cpu ; {self.CPU}",
            "plain ; extra != 'extra-4-demo-cpu'",
            f"both ; {self.BOTH}",
            "grouped ; extra == 'group-4-demo-lint'",
        ]
        entries = [entry(name) for name in ("cpu", "plain", "both", "grouped")]
        assert set(_follow(lock(roots, entry("a", "1.0", requires), *entries)).nodes) == chosen

    def test_an_entry_of_an_extra_of_the_project(self) -> None:
        optional = entry("b", marker='extra == "fast" and sys_platform == "linux"')
        assert set(_follow(lock(["fast?b"], optional)).nodes) == {"b"}
        assert set(_follow(lock(["fast?b"], optional), WINDOWS).nodes) == set()

    def test_an_extra_of_a_dependency_is_none_of_the_project(self) -> None:
        locked = lock(["a", "fast?a"], entry("a", "1.0", ["b ; extra == 'fast'"]), entry("b"))
        assert set(_follow(locked).nodes) == {"a"}


class TestWhatTheLockDoesNotHold:
    def test_a_dependency_without_an_entry_is_a_gap_of_who_asks(self) -> None:
        graph = _follow(lock(["a"], entry("a", "1.0", ["ghost>=1"], location=Location(path="uv.lock", line=9))))
        (gap,) = graph.gaps
        assert (gap.kind, gap.distribution, str(gap.location)) == (GapKind.DEPENDENCIES, "a", "uv.lock:9")
        assert gap.text == "a 1.0 requires ghost, for which uv.lock has no entry"

    def test_an_entry_for_other_targets_only_is_one_too(self) -> None:
        locked = lock(["a"], entry("a", "1.0", ["b"]), entry("b", marker="sys_platform == 'win32'"))
        (gap,) = _follow(locked).gaps
        assert gap.text == "a 1.0 requires b, for which uv.lock has no entry that applies to the target"

    def test_a_version_without_an_entry(self) -> None:
        locked = lock(["a"], entry("a", "1.0", [needs("b", "3.0")]), entry("b", "2.0"))
        (gap,) = _follow(locked).gaps
        assert gap.text == "a 1.0 requires b 3.0, for which uv.lock has no entry"

    def test_a_root_without_an_entry(self) -> None:
        (gap,) = _follow(lock(["ghost"])).gaps
        assert (gap.kind, gap.distribution, str(gap.location)) == (GapKind.DEPENDENCIES, "ghost", "uv.lock:1")

    def test_a_root_without_a_name(self) -> None:
        unnamed = Root(requirement="./x", name=None, url="file:///x", location=Location(path="uv.lock", line=3))
        (gap,) = _follow(lock([unnamed])).gaps
        assert (gap.kind, gap.missing and gap.missing.kind) == (GapKind.PROJECT, MissingKind.DIRECT_URL)

    def test_nothing_applies(self) -> None:
        graph = _follow(lock(["a ; sys_platform == 'win32'"], entry("a")))
        (gap,) = graph.gaps
        assert (gap.kind, str(gap.location)) == (GapKind.NOTHING_APPLIES, "uv.lock")
        assert graph.not_applicable == {0}

    def test_nothing_is_required(self) -> None:
        assert _follow(lock([], entry("a"))).gaps == ()

    def test_without_a_graph_the_roots_are_all_there_is(self) -> None:
        locked = lock(["a==1.0", "b==1.0"], entry("a", "1.0", ["c"]), entry("b"), entry("c"), has_graph=False)
        graph = _follow(locked)
        assert (_chosen(graph), graph.gaps) == ({"a": "1.0", "b": "1.0"}, ())


class TestSources:
    def test_chains_lead_through_a_project_directory_that_is_not_judged(self) -> None:
        demo = entry("demo", None, ["a"], source=LockedSource.PATH, reference=".", own=True)
        graph = _follow(lock(["demo"], demo, entry("a")))
        assert [(key, node.local) for key, node in graph.nodes.items()] == [("demo", True), ("a", False)]
        assert [(edge.parent, edge.child) for edge in graph.edges] == [(0, "demo"), ("demo", "a")]
        assert graph.gaps == ()

    def test_a_project_directory_that_requires_nothing_is_ready(self) -> None:
        demo = entry("demo", "0.1", tags=(), source=LockedSource.PATH, reference="../demo", own=True)
        assert _told(_follow(lock(["demo"], demo))) == []

    def test_a_project_directory_of_which_nothing_applies_is_nothing_to_judge(self) -> None:
        demo = entry(
            "demo", "0.1", ["a ; sys_platform == 'win32'"], tags=(), source=LockedSource.PATH, reference=".", own=True
        )
        assert _told(_follow(lock(["demo"], demo, entry("a")))) == [(GapKind.NOTHING_APPLIES, None)]

    @pytest.mark.parametrize(
        ("source", "reference"),
        [
            (LockedSource.URL, "https://h.test/x/a-1.5-py3-none-any.whl?y=1#sha256=00"),
            (LockedSource.PATH, "../dist/a-1.5-py3-none-any.whl"),
            (LockedSource.PATH, "file:///dist/a-1.5-py3-none-any.whl"),
        ],
    )
    @pytest.mark.parametrize("version", ["1.5", None])
    def test_an_archive_is_judged_by_its_name(self, source: LockedSource, reference: str, version: str | None) -> None:
        archive = entry("a", version, tags=(), source=source, reference=reference, hashes=("sha256:00",))
        node = _follow(lock(["a"], archive)).nodes["a"]
        assert (node.version, node.local, node.assumed_from) == (Version("1.5"), False, None)
        (file,) = node.files
        assert (file.filename, file.tags, file.hashes) == ("a-1.5-py3-none-any.whl", PURE, {"sha256": "00"})
        assert file.url == (reference if "://" in reference else "")

    @pytest.mark.parametrize("version", ["1.5", None])
    @pytest.mark.parametrize(
        ("source", "reference"),
        [
            (LockedSource.URL, "https://h.test/download/a"),
            (LockedSource.PATH, "../a-1.5.egg"),
            (LockedSource.PATH, "a-1.5.TAR.GZ"),
            (LockedSource.PATH, "file:///a-1.5.tar.zst"),
            (LockedSource.PATH, "../a"),
        ],
    )
    def test_what_is_no_archive_is_not_looked_into(
        self, source: LockedSource, reference: str, version: str | None
    ) -> None:
        odd = entry("a", version, tags=(), source=source, reference=reference)
        graph = _follow(lock(["a"], odd))
        assert graph.nodes["a"].version is None
        (gap,) = graph.gaps
        assert (gap.kind, gap.distribution) == (GapKind.PROJECT, "a")
        assert gap.missing is not None
        assert gap.missing.kind is MissingKind.DIRECT_URL
        assert reference in gap.text

    def _from_git(self, version: str | None, fetcher: MemoryFetcher | None) -> Graph:
        numpy = entry("numpy", version, tags=(), source=LockedSource.VCS, reference="git+https://h.test/numpy@abc")
        return follow(lock(["numpy"], numpy), TWIN, fetcher)

    def test_version_control_is_judged_by_the_index_which_is_an_assumption(self) -> None:
        graph = self._from_git("2.0", MemoryFetcher(parse(WORLD)))
        node = graph.nodes["numpy"]
        assert (len(node.files), node.assumed_from, graph.gaps) == (2, "git+https://h.test/numpy@abc", ())

    @pytest.mark.parametrize(("version", "why"), [("2.0.dev3", "lists no file of 2.0.dev3"), (None, "not checked")])
    def test_version_control_of_which_the_index_knows_nothing_is_a_gap(self, version: str | None, why: str) -> None:
        graph = self._from_git(version, MemoryFetcher(parse(WORLD)))
        missing = graph.nodes["numpy"].missing
        assert missing is not None
        assert missing.kind is MissingKind.DIRECT_URL
        assert why in missing.text
        assert "git+https://h.test/numpy@abc" in missing.text

    def test_version_control_without_a_network_is_a_gap(self) -> None:
        missing = self._from_git("2.0", None).nodes["numpy"].missing
        assert missing is not None
        assert missing.kind is MissingKind.OFFLINE


def _hashed(page: ProjectPage) -> ProjectPage:
    """Every file with a hash that is its tags."""
    files = {
        version: tuple(replace(file, hashes={"sha256": file.tags or "sdist"}) for file in page.files(version))
        for version in page.versions
    }
    return replace(page, files_by_version=files)


class Hashed(MemoryFetcher):
    def page(self, name: str) -> ProjectPage | Missing:
        found = super().page(name)
        return found if isinstance(found, Missing) else _hashed(found)


def _unnamed(version: str = "2.0", *hashes: str, name: str = "numpy") -> LockedDistribution:
    return entry(name, version, tags=(), files_known=False, hashes=hashes)


class TestJoinedToTheIndex:
    def _node(self, one: LockedDistribution, **more: object) -> tuple[Graph, list[str]]:
        graph = follow(lock([one.name], one), TWIN, Hashed(parse(WORLD)), **more)  # type: ignore[arg-type]
        return graph, [file.tags for file in graph.nodes[one.name].files]

    def test_only_files_whose_hash_is_allowed(self) -> None:
        graph, tags = self._node(_unnamed("2.0", f"sha256:{GIL.upper()}", "sha256:elsewhere"))
        assert (tags, [one.option for one in graph.nodes["numpy"].not_admitted], graph.gaps) == ([GIL], ["hash"], ())

    def test_any_file_of_the_version_where_there_are_no_hashes(self) -> None:
        assert self._node(_unnamed("2.0.0"))[1] == [GIL, FREE_THREADED]

    def test_a_lock_that_names_no_file_of_an_entry_leaves_it_to_the_index(self) -> None:
        assert self._node(entry("numpy", "2.0", tags=()))[1] == [GIL, FREE_THREADED]

    @pytest.mark.parametrize(
        ("one", "kind", "text"),
        [
            (_unnamed("2.0", "sha256:other"), MissingKind.EMPTY, "no file at memory has a hash that uv.lock"),
            (_unnamed("9.0"), MissingKind.EMPTY, "memory lists no file of 9.0"),
            (_unnamed("1.0", name="ghost"), MissingKind.NOT_FOUND, "ghost: no such project"),
            (_unnamed("not a version"), MissingKind.BROKEN, "which is no version"),
        ],
    )
    def test_what_the_index_cannot_tell(self, one: LockedDistribution, kind: MissingKind, text: str) -> None:
        graph, _ = self._node(one)
        (gap,) = graph.gaps
        node = graph.nodes[one.name]
        assert node.version is None
        assert node.missing is not None
        assert (node.missing.kind, gap.kind, gap.distribution) == (kind, GapKind.PROJECT, one.name)
        assert gap.location == one.location
        assert text in gap.text

    def test_files_after_an_upload_date_do_not_exist(self) -> None:
        graph, _ = self._node(_unnamed("2.0"), exclude_newer="1999-01-01T00:00:00")
        assert graph.nodes["numpy"].missing is not None

    def test_without_a_network(self) -> None:
        graph = follow(lock(["numpy"], _unnamed()), TWIN, None)
        assert graph.nodes["numpy"].missing is not None
        assert graph.nodes["numpy"].missing.kind is MissingKind.OFFLINE

    def test_pages_are_asked_for_ahead_and_only_those_that_are_needed(self) -> None:
        class Noting(MemoryFetcher):
            ahead: list[str]

            def prefetch(self, names: object) -> None:
                self.ahead = list(names)  # type: ignore[call-overload]

        fetcher = Noting(parse(WORLD))
        follow(lock(["numpy", "a"], _unnamed(), entry("a"), _unnamed("1.0", name="unreached")), TWIN, fetcher)
        assert fetcher.ahead == fetcher.asked == ["numpy"]


def test_the_options_on_formats_count_for_locked_files_too() -> None:
    both = entry("a", files=(locked_file("a-1.0-py3-none-any.whl", "a"), locked_file("a-1.0.tar.gz", "a")))
    node = _follow(lock(["a"], both), settings=IndexSettings(only_binary=frozenset({":all:"}))).nodes["a"]
    assert ([file.kind for file in node.files], node.not_admitted) == (
        ["wheel"],
        (("only-binary", "--only-binary :all:"),),
    )


@pytest.mark.parametrize(("requires_python", "told"), [(">=3.9", None), ("<3.14", "<3.14"), (None, None)])
def test_an_entry_for_other_pythons(requires_python: str | None, told: str | None) -> None:
    assert _follow(lock(["a"], entry("a", requires_python=requires_python))).nodes["a"].requires_python == told


def test_rings_and_very_many_entries() -> None:
    number = 10_000
    ring = [
        entry(f"p{n}", "1.0", [f"p{(n + 1) % number}", f"x?p{(n + 7) % number}[x]"], tags=()) for n in range(number)
    ]
    named = [replace(one, files=(locked_file(f"{one.name}-1.0.tar.gz", one.name),)) for one in ring]
    graph = _follow(lock(["p0[x]"], *named))
    assert len(graph.nodes) == number
    assert len(graph.edges) == 2 * number + 1


def _node(name: str = "numpy", *, direct: bool = False) -> Node:
    return Node(name=name, version=Version("2.0"), direct=direct)


class TestLocate:
    def _file(self, **more: str) -> ReleaseFile:
        return locked_file(f"numpy-2.0-{GIL}.whl", "numpy", **more)

    def test_a_file_whose_place_is_known_is_not_looked_up(self) -> None:
        fetcher = Hashed(parse(WORLD))
        file = self._file(url="https://h.test/a")
        assert (locate(file, _node(), fetcher), fetcher.asked) == (file, [])

    def test_no_index_is_asked_about_an_archive_of_its_own(self) -> None:
        fetcher = Hashed(parse(WORLD))
        found = locate(self._file(), _node(direct=True), fetcher)
        assert isinstance(found, Missing)
        assert (found.kind, fetcher.asked) == (MissingKind.DIRECT_URL, [])

    @pytest.mark.parametrize("sha256", [GIL.upper(), ""])
    def test_the_index_knows_where_it_is(self, sha256: str) -> None:
        found = locate(self._file(sha256=sha256), _node(), Hashed(parse(WORLD)))
        assert isinstance(found, ReleaseFile)
        assert found.url == f"memory:numpy-2.0-{GIL}.whl"

    @pytest.mark.parametrize(
        ("file", "name", "kind"),
        [
            (locked_file(f"numpy-2.0-{GIL}.whl", "numpy", sha256="other"), "numpy", MissingKind.BROKEN),
            (locked_file("numpy-2.0-py3-none-any.whl", "numpy"), "numpy", MissingKind.EMPTY),
            (locked_file("ghost-2.0.tar.gz", "ghost"), "ghost", MissingKind.NOT_FOUND),
        ],
    )
    def test_another_file_or_none(self, file: ReleaseFile, name: str, kind: MissingKind) -> None:
        found = locate(file, _node(name), Hashed(parse(WORLD)))
        assert isinstance(found, Missing)
        assert found.kind is kind
