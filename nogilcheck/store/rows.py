"""Records as rows of the tables, and back.

SQLite keeps no checksums, and a file system may hand back zeros after a power cut; so each row carries a CRC-32 of what
it says, and a row that does not match counts as damage. The times of a page are outside it: they change when the page
is renewed, and at worst a page is asked for again too early or too late.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord
from nogilcheck.model.source import Witness
from nogilcheck.store.tables import DamageError

Row = tuple[Any, ...]


def plain(text: str) -> str:
    """Text that SQLite can keep: a lone surrogate (an undecodable byte of a path) becomes an escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def page_key(key: PageKey) -> tuple[str, str]:
    """The columns ``index_url`` and ``project``."""
    return plain(key.index), plain(key.project)


def page_row(record: PageRecord) -> Row:
    """The values for `tables.PUT_PAGE`."""
    etag = None if record.etag is None else plain(record.etag)
    columns = (*page_key(record.key), record.digest, etag)
    return (
        *columns,
        record.fetched_at,
        record.fresh_until,
        _checksum(columns, record.body, record.links),
        record.body,
        record.links,
    )


def read_page(key: PageKey, row: Row) -> PageRecord:
    """The page of `tables.PAGE`."""
    digest, etag, fetched_at, fresh_until, checksum, body, links = row
    _verify(checksum, (*page_key(key), digest, etag), body, links)
    return PageRecord(
        key=key,
        digest=digest,
        etag=etag,
        fetched_at=_number(fetched_at),
        fresh_until=_number(fresh_until),
        body=body,
        links=links,
    )


def page_state(key: PageKey, row: Row) -> PageRecord:
    """The page of `tables.page_states`, without its contents."""
    digest, etag, fetched_at, fresh_until = row
    return PageRecord(
        key=key, digest=digest, etag=etag, fetched_at=_number(fetched_at), fresh_until=_number(fresh_until)
    )


def data_row(key: str, data: bytes) -> Row:
    """The values for `tables.PUT_METADATA` and `tables.PUT_SCAN`."""
    return key, _checksum((key,), data), data


def read_data(key: str, row: Row) -> bytes:
    """The data of `tables.METADATA` and `tables.SCAN`."""
    checksum, data = row
    _verify(checksum, (key,), data)
    assert isinstance(data, bytes)
    return data


def solution_row(record: SolutionRecord, created_at: float) -> Row:
    """The values for `tables.PUT_SOLUTION`."""
    witnesses = json.dumps([(w.kind, w.name, w.sha256) for w in record.witnesses]).encode()
    pages = json.dumps([(key.index, key.project, digest) for key, digest in record.pages]).encode()
    report = record.report.encode("utf-8", "surrogatepass")
    return record.key, created_at, _checksum((record.key,), witnesses, pages, report), witnesses, pages, report


def read_solution(key: str, row: Row) -> SolutionRecord:
    """The solution of `tables.SOLUTION`."""
    checksum, witnesses, pages, report = row
    _verify(checksum, (key,), witnesses, pages, report)
    return SolutionRecord(
        key=key,
        witnesses=tuple(Witness(kind=kind, name=name, sha256=sha256) for kind, name, sha256 in json.loads(witnesses)),
        pages=tuple((PageKey(index=index, project=project), digest) for index, project, digest in json.loads(pages)),
        report=report.decode("utf-8", "surrogatepass"),
    )


def _checksum(columns: tuple[str | None, ...], *contents: bytes) -> int:
    checksum = crc32(repr(columns).encode())
    for content in contents:
        # The lengths keep apart what two columns that trade bytes would share.
        checksum = crc32(content, crc32(b"%d" % len(content), checksum))
    return checksum


def _verify(expected: object, columns: tuple[str | None, ...], *contents: object) -> None:
    known = [content for content in contents if isinstance(content, bytes)]
    if len(known) != len(contents) or _checksum(columns, *known) != expected:
        raise DamageError("a row does not match its checksum")


def _number(value: object) -> float:
    if isinstance(value, (int, float)):
        return value
    raise DamageError("a time is not a number")
