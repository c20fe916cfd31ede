"""Plans for projects and their locks: what moves, by which command, and what is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import check
from tests.support.command import run
from tests.support.planning import ask_plan, blocked_again, plan
from tests.support.statements import STATEMENTS, write
from tests.world import Index, parse, serve

BOTH = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"]'
GIL = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64"]'
LATER = parse(f"""
[projects.app]
"1.0" = {{ requires = ["speed>=1", "pure", "windowed ; sys_platform == 'win32'"], extras.socks = ["sock"] }}
[projects.speed]
"1.0" = {{ {GIL} }}
"2.0" = {{ {BOTH}, upload-time = "2026-02-01T00:00:00Z" }}
[projects.pure]
"1.0" = {{}}
"2.0" = {{}}
[projects.sock]
"1.0" = {{ {BOTH} }}
[projects.windowed]
"1.0" = {{ wheels = ["cp314-cp314-win_amd64"] }}
[projects.gil]
"1.0" = {{ {GIL} }}
[projects.tester]
"1.0" = {{ requires = ["pure"] }}
""")
"""The world of the statements, a month later: what blocks their core has a release that fits."""

COMMANDS = {
    "uv.lock": "$ uv lock --upgrade-package speed==2.0",
    "poetry.lock": "$ poetry update --lock speed",
    "pdm.lock": "$ pdm update --no-sync --update-reuse speed",
    "Pipfile.lock": "$ pipenv upgrade --lock-only speed",
    "pylock.toml": "",
}


def joined(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with serve(LATER) as served:
        yield served


@pytest.mark.parametrize("name", COMMANDS)
def test_a_lock_that_has_to_be_written_again(name: str, index: Index, here: Path) -> None:
    statement = STATEMENTS[name]
    write(statement.files(index), here)
    answer = plan(*statement.named, "--write", "constraints.txt", index=index)
    assert answer.moves == {"speed": ("1.0", "2.0")}
    assert (answer.verified, answer.changes) == (True, [])
    assert Path("constraints.txt").read_text("utf-8") == "# written by nogilcheck plan, for 3.14t\nspeed==2.0\n"
    text = ask_plan(*statement.named, index=index).stdout
    assert "removes the blocker (verified by a second resolution)" in " ".join(text.split())
    assert "Moves in the lock: speed 1.0 to 2.0." in text
    assert COMMANDS[name] in text


def test_the_locked_versions_of_everything_else_are_kept(index: Index, here: Path) -> None:
    """There is a pure 2.0, and a lock that is written again with the command does not take it."""
    statement = STATEMENTS["uv.lock"]
    write(statement.files(index), here)
    answer = plan(*statement.named, "--all-extras", "--all-groups", index=index)
    assert "pure" not in answer.moves
    assert answer.remaining == ["gil"]


def test_a_projects_own_words_are_shown_changed_and_written_as_a_list(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [\n'
        '  "app>=1",\n  "speed<2",\n]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", "--write", "planned.txt", index=index)
    assert answer.changes == [("relax", "speed<2", "speed<2.1")]
    assert answer.target["changes"][0]["location"] == {"path": "pyproject.toml", "line": 7}
    written = Path("planned.txt")
    assert written.read_text("utf-8") == "# written by nogilcheck plan, for 3.14t\napp>=1\nspeed<2.1\n"
    assert blocked_again(written, index=index) == set()
    diff = ask_plan("pyproject.toml", index=index).stdout
    assert '\n@@ -4,5 +4,5 @@\n requires-python = ">=3.11"\n dependencies = [\n   "app>=1",\n' in diff
    assert '\n-  "speed<2",\n+  "speed<2.1",\n ]\n' in diff


def test_overrides_are_not_restated(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\ndependencies = ["pure<2", "speed==1.0"]\n'
        '[tool.uv]\noverride-dependencies = ["pure>=2"]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", index=index)
    assert answer.changes == [("pin", "speed==1.0", "speed==2.0")]
    assert (answer.status, answer.verified) == (0, True)


def test_an_override_that_blocks_stays(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\ndependencies = ["speed"]\n'
        '[tool.uv]\noverride-dependencies = ["speed<2"]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", index=index)
    assert (answer.status, answer.changes, answer.remaining) == (1, [], ["speed"])


FORKED = parse(f"""
[projects.lib]
"1.0" = {{ {GIL}, requires-python = ">=3.9" }}
"2.0" = {{ {BOTH}, requires-python = ">=3.11" }}
"3.0" = {{ {BOTH}, requires-python = ">=3.12" }}
""")
_FORKS = """\
version = 1
requires-python = ">=3.9"

