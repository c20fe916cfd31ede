"""Serve what was recorded as PyPI would: gzip, ETags, core metadata with hashes for every wheel, ranges.

As a program of its own (``python -m tests.bench.replica DIRECTORY``), so that it takes no processor time from what is
measured: it prints its URL, and ends with its standard input. A line of standard input sets the latency in ms, and is
answered with the requests since the last one and those for metadata that nobody had recorded.
"""

from __future__ import annotations

import gzip
import json
import sys
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench.loopback import JSON, MIRROR, PYPI, Answer, Site, ranged, serve
from tests.bench.recording import names

FOR_EVER = {"Cache-Control": "max-age=365000000, immutable, public"}
"""Of files, as PyPI says; without it uv asks for metadata again."""


class Replica(Site):
    """Everything is made beforehand, but for the URLs, which hold the port of the server."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._recorded = {path.name for path in (directory / "metadata").iterdir()}
        self._pages: dict[str, tuple[bytes, bytes, str]] = {}
        self._plain: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self.requests = 0
        self.invented = 0
        """Requests for metadata that were not recorded, and say nothing but name and version."""

    def write_pages(self) -> None:
        """Make the pages, once the URL is known."""
        for name in names(self._directory):
            page = json.loads((self._directory / "pages" / f"{name}.json").read_bytes())
            files = [self._entry(file) for file in page["files"]]
            self._plain[name] = json.dumps(
                {**page, "files": [self._plain_entry(file) for file in page["files"]]}
            ).encode()
            head: dict[str, Any] = {"alternate-locations": [], "files": files, "meta": {"api-version": "1.4"}}
            text = json.dumps({**head, "name": name, "versions": page.get("versions", [])}, separators=(",", ":"))
            content = text.encode()
            self._pages[name] = content, gzip.compress(content, 6, mtime=0), f'"{sha256(content).hexdigest()}"'

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """A page, metadata, or a part of an archive."""
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            self.requests += 1
        _, kind, name, *_ = path.split("/")
        if name not in self._pages and kind in (PYPI, MIRROR):
            return Answer()
        if kind == MIRROR:
            return Answer(200, self._plain[name], {"Content-Type": JSON})
        if kind == PYPI:
            return self._page(name, headers)
        if name.endswith(".metadata"):
            return Answer(200, self._metadata(name.removesuffix(".metadata")), FOR_EVER)
        archive = self._directory / "archives" / name
        return ranged(archive, headers.get("range")) if archive.exists() else Answer()

    def _page(self, name: str, headers: Mapping[str, str]) -> Answer:
        content, packed, etag = self._pages[name]
        usual = {"Content-Type": JSON, "ETag": etag, "Cache-Control": "max-age=600, public"}
        if headers.get("if-none-match") == etag:
            return Answer(304, b"", usual)
        if "gzip" in headers.get("accept-encoding", ""):
            return Answer(200, packed, {**usual, "Content-Encoding": "gzip"})
        return Answer(200, content, usual)

    def _entry(self, file: dict[str, Any]) -> dict[str, Any]:
        """In the order in which PyPI writes it."""
        name = file["filename"]
        described = {"sha256": sha256(self._described(name)).hexdigest()} if name.endswith(".whl") else False
        keys = ("hashes", "provenance", "requires-python", "size", "upload-time")
        return {
            "core-metadata": described,
            "data-dist-info-metadata": described,
            "filename": name,
            **{key: file.get(key) for key in keys},
            "url": f"{self.url}/files/{quote(name)}",
            "yanked": file.get("yanked", False),
        }

    def _plain_entry(self, file: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in file.items() if not key.endswith("-metadata")}
        return {**kept, "url": f"{self.url}/files/{quote(file['filename'])}"}

    def _metadata(self, name: str) -> bytes:
        if name not in self._recorded:
            with self._lock:
                self.invented += 1
        return self._described(name)

    def _described(self, name: str) -> bytes:
        if name in self._recorded:
            return (self._directory / "metadata" / name).read_bytes()
        project, version, *_ = name.split("-")
        return f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\nX-File: {name}\n".encode()


def main() -> None:
    """Serve until standard input ends."""
    replica = Replica(Path(sys.argv[1]))
    with serve(replica) as url:
        replica.write_pages()
        print(url, flush=True)
        for line in sys.stdin:
            replica.latency = int(line) / 1000
            print(json.dumps([replica.requests, replica.invented]), flush=True)
            replica.requests = replica.invented = 0


if __name__ == "__main__":
    main()
