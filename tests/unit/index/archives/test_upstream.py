"""Where a project lives and what it claims, from its metadata."""

from __future__ import annotations

import pytest

from nogilcheck.index.archives.core_metadata import parse_metadata
from nogilcheck.index.archives.sdist_reader import read_sdist
from nogilcheck.model.artifact import Metadata
from tests.support.archive_bytes import streamed, tar_of


def read(*fields: str) -> Metadata:
    return parse_metadata("\n".join(("Metadata-Version: 2.4", "Name: a", "Version: 1", *fields)).encode(), origin="x")


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("Source", "source"), ("Repository", "source"), ("Source Code", "source"), ("GitHub", "source"),
        ("Bug Tracker", "issues"), ("issue-tracker", "issues"), ("Bugs?", "issues"), ("Home-Page", "homepage"),
        ("What's New?", "changelog"), ("Change_Log", "changelog"),
        ("Documentation", None), ("Download", None), ("Mastodon", None), ("", None),
    ],
)  # fmt: skip
def test_labels_are_taken_by_what_they_mean(label: str, known: str | None) -> None:
    links = read(f"Project-URL: {label}, https://example.org/x").links
    assert links == (((known, "https://example.org/x"),) if known else ())


def test_the_first_of_a_kind_counts_and_home_page_comes_last() -> None:
    links = read(
        "Home-page: https://old.example",
        "Project-URL: Repository, https://one.example",
        "Project-URL: Source, https://two.example",
    ).links
    assert links == (("homepage", "https://old.example"), ("source", "https://one.example"))
    assert read("Home-page: https://old.example", "Project-URL: Homepage, https://new.example").links == (
        ("homepage", "https://new.example"),
    )


def test_labels_that_are_there_twice_do_not_hide_the_others() -> None:
    links = read("Project-URL: Source, https://a.example", "Project-URL: Source, https://b.example").links
    assert links == (("source", "https://a.example"),)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "https://a\x1b[31m", "UNKNOWN", "",
            "https://" + "a" * 3000]
)  # fmt: skip
def test_what_no_browser_should_be_sent_to_is_left_out(url: str) -> None:
    assert read(f"Project-URL: Source, {url}").links == ()


def test_claims_of_free_threading() -> None:
    of = "Classifier: Programming Language :: Python ::"
    assert read(f"{of} Free Threading :: 2 - Beta", f"{of} 3.14").free_threading == ("2 - Beta",)
    assert read(f"{of} Free Threading").free_threading == ("",)
    assert read(f"{of} 3.14").free_threading == ()
    assert read(f"{of} Free Threading :: " + "x" * 500).free_threading == ()


def test_an_sdist_says_it_too() -> None:
    info = b"Metadata-Version: 2.1\nName: a\nVersion: 1\nProject-URL: Source, https://example.org\n"
    members = {"PKG-INFO": info, "pyproject.toml": b"[project]\nname = 'a'\nversion = '1'\n"}
    found = read_sdist(streamed(tar_of(members)), "demo-1.0.tar.gz")
    assert isinstance(found, Metadata)
    assert (found.origin, found.links) == ("pyproject", (("source", "https://example.org"),))
