"""What a terminal shows of a plan or a comparison, in the frame of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from nogilcheck.report.pages.html.markup import document, element

WIDTH = 110
"""Columns of the text."""


def render(title: str, text: str) -> str:
    """The text as it is, on a page of its own."""
    return document(title, element("header", element("h1", title)), element("main", preformatted(title, text)))


def preformatted(title: str, text: str) -> Element:
    """The text as it is; the lines of a unified diff stand out."""
    return element("pre", *_lines(text), tabindex="0", role="region", aria_label=title)


def _lines(text: str) -> Iterator[Element]:
    for line in text.splitlines():
        head = line.startswith(("+++ ", "--- ", "@@ "))
        sign = "head" if head else {"+": "plus", "-": "minus"}.get(line[:1])
        made = element("span", line.expandtabs(), class_=sign)
        made.tail = "\n"
        yield made
