"""The documentation speaks one language, and no command in it escapes the tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layout import ROOT, modules, tree

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]

TERMS = (
    "free-threaded build", "regular build", "blocker", "warning", "unknown", "verdict", "GIL-only", "turns the GIL on",
    "declaration", "status word", "requirement", "distribution", "release", "sdist", "wheel", "index", "lock file",
    "marker", "extra", "dependency group", "baseline", "waiver", "plan", "target", "chain",
)  # fmt: skip
"""One thing, one word: each is in the glossary."""

INSTEAD = re.compile(
    r"nogil interpreter|(?:ordinary|GIL-enabled) build|GIL back\b|\boffen[cs]e|undecided|could (?:not )?be determined|"
    r"\bother Python\b(?! versions)|is no file|of no format|states dependencies|brings? the GIL",
    re.IGNORECASE,
)
"""Words that these have taken the place of."""


def test_the_glossary_has_every_term() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(TERMS) <= set(headings)
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_uses_the_words_of_the_glossary(page: Path) -> None:
    assert INSTEAD.findall(page.read_text(encoding="utf-8")) == []


def test_no_message_uses_others() -> None:
    found = [text for path in modules().values() for text in _messages(path) if INSTEAD.search(text)]
    assert found == ["undecided"], "what reports of before have"


def _messages(path: Path) -> Iterator[str]:
    """The strings of a module without its docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_stands_where_it_is_run(page: Path) -> None:
    """In a fence ``console`` or ``sh``, which `tests.support.documented` knows."""
    kinds = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    escaped = [
        body
        for kind, body in kinds
        if kind not in {"console", "sh", "yaml"}
        and re.search(r"^(\$ )?nogilcheck\b(?!/)(?!.*\[OPTIONS\])", body, re.MULTILINE)
    ]
    assert escaped == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_term_is_linked_once(page: Path) -> None:
    linked = re.findall(r"glossary\.md#([\w-]+)", page.read_text(encoding="utf-8"))
    assert sorted(linked) == sorted(set(linked))
