"""A survey on a local Dask cluster of two workers, of which one is killed midway."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.workshop import install_locked, make_environment, run
from tests.world import parse, serve

pytestmark = pytest.mark.tools

PROJECTS, LIMIT = 40, 150.0
"""Projects, and the seconds in which they have to be done."""
UNIVERSE = parse("""
[projects.gil]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
""")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_environment(sys.executable, tmp_path_factory.mktemp("dask") / "venv")
    install_locked(made, "run", "dask")
    return made


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of every process: this nogilcheck, a cache, and no settings of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    own = {"PIP_CONFIG_FILE": os.devnull, "NOGILCHECK_CACHE_DIR": str(tmp_path / "cache")}
    return {**kept, **own, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def cluster(scripts: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The scheduler, whose address is in ``cluster.json``, and two workers."""
    file, local = str(tmp_path / "cluster.json"), ("--no-dashboard", "--host", "127.0.0.1")
    options = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
    commands = [("scheduler", "--port", "0", *local), *[("worker", *options, *local)] * 2]
    started = [
        subprocess.Popen(
            [scripts / "dask", kind, "--scheduler-file", file, *rest],
            cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for kind, *rest in commands
    ]  # fmt: skip
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_nothing_is_lost_with_a_worker(
    scripts: Path, environment: dict[str, str], cluster: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    for number in range(PROJECTS):
        (tmp_path / "services" / str(number)).mkdir(parents=True)
        text = "gil\n" if number % 3 == 0 else "pure\n"
        (tmp_path / "services" / str(number) / "requirements.txt").write_text(text, encoding="utf-8")
    until = time.monotonic() + LIMIT
    while not (tmp_path / "cluster.json").exists() and time.monotonic() < until:
        time.sleep(0.1)
    address = json.loads((tmp_path / "cluster.json").read_text(encoding="utf-8"))["address"]
    lines = tmp_path / "nogilcheck-survey" / "survey.jsonl"
    with serve(UNIVERSE) as index:
        options = ("--index-url", index.url, "--python", "3.14t", "--scheduler", address)
        command = [scripts / "python", "-m", "nogilcheck", "survey", "services", *options]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
            while (
                process.poll() is None
                and time.monotonic() < until
                and not (lines.exists() and len(lines.read_bytes().splitlines()) > 8)
            ):
                time.sleep(0.02)
            done = len(lines.read_bytes().splitlines()) - 1
            cluster[1].kill()
            told, _ = process.communicate(timeout=max(until - time.monotonic(), 1))
    assert 8 <= done < PROJECTS, "the worker was killed midway"
    assert process.returncode == 1
    assert f"{PROJECTS} projects; ready: {PROJECTS * 2 // 3} for 3.14t" in told
    found = [json.loads(line) for line in lines.read_text(encoding="ascii").splitlines()[1:]]
    assert sorted(one["project"] for one in found) == sorted(f"services/{n}" for n in range(PROJECTS)), "each once"
    assert all((lines.parent / one["report"]).is_file() for one in found)


def test_a_scheduler_that_does_not_answer_is_told_before_any_work(
    scripts: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    command = (scripts / "python", "-m", "nogilcheck", "survey", "pure", "--scheduler", "tcp://127.0.0.1:9")
    told = run(*command, check=False, cwd=tmp_path, env=environment)
    assert (told.returncode, told.stdout) == (2, "")
    assert "the scheduler tcp://127.0.0.1:9 or its workers cannot be used" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "nogilcheck-survey").exists()
