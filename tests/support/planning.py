"""Asking for a plan on the command line, and asking a check and pip what they make of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nogilcheck.targets.builds import make_target
from tests.support.command import Outcome, run
from tests.support.pip_oracle import INSTALL, ask_pip, installation
from tests.world import Index

PYTHON = "3.14t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a plan said, as JSON; of its only target."""

    status: int
    plan: Mapping[str, Any]
    stderr: str

    @property
    def target(self) -> Mapping[str, Any]:
        targets: list[Mapping[str, Any]] = self.plan["targets"]
        (one,) = targets
        return one

    @property
    def changes(self) -> list[tuple[str, str | None, str]]:
        return [(one["kind"], one["before"], one["after"]) for one in self.target["changes"]]

    @property
    def moves(self) -> dict[str, tuple[str | None, str | None]]:
        return {one["name"]: (one["from"], one["to"]) for one in self.target["moves"]}

    @property
    def remaining(self) -> list[str]:
        return list(self.target["remaining"])

    @property
    def verified(self) -> bool:
        return bool(self.target["verified"])


def ask_plan(*arguments: str, index: Index, python: str = PYTHON) -> Outcome:
    """A plan without a cache."""
    outcome = run("plan", *arguments, "--no-cache", "--python", python, "--index-url", index.url)
    assert "Traceback" not in outcome.stderr
    return outcome


def plan(*arguments: str, index: Index, python: str = PYTHON) -> Answer:
    """The same, read."""
    outcome = ask_plan(*arguments, "--format", "json", index=index, python=python)
    assert outcome.stdout, outcome
    return Answer(status=outcome.status, plan=json.loads(outcome.stdout), stderr=outcome.stderr)


def blocked_again(path: Path, *arguments: str, index: Index, python: str = PYTHON) -> set[str]:
    """What a check of a written file finds blocked; nothing in it may be unknown."""
    found = run("check", str(path), *arguments, "--format", "json", "--no-cache", "--python", python,
                "--index-url", index.url)  # fmt: skip
    report = json.loads(found.stdout)
    assert report["gaps"] == [], report["gaps"]
    return {one["distribution"] for one in report["findings"] if one["severity"] == "blocker"}


def refused_by_pip(paths: Sequence[Path], index: Index, *, python: str = PYTHON) -> dict[str, str]:
    """What pip says against installing the requirements of these files on the target, wheels only; by file."""
    target = make_target(python, "linux-x86_64")
    answers = ask_pip(INSTALL, [installation(target, index.url, ["-r", str(path)]) for path in paths])
    return {str(path): one["error"] for path, one in zip(paths, answers, strict=True) if "error" in one}
