"""Markdown, read back by a parser of CommonMark with tables."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Status
from nogilcheck.report.pages.markdown import MAX_LENGTH, render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB, Link, World, blocked, everywhere, root

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BLOCKS = {"heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item"}
INLINES = {"text", "code_inline", "html_inline", "strong", "em", "s", "text_special"}
OUR_TAGS = {"<br>", "<sub>", "</sub>"}
SUMMARY = re.compile(r"<details><summary>[A-Z0-9][A-Za-z0-9 ,:]+</summary>\n")
NO_WIDTH = "\u200b"


def inlines(report: Report) -> list[Token]:
    """The inline tokens of a rendering; its blocks and spans must be of the kinds that it is made of."""
    text = render(report)
    assert len(text.encode()) <= MAX_LENGTH
    found: list[Token] = []
    folds = 0
    for token in READER.parse(text):
        if token.type == "html_block":
            folds += {True: 1, False: -1}[bool(SUMMARY.fullmatch(token.content))]
            assert folds in {0, 1}
            assert folds or token.content == "</details>\n"
            continue
        assert token.type.removesuffix("_open").removesuffix("_close") in BLOCKS, token
        for child in token.children or ():
            assert child.type.removesuffix("_open").removesuffix("_close") in INLINES, child
            assert child.type != "html_inline" or child.content in OUR_TAGS, child
            found.append(child)
    assert folds == 0, "what was opened is closed"
    return found


def text_of(report: Report) -> str:
    return "".join("\n" if token.type == "html_inline" else token.content for token in inlines(report)).replace(
        NO_WIDTH, ""
    )


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_whatever_a_report_says_is_text(report: Report) -> None:
    inlines(report)


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x>", "[click](https://evil.example)", "![x](y)", "a | b", "`code`", "``", "*bold* _it_ ~~gone~~",
        "<https://evil.example>", "https://evil.example/", "www.evil.example", "\\", "\\|", "&lt;", "# head", "- item",
        "1. item", "1986) item", "+ item", "--- | ---", "`a|b`", "a\\`|b",
    ],
)  # fmt: skip
def test_hostile_texts_are_shown_as_they_are(hostile: str) -> None:
    report = AIRFLOW.report()
    finding = replace(report.findings[0], suppressed_by=hostile)
    gap = replace(report.gaps[1], text=hostile, location=None)
    text = text_of(replace(report, findings=(finding,), gaps=(gap,)))
    assert text.count(hostile) >= 2
    named = replace(report.findings[0], distribution=hostile.replace(" ", "."))
    assert hostile.replace(" ", ".") in text_of(replace(report, findings=(named,), gaps=()))


REFERENCES = [
    "@everyone",
    "#1",
    "GH-1",
    "gh-12",
    "owner/repo#1",
    "owner/repo!2",
    "@org/team",
    "$3",
    "%4",
    "x@y.example",
]
REFERENCE = re.compile(r"(?i)@\w|[#!$%]\d|\bgh-\d")
"""What GitHub and GitLab make a link of (GitHub: "Autolinked references"; GitLab: "GitLab-specific references")."""


@pytest.mark.parametrize("hostile", REFERENCES)
@pytest.mark.parametrize("form", ["{}", "see {} there", "({})", "a,{}.", "**{}**", "`{}"])
def test_nobody_is_mentioned_and_nothing_is_referred_to(hostile: str, form: str) -> None:
    """Wherever a text of others stands, but in code spans, in which nothing is a reference."""
    said = form.format(hostile)
    report = AIRFLOW.report()
    root = replace(report.roots[0], path=said, requirement=said)
    finding = replace(report.findings[0], suppressed_by=said, distribution=said.replace(" ", "."))
    gap = replace(report.gaps[1], text=said)
    hostiles = replace(report, roots=(root, *report.roots[1:]), findings=(finding,), gaps=(gap,))
    texts = [token.content for token in inlines(hostiles) if token.type != "code_inline"]
    assert not [text for text in texts if REFERENCE.search(text)]
    assert hostile in text_of(hostiles)


def test_it_reads_as_agreed() -> None:
    text = render(AIRFLOW.report())
    assert text.startswith("## nogilcheck: 3.14t is blocked by 3, 3.15t is blocked by 5\n\n| target | verdict |")
    assert "| 3.15t | ❌ blocked | 5 | 3 | 1 | 20 |" in text
    at_once, folded = (line for line in text.splitlines() if line.startswith("| `psutil`"))
    assert at_once == "| `psutil` 7.2.2 | ready | no 3.15t wheel |  |"
    assert folded == (
        "| `psutil` 7.2.2 | free-threaded wheels for 3.13 and 3.14, none for 3.15; "
        "an sdist exists; a source build may work, unverified | "
        "r.txt:1 `apache-airflow > apache-airflow-core > psutil >=5.8`<br>also from r.txt:2 |"
    )
    heads = [line for line in text.splitlines() if line.startswith("###")]
    assert heads == ["### Blockers", "### Unknown"]
    assert re.findall("<summary>(.+)</summary>", text) == ["Why they block, and where they come from", "3 warnings"]
    assert "- r.txt:7: 'pandas=&gt;2' is not a requirement" in text
    assert "**Next:** " in text


def test_conflicting_requirements_come_first() -> None:
    report = AIRFLOW.report()
    text = render(replace(report, gaps=(*report.gaps, replace(report.gaps[0], rule="NGC207", text="they conflict"))))
    heads = [line for line in text.splitlines() if line.startswith("###")]
    assert heads == ["### Conflicting requirements", "### Blockers", "### Unknown"]
    assert text.index("they conflict") < text.index("### Blockers")


def test_a_ready_project_is_told_so_in_a_few_lines() -> None:
    text = render(WEB.report())
    assert text.startswith("## nogilcheck: 3.14t is ready, 3.15t is ready\n")
    assert len(text.splitlines()) < 12


def test_many_targets_share_a_column() -> None:
    text = render(SCIENCE.report())
    assert "24 targets" in text.splitlines()[0]
    assert "| distribution | on | why | required by |" in text


def test_a_report_that_is_too_long_is_cut_between_rows() -> None:
    report = AIRFLOW.report()
    findings = tuple(
        replace(report.findings[0], distribution=f"a-distribution-with-a-long-name-{number}", paths=())
        for number in range(2000)
    )
    long = replace(report, findings=findings, gaps=())
    text = render(long)
    assert MAX_LENGTH * 0.9 < len(text.encode()) <= MAX_LENGTH
    rows = text.partition("<details>")[0].count("\n| `a-distribution")
    assert f"*… and {2000 - rows} more: blockers*" in text
    assert text.endswith("</sub>\n")
    inlines(long)


def test_a_thousand_distributions_fit_into_a_comment() -> None:
    """GitHub takes comments of 65,536 characters; a summary of a job may have 1 MiB (docs.github.com, 2026-11)."""
    world = World(
        targets=everywhere("3.14t", "3.15t"),
        roots=[root("app", 1)],
        links=[Link(parent=0, child="app"), Link(parent="app", child="native", specifier=">=1")],
        versions={"app": "1.0", "native": "1.0"},
        verdicts={"native": blocked(Status.GIL_ONLY)},
    )
    report = world.report()
    names = [f"native-distribution-{number}" for number in range(1000)]
    (native,) = (one for one in report.distributions if one.name == "native")
    report = replace(
        report,
        distributions=tuple(replace(native, name=name) for name in names),
        findings=tuple(replace(finding, distribution=name) for name in names for finding in report.findings),
    )
    text = render(report)
    assert len(text) < 65_536
    assert len(text.encode()) < 1024**2
    assert "more: blockers*" in text
    assert "16 targets: 16 blocked" in text
    inlines(report)
