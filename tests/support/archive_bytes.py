"""Archives in memory, and a reader over them that counts what it is asked for."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping

from nogilcheck.index.http.failures import ReadError
from nogilcheck.model.artifact import Missing, MissingKind

METADATA = b"Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nRequires-Dist: idna>=2\nRequires-Python: >=3.9\n\nText\n"
WHEEL = "demo-1.0-py3-none-any.whl"


class Served:
    """A file served in ranges."""

    def __init__(self, data: bytes, *, ranges: bool = True) -> None:
        self.data = data
        self.size: int | None = None
        self.whole: bytes | None = None
        self.requests: list[tuple[int, int]] = []
        self.ranges = ranges

    def tail(self, count: int) -> bytes:
        return self._serve(max(len(self.data) - count, 0), len(self.data))

    def read(self, start: int, end: int) -> bytes:
        return self._serve(start, end)

    def _serve(self, start: int, end: int) -> bytes:
        self.requests.append((start, end))
        self.size = len(self.data)
        if not self.ranges:
            self.whole = self.data
            return self.data if len(self.requests) == 1 else self.data[start:end]
        return self.data[start:end]


class Unreachable(Served):
    """A server that goes away after some requests."""

    def __init__(self, data: bytes, *, after: int) -> None:
        super().__init__(data)
        self.after = after

    def _serve(self, start: int, end: int) -> bytes:
        if len(self.requests) == self.after:
            raise ReadError(Missing(kind=MissingKind.UNREACHABLE, text="gone"))
        return super()._serve(start, end)


def zip_of(members: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
        archive.comment = comment
    return file.getvalue()


def tar_of(members: Mapping[str, bytes], *, mode: str = "gz", root: str = "demo-1.0/") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{mode}", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            member = tarfile.TarInfo(root + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def streamed(data: bytes, *, piece: int = 1000) -> Callable[[], Iterator[bytes]]:
    return lambda: (data[at : at + piece] for at in range(0, len(data), piece))
