"""Drawing the line, writing it and reading it back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.errors import ExitStatus, InputError
from nogilcheck.judge.baseline import baseline_text, draw_line, family_of, parse_baseline
from nogilcheck.judge.counting import Counting
from nogilcheck.judge.policy import apply_policy
from nogilcheck.model.policy import Baseline, Policy
from nogilcheck.model.report.report import Counts, Report, TargetSummary
from nogilcheck.targets.builds import parse_targets
from nogilcheck.targets.platforms import PLATFORMS
from tests.unit.judge.test_apply_policy import T14, T15, TODAY, WORLD, baseline, report, waiver

TAGS = ("manylinux_2_28_aarch64", "manylinux2014_x86_64", "musllinux_1_1_x86_64", "macosx_15_0_arm64", "win32")

fingerprints = st.builds(
    "{}:{}:{}".format,
    st.sampled_from(["blocker", "pure-fallback", "own-requires-python"]),
    st.sampled_from([T14, T15]),
    st.sampled_from(["grpcio", "a:b", "pyproject.toml", "名前"]),
)


@given(st.frozensets(fingerprints), st.frozensets(st.sampled_from([T14, T15])))
def test_what_is_written_is_read_back(chosen: frozenset[str], targets: frozenset[str]) -> None:
    drawn = Baseline(path="b.json", targets=targets, fingerprints=chosen)
    text = baseline_text(drawn)
    assert parse_baseline(text, "b.json") == drawn
    assert baseline_text(parse_baseline(text, "b.json")) == text


def test_a_line_of_the_file_is_a_blocker() -> None:
    text = baseline_text(baseline(f"blocker:{T15}:b", f"blocker:{T14}:b", f"blocker:{T14}:a"))
    lines = [line.strip(' ,"') for line in text.splitlines() if "blocker:" in line]
    assert lines == [f"blocker:{T14}:a", f"blocker:{T14}:b", f"blocker:{T15}:b"]


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "does not begin with"),
        ('{"schema_version": "1.0"}', "does not begin with"),
        ('{"nogilcheck-baseline": 2, "targets": [], "blockers": []}', "expected version 1, found 2"),
        ('{"nogilcheck-baseline": 1, "targets": []}', "$.blockers: expected an array, found nothing"),
        ('{"nogilcheck-baseline": 1, "targets": "x", "blockers": []}', "$.targets"),
        ('{"nogilcheck-baseline": 1, "targets": [], "blockers": ["grpcio"]}', "$.blockers[0]: expected a fingerprint"),
        ('{"nogilcheck-baseline": 1, "targets": [], "blockers": [7]}', "$.blockers[0]: expected a string"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(text: str, mentioned: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_baseline(text, "b.json")
    assert mentioned in str(caught.value)
    assert str(caught.value).startswith("b.json: not a baseline of nogilcheck")
    assert "--write-baseline" in (caught.value.hint or "")
    assert caught.value.exit_status is ExitStatus.UNUSABLE


def drawn(found: Report, policy: Policy | None = None, known: Baseline | None = None) -> Baseline:
    policy = policy or Policy()
    return draw_line(apply_policy(found, policy, today=TODAY), Counting.of(found, policy), "b.json", known)


def test_the_line_goes_through_every_blocker() -> None:
    expected = baseline(f"blocker:{T14}:speed", f"blocker:{T15}:speed", f"blocker:{T15}:fast")
    assert drawn(report()) == expected
    assert drawn(report(allowed=["3.15t"])) == expected, "what is allowed today counts tomorrow"


def test_warnings_belong_to_it_where_they_fail() -> None:
    from nogilcheck.config.policy import parse_fail_on

    policy = Policy(fail_on=parse_fail_on(["transitive:warning"]))
    assert f"pure-fallback:{T14}:slow" in drawn(report(), policy).fingerprints
    held = apply_policy(report(), replace(policy, baseline=drawn(report(), policy)), today=TODAY)
    assert held.exit_status == 0


def test_what_is_waived_does_not() -> None:
    policy = Policy(waivers=(waiver(distribution="speed"),))
    assert drawn(report(), policy).fingerprints == {f"blocker:{T15}:fast"}


def test_targets_that_were_not_checked_stay() -> None:
    known = baseline(f"blocker:{T14}:old", f"blocker:{T15}:old", f"blocker:{T15}:speed")
    only = report(replace(WORLD, targets=WORLD.targets[:1]))
    assert drawn(only, known=known) == baseline(f"blocker:{T14}:speed", f"blocker:{T15}:old", f"blocker:{T15}:speed")


@pytest.mark.parametrize("python", ["3.14t", "3.15", "3.14.2t"])
@pytest.mark.parametrize(
    "platform",
    [
        *PLATFORMS,
        "manylinux_2_28_aarch64",
        "manylinux2014_x86_64",
        "musllinux_1_1_x86_64",
        "macosx_15_0_arm64",
        "win32",
    ],
)
def test_the_family_of_a_target_is_the_same_in_a_report(python: str, platform: str) -> None:
    (target,) = parse_targets([python], [platform])
    summary = TargetSummary(
        id=target.id,
        python=target.version,
        free_threaded=target.free_threaded,
        platform=target.platform,
        floor=target.floor,
        verdict="ready",
        counts=Counts(),
    )
    assert family_of(summary) == target.family_id


def test_the_file_says_what_it_is() -> None:
    assert next(iter(json.loads(baseline_text(baseline())))) == "nogilcheck-baseline"
