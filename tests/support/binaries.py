"""The crafted binaries of fixtures/binaries, and what each declares."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "fixtures" / "binaries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crafted:
    """One binary."""

    file: str
    python: str
    declared: str
    without: str
    """What can be told without the extra ``scan``."""
    delegate: str | None = None
    source: str = ""
    target: str = ""

    @property
    def data(self) -> bytes:
        return (ROOT / "built" / self.file).read_bytes()


def crafted() -> list[Crafted]:
    entries = tomllib.loads((ROOT / "corpus.toml").read_text(encoding="utf-8"))["binary"]
    return [Crafted(**{key: value for key, value in entry.items() if key != "flags"}) for entry in entries]


CORPUS = {each.file: each for each in crafted()}


def binary(name: str) -> Crafted:
    """The first whose directory has this name."""
    return next(each for file, each in CORPUS.items() if file.startswith(name + "/"))
