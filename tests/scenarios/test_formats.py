"""The same project in every format, and locks that tools have written, on the command line."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.support.asking import ALL, ask, check, joined, line_at, place_of
from tests.support.statements import BLOCKERS, CORE_BLOCKERS, DISTRIBUTIONS, FORMATS, STATEMENTS, WORLD, write
from tests.world import Index, parse, serve

LOCKS = Path(__file__).parents[2] / "fixtures" / "locks"


@pytest.mark.parametrize("name", STATEMENTS)
class TestEveryFormat:
    def test_found_by_itself_it_names_what_blocks_the_core(self, name: str, index: Index, here: Path) -> None:
        statement = STATEMENTS[name]
        write(statement.files(index), here)
        outcome = ask(*statement.named, index=index)
        assert (outcome.status, outcome.stderr) == (1, "")
        assert f" {statement.chosen}" in outcome.stdout.splitlines()[0]
        assert "speed 1.0" in outcome.stdout
        assert ("gil 1.0" in outcome.stdout) != (statement.extra or statement.group)
        assert (" not checked: " in outcome.stdout) == (statement.extra or statement.group), "what is left out is said"

    def test_all_of_it_has_the_same_blockers_at_their_lines(self, name: str, index: Index, here: Path) -> None:
        statement = STATEMENTS[name]
        write(statement.files(index), here)
        answer = check(*statement.named, *statement.everything, index=index)
        assert (answer.status, answer.gaps) == (1, [])
        assert answer.blockers.keys() == BLOCKERS
        assert answer.distributions == DISTRIBUTIONS
        for project, place in answer.blockers.items():
            assert statement.places[project] in line_at(place), place

    def test_no_request_is_made_for_what_the_file_says(self, name: str, here: Path) -> None:
        statement = STATEMENTS[name]
        with serve(
            WORLD
        ) as index:  # its own: what an earlier run asked for and gave up may still arrive at a shared one
            write(statement.files(index), here)
            answer = check(*statement.named, *statement.everything)
            assert index.requests == ()
        if statement.has_files:
            assert (answer.status, answer.gaps) == (1, [])
            assert answer.blockers.keys() == BLOCKERS
        else:
            assert (answer.status, answer.blockers) == (3, {})

    def test_the_verdict_is_that_of_the_ordinary_build_too(self, name: str, index: Index, here: Path) -> None:
        statement = STATEMENTS[name]
        write(statement.files(index), here)
        answer = check(*statement.named, *statement.everything, index=index, python="3.14")
        assert (answer.status, answer.blockers) == (0, {})
        assert answer.distributions == DISTRIBUTIONS


READY_BUT_FOR_GIL = """
[projects.app]
"1.0" = { requires = ["speed>=1", "pure", "windowed ; sys_platform == 'win32'"], extras.socks = ["sock"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
[projects.sock]
"1.0" = {}
[projects.windowed]
"1.0" = { wheels = ["cp314-cp314-win_amd64"] }
[projects.gil]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.tester]
"1.0" = { requires = ["pure"] }
"""


class TestParts:
    """What an extra or a group is about."""

    @pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock", "pyproject.toml"])
    def test_the_core_is_ready_and_an_extra_is_not(self, name: str, here: Path) -> None:
        """`speed` has a wheel that fits in this world: what is left is the extra."""
        world = parse(READY_BUT_FOR_GIL)
        with serve(world) as index:
            write(STATEMENTS[name].files(index), here)
            outcome = ask(*ALL, index=index)
            assert outcome.status == 1
            assert "the core is ready; extra `fast` is blocked; group `dev` is ready" in joined(outcome.stdout)
            (target,) = check(*ALL, index=index).report["targets"]
            assert (target["core"], target["extras"], target["groups"]) == (
                "ready",
                {"fast": "blocked"},
                {"dev": "ready"},
            )
            assert check("--group", "dev", index=index).status == 0
            assert check("--extra", "fast", index=index).blockers.keys() == {"gil"}

    @pytest.mark.parametrize("name", [name for name, one in STATEMENTS.items() if one.extra and one.group])
    def test_they_are_asked_for_one_by_one(self, name: str, index: Index, here: Path) -> None:
        write(STATEMENTS[name].files(index), here)
        core = check(index=index)
        assert core.blockers.keys() == CORE_BLOCKERS
        assert "extra fast" in core.notes
        assert "group dev" in core.notes
        assert core.distributions == {"app", "speed", "pure", "sock"}
        assert check("--extra", "FAST", index=index).distributions == {"app", "speed", "pure", "sock", "gil"}
        assert check("--group", "dev", index=index).distributions == {"app", "speed", "pure", "sock", "tester"}
        assert check("--all-extras", index=index).blockers.keys() == BLOCKERS

    @pytest.mark.parametrize(("flag", "known"), [("--extra", "fast"), ("--group", "dev")])
    @pytest.mark.parametrize("name", [name for name, one in STATEMENTS.items() if one.extra and one.group])
    def test_an_unknown_one_is_an_error_that_names_those_there_are(
        self, name: str, flag: str, known: str, index: Index, here: Path
    ) -> None:
        write(STATEMENTS[name].files(index), here)
        outcome = ask(flag, "slow", index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "'slow'" in outcome.stderr
        assert f"allowed: {known}" in outcome.stderr

    def test_in_a_format_without_any(self, index: Index, here: Path) -> None:
        (here / "requirements.txt").write_text("pure\n", encoding="utf-8")
        outcome = ask("--extra", "fast", index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "no file that is checked has extras" in outcome.stderr

    def test_a_file_that_cannot_be_read_may_have_it(self, index: Index, here: Path) -> None:
        write({"pyproject.toml": '[project]\nname = "p"\ndependencies = ["a"\n'}, here)
        outcome = ask("--extra", "fast", index=index)
        assert outcome.status == 2
        assert "pyproject.toml:3: not valid TOML" in outcome.stderr
        assert "invalid value 'fast' for --extra, as far as the files could be read" in outcome.stderr

    @pytest.mark.parametrize(
        ("asked", "status"),
        [((), 0), (("--extra", "all"), 2), (("--group", "test"), 2), (("--group", "other"), 0)],
        ids=["the core", "an extra", "a group", "another group"],
    )
    def test_what_cannot_be_used_of_one_counts_where_it_is_included(
        self, asked: tuple[str, ...], status: int, index: Index, here: Path
    ) -> None:
        text = (
            '[project]\nname = "p"\nversion = "1"\ndependencies = ["pure"]\n'
            '[project.optional-dependencies]\nbad = ["pure", "?"]\nall = ["p[bad]"]\n'
            '[dependency-groups]\ntest = ["p[all]"]\nother = []\n'
        )
        write({"pyproject.toml": text}, here)
        answer = check(*asked, index=index)
        assert answer.status == status
        assert [place for place, _ in answer.gaps] == ["pyproject.toml:6"] * (status == 2)

    @pytest.mark.parametrize(
        ("asked", "status"),
        [((), 0), (("--group", "a"), 2), (("--group", "b"), 2)],
        ids=["none", "itself", "by another"],
    )
    def test_a_group_is_looked_at_when_it_is_used(
        self, asked: tuple[str, ...], status: int, index: Index, here: Path
    ) -> None:
        """PEP 735: the others need not be valid."""
        groups = 'a = [{ include-group = "nowhere" }]\nb = [{ include-group = "a" }]\n'
        write({"pyproject.toml": f'[project]\nname="p"\ndependencies=["pure"]\n[dependency-groups]\n{groups}'}, here)
        answer = check(*asked, index=index)
        assert answer.status == status
        assert [place for place, _ in answer.gaps] == ["pyproject.toml:5"] * (status == 2)

    def test_an_extra_that_a_local_project_does_not_have_is_said(self, index: Index, here: Path) -> None:
        write({"requirements.txt": "pure\n-e ./lib[fast]\n", "lib/pyproject.toml": '[project]\nname = "lib"\n'}, here)
        answer = check("requirements.txt", index=index)
        assert answer.status == 0
        assert "requirements.txt:2: the project in lib has no extra 'fast'" in answer.notes

    @pytest.mark.parametrize(
        ("text", "place", "said"),
        [
            ('[project]\ndependencies = ["a"\n', "requirements.txt:2", "lib/pyproject.toml: not valid TOML"),
            (
                '[project]\nname = "lib"\n[project.optional-dependencies]\nfast = ["?"]\n',
                "lib/pyproject.toml:4",
                ": ?",
            ),
        ],
        ids=["the file", "the extra"],
    )
    def test_what_cannot_be_read_of_a_local_project(
        self, text: str, place: str, said: str, index: Index, here: Path
    ) -> None:
        write({"requirements.txt": "pure\n-e ./lib[fast]\n", "lib/pyproject.toml": text}, here)
        answer = check("requirements.txt", index=index)
        ((where, message),) = answer.gaps
        assert (answer.status, where) == (2, place)
        assert said in message


REAL: dict[str, dict[str, str]] = {
    "uv/project/uv.lock": {},
    "uv/workspace/uv.lock": {},
    "uv/conflicts/uv.lock": {},
    "uv/script/job.py.lock": {},
    "pylock/uv-project/pylock.toml": {},
    "pylock/pdm/pylock.toml": {},
    "pylock/pip/pylock.toml": {"markupsafe": "pylock.toml:4"},
    "poetry/project/poetry.lock": {"psycopg-binary": "pyproject.toml:6", "orjson": "pyproject.toml:9"},
    "poetry/tables/poetry.lock": {
        "psycopg-binary": "pyproject.toml:11",
        "numpy": "pyproject.toml:14",
        "orjson": "pyproject.toml:12",
    },
    "pdm/project/pdm.lock": {"psycopg-binary": "pyproject.toml:6", "orjson": "pyproject.toml:9"},
}
"""What blocks 3.14t of locks that tools have written, and the place where the user asked for it."""


class TestRealLocks:
    @pytest.mark.parametrize("path", REAL)
    def test_they_need_neither_network_nor_cache(self, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        lock = LOCKS / path
        monkeypatch.chdir(lock.parent)
        answer = check(f"./{lock.name}", *ALL)
        assert answer.blockers == REAL[path]
        assert (answer.status, answer.gaps) == (1 if REAL[path] else 0, [])

    @pytest.mark.parametrize("path", [path for path in REAL if not path.endswith(".py.lock")])
    def test_they_are_found(self, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir((LOCKS / path).parent)
        assert check(*ALL).blockers == REAL[path]

    @pytest.mark.parametrize(
        ("path", "places"),
        [("uv/sources/uv.lock", ["uv.lock:49", "uv.lock:51", "uv.lock:53"]),
         ("pylock/uv-sources/pylock.toml", ["pylock.toml:13", "pylock.toml:30", "pylock.toml:47"])],
    )  # fmt: skip
    def test_what_comes_from_elsewhere_is_a_gap(
        self, path: str, places: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir((LOCKS / path).parent)
        answer = check(*ALL)
        unknown = {each["distribution"]: place_of(each["location"]) for each in answer.report["findings"]}
        assert (answer.status, unknown) == (3, dict(zip(["gitdep", "pluggy", "vendored"], places, strict=True)))

    def test_a_lock_of_hashes_only_needs_the_index(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(LOCKS / "pipenv" / "project")
        answer = check(*ALL)
        assert (answer.status, len(answer.distributions)) == (3, 14)
        assert all("is not cached" in text for _, text in answer.gaps)


class TestStandardInput:
    @pytest.mark.parametrize("name", FORMATS)
    def test_any_format_that_is_named(
        self, name: str, index: Index, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        statement = STATEMENTS[name]
        files = statement.files(index)
        text = files.pop(FORMATS[name])
        write(files, here)  # what lies beside it
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        form = {"script": "script", "hashed requirements": "requirements", "requirements.txt": "requirements"}
        named = form.get(name, name)
        answer = check("-", "--input-format", named, *statement.everything, index=index)
        assert answer.status == 1
        assert answer.blockers.keys() == BLOCKERS
        assert answer.distributions == DISTRIBUTIONS

    def test_a_name_that_is_no_format(self, here: Path) -> None:
        outcome = ask("-", "--input-format", "cargo.lock")
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "uv.lock, poetry.lock, pdm.lock" in outcome.stderr


class TestInstalled:
    @pytest.mark.parametrize("how", ["path", "current", "site-packages"])
    def test_an_environment_by_any_name(
        self, how: str, index: Index, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(STATEMENTS["installed"].files(index), here)
        monkeypatch.setenv("VIRTUAL_ENV", str(here / ".venv"))
        given = {"path": ".venv/", "current": "current", "site-packages": ".venv/lib/python3.14/site-packages"}[how]
        answer = check("--env", given, index=index)
        assert (answer.status, answer.gaps) == (1, [])
        assert answer.blockers.keys() == BLOCKERS

    def test_none_is_active(self, here: Path) -> None:
        outcome = ask("--env", "current")
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "no environment is active" in outcome.stderr