[[package]]
name = "own"
version = "1"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "lib", version = "0.9", source = {{ registry = "{index}" }}, marker = "python_full_version < '3.10'" }},
    {{ name = "lib", version = "1.0", source = {{ registry = "{index}" }}, marker = "python_full_version >= '3.10'" }},
]
[package.metadata]
requires-dist = [{{ name = "lib"{specifier} }}]

[[package]]
name = "lib"
version = "0.9"
source = {{ registry = "{index}" }}
resolution-markers = ["python_full_version < '3.10'"]
wheels = [{{ url = "{index}/lib-0.9-py3-none-any.whl" }}]

[[package]]
name = "lib"
version = "1.0"
source = {{ registry = "{index}" }}
resolution-markers = ["python_full_version >= '3.10'"]
wheels = [{{ url = "{index}/lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl" }}]
"""


@pytest.mark.parametrize(
    ("specifier", "changes", "moved", "command"),
    [
        # uv finds no solution for `lib==2.0` on 3.9 and 3.10; without a version it locks the newest for each Python.
        ("", [], "3.0", "$ uv lock --upgrade-package lib\n"),
        ("<2", [("relax", "lib<2", "lib<2.1")], "2.0", "$ uv lock --upgrade-package lib\n"),
    ],
)
def test_the_forks_of_a_lock_are_no_specifiers_of_the_project(
    specifier: str, changes: list[tuple[str, str, str]], moved: str, command: str, here: Path
) -> None:
    with serve(FORKED) as index:
        stated = f', specifier = "{specifier}"' if specifier else ""
        project = (
            f'[project]\nname = "own"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["lib{specifier}"]\n'
        )
        write({"uv.lock": _FORKS.format(index=index.url, specifier=stated), "pyproject.toml": project}, here)
        answer = plan("uv.lock", index=index)
        text = ask_plan("uv.lock", index=index).stdout
        checked = run("check", "uv.lock", "--python", "3.14t", "--no-cache", "--index-url", index.url).stdout
    assert (answer.changes, answer.moves, answer.verified) == (changes, {"lib": ("1.0", moved)}, True)
    assert command in text
    assert [change["location"] for change in answer.target["changes"]] == [
        {"path": "pyproject.toml", "line": 5} for _ in changes
    ]
    assert ("+dependencies = [" in text) is bool(changes)
    assert "==" not in checked
    assert "raise the project's Python" not in checked
    assert ("relax <2 (pyproject.toml:5)" in checked) is bool(changes)


_FOR_ALL = {
    "poetry.lock": """\
[[package]]
name = "lib"
version = "1.0"
description = ""
optional = false
python-versions = ">=3.9"
groups = ["main"]
files = [{{file = "lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:{digest}"}}]
[metadata]
lock-version = "2.1"
python-versions = "{floor}"
content-hash = ""
""",
    "pdm.lock": """\
