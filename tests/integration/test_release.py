"""What is released, built and checked as `make build` does."""

from __future__ import annotations

import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from nogilcheck import __version__
from tests.support.workshop import install_locked, make_environment, run

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[2]

BACKEND = """
import os, tarfile, zipfile


def build_sdist(directory, settings=None):
    with tarfile.open(f"{directory}/x-1.tar.gz", "w:gz") as archive:
        for name in ("PKG-INFO", "pyproject.toml", "backend.py"):
            archive.add(name, f"x-1/{name}")
    return "x-1.tar.gz"


def build_wheel(directory, settings=None, metadata=None):
    with zipfile.ZipFile(f"{directory}/x-1-py3-none-any.whl", "w") as archive:
        archive.writestr("x.py", os.getcwd())
    return "x-1-py3-none-any.whl"
"""
"""A build backend that writes down where it was run, and when."""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scripts = make_environment(sys.executable, tmp_path_factory.mktemp("release") / "venv")
    install_locked(scripts, "release")
    return scripts


@pytest.fixture(scope="module")
def dist(scripts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two builds in different circumstances made of the last commit, byte for byte the same."""
    directory = tmp_path_factory.mktemp("release") / "dist"
    said = run(scripts / "python", "-m", "tests.release", "build", directory, cwd=ROOT).stdout
    assert {line.split()[1] for line in said.splitlines()} == {path.name for path in directory.iterdir()}
    return directory


def test_the_wheel_and_the_sdist_pass_the_checks_of_others(scripts: Path, dist: Path) -> None:
    wheel, sdist = dist / f"nogilcheck-{__version__}-py3-none-any.whl", dist / f"nogilcheck-{__version__}.tar.gz"
    assert sorted(dist.iterdir()) == sorted([wheel, sdist])
    run(scripts / "check-wheel-contents", wheel)
    run(scripts / "twine", "check", "--strict", wheel, sdist)


def test_the_wheel_passes_our_own(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    run(sys.executable, "-m", "nogilcheck", "inspect", wheel)


def test_the_metadata_has_the_addresses_and_the_sdist_what_a_developer_needs(dist: Path) -> None:
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_bytes(archive.read(f"nogilcheck-{__version__}.dist-info/METADATA"))
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert metadata.get_all("Project-URL", []) == [f"{label}, {url}" for label, url in urls.items()]
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "SECURITY.md",
        "Makefile",
        ".github/workflows/ci.yml",
        "tests/locks/release.txt",
        "tests/release.py",
    } <= names


def test_builds_that_differ_are_refused(scripts: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "backend.py").write_text(BACKEND, encoding="utf-8")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n", encoding="utf-8")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )
    who = ("-c", "user.name=a", "-c", "user.email=a@host.invalid")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message", "all of it")):
        run("git", *arguments, cwd=source)
    code = f"from pathlib import Path; from tests.release import build; build(Path('made'), Path({str(source)!r}))"
    done = run(scripts / "python", "-c", code, check=False, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 1
    assert "two builds of one commit differ" in done.stderr
    assert not (tmp_path / "made").exists()
