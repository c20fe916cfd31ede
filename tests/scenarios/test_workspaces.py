"""A member of a workspace is not alone: the root's lock, indexes and constraints count (uv, PDM, Hatch)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import Answer, ask, check
from tests.support.command import run
from tests.support.statements import write
from tests.world import Index, parse, serve

_WORLD = parse("""
[projects.lib]
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.private-lib]
"9.0" = { wheels = ["py3-none-any"] }
[projects.root]
"9.0" = { wheels = ["py3-none-any"] }
[projects.six]
"1.0" = { wheels = ["py3-none-any"] }
""")
"""A public index, on which two projects have the names of private ones."""


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(_WORLD) as served:
        yield served


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The member's directory of a workspace, two below its root."""
    directory = tmp_path / "packages" / "member"
    directory.mkdir(parents=True)
    monkeypatch.chdir(directory)
    return directory


def _project(name: str, requires: str, more: str = "") -> str:
    return f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = {requires}\n{more}'


_SOURCE = "[tool.uv.sources]\nprivate-lib = { workspace = true }\n"


def _uv(root: str = "", member: str = _SOURCE, requires: str = '["lib", "private-lib"]') -> dict[str, str]:
    return {
        "pyproject.toml": _project("root", '["member"]', f'[tool.uv.workspace]\nmembers = ["packages/*"]\n{root}'),
        "packages/member/pyproject.toml": _project("member", requires, member),
        "packages/other-directory/pyproject.toml": _project("Private_Lib", '["six"]'),
    }


def _asked(index: Index) -> set[str]:
    return {request.path.rstrip("/").rpartition("/")[2] for request in index.requests}


def _versions(answer: Answer) -> dict[str, str]:
    return {each["name"]: each["version"] for each in answer.report["distributions"]}


class TestUv:
    def test_a_member_is_found_by_its_name_and_not_on_an_index(self, index: Index, here: Path) -> None:
        write(_uv(), here.parents[1])
        answer = check(index=index)
        assert (answer.status, _versions(answer)) == (0, {"lib": "2.0", "six": "1.0"})
        assert not _asked(index) & {"private-lib", "root", "member"}

    def test_the_sources_of_the_root_are_those_of_its_members(self, index: Index, here: Path) -> None:
        write(_uv(root=_SOURCE, member=""), here.parents[1])
        assert check(index=index).status == 0
        assert "private-lib" not in _asked(index)

    @pytest.mark.parametrize(
        ("root", "member", "status"),
        [
            ('[tool.uv]\nconstraint-dependencies = ["lib<2"]\n', "", 1),
            ('[tool.uv]\noverride-dependencies = ["lib==1.0"]\n', "", 1),
            ("", '[tool.uv]\nconstraint-dependencies = ["lib<2"]\n', 0),
            ("", '[tool.uv]\noverride-dependencies = ["lib==1.0"]\n', 0),
            (
                '[tool.uv]\nconstraint-dependencies = ["lib<2"]\n',
                '[tool.uv]\noverride-dependencies = ["lib==2.0"]\n',
                1,
            ),
        ],
    )
    def test_the_root_constrains_and_the_member_does_not(
        self, root: str, member: str, status: int, index: Index, here: Path
    ) -> None:
        write(_uv(root=root, member=_SOURCE + member), here.parents[1])
        answer = check(index=index)
        assert answer.status == status
        assert ("is ignored in a member" in answer.notes) is bool(member)

    def test_the_index_of_the_root(self, index: Index, here: Path) -> None:
        table = f'[[tool.uv.index]]\nurl = "{index.url}"\ndefault = true\n'
        write(_uv(root=table), here.parents[1])
        outcome = run("check", "--no-cache", "--python", "3.14t")
        assert outcome.status == 0
        assert "lib" in _asked(index)

    def test_a_member_may_require_the_root(self, index: Index, here: Path) -> None:
        source = "[tool.uv.sources]\nroot = { workspace = true }\n"
        files = _uv(member=source, requires='["root", "lib"]')
        files["pyproject.toml"] = files["pyproject.toml"].replace('["member"]', '["six"]')
        write(files, here.parents[1])
        answer = check(index=index)
        assert (answer.status, answer.gaps, _versions(answer)) == (0, [], {"lib": "2.0", "six": "1.0"})
        assert "root" not in _asked(index)

    @pytest.mark.parametrize("members", ['["packages/*"]', '["packages/**"]', '["packages/member", "packages/other*"]'])
    def test_patterns(self, members: str, index: Index, here: Path) -> None:
        files = _uv(root='[tool.uv]\nconstraint-dependencies = ["lib<2"]\n')
        files["pyproject.toml"] = files["pyproject.toml"].replace('["packages/*"]', members)
        write(files, here.parents[1])
        assert check(index=index).status == 1

    @pytest.mark.parametrize("members", ['["libs/*"]', '["packages/*"]\nexclude = ["packages/mem*"]', "[]"])
    def test_a_project_that_is_no_member_is_alone(self, members: str, index: Index, here: Path) -> None:
        files = _uv(root='[tool.uv]\nconstraint-dependencies = ["lib<2"]\n', member="", requires='["lib"]')
        files["pyproject.toml"] = files["pyproject.toml"].replace('["packages/*"]', members)
        write(files, here.parents[1])
        assert check(index=index).status == 0

    def test_a_member_that_is_not_there_is_a_gap(self, index: Index, here: Path) -> None:
        source = "[tool.uv.sources]\nghost = { workspace = true }\n"
        write(_uv(member=source, requires='["ghost"]'), here.parents[1])
        assert check(index=index).status == 3
        assert "ghost" not in _asked(index)


