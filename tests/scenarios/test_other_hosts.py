"""Logins for every host, and pages from another host than the one that was asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Outcome, run
from tests.world import SHAPES, Shape, parse, redirect, serve

WORLD = parse('[projects.lib]\n"1.0" = { requires = ["dep"] }\n[projects.dep]\n"1.0" = {}\n')


def check(*arguments: str, cache: Path, index: str) -> Outcome:
    """A check of 3.14t."""
    return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index)


def test_the_default_entry_of_netrc_is_sent_at_once_as_by_pip(
    here: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = here / "netrc"
    netrc.write_text("default login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(WORLD, Shape(credentials=("me", "secret"))) as index:
        assert check("lib", cache=cache_dir, index=index.url).status == 0
        assert 401 not in {request.status for request in index.requests}
        index.forget()
        arguments = ("download", "--quiet", "--no-cache-dir", "--isolated", "--no-deps", "--dest", "got")
        subprocess.run(
            [sys.executable, "-m", "pip", *arguments, "--index-url", index.url, "lib"],
            check=True,
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull},
        )
        statuses = {request.status for request in index.requests}
        assert statuses
        assert 401 not in statuses, "pip waits for no refusal either"


def test_pages_of_another_host_are_told_of(cache_dir: Path) -> None:
    with serve(WORLD, SHAPES["pypi"]) as other, serve(WORLD, SHAPES["pypi"]) as index:
        index.fail("/simple/lib/", action=redirect(other.page_url("lib")))
        place = other.url.split("/")[2]
        note = f"{index.url}: its pages come from {place}"
        first = check("lib", cache=cache_dir, index=index.url)
        assert (first.status, first.stderr) == (0, "")
        assert note in " ".join(first.stdout.split())
        assert check("lib", cache=cache_dir, index=index.url) == first, "a replay says so as well"
        another = check("lib>=1", "--format", "json", cache=cache_dir, index=index.url)
        assert note in another.stdout, "and so does a page in the cache"


@pytest.mark.parametrize("where", ["lib", "dep"])
def test_whichever_page_it_is(where: str, cache_dir: Path) -> None:
    with serve(WORLD, SHAPES["html"]) as other, serve(WORLD, SHAPES["html"]) as index:
        index.fail(f"/simple/{where}/", action=redirect(other.page_url(where)))
        assert "its pages come from" in " ".join(check("lib", cache=cache_dir, index=index.url).stdout.split())


def test_a_redirect_within_a_host_is_nothing_to_tell(cache_dir: Path) -> None:
    with serve(WORLD, SHAPES["pypi"]) as index:
        index.fail("/simple/lib/", action=redirect("/simple/lib/?page=1"), times=1)
        outcome = check("lib", cache=cache_dir, index=index.url)
        assert "its pages come from" not in " ".join(outcome.stdout.split())
