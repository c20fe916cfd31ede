"""Files that follow from the sources: ``make docs`` writes them, and a test compares them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.layout import ROOT, picture
from tests.support.command_line_page import command_line_page
from tests.support.documented import PAGES, PICTURES, documented
from tests.support.documented import picture as printed
from tests.support.man_page import PATH as MAN_PAGE
from tests.support.man_page import man_page
from tests.support.report_schema import report_schema
from tests.support.rules_page import rules_page
from tests.support.settings_page import settings_page
from tests.support.settings_schema import PATH as SETTINGS_SCHEMA
from tests.support.settings_schema import settings_schema

ARCHITECTURE = "docs/explanation/architecture.md"


def architecture() -> str:
    """The page of the architecture with the tree of today."""
    page = (ROOT / ARCHITECTURE).read_text(encoding="utf-8")
    opening, closing = "<!-- tree: written by `make docs` -->\n", "<!-- /tree -->"
    before, _, rest = page.partition(opening)
    return f"{before}{opening}```\n{picture()}\n```\n{closing}{rest.partition(closing)[2]}"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/reference/rules.md": rules_page,
    "docs/reference/settings.md": settings_page,
    MAN_PAGE: man_page,
    SETTINGS_SCHEMA: settings_schema,
    "docs/reference/command-line.md": command_line_page,
    ARCHITECTURE: architecture,
    "nogilcheck/report/schema.json": report_schema,
    **{page: partial(documented, page) for page in PAGES},
    **{path: partial(printed, *shown) for path, shown in PICTURES.items()},
}
"""Path from the root of the repository -> what is in it."""

if __name__ == "__main__":
    for path, write in DOCUMENTS.items():
        (ROOT / path).write_text(write(), encoding="utf-8", newline="\n")
        print(path)