[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = ""
[[metadata.targets]]
requires_python = "{floor}"
[[package]]
name = "lib"
version = "1.0"
requires_python = ">=3.9"
groups = ["default"]
files = [{{file = "lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:{digest}"}}]
""",
}


@pytest.mark.parametrize("name", _FOR_ALL)
@pytest.mark.parametrize(("floor", "moves"), [(">=3.9", {}), (">=3.11", {"lib": ("1.0", "2.0")})])
def test_a_tool_that_locks_one_release_for_every_python_is_told_of_no_other(
    name: str, floor: str, moves: dict[str, tuple[str, str]], here: Path
) -> None:
    """Poetry and PDM take the newest release that does for every Python of the project, as tried with both."""
    with serve(FORKED) as index:
        digest = index.sha256_of("lib-1.0-cp314-cp314-manylinux_2_28_x86_64.whl")
        project = f'[project]\nname = "own"\nversion = "1"\nrequires-python = "{floor}"\ndependencies = ["lib"]\n'
        write({name: _FOR_ALL[name].format(floor=floor, digest=digest), "pyproject.toml": project}, here)
        answer = plan(name, index=index)
        told = joined(ask_plan(name, index=index).stdout)
    assert (answer.moves, answer.remaining) == (moves, [] if moves else ["lib"])
    assert ("beyond the one release of each that is tried here is not proved" in told) == (name == "poetry.lock")


def test_a_lock_that_leaves_out_what_the_release_has_is_written_again(here: Path) -> None:
    """As ``pip lock`` writes it, and ``hatch dep lock`` through pip: the files for one interpreter."""
    world = parse("""
[projects.lib]
"0.9" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"] }
"1.0" = { wheels = [
    "cp311-cp311-manylinux_2_28_x86_64", "cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"
], sdist = true }
[projects.old]
"1.0" = { wheels = ["cp311-cp311-manylinux_2_28_x86_64", "cp312-cp312-manylinux_2_28_x86_64"], sdist = true }
""")
    with serve(world) as index:
        lock = 'lock-version = "1.0"\ncreated-by = "pip"\n'
        for name in ("lib", "old"):
            file = f"{name}-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"
            lock += f'[[packages]]\nname = "{name}"\nversion = "1.0"\n[[packages.wheels]]\nname = "{file}"\n'
            lock += f'url = "{index.url_of(file)}"\nhashes = {{ sha256 = "{index.sha256_of(file)}" }}\n'
        Path("pylock.toml").write_text(lock, encoding="utf-8")
        options = ("--python", "3.14t", "--no-cache", "--index-url", index.url)
        text = joined(run("check", "pylock.toml", *options).stdout)
        offline = joined(run("check", "pylock.toml", *options, "--offline").stdout)
        causes = {f["distribution"]: f["cause"] for f in check("pylock.toml", index=index).report["findings"]}
        answer = plan("pylock.toml", index=index)
        told = ask_plan("pylock.toml", index=index).stdout
    assert "lib 1.0 not locked why the lock has wheels for 3.11 only; lib-1.0-cp314-cp314t-" in text
    assert "1 has no wheel for regular 3.14 either; 1 has no wheel for regular 3.14 in the lock" in text
    assert causes == {"lib": "lock", "old": "python"}
    assert "0.9" not in text
    assert "both have no wheel for regular 3.14 in the lock" in offline
    assert (
        "old 1.0 unavailable why the lock has wheels for 3.11 only; the release: no wheel for 3.14 at all, "
        "free-threaded or not; an sdist exists, but is not in the lock; wheels for 3.11 and 3.12 exist" in text
    )
    assert "no sdist" not in text
    assert offline.count("the lock has wheels for 3.11 only, and no sdist") == 2
    assert "at all" not in offline
    assert (answer.moves, answer.remaining) == ({}, ["old"])
    assert "Lock again with the tool that wrote it, run by 3.14t." in told


@pytest.mark.parametrize("name", ["Pipfile.lock", "pylock.toml"])
def test_a_lock_that_tells_no_requirements_is_bounded_by_those_of_its_project(name: str, index: Index) -> None:
    """Their line is named and edited; other locked versions are the tool's own, and name nothing to it."""
    project = {
        "Pipfile.lock": ("Pipfile", '[packages]\nspeed = "<2"\napp = "*"\n'),
        "pylock.toml": (
            "pyproject.toml",
            '[project]\nname = "own"\nversion = "1"\ndependencies = ["app", "speed<2"]\n',
        ),
    }[name]
    write(
        {**{key: text for key, text in STATEMENTS[name].files(index).items() if key == name}, project[0]: project[1]},
        Path(),
    )
    (step, *_) = check(name, index=index).report["findings"][0]["advice"]
    answer = plan(name, index=index)
    assert (step["kind"], step["caps"][0]["location"]["path"]) == ("relax", project[0])
    assert answer.changes == [("relax", "speed<2", "speed<2.1")]
    assert (answer.moves, answer.verified) == ({"speed": ("1.0", "2.0")}, True)
    assert f"--- {project[0]}\n" in ask_plan(name, index=index).stdout


@pytest.mark.parametrize(
    ("head", "command"),
    [
        ("#    uv pip compile r.in -o r.txt\n", "$ uv pip compile r.in -o r.txt --upgrade-package speed==2.0\n"),
        ("#\n#    pip-compile --output-file=r.txt r.in\n#\n",
         "$ pip-compile --output-file=r.txt r.in --upgrade-package speed==2.0\n"),
        ("#    pip-compile r.in; rm -r x\n", ""),
        ("#    curl h.test\n", ""),
    ],
)  # fmt: skip
def test_a_compiled_file_is_compiled_again_by_the_tool_that_wrote_it(head: str, command: str, index: Index) -> None:
    Path("r.txt").write_text(f"# autogenerated\n{head}app==1.0\nspeed==1.0\npure==1.0\n", encoding="utf-8")
    text = ask_plan("r.txt", index=index).stdout
    assert "+speed==2.0\n" in text
    assert command in text if command else "$" not in text


@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ("uv.lock", "$ uv lock --upgrade-package speed==2.0\n"),
        ("poetry.lock", "$ poetry update --lock speed\n"),
        ("pdm.lock", "$ pdm update --no-sync --update-reuse speed\n"),
    ],
)
def test_a_project_beside_whose_file_a_lock_lies_is_locked_again(lock: str, command: str, index: Index) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\ndependencies = ["speed<2"]\n', encoding="utf-8"
    )
    Path(lock).write_text("", encoding="utf-8")
    assert command in ask_plan("pyproject.toml", index=index).stdout
