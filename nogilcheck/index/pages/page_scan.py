"""Where the files of each version stand in a JSON page, found by a search for their names: the rest is not parsed.

Of a page with thousands of files the files of one or two versions are looked at. Parsing all of them takes ten times
as long as this search. It knows how `json.dumps` writes and how PyPI does; whatever else a page may be, valid or not,
`parse_json` is to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from nogilcheck.index.pages import simple_api
from nogilcheck.index.pages.simple_api import Listing, PageError, parse_json
from nogilcheck.model.filenames import WHEEL_SUFFIX, version_text

Spans = list[int]
"""Where entries of ``files`` begin and end in the page: begin, end, begin, end, ..."""

_COMPACT = b'"files":[', b"},", re.compile(rb'"filename"(?::"([^"\\]+)")?')
_SPACED = b'"files": [', b"}, ", re.compile(rb'"filename"(?:: "([^"\\]+)")?')
"""How the list opens, what stands between its entries, and where the name of one is. A key that is not written so is
found as well, without a name."""

_STAND_IN = b'{"filename":"-","url":"-"}'
_ELSEWHERE = b"?@"
"""What a signed URL or one with credentials holds; neither may be kept as received, and the first changes with each
answer."""

_WHEEL = WHEEL_SUFFIX.encode()


class ScannedPage(NamedTuple):
    """A page of which the names of the files are known."""

    listing: Listing
    """Without rows."""
    begin: int
    end: int
    """Of what stands between the brackets of ``files``."""
    spans: dict[str, Spans]
    """By version text, in the page's order. There may be entries of other versions in them."""


def scan(content: bytes, url: str, project: str) -> ScannedPage | None:
    """The files of a project (normalized name) on a JSON page; ``None`` where the page is to be parsed.

    What it says of a valid page is what `parse_json` would say, save that a version may turn out to have no file when
    it is looked at. An invalid page may go unnoticed until then.
    """
    opening, between, names = _COMPACT if _COMPACT[0] in content else _SPACED
    begin = content.find(opening) + len(opening)
    if begin < len(opening):
        return None
    if any(content.find(byte) >= 0 for byte in map(bytes, zip(_ELSEWHERE))):
        return None
    if b"\\" in content and b"\\u00" in content:  # a key may be spelled with escapes
        return None
    found = list(names.finditer(content, begin))
    filenames = [match[1] for match in found]
    separator = between + content[begin : content.find(b":", begin) + 1]
    if not 0 < len(found) <= simple_api.MAX_FILES or None in filenames or not separator.startswith(between + b'{"'):
        return None
    end = content.find(b"}]", found[-1].end()) + 1
    listing = _around(content, begin, end, url)
    # With no list in an entry, the separator stands between entries and nowhere else: in a string its quotes would
    # have backslashes before them.
    if listing is None or content.find(b"[", begin, end) >= 0:
        return None
    runs = [*_runs(filenames, project), (None, len(found))]
    starts = [content.rfind(separator, begin, found[first].start()) + len(between) for _, first in runs[:-1]]
    starts = [*(max(begin, start) for start in starts), end + len(between) - 1]
    spans: dict[str, Spans] = {}
    for at, (version, _) in enumerate(runs[:-1]):
        if version is not None:
            stop, last = starts[at + 1] - len(between) + 1, found[runs[at + 1][1] - 1].end()
            if stop < last:  # the entries begin in different ways, and not every start was found
                after = content.find(separator, last, end)
                stop = end if after < 0 else after + 1
            known = spans.setdefault(version, [])
            if known and starts[at] < known[-1]:
                known[-1] = stop
            else:
                known += starts[at], stop
    return ScannedPage(listing, begin, end, spans)


def _around(content: bytes, begin: int, end: int, url: str) -> Listing | None:
    """What the page says besides its files; ``None`` where these are not the ``files`` of the page."""
    if end <= begin:
        return None
    rest = b"".join((content[:begin], _STAND_IN, content[end:]))
    if rest.count(b'"files"') != 1:
        return None
    with suppress(PageError):
        listing = parse_json(rest, url)
        if [row.filename for row in listing.rows] == ["-"]:
            return Listing(rows=[], base=listing.base, status=listing.status)
    return None


def _runs(filenames: list[bytes], project: str) -> Iterator[tuple[str | None, int]]:
    """Version texts with the first of the files that stand together; ``None`` for those that do not belong here."""
    version, prefix = None, b"\0"
    for at, name in enumerate(filenames):
        if name.startswith(prefix) and name.endswith(_WHEEL):
            continue
        other = version_text(name.decode("utf-8", "replace"), project)
        if other != version or not at:
            yield other, at
        version = other
        # Further wheels of the version; whether all their parts are in order is looked at with their entries.
        prefix = b"-".join(name.split(b"-", 2)[:2]) + b"-" if version and name.endswith(_WHEEL) else b"\0"
