"""Where this project lives is said in one place: ``[project.urls]``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (".github", "changelog.d", "docs", "nogilcheck", "tests")
ADDRESS = re.compile(
    r"OWNER/nogilcheck"
    r"|\b(?:github|gitlab|codeberg|bitbucket)\.\w+[/:][\w.-]+/nogilcheck\b"
    r"|^\s*(?:- )?uses: *[\w-]+/nogilcheck\b"
    r"|\bpip install (?:-\S+ )*nogilcheck\b(?!\[)",
    re.MULTILINE,
)
"""An address on a code host, real or not, or an index that does not have this project."""


def urls() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = project["urls"]
    assert isinstance(found, dict)
    return found


def pages() -> list[Path]:
    """Every text of the repository but the one that holds the addresses, and this one."""
    files = [path for path in ROOT.iterdir() if path.is_file() and path.name != "pyproject.toml"]
    files += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in files if path.suffix not in {".pyc", ".so", ".whl", ".pem"} and path != Path(__file__)]


def said_in(text: str, addresses: list[str]) -> bool:
    return ADDRESS.search(text) is not None or any(address in text for address in addresses)


def test_no_page_spells_an_address() -> None:
    found = pages()
    assert {ROOT / "README.md", ROOT / "action.yml", ROOT / "docs" / "how-to" / "ci.md"} <= set(found)
    addresses = list(urls().values())
    assert [str(one) for one in found if said_in(one.read_text(encoding="utf-8", errors="replace"), addresses)] == []


@pytest.mark.parametrize(
    "text",
    [
        "uses: OWNER/nogilcheck@v1", "https://github.com/somebody/nogilcheck", "git@gitlab.com:a/nogilcheck.git",
        "      - uses: somebody/nogilcheck@v1", "pip install --quiet nogilcheck", "see https://host.invalid/own.",
    ],
)  # fmt: skip
def test_what_would_be_found(text: str) -> None:
    assert said_in(text, ["https://host.invalid/own"])


@pytest.mark.parametrize("text", ["uses: ./tools/nogilcheck", "pip install 'nogilcheck[scan]'", "a/nogilcheck"])
def test_what_names_no_place(text: str) -> None:
    assert not said_in(text, ["https://host.invalid/own"])


def test_the_labels_are_those_that_are_read() -> None:
    from nogilcheck.report.ci.sarif import DOCUMENTATION, SOURCE

    assert set(urls()) in (set(), {SOURCE, DOCUMENTATION})
    assert all(url.startswith("https://") for url in urls().values())
