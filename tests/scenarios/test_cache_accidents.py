"""A cache that is shared, killed, damaged, full or shut: the answer is right all the same, after one line at most."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from nogilcheck.store.database import DATABASE_NAME
from nogilcheck.store.tables import SCHEMA_VERSION
from tests.support.command import Outcome, run, unmeasured
from tests.world import SHAPES, Index, parse, serve

KILLS = int(os.environ.get("NOGILCHECK_TEST_KILLS", "6"))
"""Set the variable for a longer run."""
OFTEN = "from nogilcheck.store import sqlite_cache; sqlite_cache.FLUSH_RECORDS = 1"
"""Writing goes on all through the run, and not only at its end."""
PROCESSES = 4
PROJECTS = 40
SECONDS = 120.0
"""After this a process is taken to hang."""

WORLD = parse("\n".join(
    f'[projects.p{number}."1.0"]\n'
    f"requires = {[f'p{other}' for other in (2 * number + 1, 2 * number + 2) if other < PROJECTS]}\n"
    f'wheels = ["{"cp314-cp314-manylinux_2_28_x86_64" if number % 7 == 3 else "py3-none-any"}"]\n'
    for number in range(PROJECTS)
))  # fmt: skip
"""A binary tree, which is found level by level; some of it is blocked."""


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(WORLD, SHAPES["mirror"]) as running:  # no ETag: a page that is asked for again is kept again
        yield running


def arguments(index: Index) -> list[str]:
    return ["p0", "--python", "3.14t", "--index-url", index.url]


def check(index: Index, cache: Path, *more: str) -> Outcome:
    return run(*arguments(index), "--cache-dir", str(cache), *more)


def start(index: Index, cache: Path, *more: str, code: str = "") -> subprocess.Popen[str]:
    """The same in a process of its own; ``code`` is run first."""
    command = [sys.executable, "-c", f"{code}\nfrom nogilcheck.cli.main import main; main()"]
    return subprocess.Popen(
        [*command, *arguments(index), "--cache-dir", str(cache), *more],
        env={**(unmeasured() if code else os.environ), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> Outcome:
    out, err = process.communicate(timeout=SECONDS)
    return Outcome(status=process.returncode, stdout=out, stderr=err)


@pytest.fixture
def right(index: Index) -> Outcome:
    """What is answered without a cache."""
    outcome = run(*arguments(index), "--no-cache")
    assert (outcome.status, outcome.stderr) == (1, "")
    return outcome


def check_integrity(cache: Path) -> None:
    path = cache / DATABASE_NAME
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_processes_that_begin_together_share_a_cache(index: Index, right: Outcome, cache_dir: Path) -> None:
    cache = cache_dir / "new"
    outcomes = [finished(process) for process in [start(index, cache) for _ in range(PROCESSES)]]
    assert outcomes == [right] * PROCESSES
    check_integrity(cache)
    assert check(index, cache, "--offline") == right


def test_processes_that_rewrite_a_cache_others_read(index: Index, right: Outcome, cache_dir: Path) -> None:
    assert check(index, cache_dir) == right
    modes = [("--refresh",), ("--max-age", "0"), ("--offline",), ()]
    processes = [start(index, cache_dir, *modes[number % len(modes)]) for number in range(PROCESSES)]
    assert [finished(process) for process in processes] == [right] * PROCESSES
    check_integrity(cache_dir)


OTHER_VERSIONS = {
    "another file": """
from nogilcheck.store import database, reading, sqlite_cache, tables
database.DATABASE_NAME = reading.DATABASE_NAME = sqlite_cache.DATABASE_NAME = "cache-v9.sqlite3"
tables.SCHEMA_VERSION, tables.CREATE = 9, (*tables.CREATE[:-1], "PRAGMA user_version = 9")
""",
    "other records": """
import nogilcheck
from nogilcheck.binary import analysis
from nogilcheck.index.pages import file_table
from nogilcheck.jobs import replay
nogilcheck.__version__ = replay.__version__ = "9.0"
replay.FORMAT = file_table.FORMAT = analysis.ENGINE = 9
""",
    "another shape under the same key": """
