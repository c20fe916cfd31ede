"""Plans: what is changed, what is written, and that it installs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nogilcheck.resolve.walk.conflict_free import ConflictError, ConflictFreeWalk
from tests.support.pip_oracle import require_pip
from tests.support.planning import Answer, ask_plan, blocked_again, plan, refused_by_pip
from tests.world import Index, load, parse, serve


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with serve(load("plan")) as served:
        yield served


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A requirements file of which everything can be made ready."""

    before: str
    after: str
    """The file that is written."""
    changes: tuple[tuple[str, str | None, str], ...]
    arguments: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    """Further files and their texts."""


CASES = {
    "a pin is bumped": Case(
        before="speedy==1.0\n", after="speedy==1.1\n", changes=(("pin", "speedy==1.0", "speedy==1.1"),)
    ),
    "a pin is bumped to the newest": Case(
        before="speedy==1.0\n",
        after="speedy==2.0\n",
        changes=(("pin", "speedy==1.0", "speedy==2.0"),),
        arguments=("--prefer", "newest"),
    ),
    "a cap is raised": Case(
        before="speedy >= 1.0, < 1.1  # why\n",
        after="speedy >= 1.0, < 1.2  # why\n",
        changes=(("relax", "speedy >= 1.0, < 1.1", "speedy >= 1.0, < 1.2"),),
    ),
    "a cap that stays a cap, of a minor at least": Case(
        before="core<2.0.0\nframe>1\n",
        after="core<2.1\nframe>1\n",
        changes=(("relax", "core<2.0.0", "core<2.1"),),
    ),
    "a cap is lifted": Case(
        before="speedy<1.1  # why\n",
        after="speedy>=2.0  # why\n",
        changes=(("relax", "speedy<1.1", "speedy>=2.0"),),
        arguments=("--prefer", "newest"),
    ),
    "a compatible release moves on": Case(
        before="speedy ~= 1.0.0\n",
        after="speedy ~= 1.1.0\n",
        changes=(("relax", "speedy ~= 1.0.0", "speedy ~= 1.1.0"),),
    ),
    "what others require is bounded": Case(
        before="needs-lost\n",
        after="needs-lost\n# what others require, by nogilcheck plan\nlost<=1.9\n",
        changes=(("constrain", None, "lost<=1.9"),),
    ),
    "the user's own line is bounded": Case(
        before="lost >= 1.8\n", after="lost >=1.8,<=1.9\n", changes=(("constrain", "lost >= 1.8", "lost >=1.8,<=1.9"),)
    ),
    "an extra is dropped": Case(
        before="tool[fast, nice]\n",
        after="tool[nice]\n",
        changes=(("drop-extra", "tool[fast, nice]", "tool[nice]"),),
    ),
    "what is asked for by several moves together, and no more": Case(
        before="core==1.0\nframe==1.0\nplugin==1.0\npure==1.0\n",
        after="core==2.0\nframe==2.0\nplugin==1.0\npure==1.0\n"
        "# what others require, by nogilcheck plan\nextension==1.1\n",
        changes=(
            ("pin", "core==1.0", "core==2.0"), ("pin", "frame==1.0", "frame==2.0"), ("add", None, "extension==1.1"),
        ),
    ),
    "an older release does without it": Case(
        before="lately\n", after="lately<=1.0\n", changes=(("constrain", "lately", "lately<=1.0"),)
    ),
    "a wider window": Case(
        before="long-ago\n",
        after="long-ago<=1.0\n",
        changes=(("constrain", "long-ago", "long-ago<=1.0"),),
        arguments=("--window-months", "30"),
    ),
    "only the line for this platform": Case(
        before="speedy==1.0 ; sys_platform == 'win32'\nspeedy==1.0 ; sys_platform != 'win32'\n",
        after="speedy==1.0 ; sys_platform == 'win32'\nspeedy==1.1 ; sys_platform != 'win32'\n",
        changes=(("pin", "speedy==1.0 ; sys_platform != 'win32'", "speedy==1.1 ; sys_platform != 'win32'"),),
    ),
    "comments, continuations and options stay": Case(
        before="# first\n--pre\n\npure \\\n    == 1.0\nspeedy \\\n  == 1.0 \\\n"
        "  ; python_version > '3'  # own\n# last\n",
        after="# first\n--pre\n\npure \\\n    == 1.0\nspeedy \\\n  == 1.1 \\\n"
        "  ; python_version > '3'  # own\n# last\n",
        changes=(("pin", "speedy   == 1.0   ; python_version > '3'", "speedy   == 1.1   ; python_version > '3'"),),
    ),
    "before a day": Case(
        before="speedy==1.0\n",
        after="speedy==1.1\n",
        changes=(("pin", "speedy==1.0", "speedy==1.1"),),
        arguments=("--prefer", "newest", "--exclude-newer", "2026-02-01"),
    ),
    "a constraints file": Case(
        before="-c c.txt\nspeedy\nneeds-lost\n",
        after="# written by nogilcheck plan, for 3.14t\nspeedy\nneeds-lost\nspeedy<1.2\nlost<2\n",
        changes=(("relax", "speedy<1.1", "speedy<1.2"),),
        others=(("c.txt", "speedy<1.1\nlost<2\nnever==1.0\n"),),
    ),
    "several files": Case(
        before="speedy==1.0\n-r other.txt\n",
        after="# written by nogilcheck plan, for 3.14t\nspeedy==1.1\ncore==2.0\n",
        changes=(("pin", "speedy==1.0", "speedy==1.1"), ("pin", "core==1.0", "core==2.0")),
        others=(("other.txt", "core==1.0\n"),),
    ),
}  # fmt: skip


