"""Wheels whose metadata differ or are not valid, told to people; the verdicts are in the universe `wheel-metadata`."""

from __future__ import annotations

from pathlib import Path

import pytest
from wheel.wheelfile import WheelFile

from tests.support.command import run
from tests.world import SHAPES, load, serve

ON_T = ("--python", "3.14t", "--no-cache")


def wheel(directory: Path, version: str, text: bytes) -> None:
    """A pure wheel of demo with this metadata."""
    with WheelFile(directory / f"demo-{version}-py3-none-any.whl", "w") as archive:
        info = f"demo-{version}.dist-info"
        archive.writestr(f"{info}/METADATA", text)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")


@pytest.mark.parametrize("where", ["Summary: caf\xe9\n", "\ncaf\xe9\n", "Requires-Dist: caf\xe9\n"])
def test_metadata_that_are_not_utf8_are_unknown_and_the_older_release_is_judged(tmp_path: Path, where: str) -> None:
    for version, more in (("1.0", ""), ("2.0", where)):
        wheel(tmp_path, version, f"Metadata-Version: 2.1\nName: demo\nVersion: {version}\n{more}".encode("latin-1"))
    outcome = run("demo", "--no-index", "--find-links", str(tmp_path), *ON_T, "-v")
    assert outcome.status == 3, outcome
    said = " ".join(outcome.stdout.split())
    assert "pip stops at demo-2.0-py3-none-any.whl" in said
    assert "not UTF-8" in said
    assert "demo 1.0" in said


@pytest.mark.parametrize("shape", ["pypi", "mirror"])
@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("more-on-t", 1, "more_on_t-1.0-cp314-cp314t-manylinux_2_28_x86_64.whl requires ftonly"),
        ("less-on-t", 0, "does not require ftonly"),
        ("tighter-on-t", 0, "requires small<2 and does not require small, unlike"),
        ("python-of-t", 1, "its Requires-Python is >=3.15"),
        ("hidden-python-of-t", 1, "its Requires-Python is >=3.15"),
        ("bad-on-t", 1, "its METADATA says that it is version 3.0"),
        ("flashy", 1, "flashy-2.8.3+cu126-py3-none-any.whl is discarded"),
        ("not-this-minor", 0, "Requires-Python is !=3.14,>=3.9"),
    ],
)
def test_the_report_says_what_the_wheels_say(name: str, status: int, told: str, shape: str) -> None:
    with serve(load("wheel-metadata"), SHAPES[shape]) as index:
        outcome = run(name, "--index-url", index.url, *ON_T)
    assert outcome.status == status, outcome
    assert told in " ".join(outcome.stdout.split())


def test_classifiers_of_the_project_itself_are_a_warning_at_their_line(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(
        '[project]\nname = "demo"\nversion = "1"\ndependencies = ["small"]\n'
        'classifiers = ["Programming Language :: Python :: 3.12", "Programming Language :: Python :: 3.13"]\n'
    )
    with serve(load("wheel-metadata")) as index:
        outcome = run(str(file), "--index-url", index.url, *ON_T)
    assert outcome.status == 0, outcome
    said = " ".join(outcome.stdout.split())
    assert "classifiers end at 3.13" in said
    assert f"{file}:5" in said
