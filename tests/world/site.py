"""What an index answers: a pure function from a request to an answer, for one universe in one shape."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from tests.world import archives, pages
from tests.world.shape import Shape
from tests.world.universe import Universe

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def adding(self, *headers: tuple[str, str]) -> Answer:
        """The same answer with further headers."""
        return replace(self, headers=self.headers + headers)


class _Resource(NamedTuple):
    body: bytes
    content_type: str
    is_archive: bool = False


class Site:
    """One universe in one shape, at one base URL."""

    def __init__(self, universe: Universe, shape: Shape, base: str) -> None:
        self.universe = universe
        self.shape = shape
        self.base = base
        self._files = {file.filename: file for file in universe.files}
        self._pages: dict[tuple[str, bool], bytes] = {}

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """What the index says to a GET of this request target; header names in lower case."""
        if not self._admitted(headers):
            return Answer(
                status=401, body=b"credentials, please", headers=(("WWW-Authenticate", 'Basic realm="index"'),)
            )
        path = unquote(urlsplit(target).path)
        found = self._route(path, headers)
        if isinstance(found, Answer):
            return found
        return self._represent(found, headers)

    def _admitted(self, headers: Mapping[str, str]) -> bool:
        if self.shape.credentials is None:
            return True
        token = base64.b64encode(":".join(self.shape.credentials).encode()).decode()
        return headers.get("authorization") == f"Basic {token}"

    def _route(self, path: str, headers: Mapping[str, str]) -> _Resource | Answer:
        if path.startswith("/files/"):
            return self._file(path.removeprefix("/files/"))
        if path in ("/links", "/simple") or re.fullmatch(r"/simple/[^/]+", path):
            return Answer(status=301, headers=(("Location", f"{path}/"),))
        if path == "/links/":
            return _Resource(pages.links(self.universe, self.shape, self.base), pages.TEXT_HTML)
        match = re.fullmatch(r"/simple/(?:([^/]+)/)?", path)
        return _not_found(path) if match is None else self._page(match[1], path, headers)

    def _file(self, filename: str) -> _Resource | Answer:
        if filename in self._files:
            return _Resource(archives.archive(self._files[filename]), "application/octet-stream", is_archive=True)
        file = self._files.get(filename.removesuffix(".metadata"))
        if file is not None and file.is_wheel and self.shape.metadata_files:
            return _Resource(archives.metadata(file), "application/octet-stream")
        return _not_found(filename)

    def _page(self, name: str | None, path: str, headers: Mapping[str, str]) -> _Resource | Answer:
        content_type = pages.choose(self.shape.format, headers.get("accept", "*/*"))
        if content_type is None:
            return Answer(status=406, body=b"nothing that you accept")
        if name is not None and canonicalize_name(name) != name:
            if self.shape.redirect_names:
                return Answer(status=301, headers=(("Location", f"/simple/{canonicalize_name(name)}/"),))
            return _not_found(path)
        is_json = content_type == pages.SIMPLE_JSON
        key = (name or "", is_json)
        if key not in self._pages:
            body = pages.page(self.universe, name, self.shape, self.base, is_json=is_json)
            if body is None:
                return _not_found(path)
            self._pages[key] = body
        return _Resource(self._pages[key], content_type)

    def _represent(self, resource: _Resource, headers: Mapping[str, str]) -> Answer:
        """Validators, compression and ranges (RFC 9110)."""
        common: list[tuple[str, str]] = []
        if self.shape.max_age is not None:
            common.append(("Cache-Control", f"max-age={self.shape.max_age}, public"))
        if self.shape.etag:
            etag = f'"{hashlib.sha256(resource.body).hexdigest()[:32]}"'
            common.append(("ETag", etag))
            if etag in headers.get("if-none-match", ""):
                return Answer(status=304, headers=tuple(common))
        if not resource.is_archive:
            common.append(("Vary", "Accept, Accept-Encoding"))
        answer = Answer(body=resource.body, headers=(("Content-Type", resource.content_type), *common))
        if resource.is_archive:
            return self._ranged(answer, headers.get("range"))
        if self.shape.gzip and "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(answer.body, mtime=0)
            return replace(answer, body=body).adding(("Content-Encoding", "gzip"))
        return answer

    def _ranged(self, answer: Answer, wanted: str | None) -> Answer:
        if self.shape.ranges is True:
            answer = answer.adding(("Accept-Ranges", "bytes"))
        if wanted is None or self.shape.ranges is False:
            return answer
        size = len(answer.body)
        if self.shape.ranges == "refused":
            status = 501 if wanted.startswith("bytes=-") else 416
            return Answer(status=status, body=b"no ranges here")
        match = _RANGE.fullmatch(wanted)
        if match is None or match[0] == "bytes=-":
            # Several ranges at once, or nonsense: a server may ignore the header.
            return answer
        first, last = match.groups()
        start = int(first) if first else max(size - int(last), 0)
        stop = min(int(last) + 1, size) if first and last else size
        if start >= stop:
            return Answer(status=416, headers=(("Content-Range", f"bytes */{size}"),))
        partial = replace(answer, status=206, body=answer.body[start:stop])
        return partial.adding(("Content-Range", f"bytes {start}-{stop - 1}/{size}"))


def _not_found(what: str) -> Answer:
    return Answer(status=404, body=f"there is no {what}".encode(), headers=(("Content-Type", "text/plain"),))