def _planned(name: str, index: Index) -> tuple[Answer, Path]:
    """The plan of a case, and the file that was written."""
    case = CASES[name]
    for other, text in case.others:
        Path(other).write_text(text, encoding="utf-8")
    Path("r.txt").write_text(case.before, encoding="utf-8")
    written = Path("planned.txt")
    written.unlink(missing_ok=True)
    answer = plan("r.txt", *case.arguments, "--write", str(written), index=index)
    assert Path("r.txt").read_text(encoding="utf-8") == case.before
    return answer, written


class TestEveryKindOfChange:
    @pytest.mark.parametrize("name", CASES)
    def test_what_is_changed_and_written_and_that_it_is_ready(self, name: str, index: Index) -> None:
        case = CASES[name]
        answer, written = _planned(name, index)
        assert tuple(answer.changes) == case.changes
        assert (answer.status, answer.verified, answer.remaining) == (0, True, [])
        assert answer.target["verdict"] == "ready"
        assert answer.target["blockers"]
        assert written.read_text(encoding="utf-8") == case.after
        upload = case.arguments[2:] if "--exclude-newer" in case.arguments else ()
        assert blocked_again(written, *upload, index=index) == set()

    def test_pip_installs_all_of_it(self, index: Index, here: Path) -> None:
        require_pip()
        paths = []
        for number, name in enumerate(CASES):
            _, written = _planned(name, index)
            paths.append(written.rename(here / f"{number}.txt"))
        assert refused_by_pip(paths, index) == {}