_LOCK = """\
version = 1
revision = 5
requires-python = ">=3.11"

[manifest]
members = ["member", "private-lib", "root"]

[[package]]
name = "lib"
version = "1.0"
source = { registry = "https://r.test/" }
wheels = [{ url = "https://f.test/lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00" }]

[[package]]
name = "six"
version = "1.0"
source = { registry = "https://r.test/" }
wheels = [{ url = "https://f.test/six-1.0-py3-none-any.whl", hash = "sha256:00" }]

[[package]]
name = "member"
version = "1"
source = { editable = "packages/member" }
dependencies = [{ name = "private-lib" }]

[[package]]
name = "private-lib"
version = "1"
source = { editable = "packages/other-directory" }
dependencies = [{ name = "six" }]

[[package]]
name = "root"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "lib" }]
"""
"""As uv 0.13.9 writes it for such a workspace: the root alone requires what has no free-threaded wheel."""


class TestTheLockOfTheRoot:
    def test_it_counts_for_the_member_and_only_what_that_requires(self, index: Index, here: Path) -> None:
        write(_uv() | {"uv.lock": _LOCK}, here.parents[1])
        answer = check(index=index)
        assert (answer.status, _versions(answer)) == (0, {"six": "1.0"})
        assert "uv.lock" in answer.notes
        assert not _asked(index) & {"private-lib", "lib"}

    def test_the_root_has_all_members(self, index: Index, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(_uv() | {"uv.lock": _LOCK}, here.parents[1])
        monkeypatch.chdir(here.parents[1])
        assert check(index=index).status == 1

    def test_a_lock_of_the_member_itself_is_none_of_uv(self, index: Index, here: Path) -> None:
        stale = _LOCK.replace('[{ name = "private-lib" }]', '[{ name = "lib" }]')
        write(_uv() | {"uv.lock": _LOCK, "packages/member/uv.lock": stale}, here.parents[1])
        assert check(index=index).status == 0

    def test_a_member_that_is_not_locked_is_an_error(self, index: Index, here: Path) -> None:
        write(_uv() | {"uv.lock": _LOCK.replace("packages/member", "packages/renamed")}, here.parents[1])
        outcome = ask(index=index)
        assert outcome.status == 2
        assert "uv lock" in outcome.stderr


@pytest.mark.parametrize(
    "root",
    [
        '[tool.pdm.workspace]\nmembers = ["packages/*"]\n',
        '[tool.pdm.workspace]\nmembers = ["packages/member", "packages/other-directory"]\n',
        '[tool.hatch.envs.default.workspace]\nmembers = ["packages/*"]\n',
        '[tool.hatch.envs.test]\nworkspace.members = [{ path = "packages/*" }]\n',
    ],
    ids=["PDM", "PDM, named", "Hatch", "Hatch, tables"],
)
@pytest.mark.parametrize("of_root", [False, True])
def test_members_of_other_tools_are_not_asked_for(
    root: str, of_root: bool, index: Index, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _uv(member="")
    files["pyproject.toml"] = _project("root", '["member"]', root)
    write(files, here.parents[1])
    if of_root:
        monkeypatch.chdir(here.parents[1])
    answer = check(index=index)
    assert (answer.status, _versions(answer)) == (0, {"lib": "2.0", "six": "1.0"})
    assert not _asked(index) & {"private-lib", "root", "member"}


_PDM = '[tool.pdm.workspace]\nmembers = ["packages/*"]\n'


def test_what_pdm_installs_with_the_root(index: Index, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every member that is a distribution, named or not; and uv none of them."""
    files = {
        "pyproject.toml": _project("root", "[]", _PDM),
        "packages/member/pyproject.toml": _project("member", '["lib<2"]'),
        "packages/other/pyproject.toml": _project("other", '["six"]', "[tool.pdm]\ndistribution = false\n"),
    }
    write(files, here.parents[1])
    monkeypatch.chdir(here.parents[1])
    answer = check(index=index)
    assert (answer.status, _versions(answer)) == (1, {"lib": "1.0"})
    write({"pyproject.toml": _project("root", "[]", _PDM.replace("pdm", "uv"))}, here.parents[1])
    assert check(index=index).status == 0


def test_what_hatch_installs_in_an_environment(index: Index, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = '[tool.hatch.envs.test.workspace]\nexclude = ["packages/o*"]\nmembers = [{tables}]\n'
    files = {
        "packages/member/pyproject.toml": _project(
            "member", '["six"]', '[project.optional-dependencies]\nx = ["lib<2"]\n'
        ),
        "packages/other/pyproject.toml": _project("other", '["private-lib"]'),
    }
    write(files, here.parents[1])
    monkeypatch.chdir(here.parents[1])
    got = {}
    for tables in ('"packages/*"', '{ path = "packages/member", features = ["X"] }'):
        write({"pyproject.toml": _project("root", "[]", env.replace("{tables}", tables))}, here.parents[1])
        answer = check("--group", "test", index=index)
        got[tables] = (answer.status, _versions(answer))
    assert list(got.values()) == [(0, {"six": "1.0"}), (1, {"six": "1.0", "lib": "1.0"})]
    write({"pyproject.toml": _project("root", "[]", env.replace("{tables}", '"nowhere"'))}, here.parents[1])
    assert ask("--group", "test", index=index).status == 2


@pytest.mark.parametrize("key", ["overrides.matrix.x.dependencies = ['lib<2']", "sources.six = { path = '.' }"])
def test_what_hatch_may_change_in_an_environment_is_a_gap(key: str, index: Index, here: Path) -> None:
    write({"pyproject.toml": _project("root", "[]", f"[tool.hatch.envs.test]\ndependencies = ['six']\n{key}\n")}, here)
    assert check(index=index).status == 0
    assert check("--group", "test", index=index).status == 3


_PDM_LOCK = """\
[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "4.5.1"
content_hash = "sha256:x"
[[metadata.targets]]
requires_python = ">=3.11"
"""


def test_a_member_asks_for_its_part_of_the_lock_of_pdm(index: Index, here: Path) -> None:
    def entry(name: str, version: str, lines: str) -> str:
        return f'[[package]]\nname = "{name}"\nversion = "{version}"\ngroups = ["default"]\n{lines}\n'

    locked = _PDM_LOCK + entry("six", "1.0", 'files = [{file = "six-1.0-py3-none-any.whl", hash = "sha256:00"}]')
    gil = "lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"
    locked += entry("lib", "1.0", f'files = [{{file = "{gil}", hash = "sha256:00"}}]')
    files = {"pyproject.toml": _project("root", '["lib"]', _PDM), "pdm.lock": locked}
    root = here.parents[1]
    write(files | {"packages/member/pyproject.toml": _project("member", '["six"]')}, root)
    answer = check(index=index)
    assert (answer.status, _versions(answer)) == (0, {"six": "1.0"})
    write({"packages/member/pyproject.toml": _project("member", '["lib"]')}, root)
    assert (check(index=index).status, check(str(root / "pdm.lock"), index=index).status) == (1, 1)
    write({"packages/member/pyproject.toml": _project("member", '["not-locked"]')}, root)
    assert check(index=index).status == 3


@pytest.mark.parametrize("pattern", ["packages/*", "packages/*/inner", "**", "packages/new"])
def test_a_member_that_is_added_is_noticed(
    pattern: str, index: Index, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here.parents[1]
    monkeypatch.chdir(root)
    write({"pyproject.toml": _project("root", '["six"]', _PDM.replace("packages/*", pattern))}, root)
    (root / "packages/inner-one").mkdir()
    arguments = ("--python", "3.14t", "--index-url", index.url, "--cache-dir", str(root / "cache"))
    assert run(*arguments).status == 0
    asked = len(index.requests)
    assert (run(*arguments).status, len(index.requests)) == (0, asked)
    new = "packages/new/inner" if "inner" in pattern else "packages/new"
    write({f"{new}/pyproject.toml": _project("new", '["lib<2"]')}, root)
    assert run(*arguments).status == 1


def test_path_dependencies_of_poetry(index: Index, here: Path) -> None:
    files = _uv()
    files["packages/member/pyproject.toml"] = (
        '[tool.poetry]\nname = "member"\nversion = "1"\n[tool.poetry.dependencies]\npython = ">=3.11"\nlib = "*"\n'
        'private-lib = { path = "../other-directory", develop = true }\n'
    )
    files["pyproject.toml"] = _project("root", "[]")
    write(files, here.parents[1])
    answer = check(index=index)
    assert (answer.status, _versions(answer)) == (0, {"lib": "2.0", "six": "1.0"})
    assert "private-lib" not in _asked(index)
