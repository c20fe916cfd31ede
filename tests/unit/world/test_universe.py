from __future__ import annotations

import re
from pathlib import Path

import pytest

from nogilcheck.errors import ExitStatus
from nogilcheck.model.verdict import Cause, RegularBuildGets, Status
from tests.world import (
    ExpectedFallback,
    ExpectedHeldBack,
    Scenario,
    SdistContents,
    TargetName,
    Universe,
    UniverseError,
    WheelContents,
    load,
    names,
    parse,
    scenarios,
)


def test_a_version_without_files_named_is_a_pure_wheel() -> None:
    universe = parse('[projects."My.Lib"]\n"1.0" = {}')
    (file,) = universe.files
    assert file.filename == "my_lib-1.0-py3-none-any.whl"
    assert file.project == "My.Lib"
    assert universe.project("my_lib") is universe.projects[0]


def test_an_sdist_alone_brings_no_wheel() -> None:
    assert [file.filename for file in parse('[projects.a]\n"1.0" = { sdist = true }').files] == ["a-1.0.tar.gz"]


def test_a_build_tag_stands_before_the_tags() -> None:
    (file,) = parse('[projects.a]\n"1.0" = { wheels = ["1b-cp314-cp314t-win_amd64"] }').files
    assert file.filename == "a-1.0-1b-cp314-cp314t-win_amd64.whl"
    assert file.contents == WheelContents(tags="cp314-cp314t-win_amd64", build="1b")


def test_a_file_overrides_what_its_version_says() -> None:
    universe = parse("""
        [projects.a."1.0"]
        requires = ["b"]
        yanked = "all"
        members = ["x.so"]
        wheels = ["py3-none-any", { tag = "cp314-cp314-win_amd64", requires = ["c"], yanked = false, members = [] }]
        sdist = { native = ["rust", "c"], backend = "maturin", requires = [] }
    """)
    pure, compiled, sdist = universe.files
    assert (pure.core.requires, pure.yanked) == (("b",), "all")
    assert isinstance(pure.contents, WheelContents)
    assert pure.contents.members == ("x.so",)
    assert (compiled.core.requires, compiled.yanked) == (("c",), None)
    assert isinstance(compiled.contents, WheelContents)
    assert compiled.contents.members == ()
    assert sdist.contents == SdistContents(native=("c", "rust"), backend="maturin", setup_py=False)
    assert sdist.core.requires == ()


@pytest.mark.parametrize(
    ("page", "expected"), [("", ">=3.15"), ("requires-python-page = false", None), ('requires-python-page = "x"', "x")]
)
def test_the_page_may_say_something_else_than_the_metadata(page: str, expected: str | None) -> None:
    (file,) = parse(f'[projects.a."1.0"]\nrequires-python = ">=3.15"\n{page}').files
    assert file.requires_python == expected
    assert file.core.requires_python == ">=3.15"


def test_requirements_of_extras_get_their_condition() -> None:
    (file,) = parse("""
        [projects.a."1.0"]
        requires = ["b"]
        extras.x = ["c>1", "d ; sys_platform == 'win32' or os_name == 'nt'"]
        extras.empty = []
    """).files
    assert file.core.extras == ("x", "empty")
    assert file.core.requires_dist == (
        "b",
        'c>1 ; extra == "x"',
        "d ; (sys_platform == 'win32' or os_name == 'nt') and extra == \"x\"",
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("project = {}", "unknown key 'project'; did you mean 'projects'?"),
        (
            '[projects.a]\n"1.0" = { wheel = ["py3-none-any"] }',
            "inline.projects.a.1.0: unknown key 'wheel'; did you mean",
        ),
        ('[projects.a]\n"1.0" = { wheels = [{ tag = "py3-none-any", padding = true }] }', "padding: expected int"),
        ('[projects.a]\n"1.0" = { wheels = [{ tag = "py3-none-any", tags = "x" }] }', "unknown key 'tags'"),
        ('[projects.a]\n"1.0" = { sdist = { egg_info = true } }', "did you mean 'egg-info'?"),
        ('[projects.a]\n"1.0" = { sdist = { native = ["java"] } }', "java"),
        ('[projects.a]\n"1.0" = { wheels = ["py3-none"] }', "wheels[0]"),
        ('[projects.a]\n"1.0" = { requires = "b" }', "expected list"),
        ('[projects.a]\n"1.0" = { requires = ["b >"] }', "'b >'"),
        ("[projects.a]\nversions = {}", "neither an option nor a version"),
        ("[projects.a", "inline: "),
    ],
)
def test_a_mistake_in_a_project_is_rejected(text: str, complaint: str) -> None:
    with pytest.raises(UniverseError, match=re.escape(complaint)):
        parse(text)


