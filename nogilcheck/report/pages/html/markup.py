"""HTML as a tree of elements, so that no text of others can become markup, and the frame of every page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final
from xml.etree.ElementTree import Element, tostring

from nogilcheck.model.report.report import Report
from nogilcheck.report.words import safe

Content = Element | str
"""What an element holds; text is shown as it is, with what does not print made visible."""

_BLOCKS: Final = frozenset({"details", "div", "footer", "head", "header", "li", "main", "meta", "nav", "section", "tr"})
"""Elements that stand on lines of their own in the file."""

_SCRIPT, _STYLE = "page.js", "page.css"


def element(tag: str, *content: Content | None, **attributes: str | None) -> Element:
    """An element; ``class_`` and ``data_x`` stand for ``class`` and ``data-x``, and ``None`` for nothing."""
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), safe(value))
    if tag in _BLOCKS:
        made.tail = "\n"
    return add(made, *content)


def add(parent: Element, *content: Content | None) -> Element:
    """The parent, with this added at its end."""
    for one in content:
        if isinstance(one, Element):
            parent.append(one)
        elif one and len(parent):
            parent[-1].tail = (parent[-1].tail or "").rstrip("\n") + safe(one)
        elif one:
            parent.text = (parent.text or "") + safe(one)
    return parent


def prose(text: str) -> Element:
    """A sentence, in which what stands between backticks is code."""
    parts = text.split("`")
    code = len(parts) % 2 == 1
    return element("span", *(element("code", part) if code and n % 2 else part for n, part in enumerate(parts)))


def listing(items: Iterable[Content], **attributes: str | None) -> Element:
    """A bulleted list."""
    return element("ul", *(element("li", item) for item in items), **attributes)


def table(caption: str, head: Iterable[Content], rows: Iterable[Element], **attributes: str | None) -> Element:
    """A table with a caption for who does not see it, and one row of column headers."""
    return element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", *(element("th", one, scope="col") for one in head))),
        element("tbody", *rows),
        **attributes,
    )


def document(title: str, *body: Content) -> str:
    """A page that loads nothing: ASCII, so that no encoding can be wrong; equal content gives equal bytes."""
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_policy()),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", title),
            _verbatim("style", _STYLE),
        ),
        element("body", *body, _verbatim("script", _SCRIPT)),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{tostring(page, encoding='us-ascii', method='html').decode('ascii')}\n"


def _policy() -> str:
    """Content Security Policy: nothing is loaded, and no other script or style than these two has any effect."""
    script, style = (
        f"'sha256-{b64encode(sha256(packaged(name).encode()).digest()).decode()}'" for name in (_SCRIPT, _STYLE)
    )
    return f"default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"


def _verbatim(tag: str, name: str) -> Element:
    """A script or a style, which the serializer writes as it is."""
    made = Element(tag)
    made.text = packaged(name)
    return made


@cache
def packaged(name: str) -> str:
    """The text of a file beside this module; ASCII, and the same wherever it was checked out."""
    return files("nogilcheck.report.pages.html").joinpath(name).read_text("ascii").replace("\r\n", "\n")


Key = tuple[str, str | None]
"""A distribution: its name and version."""

_PLAIN: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A normalized name (name normalization specification). Sections have names with an underscore, which none has."""


def anchors(report: Report) -> dict[Key, str]:
    """A distribution -> its id: the name; where another version has that, or the name is none, a number follows."""
    found: dict[Key, str] = {}
    taken: set[str] = set()
    named = [(one.name, one.version) for one in report.distributions]
    named += [(one.distribution, one.version) for one in report.findings]
    for key in dict.fromkeys(named):
        name = key[0] if _PLAIN.fullmatch(key[0]) else "_"
        number = next(number for number in range(len(taken) + 1) if _numbered(name, number) not in taken)
        found[key] = _numbered(name, number)
        taken.add(found[key])
    return found


def _numbered(name: str, number: int) -> str:
    return f"{name}.{number + 1}" if number else name