class TestWhatStays:
    def test_part_of_it_goes_and_the_rest_is_named(self, index: Index) -> None:
        answer = plan("speedy==1.0", "never", "core==1.0", "tool", "--write", "planned.txt", index=index)
        assert (answer.status, answer.verified) == (1, True)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==1.1"), ("pin", "core==1.0", "core==2.0")]
        assert answer.remaining == ["never"]
        assert blocked_again(Path("planned.txt"), index=index) == {"never"}

    def test_what_cannot_go_alone_or_together_stays(self, index: Index) -> None:
        """One that is freed only by another that is hopeless does not help either off."""
        answer = plan("trap==1.0", "speedy==1.0", index=index)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==1.1")]
        assert (answer.verified, answer.remaining) == (True, ["trap"])

    @pytest.mark.parametrize("name", ["soon", "withdrawn", "never", "long-ago", "trap"])
    def test_nothing_is_found(self, name: str, index: Index) -> None:
        answer = plan(name, "--write", "planned.txt", index=index)
        assert (answer.status, answer.changes, answer.verified) == (1, [], False)
        assert len(answer.remaining) == 1
        assert "planned.txt is not written" in answer.stderr
        assert not Path("planned.txt").exists()
        text = ask_plan(name, index=index).stdout
        assert "no other releases of your requirements were found" in " ".join(text.split())
        assert "within the window (10 nearest and 10 newest releases that fit, 12 months back)" in " ".join(
            text.split()
        )

    def test_a_pre_release_where_they_are_asked_for(self, index: Index) -> None:
        assert plan("soon==1.0", "--pre", index=index).changes == [("pin", "soon==1.0", "soon==2.0rc1")]

    def test_nothing_is_to_be_changed(self, index: Index) -> None:
        answer = plan("pure", "--write", "planned.txt", index=index)
        assert (answer.status, answer.changes, answer.target["verdict"]) == (0, [], "ready")
        assert not Path("planned.txt").exists()
        assert "there is nothing to change" in ask_plan("pure", index=index).stdout

    def test_requirements_that_contradict_each_other_prove_nothing(self, index: Index) -> None:
        answer = plan("needs-lost", "lost<1.8", "lost>=2", "never", index=index)
        assert answer.status == 2
        assert not answer.verified

    def test_a_contradiction_that_the_plan_resolves(self, index: Index) -> None:
        Path("r.txt").write_text("core==1.0\nframe==2.0\n", encoding="utf-8")
        answer = plan("r.txt", "--write", "planned.txt", index=index)
        assert (answer.status, answer.verified, answer.remaining) == (0, True, [])
        assert answer.changes[0] == ("pin", "core==1.0", "core==2.0")
        assert blocked_again(Path("planned.txt"), index=index) == set()

    def test_the_projects_own_python_is_nothing_that_a_plan_changes(self, index: Index) -> None:
        Path("pyproject.toml").write_text(
            '[project]\nname = "own"\nversion = "1"\nrequires-python = ">=3.11,<3.14"\ndependencies = ["speedy==1.0"]',
            encoding="utf-8",
        )
        answer = plan("pyproject.toml", index=index)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==1.1")]
        assert (answer.status, answer.target["verdict"]) == (1, "blocked")
        assert "3.14" in ask_plan("pyproject.toml", index=index).stdout

    def test_direct_references_and_version_control_are_left_alone(self, index: Index) -> None:
        wheel = index.url_of("core-1.0-cp314-cp314-manylinux_2_28_x86_64.whl")
        lines = [f"core @ {wheel}", "speedy==1.0", "other @ git+https://h.test/other.git"]
        Path("r.txt").write_text("\n".join(lines), encoding="utf-8")
        answer = plan("r.txt", "--write", "planned.txt", index=index)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==1.1")]
        assert answer.remaining == ["core"]
        assert Path("planned.txt").read_text(encoding="utf-8").splitlines() == [lines[0], "speedy==1.1", lines[2]]


class TestGaps:
    """Nothing is called proved that rests on what could not be read."""

    @pytest.fixture
    def own(self) -> Iterator[Index]:
        with serve(load("plan")) as served:
            yield served

    def test_a_release_that_cannot_be_read_is_passed_over(self, own: Index) -> None:
        own.fail("/files/speedy-1.1-*", action=404)
        answer = plan("speedy==1.0", index=own)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==2.0")]
        assert (answer.status, answer.verified) == (0, True)

    def test_where_none_can_be_read_none_is_offered(self, own: Index) -> None:
        own.fail("/files/speedy-*-cp314-cp314t-*", action=404)
        own.fail("/files/speedy-2.0-*", action=404)
        own.fail("/files/speedy-1.1-*", action=404)
        answer = plan("speedy==1.0", index=own)
        assert (answer.status, answer.changes, answer.remaining) == (1, [], ["speedy"])

    def test_what_comes_newly_and_cannot_be_found_proves_nothing(self, own: Index) -> None:
        own.fail("/simple/extension/", action=503)
        answer = plan("core==1.0", "frame==1.0", index=own)
        assert not answer.verified
        assert answer.status != 0

    def test_what_is_unknown_is_listed(self, own: Index) -> None:
        text = ask_plan("speedy==1.0", "never-heard-of", index=own).stdout
        assert "the unknowns are below" in " ".join(text.split())
        assert re.search(r"\n  never-heard-of +unknown\n    why    never-heard-of was not found on ", text)

    def test_what_is_unknown_today_stays_unknown(self, own: Index) -> None:
        own.fail("/simple/pure/", action=503)
        answer = plan("speedy==1.0", "pure", index=own)
        assert answer.changes == [("pin", "speedy==1.0", "speedy==1.1")]
        assert (answer.status, answer.target["verdict"]) == (3, "unknown")


