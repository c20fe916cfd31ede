"""What the cache keeps, the keys that it is kept under, and the protocol by which the rooms reach it.

Every key is made here: `PageKey.text` for what an index says, `file_key` for what was read from a file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from nogilcheck.model.artifact import ReleaseFile

NOT_FOUND_DIGEST = "not-found"
"""The digest of a page that the index answered with 404."""


class Kind(StrEnum):
    """The kinds of records."""

    PAGES = "pages"
    """The files of one page, without the secrets in their URLs."""
    PAGE_STATES = "page_states"
    """One `PageState` for each page; of its own, since asking whether pages have changed reads nothing else."""
    METADATA = "metadata"
    """The core metadata of a file."""
    MEMBERS = "members"
    """The member names of a wheel."""
    SCANS = "scans"
    """The findings in the extension modules of a wheel."""
    SOLUTIONS = "solutions"
    """One `SolutionRecord` for each question."""


class CacheReader(Protocol):
    """What is asked of a cache, by an answer that is given again."""

    def get(self, kind: Kind, key: str) -> bytes | None:
        """One record, as it was put."""

    def get_many(self, kind: Kind, keys: Iterable[str]) -> dict[str, bytes]:
        """The records of those of these keys that have one."""

    def keyed(self, text: str) -> str:
        """A digest of this text, hexadecimal, that nobody can try guesses on who has not the key of the cache."""


class Cache(CacheReader, Protocol):
    """Shared by threads and by processes. A cache never fails a run: a broken one answers nothing."""

    @property
    def keeps(self) -> bool:
        """Whether anything that is put is kept; if not, there is no need to make it."""

    def put(self, kind: Kind, key: str, data: bytes) -> None:
        """Keep a record, replacing an older one."""

    def close(self) -> None:
        """Write what is still buffered and let go of the file."""


class PageKey:
    """One project on one index. Written out: a tuple has a method ``index``, and a dataclass takes long to make."""

    __slots__ = ("index", "login", "project")

    def __init__(self, *, index: str, project: str, login: str = "") -> None:
        self.index = index
        """The index or the find-links page, as `nogilcheck.model.urls.identity` names it: no credentials."""
        self.project = project
        """Normalized name; empty for a find-links page, which holds many projects."""
        self.login = login
        """The keyed digest of the login that the index gets first; empty for none."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PageKey) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"PageKey({self.text!r})"

    @property
    def text(self) -> str:
        """The key of the page's records."""
        return f"{self.project} {self.index} {self.login}"


def file_key(file: ReleaseFile, login: str = "") -> str | None:
    """The key of what was read from a file at a URL; ``None``: it is not kept.

    Anybody may claim any hash, also that of another index's wheel, and the bytes that are read are too few to tell. So
    what is read belongs to where it came from: the index, the URL without its query (some servers sign it anew for
    each answer), what is claimed of the file, and ``login``, the keyed digest of who asked.
    """
    digest = file.hashes.get("sha256")
    if not digest:
        return None
    from nogilcheck.model.urls import without_userinfo  # not on the way of a replay

    place = without_userinfo(file.url).partition("#")[0].partition("?")[0]
    origin = [file.index, place, file.filename, digest, file.metadata_hash, login]
    return sha256(json.dumps(origin).encode()).hexdigest()


class PageState(NamedTuple):
    """What is known of a page without its contents."""

    digest: str
    """Of everything in the page that an answer may depend on; `NOT_FOUND_DIGEST` for a 404."""
    fetched_at: float
    """Unix time, seconds: when the index last confirmed the page."""
    fresh_until: float
    """Unix time, seconds; what the server's Cache-Control said, or a default life."""
    etag: str | None = None
    login: str = ""
    """The keyed digest of the login that it took in the end, from the keyring or after a refusal; empty where
    `PageKey.login` says all."""

    def fresh(self, now: float, max_age: int | None = None) -> bool:
        """Whether the page may be used at this Unix time without asking the index."""
        return now < (self.fresh_until if max_age is None else self.fetched_at + max_age)

    def encoded(self) -> bytes:
        """The record as bytes for the cache."""
        return json.dumps([self.digest, self.etag, self.fetched_at, self.fresh_until, self.login]).encode("ascii")

    @classmethod
    def decoded(cls, record: bytes) -> PageState | None:
        """What `encoded` wrote; ``None`` for anything else."""
        try:
            digest, etag, fetched_at, fresh_until, login = json.loads(record)
        except (ValueError, TypeError):
            return None
        return cls(digest=digest, etag=etag, fetched_at=fetched_at, fresh_until=fresh_until, login=login)


def page_states(cache: CacheReader, keys: Iterable[PageKey]) -> dict[PageKey, PageState]:
    """The states of those of these pages that are kept, fresh or not."""
    by_text = {key.text: key for key in keys}
    records = cache.get_many(Kind.PAGE_STATES, by_text)
    states = ((by_text[text], PageState.decoded(record)) for text, record in records.items())
    return {key: state for key, state in states if state is not None}


def pages_hold(
    cache: CacheReader, pages: Collection[tuple[PageKey, str]], *, now: float | None, max_age: int | None = None
) -> bool:
    """Whether every page has this digest and is fresh at ``now`` (``None``: fresh or not).

    Never where a login was looked for in the keyring, or after a refusal: whether it is still the same, only looking
    again can tell.
    """
    states = page_states(cache, (key for key, _ in pages))
    return all(
        (state := states.get(key)) is not None
        and state.digest == digest
        and not state.login
        and (now is None or state.fresh(now, max_age))
        for key, digest in pages
    )


class Witness(NamedTuple):
    """Something outside the options that an answer rests on: if it is the same, so is the answer."""

    kind: str
    """``file``, ``directory`` or ``variable``; see `nogilcheck.inputs.text.input_fingerprint`."""
    name: str
    """An absolute path, or the name of an environment variable."""
    sha256: str
    """Of the file's bytes, the directory's listing or the variable's value; empty when absent."""


class SolutionRecord(NamedTuple):
    """A finished report and everything that it rests on."""

    witnesses: tuple[Witness, ...]
    pages: tuple[tuple[PageKey, str], ...]
    """Every page that was read, with its digest then."""
    report: str
    """The JSON report."""

    def encoded(self) -> bytes:
        """The record. Not compressed: inflating 170 KB takes 0.5 ms, reading it as it is 0.03 ms."""
        witnesses = [(witness.kind, witness.name, witness.sha256) for witness in self.witnesses]
        pages = [(key.index, key.project, key.login, digest) for key, digest in self.pages]
        return f"{json.dumps([witnesses, pages])}\n{self.report}".encode("utf-8", "surrogatepass")

    @classmethod
    def decoded(cls, record: bytes) -> SolutionRecord | None:
        """What `encoded` wrote; ``None`` for anything else."""
        head, _, report = record.partition(b"\n")
        try:
            witnesses, pages = json.loads(head)
            return cls(
                witnesses=tuple(Witness(kind=kind, name=name, sha256=sha256) for kind, name, sha256 in witnesses),
                pages=tuple(
                    (PageKey(index=index, project=project, login=login), digest)
                    for index, project, login, digest in pages
                ),
                report=report.decode("utf-8", "surrogatepass"),
            )
        except (ValueError, TypeError):
            return None
