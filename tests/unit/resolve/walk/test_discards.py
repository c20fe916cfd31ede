"""What discards a wheel for its core metadata."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ReleaseFile
from nogilcheck.resolve.walk.discards import flaw_of

FILE = ReleaseFile(
    filename="demo-1.0-py3-none-any.whl", url="https://h/x", version=Version("1.0"), kind="wheel", hashes={}
)
GOOD = Metadata(name="demo", version="1.0")


@pytest.mark.parametrize(
    "metadata",
    [
        GOOD,
        Metadata(),
        replace(GOOD, version="1.0.0"),
        replace(GOOD, problems=("a limit",)),
        replace(GOOD, version="1"),
    ],
)
def test_what_installers_take(metadata: Metadata) -> None:
    assert flaw_of(FILE, "demo", metadata) is None


@pytest.mark.parametrize(
    ("metadata", "release", "stops"),
    [
        (replace(GOOD, name="other"), False, False),
        (replace(GOOD, version="1.0+local"), False, False),
        (replace(GOOD, version="2"), False, False),
        (replace(GOOD, invalid="a line"), True, False),
        (replace(GOOD, name=""), True, True),
        (replace(GOOD, version=""), True, True),
        (replace(GOOD, version="two"), True, True),
        (replace(GOOD, is_utf8=False), True, True),
    ],
)
def test_what_they_do_not(metadata: Metadata, *, release: bool, stops: bool) -> None:
    flaw = flaw_of(FILE, "demo", metadata)
    assert flaw is not None
    assert (flaw.release, flaw.stops) == (release, stops)


def test_of_an_sdist_and_of_what_could_not_be_read_nothing_is_known() -> None:
    assert flaw_of(replace(FILE, kind="sdist"), "demo", replace(GOOD, name="other")) is None
    assert flaw_of(FILE, "demo", Missing(kind=MissingKind.UNREACHABLE, text="gone")) is None
