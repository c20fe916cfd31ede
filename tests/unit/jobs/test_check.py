"""The job itself, where the command line cannot lead it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.errors import UsageError
from nogilcheck.jobs.check import check, checking
from nogilcheck.model.artifact import Missing
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from tests.world import SHAPES, load, serve


@pytest.mark.parametrize(
    "options",
    [
        Options(inputs=("app",), pythons=(), no_cache=True),
        Options(inputs=("app",), platforms=(), no_cache=True),
    ],
)
def test_a_check_without_a_target_is_refused(options: Options) -> None:
    with pytest.raises(UsageError, match="no target"):
        check(options)


def test_a_check_can_be_gone_on_with(cache_dir: Path) -> None:
    with serve(load("fallback"), SHAPES["pypi"]) as index:
        requirement = next(iter(load("fallback").projects)).name
        options = Options(
            inputs=(requirement,),
            pythons=("3.14t", "3.15t"),
            settings=IndexSettings(index_url=index.url),
            cache_dir=str(cache_dir),
        )
        with checking(options) as session:
            asked = len(index.requests)
            page = session.fetcher.page(requirement)
            assert len(index.requests) == asked  # the check had it already
        assert not isinstance(page, Missing)
        assert [target.python_name for target in session.targets] == ["3.14t", "3.15t"]
        assert [one.target for one in session.judged] == list(session.targets)
        assert [root.name for root in session.inputs.roots] == [requirement]
        assert check(options) == session.report
        assert len(index.requests) == asked  # it was kept for the next check
        assert isinstance(session.fetcher.page("never-asked-for"), Missing)  # it is over
