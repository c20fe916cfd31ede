from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.cli.terminal.features import hyperlinks, repository_prefix, wants_colour


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7600"}, True),
        ({"VTE_VERSION": "4205"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"WT_SESSION": "id"}, True),
        ({"TERM_PROGRAM": "vscode", "CI": "1"}, False),
        ({"TERM_PROGRAM": "vscode", "NO_COLOR": "1"}, False),
        ({"TERM_PROGRAM": "vscode", "TERM": "dumb"}, False),
        ({"TERM_PROGRAM": "vscode", "TERM": "tmux-256color"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "TERM_PROGRAM": "vscode"}, False),
        ({"FORCE_HYPERLINK": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_links_only_where_they_are_understood(environ: dict[str, str], shown: bool) -> None:
    assert hyperlinks(environ) == shown


def test_the_prefix_leads_from_the_repository_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "services" / "api"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert repository_prefix({"GITHUB_WORKSPACE": str(tmp_path)}) == "services/api"
    assert repository_prefix({"CI_PROJECT_DIR": str(tmp_path / "services")}) == "api"
    assert repository_prefix({"CI_PROJECT_DIR": str(below)}) == ""
    assert repository_prefix({"GITHUB_WORKSPACE": str(tmp_path / "elsewhere")}) == ""
    assert repository_prefix({}) == ""


def test_no_colour_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(on_terminal=True)
    assert not wants_colour(on_terminal=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(on_terminal=True)
