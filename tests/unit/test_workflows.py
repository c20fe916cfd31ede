"""The workflow files: they parse, what they use is pinned, they may do little, and they try what the package claims."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGES = [*WORKFLOWS, ROOT / "action.yml", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
USES = re.compile(r"^\s*(?:- )?uses: *(.*)$", re.MULTILINE)
PINNED = re.compile(r"(?P<action>[\w.-]+(?:/[\w.-]+)+)@(?P<commit>[0-9a-f]{40}) # (?P<release>v\d+\.\d+\.\d+)")
OWN = {"./", "./tools/nogilcheck"}
"""This repository, and where the recipes have it."""


def workflow(name: str) -> Any:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


def used(*pages: Path) -> Iterator[str]:
    """Whatever stands behind ``uses:``."""
    for page in pages:
        yield from USES.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_parses_and_may_do_nothing_by_default(path: Path) -> None:
    read = workflow(path.name)
    assert read["permissions"] == {}
    for job in read["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert all(value in {"read", "write"} for value in job["permissions"].values())
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_every_action_is_pinned_by_its_commit() -> None:
    found = [one for one in used(*PAGES) if one.split(" #")[0] not in OWN]
    assert len(found) > 10
    assert [one for one in found if not PINNED.fullmatch(one)] == []


def test_an_action_is_the_same_wherever_it_is_used() -> None:
    pins = {match.group("action", "commit", "release") for one in used(*PAGES) if (match := PINNED.fullmatch(one))}
    actions = [action for action, _, _ in pins]
    assert sorted(actions) == sorted(set(actions))


def test_no_checkout_leaves_its_token_behind() -> None:
    for path in WORKFLOWS:
        for job in workflow(path.name)["jobs"].values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False


def test_the_matrix_is_what_the_classifiers_claim() -> None:
    matrix = workflow("ci.yml")["jobs"]["suite"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = [line.removeprefix("Programming Language :: Python :: ") for line in project["classifiers"]]
    regular = [one for one in matrix["python"] if not one.endswith("t")]
    assert regular == [one for one in claimed if re.fullmatch(r"3\.\d+", one)]
    assert project["requires-python"] == f">={regular[0]}"
    assert [one for one in matrix["python"] if one.endswith("t")] == ["3.14t", "3.15t"]
    assert any(one.startswith("Free Threading :: ") for one in claimed)
    assert "Operating System :: OS Independent" in claimed
    assert {one.split("-")[0] for one in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_the_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {
        target
        for name in ("ci.yml", "drift.yml")
        for target in workflow(name)["jobs"]["commands"]["strategy"]["matrix"]["target"]
    }
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    asked |= set(re.findall(r"run: make ([a-z-]+)", text))
    assert asked <= targets


def test_a_release_is_published_without_a_stored_secret() -> None:
    release = workflow("release.yml")
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = release["jobs"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    # Whoever holds the identity runs no code of this repository.
    assert not any("run" in step for name in ("attest", "publish") for step in jobs[name]["steps"])
