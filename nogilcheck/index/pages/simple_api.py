"""Pages of the Simple API: bytes -> rows. Pure.

PEP 503 (HTML), 592 (yanked), 629 and 691 (versions, JSON), 658 and 714 (core metadata), 700 (size, upload time),
792 (project status).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import HASHES
from nogilcheck.model.urls import quotable, without_userinfo

MAX_FILES = 100_000
"""Files of one page; the largest on PyPI have about 5,000."""

MAX_VALUES = 2_000_000
"""Values in one JSON page: twenty for each file. A small text may hold many, and each takes memory."""

MAX_REQUIRES_PYTHON = 1024
"""Characters of Requires-Python on a page. A longer one is left to the core metadata, where it is a problem."""

MAX_UPLOAD_TIME = 64
"""Characters of a time (RFC 3339)."""

MAX_FRAGMENT_FIELDS = 16
"""Fields of a URL's fragment, of which one is a hash; one with more says nothing."""

MAX_SIZE = 1 << 62
"""Bytes of a file; a page that says more does not know."""

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
"""JSON first; what the server sends decides how it is read (PEP 691, content negotiation)."""

REMOTE = ("https://", "http://")
"""How the URLs begin that a page from the network may lead to."""

_MAJOR_VERSION = "1"
"""Of the Simple API: "clients MUST fail when the major version is unknown" (PEP 629)."""

JSON_TYPES = frozenset({"application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.latest+json"})
_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html"}) | {
    "text/html", "application/xhtml+xml", "",
}  # fmt: skip
_UNCERTAIN_TYPES = frozenset({"application/json", "text/plain", "application/octet-stream", "binary/octet-stream"})
"""Servers of static files do not know the official types: the first character tells."""


class PageError(Exception):
    """The bytes are no page of the Simple API; the text says why."""


class FileRow(NamedTuple):
    """One file, as the page describes it; a value of another type is treated as missing."""

    filename: str
    requires_python: str | None
    yanked: bool
    upload_time: str | None
    size: int | None
    core_metadata: bool
    url: str
    """As in the page, perhaps relative, without fragment and credentials."""
    hashes: dict[str, str]
    metadata_hash: str | None = None
    """Of the ``.metadata`` file, ``sha256=...``, where the page gives one."""


@frozen
class Listing:
    """What a page says, in its order."""

    rows: list[FileRow]
    base: str
    """What relative URLs are relative to."""
    status: str = "active"


def parse_page(content: bytes, content_type: str, url: str) -> Listing:
    """Read a page that came from ``url`` with this ``Content-Type``. Raises `PageError`."""
    mime = media_type(content, content_type)
    if mime in JSON_TYPES:
        return parse_json(content, url)
    if mime in _HTML_TYPES:
        return _parse_html(content, str(_header(content_type).get_param("charset") or "utf-8"), url)
    raise PageError(f"answered with {quotable(mime)}, which is not a Simple API page")


def media_type(content: bytes, content_type: str) -> str:
    """The media type that the page is read as: where the header does not tell, the first character does."""
    mime = _header(content_type).get_content_type() if content_type.strip() else ""
    if mime not in _UNCERTAIN_TYPES:
        return mime
    return next(iter(JSON_TYPES)) if content.lstrip()[:1] == b"{" else "text/html"


def _header(content_type: str) -> Message:
    header = Message()
    header["Content-Type"] = content_type
    return header


def parse_json(content: bytes, url: str) -> Listing:
    """Read a JSON page (PEP 691). Raises `PageError`."""
    data = decode_json(content)
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, list):
        raise PageError("is JSON, but not a Simple API page: no list of files")
    if len(files) > MAX_FILES:
        raise PageError(f"lists more than {MAX_FILES:,} files")
    meta = data.get("meta")
    if isinstance(meta, dict):
        _check_version(meta.get("api-version", _MAJOR_VERSION))
    status = data.get("project-status")
    if isinstance(status, dict):
        status = status.get("status")
    rows = [row for row in map(json_row, files) if row is not None]
    return Listing(rows=rows, base=url, status=_status(status))


def _status(status: object) -> str:
    """The project status marker (PEP 792); what is none is passed over."""
    return quotable(status) if isinstance(status, str) and status else "active"