class TestHashes:
    def test_changed_and_further_lines_have_those_of_their_release(self, index: Index, here: Path) -> None:
        def line(name: str, version: str) -> str:
            project = index.universe.project(name)
            assert project is not None
            files = sorted(index.sha256_of(one.filename) for one in project.files if one.version == version)
            return " \\\n    ".join([f"{name}=={version}", *(f"--hash=sha256:{digest}" for digest in files)])

        today = [line("core", "1.0"), line("frame", "1.0"), line("pure", "1.0")]
        Path("r.txt").write_text("\n".join([*today, "    # via frame"]) + "\n", encoding="utf-8")
        answer = plan("r.txt", "--write", "planned.txt", index=index)
        assert (answer.status, answer.verified) == (0, True)
        text = Path("planned.txt").read_text(encoding="utf-8")
        wanted = [line("core", "2.0"), line("frame", "2.0"), line("pure", "1.0"), "    # via frame",
                  "# what others require, by nogilcheck plan", line("extension", "1.1")]  # fmt: skip
        assert text == "\n".join(wanted) + "\n"
        assert blocked_again(Path("planned.txt"), index=index) == set()
        require_pip()
        assert refused_by_pip([Path("planned.txt").absolute()], index) == {}


class TestWriting:
    def test_the_file_that_is_named_is_edited_and_others_are_told_of(self, index: Index) -> None:
        Path("r.txt").write_bytes(b"-r sub.txt\r\nspeedy==1.0  # why\r\n-c c.txt")
        Path("sub.txt").write_bytes(b"core < 2.0")
        Path("c.txt").write_text("core<2\n", encoding="utf-8")
        outcome = ask_plan("r.txt", "--write", "r.txt", index=index)
        assert Path("r.txt").read_bytes() == b"-r sub.txt\r\nspeedy==1.1  # why\r\n-c c.txt"
        assert (Path("sub.txt").read_bytes(), Path("c.txt").read_text("utf-8")) == (b"core < 2.0", "core<2\n")
        assert "Wrote r.txt (1 line changed, for 3.14t)" in outcome.stderr
        for other in ("sub.txt", "c.txt"):
            assert f"{other} has to change as well and is not written: add --write {other}" in outcome.stderr
        both = ask_plan("r.txt", "--write", "sub.txt", "--write", "./c.txt", index=index)
        assert (Path("sub.txt").read_bytes(), Path("c.txt").read_text("utf-8")) == (b"core < 2.1", "core<2.1\n")
        assert "as well" not in both.stderr
        assert ask_plan("r.txt", index=index).status == 0
        assert "nothing to change" in ask_plan("r.txt", index=index).stdout

    def test_a_project_file_is_edited_in_its_place_and_never_replaced_by_a_list(self, index: Index) -> None:
        text = '[project]\nname = "own"\nversion = "1"\ndependencies = ["speedy<1.1", "needs-lost"]\n'
        Path("pyproject.toml").write_text(text, encoding="utf-8")
        outcome = ask_plan("pyproject.toml", "--write", "pyproject.toml", index=index)
        wanted = text.replace("speedy<1.1", "speedy<1.2").replace('"needs-lost"', '"needs-lost", "lost<=1.9"')
        assert Path("pyproject.toml").read_text(encoding="utf-8") == wanted
        assert "Wrote pyproject.toml (1 line changed, for 3.14t)" in outcome.stderr
        Path("other.toml").write_text(text, encoding="utf-8")
        refused = ask_plan("speedy==1.0", "--write", "other.toml", index=index)
        assert (refused.status, Path("other.toml").read_text("utf-8")) == (2, text)
        assert "the plan changes nothing in this file" in refused.stderr

    def test_what_is_named_on_the_command_line_is_told_and_written_as_a_list(self, index: Index) -> None:
        outcome = ask_plan("speedy==1.0", "needs-lost", "--write", "new.txt", index=index)
        assert "Change speedy==1.0 to speedy==1.1 (on the command line)" in outcome.stdout
        assert "Add the requirement lost<=1.9" in outcome.stdout
        assert "Wrote new.txt (3 requirements, as a list, for 3.14t)" in outcome.stderr

    def test_a_diff_alone(self, index: Index) -> None:
        Path("r.txt").write_text("speedy==1.0\npure\n", encoding="utf-8")
        outcome = ask_plan("r.txt", "--format", "diff", index=index)
        assert outcome.stdout == "--- r.txt\n+++ r.txt\n@@ -1,2 +1,2 @@\n-speedy==1.0\n+speedy==1.1\n pure\n"
        assert ask_plan("pure", "--format", "diff", index=index).stdout == ""
        page = ask_plan("r.txt", "--format", "html", index=index).stdout
        assert '<span class="minus">-speedy==1.0</span>' in page
        assert '<details class="entry blocker" id="speedy">' in page, "what blocks today, too"
        Path("r.txt").write_text("by-python==1.0\n", encoding="utf-8")
        several = ask_plan("r.txt", "--format", "diff", index=index, python="3.13t,3.14t")
        assert (several.status, several.stdout) == (2, "")

    def test_a_file_that_cannot_be_written(self, index: Index) -> None:
        outcome = ask_plan("speedy==1.0", "--write", "no/such/directory/r.txt", index=index)
        assert outcome.status == 2
        assert "no/such/directory/r.txt" in outcome.stderr
        assert "for --write" in outcome.stderr

    def test_a_format_that_a_plan_does_not_have(self, index: Index) -> None:
        outcome = ask_plan("speedy==1.0", "--format", "sarif", index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "allowed: terminal, json, diff" in outcome.stderr

    def test_a_plan_that_is_not_proved_says_so_and_is_written_with_a_warning(
        self, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("nogilcheck.jobs.plan.proves", lambda judged, *, today: False)
        outcome = ask_plan("speedy==1.0", "--write", "planned.txt", index=index)
        assert outcome.status == 3
        assert "NOT verified" in outcome.stdout
        assert "is not verified" in outcome.stderr


class TestSeveralTargets:
    def test_plans_that_differ_are_not_written(self, index: Index) -> None:
        outcome = ask_plan("by-python==1.0", "--write", "planned.txt", index=index, python="3.13t,3.14t")
        assert outcome.status == 2
        assert "the plans differ" in outcome.stderr
        assert "choose with --python" in " ".join(outcome.stderr.split())
        assert not Path("planned.txt").exists()
        assert "by-python==1.1" in outcome.stdout
        assert "by-python==1.2" in outcome.stdout

    def test_plans_that_agree_are(self, index: Index) -> None:
        outcome = ask_plan("lost", "--write", "p.txt", index=index)
        both = ask_plan("lost", "--write", "q.txt", "--platform", "linux-x86_64,linux-aarch64", index=index)
        assert outcome.status == 0
        assert both.status in (1, 2)
        assert Path("p.txt").read_text(encoding="utf-8").endswith("\nlost<=1.9\n")


class TestWindow:
    def test_the_newest_releases_that_are_permitted_are_tried(self) -> None:
        """However many newer ones there are that others do not permit."""
        fitting = "wheels = ['cp314-cp314-manylinux_2_28_x86_64', 'cp314-cp314t-manylinux_2_28_x86_64']"
        many = [f'"2.{number}" = {{ {fitting} }}' for number in range(300)]
        world = parse("\n".join([
            "[projects.busy]", '"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }', f'"1.1" = {{ {fitting} }}',
            *many, "[projects.holds]", '"1.0" = { requires = ["busy<2"] }',
        ]))  # fmt: skip
        with serve(world) as served:
            answer = plan("holds", "busy==1.0", index=served)
            alone = plan("busy==1.0", "--window-releases", "1", "--prefer", "newest", index=served)
        assert answer.changes == [("pin", "busy==1.0", "busy==1.1")]
        assert alone.changes == [("pin", "busy==1.0", "busy==2.299")]

    def test_the_newest_are_tried_after_the_nearest(self) -> None:
        """Where none of the nearest will do, which require what cannot be had."""
        fitting = "wheels = ['cp314-cp314-manylinux_2_28_x86_64', 'cp314-cp314t-manylinux_2_28_x86_64']"
        many = [f'"1.{number}" = {{ {fitting}, requires = ["never"] }}' for number in range(1, 30)]
        gil = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64"]'
        world = parse("\n".join([
            "[projects.busy]", f'"1.0" = {{ {gil} }}', *many, f'"2.0" = {{ {fitting} }}',
            "[projects.never]", f'"1.0" = {{ {gil} }}',
        ]))  # fmt: skip
        with serve(world) as served:
            assert plan("busy==1.0", index=served).changes == [("pin", "busy==1.0", "busy==2.0")]

    def test_a_preference_that_does_not_exist(self, index: Index) -> None:
        outcome = ask_plan("pure", "--prefer", "biggest", index=index)
        assert (outcome.status, "allowed: smallest, newest" in outcome.stderr) == (2, True)

    def test_a_smaller_one_finds_less(self, index: Index) -> None:
        assert plan("lately", "--window-months", "1", index=index).changes == []

    def test_a_search_that_was_stopped_says_so(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        def searched(*_: object) -> None:
            raise ConflictError

        monkeypatch.setattr(ConflictFreeWalk, "resolve", searched)
        monkeypatch.setattr("nogilcheck.resolve.plan.search.MAX_ROUNDS", 1)
        answer = plan("core==1.0", "frame==1.0", index=index)
        assert (answer.target["stopped"], answer.changes, answer.verified) == (True, [], False)
        text = " ".join(ask_plan("core==1.0", "frame==1.0", index=index).stdout.split())
        assert "the search was stopped before its end: there may be more" in text

    @pytest.mark.parametrize("cap", ["plan.infeasible.MAX_LOOKED_INTO", "plan.infeasible.MAX_DEPTH"])
    def test_what_was_not_looked_into_is_left_to_the_search(
        self, cap: str, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(f"nogilcheck.resolve.{cap}", 0)
        assert plan("core==1.0", "frame==1.0", index=index).status == 0
        assert plan("trap==1.0", index=index).remaining == ["trap"]


def test_releases_that_installers_discard_are_no_plan() -> None:
    world = parse("""
[projects.top]
"0.8" = { requires = ["dep"], fields.Version = "7" }
"0.9" = { requires = ["dep"] }
"1.0" = { requires = ["dep<2"], wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"1.1" = { requires = ["dep"], fields.Version = "7" }
[projects.dep]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"2.0" = {}
"2.1" = { fields.Version = "7" }
""")
    with serve(world) as served:
        answer = plan("top", index=served)
        pinned = plan("top==1.0", index=served)
    assert answer.verified
    assert answer.changes == [("constrain", "top", "top<=0.9"), ("constrain", None, "dep>=2.0")]
    assert pinned.verified
    assert pinned.changes == [("pin", "top==1.0", "top==0.9")]


OWN_METADATA = parse("""
[projects.lib]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"1.1" = { wheels = [
    "cp314-cp314-manylinux_2_28_x86_64", { tag = "cp314-cp314t-manylinux_2_28_x86_64", requires = ["never"] }
] }
"1.2" = { wheels = [
    "cp314-cp314-manylinux_2_28_x86_64", { tag = "cp314-cp314t-manylinux_2_28_x86_64", requires = ["fine"] }
] }
[projects.never]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.fine]
"1.0" = {}
""")


def test_what_the_targets_own_wheel_requires_counts_in_the_search() -> None:
    """The regular build's wheels of lib 1.1 and 1.2 require nothing."""
    with serve(OWN_METADATA) as served:
        answer = plan("lib<1.1", index=served)
    assert answer.changes == [("relax", "lib<1.1", "lib<1.3"), ("constrain", None, "lib<1.3")][:1]
    assert answer.moves == {"lib": ("1.0", "1.2"), "fine": (None, "1.0")}
    assert (answer.status, answer.verified) == (0, True)


BOTH = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"]'
SCANNED = parse(f"""
[projects.lib]
"1.0" = {{ {BOTH}, modules = {{ "lib/_c.so" = "nothing" }} }}
"1.1" = {{ {BOTH}, modules = {{ "lib/_c.so" = "used" }} }}
"1.2" = {{ {BOTH}, modules = {{ "lib/_c.so" = "not-used" }} }}
"1.3" = {{ {BOTH}, modules = {{ "lib/_c.so" = "not-used" }} }}
[projects.hopeless]
"1.0" = {{ {BOTH}, modules = {{ "hopeless.so" = "nothing" }} }}
""")


def test_a_scan_keeps_what_turns_the_gil_on_out_of_the_plan() -> None:
    with serve(SCANNED) as served:
        answer = plan("lib==1.0", "--scan", index=served)
        partly = plan("lib==1.0", "hopeless", "--scan", index=served)
        unscanned = plan("lib==1.0", index=served)
    assert answer.target["blockers"] == ["lib"]
    assert answer.changes == partly.changes == [("pin", "lib==1.0", "lib==1.2")]
    assert (answer.status, answer.verified, answer.target["after"]["scan"]) == (0, True, "run")
    assert (partly.status, partly.remaining) == (1, ["hopeless"])
    assert (unscanned.status, unscanned.changes) == (0, [])