SCENARIO = """
    [projects.a]
    "1.0" = {}
    "2.0" = {}
    [[scenario]]
    name = "s"
    requirements = ["a"]
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("exits = 1", "inline.s: unknown key 'exits'; did you mean 'exit'?"),
        ("exit = 7", "7"),
        ('targets = ["cp314t"]', "'cp314t' is not a target"),
        ('expect."3.14t".a = "1.0 fine"', "fine"),
        ('expect."3.14t".a = "pure"', "expected 2 words"),
        ('expect."3.14t".a = "3.0 pure"', "there is no a 3.0"),
        ('expect."3.14t".b = "1.0 pure"', "there is no b 1.0"),
        ('expect."3.14t".a = { is = "1.0 pure", fallback = "9 older" }', "there is no a 9"),
        ('expect."3.14t".a = { is = "1.0 pure", fallback = "2.0 better" }', "'better'"),
        ('expect."3.14t".a = { is = "1.0 pure", held-back = "2.0 yanked" }', "'yanked'"),
        ('expect."3.14t".a = { is = "1.0 pure", because = "x" }', "unknown key 'because'"),
        ('expect."3.14t".a = "1.0 pure"\nexpect."3.15t windows-amd64".a = "1.0 pure"', "every combination"),
        ('targets = ["3.14t"]\nexpect."3.15t".a = "1.0 pure"', "not asked for"),
    ],
)
def test_a_mistake_in_a_scenario_is_rejected(text: str, complaint: str) -> None:
    with pytest.raises(UniverseError, match=re.escape(complaint)):
        parse(SCENARIO + text)


def test_a_scenario_states_the_whole_answer() -> None:
    scenario = parse(
        SCENARIO
        + """
        exit = 1
        [scenario.expect."3.14t".a]
        is = "1.0 gil-only"
        cause = "python"
        twin = "none"
        held-back = "2.0 no-file"
        fallback = "2.0 newer silent"
        [scenario.expect."3.14t".ghost]
        is = "- unknown"
        """
    ).scenario("s")
    assert scenario.targets == (TargetName(python="3.14t"),)
    assert scenario.targets[0].id == "cp314t-linux_x86_64"
    assert scenario.exit is ExitStatus.BLOCKED
    found = scenario.expected[scenario.targets[0]]
    assert (found["a"].version, found["a"].status, found["a"].cause) == ("1.0", Status.GIL_ONLY, Cause.PYTHON)
    assert found["a"].twin is RegularBuildGets.NONE
    assert found["a"].fallback == ExpectedFallback(version="2.0", reason="newer", silent=True)
    assert found["a"].held_back == ExpectedHeldBack(version="2.0", by="no-file")
    assert (found["ghost"].version, found["ghost"].fallback) == (None, None)


def test_a_scenario_writes_its_question_down(tmp_path: Path) -> None:
    scenario = parse(
        SCENARIO + 'constraints = ["a<2"]\nflags = ["--pre"]\ntargets = ["3.14t", "3.14t windows-amd64"]'
    ).scenario("s")
    path = scenario.write(tmp_path)
    assert path.read_text(encoding="utf-8") == "a\n-c constraints.txt\n"
    assert (tmp_path / "constraints.txt").read_text(encoding="utf-8") == "a<2\n"
    assert scenario.arguments(path, "http://i/") == [
        "check", str(path), "--python", "3.14t", "--platform", "linux-x86_64", "--platform", "windows-amd64",
        "--index-url", "http://i/", "--pre",
    ]  # fmt: skip


def test_a_universe_is_loaded_once() -> None:
    assert load("statuses") is load("statuses")


@pytest.mark.parametrize(("universe", "scenario"), scenarios(), ids=str)
def test_every_shipped_scenario_expects_something(universe: Universe, scenario: Scenario) -> None:
    assert scenario.universe == universe.name
    assert scenario.expected or scenario.exit is not None
    assert (
        set(scenario.gaps) <= {name for by_name in scenario.expected.values() for name in by_name} or scenario.partial
    )
    statuses = {expected.status for by_name in scenario.expected.values() for expected in by_name.values()}
    blocking = statuses & {
        Status.UNAVAILABLE,
        Status.SOURCE_ONLY,
        Status.OTHER_PLATFORM,
        Status.OTHER_PYTHON,
        Status.GIL_ONLY,
    }
    if scenario.exit in (ExitStatus.READY, ExitStatus.BLOCKED) and not scenario.partial:
        assert bool(blocking) is (scenario.exit is ExitStatus.BLOCKED)


def test_scenario_names_are_unique_within_each_universe() -> None:
    for name in names():
        found = [scenario.name for scenario in load(name).scenarios]
        assert len(found) == len(set(found)), name


def test_every_status_that_needs_no_scan_is_expected_somewhere() -> None:
    found = {
        expected.status
        for _, scenario in scenarios()
        for by_name in scenario.expected.values()
        for expected in by_name.values()
    }
    assert found == set(Status) - {Status.GIL_ENABLED}
