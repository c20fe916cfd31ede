"""The job itself, where the command line cannot lead it."""

from __future__ import annotations

import pytest

from nogilcheck.checker import check
from nogilcheck.errors import UsageError
from nogilcheck.model.options import Options


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