from nogilcheck.model.cache import PageState, SolutionRecord
from nogilcheck.index.archives import metadata_sources
PageState.encoded = SolutionRecord.encoded = lambda self: b'{"shape": 9}'
metadata_sources.encode_metadata = lambda metadata: b'["shape", 9]'
""",
}
"""Other versions of this program, of which one that is older or newer may differ in any of this."""


@pytest.mark.parametrize("other", OTHER_VERSIONS.values(), ids=OTHER_VERSIONS)
def test_two_versions_share_a_cache(other: str, index: Index, right: Outcome, cache_dir: Path) -> None:
    """Each after the other, and both together: neither is told anything of the other, nor takes its answers."""
    turns: list[list[str]] = [[other], [""], [other], [other, "", other, ""]]
    for versions in turns:
        processes = [start(index, cache_dir, code=code) for code in versions]
        for outcome in [finished(process) for process in processes]:
            assert outcome.stdout.replace("nogilcheck 9.0", "nogilcheck 0.1.0") == right.stdout
            assert (outcome.status, outcome.stderr) == (right.status, "")
    check_integrity(cache_dir)


def test_a_run_that_is_killed_leaves_the_cache_whole(index: Index, right: Outcome, cache_dir: Path) -> None:
    """At random moments, most of them while it writes."""
    moments = random.Random(0)
    began = time.monotonic()
    assert finished(start(index, cache_dir / "first", code=OFTEN)) == right
    whole = time.monotonic() - began
    killed = number = 0
    while number < KILLS or (not killed and number < 20 * KILLS):
        cache = cache_dir / f"{number % 2}"
        # Now a cache that is made, now one that is written anew: a page without an ETag is kept again.
        process = start(index, cache, "--refresh", code=OFTEN)
        with suppress(subprocess.TimeoutExpired):
            process.wait(whole * (moments.uniform(0.4, 1.0) if moments.random() < 0.8 else moments.random()))
        process.kill()
        if process.wait(SECONDS) == right.status:
            whole *= 0.7  # it came to its end first: the machine is quicker now than at the beginning
        else:
            killed += 1
        number += 1
        process.communicate()
        check_integrity(cache)
        if moments.random() < 0.5:
            assert check(index, cache) == right  # a warning would make it different
            assert check(index, cache, "--offline") == right
    assert not [*cache_dir.rglob("*.corrupt-*")]
    for cache in cache_dir.iterdir():
        assert check(index, cache) == right
    assert killed, "every run was faster than its end"


def _garbage(path: Path) -> None:
    path.write_bytes(os.urandom(100_000))


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _of_version(version: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")

    return change


def _without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE page_states")
        connection.commit()


def _with_damaged_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE page_states SET data = x'00'")
        connection.execute("UPDATE solutions SET data = x'ff'")
        connection.commit()


SPOILERS = {
    "garbage": _garbage,
    "truncated": _truncated,
    "older": _of_version(SCHEMA_VERSION - 1),
    "newer": _of_version(SCHEMA_VERSION + 1),
    "table": _without_a_table,
    "rows": _with_damaged_rows,
}


@pytest.mark.parametrize("how", list(SPOILERS))
def test_a_damaged_cache_is_one_warning(how: str, index: Index, right: Outcome, cache_dir: Path) -> None:
    assert check(index, cache_dir) == right
    SPOILERS[how](cache_dir / DATABASE_NAME)
    outcome = check(index, cache_dir)
    assert (outcome.status, outcome.stdout) == (right.status, right.stdout)
    assert outcome.stderr.count("\n") == 1
    assert outcome.stderr.startswith("nogilcheck: warning: the cache ")
    assert check(index, cache_dir) == right, "it was made anew, and nothing is left to be said"
    assert len([*cache_dir.glob("*.corrupt-*")]) == 1


def test_a_cache_that_cannot_be_opened_is_one_warning(index: Index, right: Outcome, cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).mkdir()
    outcome = check(index, cache_dir)
    assert (outcome.status, outcome.stdout) == (right.status, right.stdout)
    assert outcome.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_place_where_nobody_may_write_is_one_warning(
    index: Index, right: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc")
    outcome = run(*arguments(index))
    assert (outcome.status, outcome.stdout) == (right.status, right.stdout)
    assert outcome.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not stop this user")
@pytest.mark.parametrize("directory_too", [False, True])
def test_a_cache_that_may_only_be_read_still_answers(
    index: Index, right: Outcome, cache_dir: Path, *, directory_too: bool
) -> None:
    assert check(index, cache_dir) == right
    (cache_dir / DATABASE_NAME).chmod(0o400)
    if directory_too:
        cache_dir.chmod(0o500)
    try:
        assert check(index, cache_dir, "--offline") == right
        outcome = check(index, cache_dir, "--refresh")
    finally:
        cache_dir.chmod(0o700)
    assert (outcome.status, outcome.stdout) == (right.status, right.stdout)
    assert outcome.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [0, 5_000, 20_000])
def test_a_full_disk_is_one_warning(limit: int, index: Index, right: Outcome, cache_dir: Path) -> None:
    """No file of the process may grow beyond the limit, which fails as a full disk does."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    for cache in (cache_dir / "new", cache_dir / "old"):
        if cache.name == "old":
            assert check(index, cache) == right
        outcome = finished(start(index, cache, "--refresh", code=code))
        assert (outcome.status, outcome.stdout) == (right.status, right.stdout)
        assert outcome.stderr.count("\n") == 1, outcome.stderr
        assert outcome.stderr.startswith("nogilcheck: warning: ")
        check_integrity(cache)
        assert check(index, cache).stdout == right.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_nobody_else_may_read_it(index: Index, cache_dir: Path) -> None:
    before = os.umask(0)
    try:
        check(index, cache_dir / "new")
    finally:
        os.umask(before)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (cache_dir / "new", *(cache_dir / "new").iterdir())
    }
    assert modes.pop("CACHEDIR.TAG") & stat.S_IWUSR
    assert modes == {"new": 0o700, DATABASE_NAME: 0o600}
