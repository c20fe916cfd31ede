"""Asking the command line, and taking its JSON answer apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.command import Outcome, run
from tests.world import Index

ALL = ("--all-extras", "--all-groups")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check said, as JSON."""

    status: int
    report: Mapping[str, Any]

    @property
    def blockers(self) -> dict[str, str]:
        """Blocked projects, each with the place of its finding."""
        return {
            finding["distribution"]: place_of(finding["location"])
            for finding in self.report["findings"]
            if finding["severity"] == "blocker"
        }

    @property
    def distributions(self) -> set[str]:
        return {each["name"] for each in self.report["distributions"]}

    @property
    def gaps(self) -> list[tuple[str, str]]:
        return [(place_of(gap["location"]), gap["text"]) for gap in self.report["gaps"]]

    @property
    def notes(self) -> str:
        return "\n".join(self.report["notes"])


def place_of(location: Mapping[str, Any] | None) -> str:
    if location is None:
        return ""
    return location["path"] if location["line"] is None else f"{location['path']}:{location['line']}"


def ask(*arguments: str, index: Index | None = None, python: str = "3.14t") -> Outcome:
    """A check without a cache; without an index it may not ask for anything."""
    where = ("--index-url", index.url) if index else ("--offline",)
    outcome = run("check", *arguments, "--no-cache", "--python", python, *where)
    assert "Traceback" not in outcome.stderr
    return outcome


def check(*arguments: str, index: Index | None = None, python: str = "3.14t") -> Answer:
    outcome = ask(*arguments, "--format", "json", index=index, python=python)
    assert outcome.stderr == ""
    return Answer(status=outcome.status, report=json.loads(outcome.stdout))


def line_at(place: str) -> str:
    path, _, number = place.rpartition(":")
    return Path(path).read_text(encoding="utf-8").split("\n")[int(number) - 1]


def joined(text: str) -> str:
    """Without the breaks between lines."""
    return " ".join(text.split())