def decode_json(content: bytes) -> Any:
    """The value of a JSON text. Raises `PageError`."""
    if len(content) > MAX_VALUES and sum(map(content.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise PageError(f"holds more than {MAX_VALUES:,} values")
    decode = _fast_decoder()
    if decode is not None:
        # What it refuses, the standard library may still take, or explain.
        with suppress(Exception):
            return decode(content)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PageError(f"is not JSON: {error}") from None


@cache
def _fast_decoder() -> Callable[[bytes], Any] | None:
    """That of msgspec, where it is installed (extra ``fast``): three fifths of the time."""
    try:
        decode: Callable[[bytes], Any] = import_module("msgspec.json").decode
    except ImportError:
        return None
    return decode


def json_row(file: Any) -> FileRow | None:
    """One entry of ``files``; an entry without a name or a URL is no file."""
    try:
        get = file.get
        filename, url = file["filename"], file["url"]
        core_metadata = get("core-metadata")
        if core_metadata is None:  # PEP 714: the older key counts only where the newer one is absent
            core_metadata = get("dist-info-metadata")
        if type(filename) is not str or type(url) is not str:
            return None
    except (AttributeError, KeyError, TypeError):
        return None
    metadata, size = _metadata_hash(core_metadata), get("size")
    return FileRow(
        filename,
        _bounded(get("requires-python"), MAX_REQUIRES_PYTHON),
        bool(get("yanked")),
        _bounded(get("upload-time"), MAX_UPLOAD_TIME),
        size if type(size) is int and 0 <= size <= MAX_SIZE else None,
        bool(metadata),
        _bare(url),
        _hashes(get("hashes")),
        metadata if isinstance(metadata, str) else None,
    )


def _metadata_hash(core_metadata: Any) -> str | bool:
    """The strongest hash of the ``.metadata`` file (``sha256=...``), or whether there is one (PEP 658, 691)."""
    if isinstance(core_metadata, dict):
        for algorithm in HASHES:
            if isinstance(digest := core_metadata.get(algorithm), str) and digest:
                return f"{algorithm}={digest.lower()}"
    return bool(core_metadata)


def _bare(url: str) -> str:
    """The URL without fragment and credentials."""
    if "#" in url:
        url = url.partition("#")[0]
    return without_userinfo(url) if "@" in url else url


def _bounded(value: Any, length: int) -> str | None:
    return value if isinstance(value, str) and len(value) <= length else None


def _hashes(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        algorithm.lower(): digest.strip().lower()
        for algorithm, digest in value.items()
        if isinstance(digest, str) and digest and isinstance(algorithm, str)
    }


def _check_version(version: object) -> None:
    text = str(version) if isinstance(version, str | int | float) else "?"
    if text.partition(".")[0] != _MAJOR_VERSION:
        raise PageError(f"speaks version {quotable(text)} of the Simple API; nogilcheck knows version {_MAJOR_VERSION}")


def _parse_html(content: bytes, charset: str, url: str) -> Listing:
    from nogilcheck.index.pages.html_anchors import Anchors, MarkupError, decoded  # which few indexes need

    parser = Anchors(most=MAX_FILES)
    try:
        parser.read(decoded(content, charset))
    except MarkupError as error:
        raise PageError(str(error)) from None
    if parser.version is not None:
        _check_version(parser.version)
    rows = [row for row in map(_html_row, parser.anchors) if row is not None]
    return Listing(rows=rows, base=_base(parser.base, url), status=_status(parser.status))


def _base(href: str | None, url: str) -> str:
    """What relative URLs are relative to: the base element, where it makes sense.

    That of a page from the network must not send us to the local disk.
    """
    try:
        base = urljoin(url, href) if href else url
    except ValueError:
        return url
    return base if base.startswith(REMOTE) or not url.startswith(REMOTE) else url


def _html_row(attributes: dict[str, str | None]) -> FileRow | None:
    href = attributes.get("href")
    if not href:
        return None
    url, _, fragment = href.strip().partition("#")
    try:
        filename = unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return None
    if not filename:
        return None
    core_metadata = attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata"))
    is_served = core_metadata not in {None, "", "false"}
    metadata_hash = is_served and _metadata_hash(_fragment_hashes(core_metadata or "") or True)
    return FileRow(
        filename,
        _bounded(attributes.get("data-requires-python") or None, MAX_REQUIRES_PYTHON),
        "data-yanked" in attributes,
        None,
        None,
        bool(metadata_hash),
        _bare(url),
        _hashes(_fragment_hashes(fragment)),
        metadata_hash if isinstance(metadata_hash, str) else None,
    )


def _fragment_hashes(fragment: str) -> dict[str, str]:
    """``#sha256=...`` (PEP 503); other fragments, such as ``egg=``, say nothing."""
    if "=" not in fragment:
        return {}
    try:
        fields = parse_qsl(fragment, max_num_fields=MAX_FRAGMENT_FIELDS)
    except ValueError:
        return {}
    return {name: digest for name, digest in fields if name in HASHES}
