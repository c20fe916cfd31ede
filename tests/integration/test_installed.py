"""The package as users get it: built, installed into an empty environment, run."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from nogilcheck import __version__
from tests.support.workshop import install_locked, make_environment, only_locked, run
from tests.world import load, serve

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[2]
PYTHONS = [sys.executable, *(found for minor in range(11, 16) if (found := shutil.which(f"python3.{minor}")))]


BUILT_HERE = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check")
"""The environment of the tests has what builds the package, as it was locked."""

SUITE_SECONDS = 1800.0
"""After this a run of the default suite is taken to hang."""

PROBE = """
import sys
import msgspec.json
from nogilcheck.cli.main import main

decode, decoded = msgspec.json.decode, []


def counting(content):
    value = decode(content)
    decoded.append(content)
    return value


msgspec.json.decode = counting
try:
    main(sys.argv[1:])
finally:
    print(len(decoded), *sorted({"httpx", "httpx2"} & set(sys.modules)), file=sys.stderr)
"""
"""Runs a check, and tells how many JSON texts msgspec has read and which HTTP clients were imported."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from the source tree."""
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", *BUILT_HERE, "--wheel-dir", directory, ROOT)
    (built,) = directory.glob("nogilcheck-*.whl")
    return built


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "nogilcheck/report/schema.json" in names
    assert "nogilcheck/py.typed" in names
    folders = {f"nogilcheck{of}" for of in ("", f"-{__version__}.dist-info", f"-{__version__}.data")}
    assert {name.split("/")[0] for name in names} == folders
    assert [name for name in names if ".data/" in name] == [
        f"nogilcheck-{__version__}.data/data/share/man/man1/nogilcheck.1"
    ]
    assert wheel.name.endswith("-py3-none-any.whl")


def _works(python: str) -> bool:
    """Whether this is a Python that the package supports (a version manager's shim may not be)."""
    done = run(python, "-c", "import sys; print(sys.version_info >= (3, 11))", check=False)
    return done.stdout.strip() == "True"


@pytest.mark.parametrize("python", list(dict.fromkeys(PYTHONS)), ids=lambda python: Path(python).name)
def test_it_runs_from_an_empty_environment(python: str, wheel: Path, tmp_path: Path) -> None:
    if not _works(python):
        pytest.skip(f"{python} does not run, or is too old")
    scripts = make_environment(python, tmp_path / "venv")
    env = os.environ | only_locked(scripts / "python", tmp_path / "locked", "run")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, env=env)
    assert run(scripts / "nogilcheck", "--version").stdout == f"nogilcheck {__version__}\n"
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("app\n", encoding="utf-8")
    with serve(load("statuses")) as index:
        for command in ([scripts / "nogilcheck"], [scripts / "python", "-m", "nogilcheck"]):
            done = run(*command, requirements, "--index-url", index.url, "--no-cache", check=False)
            assert done.returncode == 1, done.stderr
            assert "gil-only 1.0" in done.stdout
            assert "Traceback" not in done.stderr


def install(wheel: Path, lock: str, directory: Path) -> Path:
    """The package in a new environment of what is locked; returns the directory of its scripts."""
    scripts = make_environment(sys.executable, directory)
    install_locked(scripts, "pip")
    install_locked(scripts, lock)
    run(scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    run(scripts / "python", "-m", "pip", "check")
    return scripts


def uninstall(scripts: Path, *names: str) -> None:
    run(scripts / "python", "-m", "pip", "uninstall", "--quiet", "--yes", *names)


def default_suite_passes(scripts: Path) -> None:
    command = (scripts / "python", "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "-n", "auto")
    suite = run(*command, "--dist", "worksteal", check=False, cwd=ROOT, timeout=SUITE_SECONDS)
    assert suite.returncode == 0, suite.stdout[-5000:]


def test_the_extra_fast_is_taken_and_the_default_suite_passes_with_it(wheel: Path, tmp_path: Path) -> None:
    scripts = install(wheel, "test-fast", tmp_path / "venv")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("app\n", encoding="utf-8")
    with serve(load("statuses")) as index:
        arguments = (requirements, "--index-url", index.url, "--no-cache")
        env = os.environ | {"HTTPS_PROXY": "http://127.0.0.1:9"}  # ordinary requests take no general client
        done = run(scripts / "python", "-c", PROBE, *arguments, check=False, cwd=tmp_path, env=env)
    assert done.returncode == 1, done.stderr
    decoded, *clients = done.stderr.split()
    assert int(decoded) > 0
    assert clients == ["httpx2"]
    # From here on there is nothing else to take.
    uninstall(scripts, "httpx", "httpcore")
    default_suite_passes(scripts)


@pytest.mark.skipif(sys.version_info >= (3, 15), reason="the lowest msgspec has no wheels for Python 3.15")
@pytest.mark.parametrize("unused", [("httpx", "httpcore"), ("httpx2", "httpcore2", "msgspec")], ids=["fast", "default"])
def test_the_default_suite_passes_with_the_lowest_versions_declared(
    unused: tuple[str, ...], wheel: Path, tmp_path: Path
) -> None:
    scripts = install(wheel, "lowest", tmp_path / "venv")
    uninstall(scripts, *unused)
    default_suite_passes(scripts)
