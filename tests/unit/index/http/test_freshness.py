from __future__ import annotations

import pytest

from nogilcheck.index.http.freshness import DEFAULT_LIFE, MAX_LIFE, fresh_until

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, DEFAULT_LIFE),
        ({"cache-control": "public"}, DEFAULT_LIFE),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": 'Public, MAX-AGE = "60" , s-maxage=9'}, 60),
        ({"cache-control": "max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "90"}, 0),
        ({"cache-control": "max-age=60", "age": "old"}, 60),
        ({"cache-control": "max-age=0"}, 0),
        ({"cache-control": "max-age=-5"}, DEFAULT_LIFE),
        ({"cache-control": "max-age=soon"}, DEFAULT_LIFE),
        ({"cache-control": "no-cache, max-age=60"}, 0),
        ({"cache-control": "max-age=60, no-store"}, 0),
        ({"cache-control": "max-age=99999999999"}, MAX_LIFE),
    ],
)
def test_life(headers: dict[str, str], seconds: int) -> None:
    assert fresh_until(headers, NOW) == NOW + seconds
