"""A user who may not look into places that the environment names: said, or passed over as by pip; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which

import pytest

from tests.support.command import unmeasured
from tests.world import Index, parse, serve

ROOT = Path(__file__).parents[2]
FROM_HERE = {"PYTHONPATH": str(ROOT)}
_IS_ROOT = sys.platform != "win32" and os.getuid() == 0
_WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if _IS_ROOT else []

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions"),
    pytest.mark.skipif(_IS_ROOT and which("setpriv") is None, reason="root may look into everything"),
]


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(parse('[projects.a]\n"1.0" = {}')) as running:
        yield running


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A directory that the process may not look into."""
    place = tmp_path / "closed"
    place.mkdir()
    (place / "r.txt").write_text("a\n")
    place.chmod(0)
    yield place
    place.chmod(0o700)


def run_restricted(
    index: Index, *arguments: str, variables: Mapping[str, str] | None = None, here: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """In a process of its own, without root's right to look into everything."""
    code = "import sys; from nogilcheck.cli.main import main; main(sys.argv[1:])"
    command = [*_WITHOUT_RIGHTS, sys.executable, "-c", code, "-i", index.url, "-p", "3.14t", *arguments]
    environment = {**unmeasured(), "PIP_CONFIG_FILE": os.devnull, **(variables or {})}
    done = subprocess.run(command, env=environment, cwd=here, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("variable", ["HOME", "NETRC", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"])
def test_a_home_that_may_not_be_looked_into_says_nothing(index: Index, closed: Path, variable: str) -> None:
    """As after ``su`` and ``sudo -u``, which may keep HOME."""
    done = run_restricted(
        index, "a", "--no-cache", variables={variable: str(closed / "x" if variable == "NETRC" else closed)}
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "NOGILCHECK_CACHE_DIR", "NOGILCHECK_FIND_LINKS"])
def test_what_is_named_and_closed_is_named(index: Index, closed: Path, variable: str) -> None:
    done = run_restricted(index, "a", variables={variable: str(closed / "x"), "HOME": "/nonexistent"})
    assert done.returncode in {2, 3}
    assert "closed/x" in " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("arguments", [["closed/r.txt"], ["-c", "closed/r.txt", "a"], ["--env", "closed/v"]])
def test_an_input_that_is_closed_is_named(index: Index, closed: Path, arguments: list[str]) -> None:
    named = [argument.replace("closed", str(closed)) for argument in arguments]
    done = run_restricted(index, *named, "--no-cache")
    assert done.returncode == 2
    assert "closed" in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["closed", "loop", "dangling", "closed/proj"])
def test_what_is_there_and_cannot_be_looked_at_is_no_name_of_a_project(index: Index, closed: Path, name: str) -> None:
    """An index is not asked for it."""
    (closed.parent / "loop").symlink_to("loop")
    (closed.parent / "dangling").symlink_to("nowhere")
    done = run_restricted(index, name, "--no-cache", here=closed.parent, variables=FROM_HERE)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{name}: " in done.stderr
    assert not index.requests


@pytest.mark.skipif(not _IS_ROOT, reason="nobody else can go there")
def test_nor_is_a_name_in_a_directory_that_is_closed(index: Index, closed: Path) -> None:
    done = run_restricted(index, "proj", "--no-cache", "--no-config", here=closed, variables=FROM_HERE)
    assert (done.returncode, done.stdout) == (2, "")
    assert "proj: cannot be read" in done.stderr
    assert not index.requests
