from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.model.filenames import (
    MAX_FILENAME,
    MAX_VERSION,
    FileName,
    parse_filename,
    parse_version,
    version_text,
)


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a_b-1.0-py3-none-any.whl", FileName("wheel", "1.0", "py3-none-any")),
        ("A.b-1.0+cpu-cp314-cp314t-linux_x86_64.whl", FileName("wheel", "1.0+cpu", "cp314-cp314t-linux_x86_64")),
        ("a_b-1.0-2x-py3-none-any.whl", FileName("wheel", "1.0", "py3-none-any", "2x")),
        ("a-b-1.0.tar.gz", FileName("sdist", "1.0")),
        ("a_b-1.0.zip", FileName("sdist", "1.0")),
        ("a.b-1.0-1.tar.bz2", FileName("sdist", "1.0-1")),
        ("a-b-2.0rc1.tgz", FileName("sdist", "2.0rc1")),
    ],
)
def test_takes_what_pip_takes(filename: str, expected: FileName) -> None:
    assert parse_filename(filename, "a-b") == expected
    assert version_text(filename, "a-b") == expected.version


@pytest.mark.parametrize(
    "filename",
    [
        "a-1.0-py3-none-any.whl",  # another project
        "a_b_c-1.0-py3-none-any.whl",
        "a_b-1.0-x1-py3-none-any.whl",  # a build tag begins with a digit
        "a_b-1.0-py3-none.whl",
        "a_b-one-py3-none-any.whl",  # no version
        "a-b-c-1.0.tar.gz",
        "a-b.tar.gz",
        "a_b-1.0-py2.7.egg",
        "a-b-1.0.win32-py2.4.exe",
        "a-b-1.0.rpm",
        "a-b-1.0.macosx10.9.zip",
        "a-b-1.0.tar.gz.asc",
        "",
        ".whl",
    ],
)
def test_passes_over_the_rest(filename: str) -> None:
    assert parse_filename(filename, "a-b") is None
    assert version_text(filename, "a-b") is None


@given(
    st.lists(st.sampled_from(["a", "b", "1.0", "2", "py3", "none", "any", "x", ""]), max_size=7).map("-".join),
    st.sampled_from([".whl", ".tar.gz", ".zip", ".egg", ""]),
)
def test_the_quick_reading_agrees_with_the_full_one(stem: str, suffix: str) -> None:
    full = parse_filename(stem + suffix, "a")
    assert version_text(stem + suffix, "a") == (None if full is None else full.version)


@pytest.mark.parametrize("text", ["9" * 5000, f"1.{'9' * 5000}", f"{'9' * 5000}!1", f"1+{'9' * 5000}", "1." * 100_000])
def test_a_monstrous_version_is_none(text: str) -> None:
    """Some of them packaging takes for versions, and Python refuses to convert the numbers in them."""
    assert parse_version(text) is None


def test_names_and_versions_up_to_the_limit_are_taken() -> None:
    assert parse_version("9" * MAX_VERSION) is not None
    suffix = "-py3-none-any.whl"
    filename = f"a-{'9' * (MAX_FILENAME - len(suffix) - 2)}{suffix}"
    assert version_text(filename, "a") is not None
    for name in (f"a-1{'1' * MAX_FILENAME}{suffix}", f"a-{'1' * MAX_FILENAME}.tar.gz"):
        assert version_text(name, "a") is None
        assert parse_filename(name, "a") is None
