"""What is true of locks only: forks, what they leave out, wheels that are younger than they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.model.lock import ANEW
from tests.support.asking import ask, check, joined, line_at, place_of
from tests.support.statements import BLOCKERS, CORE_BLOCKERS, STATEMENTS, write
from tests.world import Index, parse, serve

_ELSEWHERE = "\"sys_platform == 'darwin'\""
_LIMITED = f"[tool.uv]\nenvironments = [{_ELSEWHERE}]\n\n[dependency-groups]"


class TestBounds:
    """What a project or a lock says of its Pythons and environments."""

    @pytest.mark.parametrize(
        "name", ["pyproject.toml", "poetry tables", "setup.cfg", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"]
    )
    def test_a_python_that_is_left_out_is_a_blocker_at_its_line(self, name: str, index: Index, here: Path) -> None:
        statement = STATEMENTS[name]
        files = statement.files(index)
        text = files[statement.chosen].replace('">=3.11"', '">=3.11,<3.14"')
        files[statement.chosen] = text.replace("= >=3.11\n", "= >=3.11,<3.14\n")
        write(files, here)
        answer = check(*statement.everything, index=index)
        (excluded,) = (each for each in answer.report["findings"] if each["status"] != "gil-only")
        assert (answer.status, excluded["severity"]) == (1, "blocker")
        assert "<3.14" in line_at(place_of(excluded["location"]))
        assert excluded["location"]["path"] == statement.chosen
        assert answer.blockers.keys() - BLOCKERS == {excluded["distribution"]}
        fitting = check(*statement.everything, index=index, python="3.13t").report["findings"]
        assert not any(each["status"] == excluded["status"] for each in fitting)

    def test_the_python_of_a_script(self, index: Index, here: Path) -> None:
        write({"job.py": '# /// script\n# requires-python = "<3.14"\n# dependencies = ["pure"]\n# ///\n'}, here)
        answer = check("job.py", index=index)
        assert (answer.status, list(answer.blockers.values())) == (1, ["job.py:2"])

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("uv.lock", "revision = 3", f"revision = 3\nsupported-markers = [{_ELSEWHERE}]"),
            ("pylock.toml", 'requires-python = ">=3.11"', f"environments = [{_ELSEWHERE}]"),
            ("pyproject.toml", "[dependency-groups]", _LIMITED),
        ],
    )
    def test_an_environment_that_is_left_out(self, name: str, old: str, new: str, index: Index, here: Path) -> None:
        files = STATEMENTS[name].files(index)
        files[name] = files[name].replace(old, new)
        write(files, here)
        answer = check(index=index)
        ((_, place),) = ((one, at) for one, at in answer.blockers.items() if one not in CORE_BLOCKERS)
        assert answer.status == 1
        assert "darwin" in line_at(place) or "requires-python" in line_at(place)


_UV_FORKS = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "sample"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "forked", version = "1.0", marker = "python_full_version < '3.15'" },
    { name = "forked", version = "2.0", marker = "python_full_version >= '3.15'" },
]

[[package]]
name = "forked"
version = "1.0"
source = { registry = "https://r.test/" }
resolution-markers = ["python_full_version < '3.15'"]
wheels = [{ url = "https://f.test/forked-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00" }]

[[package]]
name = "forked"
version = "2.0"
source = { registry = "https://r.test/" }
resolution-markers = ["python_full_version >= '3.15'"]
wheels = [{ url = "https://f.test/forked-2.0-cp315-cp315t-manylinux_2_28_x86_64.whl", hash = "sha256:00" }]
"""

_POETRY_FORKS = """\
[[package]]
name = "forked"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
markers = "python_version < '3.15'"
files = [{file = "forked-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00"}]

[[package]]
name = "forked"
version = "2.0"
optional = false
python-versions = "*"
groups = ["main"]
markers = "python_version >= '3.15'"
files = [{file = "forked-2.0-cp315-cp315t-manylinux_2_28_x86_64.whl", hash = "sha256:00"}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
"""

_PYLOCK_FORKS = """\
lock-version = "1.0"
created-by = "tests"

[[packages]]
name = "forked"
version = "1.0"
marker = "python_full_version < '3.15'"

[[packages.wheels]]
name = "forked-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"
url = "https://f.test/1"
hashes = { sha256 = "00" }

[[packages]]
name = "forked"
version = "2.0"
marker = "python_full_version >= '3.15'"

[[packages.wheels]]
name = "forked-2.0-cp315-cp315t-manylinux_2_28_x86_64.whl"
url = "https://f.test/2"
hashes = { sha256 = "00" }
"""

