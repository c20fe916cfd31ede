"""The pages of the documentation that the package itself can write: ``make docs``, and a test compares them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nogilcheck.judge.explanations import pages
from nogilcheck.report.rule_pages import markdown

DOCUMENTS: dict[str, Callable[[], str]] = {"docs/reference/rules.md": lambda: markdown(pages())}
"""Path from the root of the repository -> what is in it."""

if __name__ == "__main__":
    for path, write in DOCUMENTS.items():
        (Path(__file__).parents[1] / path).write_text(write(), encoding="utf-8", newline="\n")
        print(path)
