"""The fixes that a survey names free at least what it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.judge.survey import answer
from nogilcheck.model.report.survey import SurveyBlocker, SurveyResult, SurveyTarget


def result(number: int, names: frozenset[str], *, unknowns: bool) -> SurveyResult:
    blockers = tuple(
        SurveyBlocker(name=name, version="1", status="gil-only", link=None, fix="") for name in sorted(names)
    )
    verdict = "blocked" if names else "unknown" if unknowns else "ready"
    target = SurveyTarget(label="t", allowed=False, blockers=blockers, unknowns=("x",) * unknowns, verdict=verdict)
    return SurveyResult(project=f"p{number}", report="r", error=None, targets={"t": target})


@given(st.lists(st.tuples(st.frozensets(st.sampled_from("abcdef"), max_size=4), st.booleans()), min_size=1))
def test_a_set_of_fixes_frees_what_it_says(projects: list[tuple[frozenset[str], bool]]) -> None:
    (target,) = answer(result(n, *one[:1], unknowns=one[1]) for n, one in enumerate(projects)).targets.values()
    freeable = [names for names, unknowns in projects if names and not unknowns]
    assert [found.share for found in target.fix_sets][-1:] == [100] * bool(freeable)
    for found in target.fix_sets:
        freed = sum(names <= set(found.names) for names in freeable)
        assert freed == found.freed >= found.share * len(freeable) / 100
    for rank in target.ranks:
        assert len(rank.holds) == sum(rank.name in names for names, _ in projects)
        assert rank.alone == sum(names == {rank.name} for names in freeable)
    assert len(target.having("ready")) == sum(one == (frozenset(), False) for one in projects)
