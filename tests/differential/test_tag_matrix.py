"""Row by row, what installers accept: the table as measured, pip on the target's own tags, and our verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from nogilcheck.jobs.check import check
from nogilcheck.model.options import Options
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import IndexSettings
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.world import SHAPES, load, serve

PLATFORM = "linux-x86_64"
PYTHONS = ("3.14", "3.14t", "3.15", "3.15t")
LINUX = "manylinux_2_28_x86_64"

REFUSALS = ("No matching distribution found", "requires a different Python")
"""How pip says that it found nothing."""

Accepted = dict[str, str]
"""By Python, the tags of the wheel that is taken."""


def _by(wheel: str, *pythons: str) -> Accepted:
    return dict.fromkeys(pythons, wheel)


MATRIX: dict[str, Accepted] = {
    "cp32-abi3": _by(f"cp32-abi3-{LINUX}", "3.14", "3.15"),
    "cp39-abi3": _by(f"cp39-abi3-{LINUX}", "3.14", "3.15"),
    "cp314-abi3": _by(f"cp314-abi3-{LINUX}", "3.14", "3.15"),
    "cp315-abi3": _by(f"cp315-abi3-{LINUX}", "3.15"),
    "cp316-abi3": {},
    "cp39-abi3t": _by(f"cp39-abi3t-{LINUX}", "3.14t", "3.15t"),
    "cp313-abi3t": _by(f"cp313-abi3t-{LINUX}", "3.14t", "3.15t"),
    "cp314-abi3t": _by(f"cp314-abi3t-{LINUX}", "3.14t", "3.15t"),
    "cp315-abi3t": _by(f"cp315-abi3t-{LINUX}", "3.15t"),
    "cp315-abi3-abi3t": _by(f"cp315-abi3.abi3t-{LINUX}", "3.15", "3.15t"),
    "cp314-cp314": _by(f"cp314-cp314-{LINUX}", "3.14"),
    "cp314-cp314t": _by(f"cp314-cp314t-{LINUX}", "3.14t"),
    "cp314-cp314-cp314t": _by(f"cp314-cp314.cp314t-{LINUX}", "3.14", "3.14t"),
    "cp315-cp315t": _by(f"cp315-cp315t-{LINUX}", "3.15t"),
    "py3-none-platform": _by("py3-none-manylinux_2_17_x86_64", *PYTHONS),
    "py313-none-platform": _by("py313-none-manylinux_2_17_x86_64", *PYTHONS),
    "py3-none-any": _by("py3-none-any", *PYTHONS),
    "py2-py3-none-any": _by("py2.py3-none-any", *PYTHONS),
    "cp314-none-any": _by("cp314-none-any", "3.14", "3.14t"),
    "cp314-none-platform": _by(f"cp314-none-{LINUX}", "3.14", "3.14t"),
    **{
        name: {}
        for name in (
            "cp313-none-any", "cp38-abi3-any", "cp39-abi3t-any", "py3-abi3", "py3-abi3t", "py314-cp314t",
            "cp314t-cp314t", "cp315t-abi3t", "cp314t-none-any", "glibc-2-35", "musl", "aarch64", "windows",
        )
    },
    "everything": _by(f"cp314-cp314-{LINUX}", "3.14")
    | _by(f"cp314-cp314t-{LINUX}", "3.14t")
    | _by(f"cp315-abi3.abi3t-{LINUX}", "3.15", "3.15t"),
    "two-floors": _by("cp314-cp314.cp314t-manylinux_2_34_x86_64", "3.14", "3.14t")
    | _by(f"cp315-abi3.abi3t-{LINUX}", "3.15", "3.15t"),
    "build-tags": _by("10-py3-none-any", *PYTHONS),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What installers do with one requirement on 3.14t."""

    requirement: str
    project: str = ""
    """The one that it is about, when it is not the required one."""
    twin: str | None
    """The version that the twin takes."""
    target: str | None
    """The version that pip takes on the target: the twin's, or silently another."""
    ours: str | None = None
    """What we say of the target where that differs by intent: see docs/reference/agreement-with-pip.md."""

    @property
    def subject(self) -> str:
        return self.project or self.requirement.partition("=")[0]


