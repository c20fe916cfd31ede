"""Record what the tools ask of an index, and keep it: pages, core metadata, and the parts of archives that were read.

``pages/NAME.json`` as the index sent them, ``metadata/FILENAME``, ``archives/FILENAME`` (sparse: only what a tool may
ask for is real). Whatever the index offers, the recorder says that every wheel has core metadata, as on PyPI, or that
none has, as on a plain mirror.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.bench.loopback import JSON, MIRROR, PYPI, Answer, Site, ranged

TAIL = 64 * 1024
"""Bytes at the end of a wheel that are read at once: its directory is in them, for nearly all."""

AHEAD = 16 * 1024
"""Bytes that are read at least, from other places."""


class Recorder(Site):
    """A pass-through that keeps what passes."""

    def __init__(self, upstream: str, directory: Path) -> None:
        """``upstream``: the URL of the index; ``directory``: where it is kept."""
        self._upstream = upstream
        self._directory = directory
        self._client = httpx.Client(timeout=60, transport=httpx.HTTPTransport(retries=3))
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._files: dict[str, dict[str, Any]] = {}
        for kind in ("pages", "metadata", "archives"):
            (directory / kind).mkdir(parents=True, exist_ok=True)

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """A page, the metadata of a wheel, or a part of an archive."""
        _, kind, name, *_ = path.split("/")
        with self._locks[name.removesuffix(".metadata")]:
            if kind in (PYPI, MIRROR):
                return self._page(name, described=kind == PYPI)
            if name.endswith(".metadata"):
                return Answer(200, self._wheel(name.removesuffix(".metadata"))[0].read_bytes())
            archive = self._wheel(name)[1] if name.endswith(".whl") else self._sdist(name)
            return ranged(archive, headers.get("range"))

    def _page(self, name: str, *, described: bool) -> Answer:
        kept = self._directory / "pages" / f"{name}.json"
        if not kept.exists():
            response = self._client.get(f"{self._upstream}{name}/", headers={"Accept": JSON}, follow_redirects=True)
            if response.status_code != httpx.codes.OK:
                return Answer()
            kept.write_bytes(response.content)
        page = json.loads(kept.read_bytes())
        for file in page["files"]:
            self._files[file["filename"]] = dict(file)
            file["url"] = f"{self.url}/files/{file['filename']}"
            file["core-metadata"] = described and file["filename"].endswith(".whl")
            file.pop("data-dist-info-metadata", None)
        return Answer(200, json.dumps(page).encode(), {"Content-Type": JSON})

    def _wheel(self, name: str) -> tuple[Path, Path]:
        """Where its metadata and its sparse archive are."""
        metadata, archive = self._directory / "metadata" / name, self._directory / "archives" / name
        if not metadata.exists():
            remote = _Remote(self._client, self._files[name]["url"])
            with zipfile.ZipFile(remote) as wheel:
                described = {
                    member: wheel.read(member)
                    for member in wheel.namelist()
                    if member.count("/") == 1 and member.endswith((".dist-info/METADATA", ".dist-info/WHEEL"))
                }
            with archive.open("wb") as sparse:
                sparse.truncate(remote.size)
                for begin, piece in remote.pieces:
                    sparse.seek(begin)
                    sparse.write(piece)
            metadata.write_bytes(next(text for member, text in described.items() if member.endswith("/METADATA")))
        return metadata, archive

    def _sdist(self, name: str) -> Path:
        kept = self._directory / "archives" / name
        if not kept.exists():
            kept.write_bytes(self._client.get(self._files[name]["url"]).raise_for_status().content)
        return kept


class _Remote(io.RawIOBase):
    """An archive of which only what is asked for is fetched."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self._client, self._url, self._place = client, url, 0
        tail, headers = self._fetch(f"bytes=-{TAIL}")
        self.size = int(headers.get("content-range", f"/{len(tail)}").rpartition("/")[2])
        self.pieces = [(self.size - len(tail), tail)]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        return self._place

    def read(self, size: int = -1) -> bytes:
        begin = self._place
        end = self._place = self.size if size < 0 else min(begin + size, self.size)
        for at, piece in self.pieces:
            if at <= begin and end <= at + len(piece):
                return piece[begin - at : end - at]
        piece, _ = self._fetch(f"bytes={begin}-{min(max(end, begin + AHEAD), self.size) - 1}")
        self.pieces.append((begin, piece))
        return piece[: end - begin]

    def _fetch(self, part: str) -> tuple[bytes, Mapping[str, str]]:
        response = self._client.get(self._url, headers={"Range": part, "Accept-Encoding": "identity"})
        return response.raise_for_status().content, response.headers


def names(directory: Path) -> Iterable[str]:
    """The projects that were recorded."""
    return sorted(page.stem for page in (directory / "pages").glob("*.json"))
