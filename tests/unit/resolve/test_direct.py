"""What the text of a direct reference tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile
from nogilcheck.resolve.direct import MAX_LENGTH, has_hash, look_at, named_by, reference

WHEEL = "https://files.test/d/Foo_Bar-1.0%2Bcpu-2-cp314-cp314t-manylinux_2_28_x86_64.whl"


def test_a_wheel_is_read_off_its_name() -> None:
    assert look_at("foo-bar", f"{WHEEL}#egg=foo-bar&sha256=AB&md5=C") == ReleaseFile(
        filename="Foo_Bar-1.0+cpu-2-cp314-cp314t-manylinux_2_28_x86_64.whl",
        url=WHEEL,
        version=Version("1.0+cpu"),
        kind="wheel",
        tags="cp314-cp314t-manylinux_2_28_x86_64",
        build="2",
        hashes={"sha256": "ab", "md5": "c"},
    )


@pytest.mark.parametrize(
    ("url", "version"),
    [
        ("https://files.test/foo_bar-1.0.tar.gz", "1.0"),
        ("file:///d/foo-bar-1.0rc1.zip", "1.0rc1"),
        ("https://git.test/-/archive/v1.2/foo-bar-v1.2.tar.bz2", "1.2"),
        ("https://git.test/foo/archive/refs/tags/v1.2.tar.gz", "1.2"),
        ("https://git.test/foo/archive/release-1.2.zip", "1.2"),
    ],
)
def test_an_sdist_too_and_an_archive_that_is_named_after_a_tag(url: str, version: str) -> None:
    found = look_at("foo-bar", url)
    assert isinstance(found, ReleaseFile)
    assert (found.kind, found.version, found.url, found.index) == ("sdist", Version(version), url, "")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://h/bar-1.0-py3-none-any.whl", "bar-1.0-py3-none-any.whl is no wheel of foo"),
        ("https://h/foo.whl", "foo.whl is no wheel of foo"),
        ("https://h/foo-x-py3-none-any.whl", "foo-x-py3-none-any.whl is no wheel of foo"),
        ("https://h/foo/archive/main.zip", "the file name main.zip tells no version of foo"),
        ("https://h/bar-1.0.tar.gz", "the file name bar-1.0.tar.gz tells no version of foo"),
        ("https://h/foo-1.0.tar.gz#subdirectory=x", "the project is in a subdirectory of the archive"),
        ("https://h/download?file=foo-1.0.zip", "it is neither a wheel nor a source archive"),
        ("file:///projects/foo", "it is a project directory"),
        ("ftp://h/foo-1.0.tar.gz", "only archives at https, http and file URLs are read"),
        ("https://[h/foo-1.0.tar.gz", "only archives at https, http and file URLs are read"),
        ("git+https://h/foo", "it names no version"),
        ("git+ssh://git@h/foo.git", "it names no version"),
        ("git+https://h/foo@main#egg=foo", "main is no version"),
        ("git+https://h/foo@4f0c5b1e", "4f0c5b1e is no version"),
        ("git+https://h/foo@bar-1.0", "bar-1.0 is no version"),
        ("git+https://[h/foo@1.0", "it names no version"),
    ],
)
def test_why_it_is_not_looked_into(url: str, reason: str) -> None:
    assert look_at("foo", url) == Missing(kind=MissingKind.DIRECT_URL, text=reason)


@pytest.mark.parametrize(
    "ref", ["1.2", "v1.2", "V1.2.0", "refs/tags/v1.2", "release-1.2", "releases/1.2", "py-foo-1.2", "Py_Foo/v1.2",
            "py-foo@1.2", "v1%2E2"]
)  # fmt: skip
def test_refs_that_read_as_a_version(ref: str) -> None:
    assert look_at("py-foo", f"git+https://me@h/py-foo.git@{ref}#egg=py-foo") == Version("1.2")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (WHEEL, "foo-bar"),
        ("file:///d/foo-bar-1.0.tar.gz", "foo-bar"),
        ("file:///d/py-3-foo-1.0-rc1.zip#egg=x", "py-3-foo"),
        ("file:///d/foo.tar.gz", None),
        ("file:///d/-1.0.tar.gz", None),
        ("file:///d/foo-main.tar.gz", None),
        ("file:///d/foo-1.0.whl", None),
        ("file:///d/project", None),
        ("git+https://h/foo-1.0", None),
    ],
)
def test_the_name_that_a_file_name_tells(url: str, name: str | None) -> None:
    assert named_by(url) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://u:p@h/x.whl", "https://h/x.whl", True),
        ("https://h/x.whl#egg=x", "https://h/x.whl", True),
        ("https://h/x.whl#sha256=a&egg=x", "https://h/x.whl#egg=y&sha256=a", True),
        ("file:///x.whl", "file://localhost/x.whl", True),
        ("https://h/x.whl#sha256=a", "https://h/x.whl", False),
        ("https://h/x.zip#subdirectory=a", "https://h/x.zip", False),
        ("https://h/x.whl?a=1", "https://h/x.whl", False),
        ("https://h/x.whl", "https://h:8080/x.whl", False),
        ("git+https://h/x@v1", "git+https://h/x@v2", False),
    ],
)
def test_what_pip_takes_for_the_same(one: str, other: str, same: bool) -> None:
    assert (reference(one) == reference(other)) is same


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h/x.whl#sha256=a", True),
        ("https://h/x.whl#egg=x&sha512=a", True),
        ("https://h/x.whl#egg=sha256", False),
        ("git+https://h/x@v1#sha256=a", False),
    ],
)
def test_a_hash_in_the_fragment(url: str, expected: bool) -> None:
    assert has_hash(url) is expected


@given(
    st.text(alphabet="fo-1.v@/#[]:%2Bwhlziptarg+ ", max_size=60), st.sampled_from(["", "https://h/", "git+https://"])
)
def test_no_url_is_too_odd(text: str, scheme: str) -> None:
    url = scheme + text
    found = look_at("foo", url)
    assert isinstance(found, ReleaseFile | Version | Missing)
    assert reference(reference(url)) == reference(url)
    assert named_by(url) is None or isinstance(look_at(named_by(url) or "", url), ReleaseFile | Missing)


def test_a_long_one_is_not_taken_apart() -> None:
    assert isinstance(look_at("foo", "git+https://h/x@" + "-" * 4000 + "1"), Missing)
    assert isinstance(look_at("foo", f"https://h/foo-1{'0' * MAX_LENGTH}.zip"), Missing)
    assert named_by(f"https://h/{'a-' * MAX_LENGTH}1.zip") is None