RULES = (
    Rule(requirement="newest-yanked", twin="1.0", target="1.0"),
    Rule(requirement="newest-yanked==2.0", twin="2.0", target="2.0"),
    Rule(requirement="pins-yanked", project="newest-yanked", twin="2.0", target="2.0"),
    Rule(requirement="all-yanked==1.0", twin="1.0", target="1.0"),
    Rule(requirement="yanked-free-threaded==2.0", twin="2.0", target="2.0"),
    Rule(requirement="yanked-free-threaded", twin="2.0", target="1.0", ours="2.0"),
    Rule(requirement="candidate-only", twin="1.0", target="2.0rc1"),
    Rule(requirement="candidate-too", twin="1.0", target="1.0"),
    Rule(requirement="only-candidates", twin="1.0rc1", target="1.0rc1"),
    Rule(requirement="stepped-back", twin="2.0", target="1.0"),
    Rule(requirement="capped", twin=None, target=None),
    Rule(requirement="excluded", twin=None, target=None),
    Rule(requirement="later", twin=None, target=None),
    Rule(requirement="later-in-metadata", twin=None, target=None),
    Rule(requirement="later-patch", twin=None, target=None),
    Rule(requirement="malformed", twin="1.0", target="1.0"),
    Rule(requirement="capped-newest", twin="1.0", target="1.0"),
    Rule(requirement="later-newest-in-metadata", twin="1.0", target="1.0"),
)


def test_the_universe_and_the_matrix_have_the_same_rows() -> None:
    assert {project.name for project in load("tag-matrix").projects} == set(MATRIX)
    needed = {name for rule in RULES for name in (rule.subject, rule.requirement.partition("=")[0])}
    assert {project.name for project in load("installer-rules").projects} == needed


def test_pip_and_we_accept_the_same_tags() -> None:
    require_pip()
    with serve(load("tag-matrix"), SHAPES["pypi"]) as index:
        report = _check(index.url, tuple(MATRIX), PYTHONS)
        cases = [(name, python) for name in MATRIX for python in PYTHONS]
        questions = [installation(make_target(p, PLATFORM), index.url, ["--no-deps", name]) for name, p in cases]
        answers = ask_pip(INSTALL, questions)
    ours = {}
    for distribution in report.distributions:
        for python in PYTHONS:
            verdict = distribution.targets[make_target(python, PLATFORM).id].verdict
            ours[distribution.name, python] = _tags(verdict.wheel)
    theirs = {case: _tags(_chosen(answer, case[0])[1]) for case, answer in zip(cases, answers, strict=True)}
    measured = {(name, python): MATRIX[name].get(python) for name, python in cases}
    assert ours == measured
    assert theirs == measured


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.requirement)
def test_we_know_what_each_rule_does_to_the_target(rule: Rule) -> None:
    """Ours against the table; pip's side is asked for all at once below."""
    with serve(load("installer-rules"), SHAPES["pypi"]) as index:
        report = _check(index.url, (rule.requirement,), ("3.14t",))
    target = make_target("3.14t", PLATFORM)
    (found,) = [distribution for distribution in report.distributions if distribution.name == rule.subject]
    verdict = found.targets[target.id].verdict
    silently = verdict.fallback.version if verdict.fallback and verdict.fallback.silent else None
    assert (found.version if verdict.wheel else silently) == (rule.ours or rule.target)
    if rule.twin is None:
        assert verdict.status == "unavailable"
    else:
        assert found.version == rule.twin


def test_pip_follows_each_rule() -> None:
    require_pip()
    target = make_target("3.14t", PLATFORM)
    builds = (target.installer, target)
    with serve(load("installer-rules"), SHAPES["pypi"]) as index:
        questions = [installation(build, index.url, [rule.requirement]) for rule in RULES for build in builds]
        answers = iter(ask_pip(INSTALL, questions))
    theirs = {rule.requirement: tuple(_chosen(next(answers), rule.subject)[0] for _ in builds) for rule in RULES}
    assert theirs == {rule.requirement: (rule.twin, rule.target) for rule in RULES}


def test_pip_answers_for_the_build_it_is_told_of() -> None:
    require_pip()
    with serve(load("tag-matrix"), SHAPES["pypi"]) as index:
        question = installation(make_target("3.14t", PLATFORM), index.url, ["--no-deps", "cp314-cp314t"])
        (other,) = ask_pip(INSTALL, [question | {"abi": "cp314"}])
    assert "error" in other
    assert not other["crashed"]


def _check(index: str, requirements: tuple[str, ...], pythons: tuple[str, ...]) -> Report:
    settings = IndexSettings(index_url=index)
    return check(Options(inputs=requirements, pythons=pythons, platforms=(PLATFORM,), settings=settings, no_cache=True))


def _chosen(answer: dict[str, Any], name: str) -> tuple[str | None, str | None]:
    """Version and wheel; nothing where pip finds nothing."""
    if "error" in answer:
        assert not answer["crashed"], answer["error"]
        assert any(reason in answer["error"] for reason in REFUSALS), answer
        return None, None
    version, wheel = answer["chosen"][name]
    return version, wheel


def _tags(wheel: str | None) -> str | None:
    return None if wheel is None else wheel.removesuffix(".whl").split("-", 2)[2]