_FORKS = {"uv.lock": _UV_FORKS, "poetry.lock": _POETRY_FORKS, "pylock.toml": _PYLOCK_FORKS}
"""Two versions of one project, for different Pythons; the older has no free-threaded wheel."""


@pytest.mark.parametrize("name", _FORKS)
def test_each_target_gets_its_own_fork(name: str, here: Path) -> None:
    write({name: _FORKS[name]}, here)
    answer = check(python="3.14t,3.15t")
    got = {
        each["version"]: {target: found["status"] for target, found in each["targets"].items()}
        for each in answer.report["distributions"]
    }
    assert got == {"1.0": {"cp314t-linux_x86_64": "gil-only"}, "2.0": {"cp315t-linux_x86_64": "free-threaded"}}
    assert answer.status == 1
    assert check(python="3.15t").status == 0


_YOUNGER = """
[projects.app]
"1.0" = {{ requires = ["speed>=1", "pure", "windowed ; sys_platform == 'win32'"], extras.socks = ["sock"] }}
[projects.pure]
"1.0" = {{}}
[projects.sock]
"1.0" = {{}}
[projects.windowed]
"1.0" = {{ wheels = ["cp314-cp314-win_amd64"] }}
[projects.gil]
"1.0" = {{}}
[projects.tester]
"1.0" = {{ requires = ["pure"] }}
[projects.speed]
"1.0" = {{ wheels = ["cp314-cp314-manylinux_2_28_x86_64"{}] }}
"""
_LOCKED = parse(_YOUNGER.format(""))
_TODAY = parse(
    _YOUNGER.format(', { tag = "cp314-cp314t-manylinux_2_28_x86_64", upload-time = "2026-05-01T00:00:00Z" }')
)
_WITH_FILES = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")


class TestUploadedSince:
    """A free-threaded wheel of the locked version is younger than the lock."""

    @pytest.mark.parametrize("name", [*_WITH_FILES, "Pipfile.lock", "hashed requirements"])
    def test_the_way_out_is_to_lock_again(self, name: str, here: Path) -> None:
        with serve(_LOCKED) as index:
            write(STATEMENTS[name].files(index), here)
            before = ask(index=index)
            index.replace(_TODAY)
            after = ask(index=index)
            (speed,) = (each for each in check(index=index).report["findings"] if each["distribution"] == "speed")
        assert (before.status, after.status) == (1, 1)
        assert "lock again" not in before.stdout
        assert "lock again" in after.stdout
        assert "uploaded 2026-05-01" in joined(after.stdout)
        if name in ANEW:
            assert f"Next {ANEW[name]} " in joined(after.stdout)
        assert speed["advice"][0]["kind"] == "relock"
        assert {each["kind"] for each in speed["advice"]} <= {"relock", "drop"}

    @pytest.mark.parametrize("name", _WITH_FILES)
    def test_without_the_index_nothing_is_said_of_it(self, name: str, here: Path) -> None:
        with serve(_LOCKED) as index:
            write(STATEMENTS[name].files(index), here)
            index.replace(_TODAY)
            outcome = ask()
        assert outcome.status == 1
        assert "lock again" not in outcome.stdout

    @pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
    def test_what_is_not_locked_gets_it(self, name: str, here: Path) -> None:
        with serve(_TODAY) as index:
            write(STATEMENTS[name].files(index), here)
            assert check(index=index).status == 0


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"])
def test_what_is_not_tried_on_a_lock_is_left_to_the_plan(name: str, index: Index, here: Path) -> None:
    """No release of ``speed``, which ``app`` requires, fits; nor of ``gil``, which the project itself requires."""
    statement = STATEMENTS[name]
    write(statement.files(index), here)
    findings = check(*statement.everything, index=index).report["findings"]
    first = {each["distribution"]: each["advice"][0] for each in findings if each["severity"] == "blocker"}
    assert first["speed"]["kind"] == "search"
    assert first["speed"]["text"].startswith("no compatible release yet")
    assert (first["gil"]["kind"] == "search") is (name in {"Pipfile.lock", "pylock.toml"})  # these do not tell it
