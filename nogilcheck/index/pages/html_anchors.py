"""The anchors of an HTML page, taken out piece by piece: whatever the page is, it is gone through once."""

from __future__ import annotations

import codecs
from html.parser import HTMLParser

PIECE = 64 * 1024
"""Characters that the parser is given at a time."""

MAX_CONSTRUCT = 256 * 1024
"""Characters of one tag, comment or script. The parser looks at an unfinished one again with every piece."""

MAX_ELEMENTS = 1_000_000
"""Tags, attributes, comments and texts of one page; an anchor with its text is about eight of them."""

MAX_REFERENCES = 1_000_000
"""Character references of one page; an anchor has about three. Each takes as long as an element."""

_REFUSED_CODECS = frozenset({"idna", "punycode", "undefined"})
"""Text encodings that no page is in and whose cost is not linear."""


class MarkupError(Exception):
    """The page is more than what is read of one; the text says in which way."""


class Anchors(HTMLParser):
    """Collects the anchors, the base and the ``pypi:`` meta elements of a page (PEP 503, 629, 792)."""

    def __init__(self, *, most: int) -> None:
        """``most``: anchors; a page with more is refused."""
        super().__init__(convert_charrefs=True)
        self._most = most
        self._elements = 0
        self.anchors: list[dict[str, str | None]] = []
        self.base: str | None = None
        self.status: str | None = None
        self.version: str | None = None
        """Of the Simple API."""

    def read(self, text: str) -> None:
        """Go through a whole page, to its end. Raises `MarkupError`, also for a page that ends within something.

        Such a page is not closed: some versions of Python take time that grows with the square of what is unfinished
        (CVE-2025-6069), and whatever it hides is not known anyway.
        """
        if not text or text.isspace():
            raise MarkupError("is empty")
        if text.count("&") > MAX_REFERENCES:
            raise MarkupError(f"has more than {MAX_REFERENCES:,} character references")
        for start in range(0, len(text), PIECE):
            try:
                self.feed(text[start : start + PIECE])
            except AssertionError:  # what the parser says to some malformed declarations, such as <![<
                raise MarkupError("is not readable HTML") from None
            if len(self.rawdata) > MAX_CONSTRUCT:
                raise MarkupError(f"has a tag, a comment or a script of more than {MAX_CONSTRUCT:,} characters")
        if self.cdata_elem is not None or self.rawdata.startswith("<"):
            raise MarkupError("ends within a tag, a comment or a script")
        self.close()

    def feed(self, data: str) -> None:
        """Look at it at once. The parser of newer Pythons keeps data back unseen until its buffer has doubled."""
        self.rawdata += data
        self.goahead(end=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is of use."""
        self._count(1 + len(attrs))
        if tag == "a":
            if len(self.anchors) == self._most:
                raise MarkupError(f"lists more than {self._most:,} files")
            self.anchors.append(dict(attrs))
        elif tag == "base" and self.base is None:
            self.base = dict(attrs).get("href")
        elif tag == "meta":
            attributes = dict(attrs)
            name, value = attributes.get("name"), attributes.get("content")
            if name == "pypi:repository-version":
                self.version = value or ""
            elif name == "pypi:project-status" and value:
                self.status = value

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def handle_data(self, data: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        """Count it."""
        self._count(1)

    def _count(self, elements: int) -> None:
        self._elements += elements
        if self._elements > MAX_ELEMENTS:
            raise MarkupError(f"has more than {MAX_ELEMENTS:,} tags, attributes and texts")


def decoded(content: bytes, charset: str) -> str:
    """The text of a page; in UTF-8 where the encoding that is given is not known, or nobody writes pages in it."""
    try:
        usable = codecs.lookup(charset).name not in _REFUSED_CODECS
        return content.decode(charset if usable else "utf-8", errors="replace")
    except (LookupError, ValueError):  # no text encoding; one that replaces nothing
        return content.decode("utf-8", errors="replace")
