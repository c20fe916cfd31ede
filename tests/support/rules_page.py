"""The page of all rules in the documentation."""

from __future__ import annotations

from typing import Final

from nogilcheck.model.rules.table import ALL_RULES
from nogilcheck.report.rule_pages import anchor, help_markdown

_INTRODUCTION: Final = """\
# Rules

<!-- Made by `make docs` from nogilcheck/model/rules: change it there. -->

Every finding has the code of a rule: `NGC0xx` are blockers, `NGC1xx` warnings, `NGC2xx` unknowns, and `NGC3xx`
findings of `nogilcheck inspect`. Codes are never reused. `nogilcheck explain NGC006` and `nogilcheck explain gil-only`
show a page in the terminal.
"""


def rules_page() -> str:
    """All pages as one document."""
    table = "\n".join(f"| [{p.code}](#{anchor(p)}) | `{p.name}` | {p.meaning} |" for p in ALL_RULES)
    sections = "\n".join(f"\n## {page.code} {page.name}\n\n{help_markdown(page)}" for page in ALL_RULES)
    return f"{_INTRODUCTION}\n| code | name | meaning |\n|---|---|---|\n{table}\n{sections}"
