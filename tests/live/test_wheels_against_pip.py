"""The wheels that we say a target gets against those that pip takes, on the real index. Opt in: ``make test-live``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import pytest

from nogilcheck.classify.wheels import is_compiled
from nogilcheck.jobs.check import check
from nogilcheck.model.options import DEFAULT_INDEX_URL, Options
from nogilcheck.model.verdict import ReasonCode, Verdict
from nogilcheck.targets.builds import parse_targets
from tests.support.pip_oracle import INSTALL, WHEELS, ask_pip, cross, installation, require_pip

pytestmark = pytest.mark.live

PYTHONS = ("3.13t", "3.14", "3.14t", "3.15", "3.15t")
PLATFORMS = ("linux-x86_64", "macos-arm64", "windows-amd64")
REQUIREMENTS = (
    "aiohttp", "bcrypt", "black", "brotli", "cryptography", "debugpy", "grpcio", "lxml", "msgpack", "numpy", "orjson",
    "pandas", "polars", "protobuf", "psutil", "psycopg[binary]", "psycopg2-binary", "pydantic", "pyyaml", "requests",
    "ruff", "sqlalchemy", "watchfiles",
    "crcmod", "docopt", "python-ldap", "sgmllib3k", "uwsgi",
)  # fmt: skip
"""With what they depend on: compiled, pure, and a few that have no wheels at all."""

KINDS = ("compiled wheel", "pure wheel", "no fitting wheel", "no wheel at all")
SAMPLE = 15

EXPLAINED = frozenset({ReasonCode.MISTAGGED, ReasonCode.ARCHIVE_NOT_READ})
"""Reasons to say otherwise than pip, which looks at tags alone: docs/reference/agreement-with-pip.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One distribution on one target."""

    target: str
    """`Target.id`."""
    name: str
    version: str
    verdict: Verdict

    @property
    def ours(self) -> str | None:
        """The wheel, ``sdist``, or nothing."""
        return self.verdict.wheel or ("sdist" if self.verdict.sdist else None)


@cache
def our_answers() -> tuple[Pair, ...]:
    """A project that cannot be determined is as much an answer as any other."""
    report = check(Options(inputs=REQUIREMENTS, pythons=PYTHONS, platforms=PLATFORMS, no_cache=True))
    return tuple(
        Pair(target=target, name=d.name, version=d.version, verdict=assessment.verdict)
        for d in report.distributions
        if d.version is not None
        for target, assessment in d.targets.items()
    )


@cache
def pip_answers() -> dict[tuple[str, str], dict[str, Any]]:
    """What pip's finder takes, by target and name."""
    require_pip()
    targets = parse_targets(PYTHONS, PLATFORMS)
    wanted = {target.id: {p.name: p.version for p in our_answers() if p.target == target.id} for target in targets}
    builds = [{**cross(target), "wanted": wanted[target.id]} for target in targets]
    answers = ask_pip(WHEELS, {"index": DEFAULT_INDEX_URL, "builds": builds})
    return {(t.id, name): found for t, answer in zip(targets, answers, strict=True) for name, found in answer.items()}


def test_every_wheel_is_the_one_that_pip_takes(capsys: pytest.CaptureFixture[str]) -> None:
    theirs = pip_answers()
    kinds = {(p.target, p.name): _kind(theirs[p.target, p.name]) for p in our_answers()}
    disagreeing = [p for p in our_answers() if p.ours != _outcome(theirs[p.target, p.name])]
    with capsys.disabled():
        print("", *_table(kinds, disagreeing), sep="\n")
    unexplained = {
        f"{p.name} {p.version} on {p.target}": (p.ours, p.verdict.status, _outcome(theirs[p.target, p.name]))
        for p in disagreeing
        if EXPLAINED.isdisjoint(reason.code for reason in p.verdict.reasons)
    }
    assert unexplained == {}
    assert set(kinds.values()) == set(KINDS), "a kind of answer is not tried any more: add requirements"


def test_the_command_line_of_pip_says_what_its_finder_says() -> None:
    """A sample of the pairs, asked of ``pip install --dry-run`` with the target's tags."""
    theirs = pip_answers()
    targets = {target.id: target for target in parse_targets(PYTHONS, PLATFORMS)}
    by_kind: dict[str, list[Pair]] = {}
    for pair in our_answers():
        by_kind.setdefault(_kind(theirs[pair.target, pair.name]), []).append(pair)
    sample = [
        p for pairs in by_kind.values() for p in Random(1).sample(pairs, min(len(pairs), SAMPLE // len(by_kind) + 1))
    ]
    questions = [
        installation(targets[p.target], DEFAULT_INDEX_URL, ["--no-deps", f"{p.name}=={p.version}"]) for p in sample
    ]
    answers = ask_pip(INSTALL, questions)
    assert len(answers) >= SAMPLE
    for pair, answer in zip(sample, answers, strict=True):
        wheel = next(iter(answer["chosen"].values()))[1] if "chosen" in answer else None
        assert wheel == theirs[pair.target, pair.name]["wheel"], (pair, answer)


def _outcome(answer: dict[str, Any]) -> str | None:
    return answer["wheel"] or (answer["other"] and "sdist")


def _kind(answer: dict[str, Any]) -> str:
    if answer["wheel"]:
        return "compiled wheel" if is_compiled(answer["wheel"].removesuffix(".whl").split("-", 2)[2]) else "pure wheel"
    return "no fitting wheel" if answer["has_wheels"] else "no wheel at all"


def _table(kinds: dict[tuple[str, str], str], disagreeing: list[Pair]) -> Iterator[str]:
    yield f"| target | {' | '.join(KINDS)} | pairs | agree |"
    yield "|---" * (len(KINDS) + 3) + "|"
    for target in (*dict.fromkeys(target for target, _ in kinds), ""):
        own = [kind for (where, _), kind in kinds.items() if where == target or not target]
        agreeing = len(own) - sum(pair.target == target or not target for pair in disagreeing)
        counts = [str(own.count(kind)) for kind in KINDS]
        yield f"| {target or 'together'} | {' | '.join(counts)} | {len(own)} | {agreeing} |"
