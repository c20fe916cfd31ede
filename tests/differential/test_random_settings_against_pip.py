"""Whatever settings are thrown at a small world: where we say ready, pip takes the same versions.

``SETTINGS_WORLDS=300`` looks further than the default suite.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from nogilcheck.targets.builds import make_target
from tests.differential.random_settings import SETTINGS, Said, some_settings, timed_world, two_indexes
from tests.support.command import run
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.world import SHAPES, parse, serve

WORLDS = int(os.environ.get("SETTINGS_WORLDS", "10"))
"""For each setting."""

TARGET = make_target("3.14t", "linux-x86_64")

NOT_READY = {"no index", "hashes", "releases of some", "no dependencies", "any Python", "more requirements"}
"""Settings with which nothing of these worlds installs, and those that may be gaps rather than obeyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What we said of one world, and what to ask pip of it."""

    where: str
    ready: bool
    versions: dict[str, Version]
    question: dict[str, object]


@pytest.mark.parametrize("kind", SETTINGS)
def test_each_setting(kind: str, tmp_path: Path) -> None:
    ready = _compare(kind, SETTINGS[kind], tmp_path)
    assert kind in NOT_READY or ready >= WORLDS // 6, "hardly anything is ready: nothing was tried"


def test_several_settings_together(tmp_path: Path) -> None:
    names = set(SETTINGS) - NOT_READY
    assert _compare("several", lambda random: some_settings(random, names), tmp_path) >= WORLDS // 6


def _compare(kind: str, make: Callable[[Random], Said], directory: Path) -> int:
    """How many worlds are ready; in each of them pip takes what we say."""
    require_pip()
    with ExitStack() as servers:
        answers = [_answer(f"{kind} {seed}", make, directory / str(seed), servers) for seed in range(WORLDS)]
        ready = [answer for answer in answers if answer.ready]
        for answer, theirs in zip(ready, ask_pip(INSTALL, [each.question for each in ready]), strict=True):
            if theirs.get("crashed"):  # pip on distributions that require one another
                continue
            assert "chosen" in theirs, f"{answer.where}: ready, and pip says {theirs}"
            chosen = {canonicalize_name(name): Version(version) for name, (version, _) in theirs["chosen"].items()}
            assert chosen == answer.versions, answer.where
    return len(ready)


def _answer(where: str, make: Callable[[Random], Said], directory: Path, servers: ExitStack) -> Answer:
    random = Random(where)
    world, said = timed_world(random), make(random)
    universes = two_indexes(random, world.universe) if "OTHER" in repr(said) else (world.universe, "[projects]")
    index, second = (servers.enter_context(serve(parse(each), SHAPES["pypi"])).url for each in universes)

    def filled(text: str) -> str:
        return text.replace("DIR", str(directory)).replace("INDEX", index).replace("OTHER", second)

    directory.mkdir()
    lines = [*world.requirements, "-c constraints.txt", *said.lines]
    files = {"requirements.txt": "\n".join(lines), "constraints.txt": "\n".join(world.constraints), **said.files}
    for name, text in files.items():
        (directory / name).write_text(filled(text), encoding="utf-8")
    variables = {"PIP_INDEX_URL": index} | {name: filled(value) for name, value in said.variables.items()}
    ours = _ours(directory, [filled(each) for each in said.ours], variables)
    arguments = ["-r", str(directory / "requirements.txt"), *(filled(each) for each in said.theirs)]
    return Answer(
        where=f"{where}: {said}",
        ready=ours is not None,
        versions=ours or {},
        question={**installation(TARGET, "", arguments), "variables": variables},
    )


def _ours(directory: Path, flags: list[str], variables: dict[str, str]) -> dict[str, Version] | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        for name, value in variables.items():
            patch.setenv(name, value)
        outcome = run("requirements.txt", *flags, "--python", "3.14t", "--no-cache", "--no-config", "--format", "json")
    if outcome.status:
        return None
    return {each["name"]: Version(each["version"]) for each in json.loads(outcome.stdout)["distributions"]}
