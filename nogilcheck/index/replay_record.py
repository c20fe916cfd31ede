"""What the answers of a run rest on: the report may be replayed as long as all of it is unchanged."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from nogilcheck.index.pages.index_replies import Answer, IndexReply, page_digest
from nogilcheck.index.pages.index_routes import Place
from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.cache import PageKey
from nogilcheck.model.filenames import is_archive

_TRANSIENT = frozenset({MissingKind.UNREACHABLE, MissingKind.FORBIDDEN, MissingKind.OFFLINE, MissingKind.UNRESOLVED})
"""Answers that may be different next time although no page has changed."""

_log = logging.getLogger(__name__)

V = TypeVar("V")


class ReplayRecord:
    """Written by the threads that ask the fetcher."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._lock = threading.Lock()
        self._pages: dict[PageKey, IndexReply] = {}
        self._files: dict[str, None] = {}
        self._elsewhere: dict[tuple[str, str], None] = {}
        self._unanswered: list[Sequence[Missing]] = []
        """By page; may become more while the page is looked at."""
        self._local_indexes = {place.name for place in places if place.is_local and not place.is_links}
        self._reasons = [f"changes at {place.name} go unnoticed" for place in places if _may_change_unseen(place)]

    @property
    def pages(self) -> tuple[tuple[PageKey, str], ...]:
        """Every page that an answer rests on, with its digest, except those on the disk."""
        with self._lock:
            pages = tuple(self._pages.items())
        return tuple((key, digest) for key, reply in pages if (digest := page_digest(reply)))

    @property
    def files(self) -> tuple[str, ...]:
        """The pages of local indexes that an answer rests on: absolute paths, where there need not be a file."""
        with self._lock:
            return tuple(self._files)

    @property
    def notes(self) -> tuple[str, ...]:
        """Indexes whose pages came from another host than the one that was asked, or without https, in sentences."""
        with self._lock:
            return tuple(
                f"{name}: its pages come from {where} (redirect or base URL)" for name, where in sorted(self._elsewhere)
            )

    @property
    def replayable(self) -> bool:
        """Whether equal pages mean equal answers.

        Nothing failed, every file that was read is listed on a page or has a hash (on a local index: has a hash), and
        what is on the disk is in `files`, or witnessed by the reader of the inputs as find-links locations are.
        """
        for missing in (missing for page in self._unanswered for missing in page):
            self.record_transient(missing)
        return not self._reasons

    def record_answer(self, answer: Answer) -> None:
        """An answer rests on these pages."""
        with self._lock:
            self._pages.update(answer.read)
            self._files |= dict.fromkeys(answer.files)
            self._elsewhere |= {(name, _where(name, url)): None for name, url in answer.elsewhere}
        if isinstance(answer.page, ProjectPage):
            self._unanswered.append(answer.page.unanswered)
        else:
            self.record_transient(answer.page)

    def record_file(self, file: ReleaseFile) -> None:
        """An answer rests on the content of this file, which may change behind its URL where no page lists its hash."""
        if (not file.index or file.index in self._local_indexes) and "sha256" not in file.hashes:
            self._add_reason(f"{file.filename} has no hash")

    def record_transient(self, value: V) -> V:
        """The value; a failure that may pass makes the run one that cannot be replayed."""
        if isinstance(value, Missing) and value.kind in _TRANSIENT:
            self._add_reason(value.text)
        return value

    def _add_reason(self, reason: str) -> None:
        if not self._reasons:
            _log.debug("this report will not be replayed: %s", reason)
        self._reasons.append(reason)


def _where(index: str, url: str) -> str:
    host = urlsplit(url).netloc
    is_downgrade = index.startswith("https:") and not url.startswith("https:")
    return f"{host} over plain http, where anybody on the way can change them" if is_downgrade else host


def _may_change_unseen(place: Place) -> bool:
    """Whether it is a find-links location on the disk that nobody watches.

    One that is named by its absolute path is witnessed by the reader of the settings, and so is what it lists, unless
    it is a page.
    """
    if not (place.is_local and place.is_links):
        return False
    path = Path(place.url)
    return not path.is_absolute() or (os.path.isfile(path) and not is_archive(path.name))
