"""A wheel on the disk: its members verified against RECORD (PEP 427), its tags and metadata."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.parser import BytesHeaderParser
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nogilcheck.errors import InputError
from nogilcheck.model.inspection import Artifact, ArtifactKind

if TYPE_CHECKING:
    from wheel.wheelfile import WheelFile

MAX_MEMBERS = 100_000
"""Members of one wheel; the most seen is below 30,000."""
MAX_UNPACKED = 8 * 2**30
"""Bytes of all members, unpacked."""
MAX_MODULE = 512 * 2**20
"""Bytes of one member that is looked into."""
MAX_TEXT = 16 * 2**20
"""Bytes of METADATA and WHEEL, and of RECORD."""
MAX_DIRECTORY = 64 * 2**20
"""Bytes of the zip directory, which is read into memory as a whole."""

_PIECE = 2**20
_TAIL = 64 * 1024 + 22
"""Where the end record of a zip archive stands (APPNOTE.TXT, 4.3.16): it may have a comment of 64 KiB."""


def read_wheel(path: Path, shown: str) -> Artifact:
    """The wheel, every member of it verified. Raises `InputError`."""
    with _opened(path, shown) as archive:
        _verify(archive, shown)
        directory = archive.dist_info_path
        sizes = {info.filename: info.file_size for info in archive.infolist() if not info.is_dir()}
        metadata = _text(archive, f"{directory}/METADATA", shown)
        tags = _tags(_text(archive, f"{directory}/WHEEL", shown))
    return Artifact(
        path=shown,
        kind=ArtifactKind.WHEEL,
        filename=path.name,
        sizes=dict(sorted(sizes.items())),
        wheel_tags=tags,
        metadata=metadata,
        read=lambda member: _read_member(path, shown, member),
    )


def _read_member(path: Path, shown: str, member: str) -> bytes:
    with _opened(path, shown) as archive:
        return _content(archive, archive.getinfo(member), shown, MAX_MODULE)


@contextmanager
def _opened(path: Path, shown: str) -> Iterator[WheelFile]:
    """The archive; whatever goes wrong with it is an `InputError`."""
    from wheel.wheelfile import WheelError, WheelFile

    hint = "Build the wheel again."
    try:
        _bound_directory(path, shown)
        with WheelFile(path) as archive:
            yield archive
    except WheelError as error:
        raise InputError(f"invalid wheel: {error}", where=shown, hint=hint) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=shown) from error
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, ValueError, OverflowError,
        struct.error, zlib.error, MemoryError,
    ) as error:  # fmt: skip
        raise InputError(f"not a readable zip archive: {error}", where=shown, hint=hint) from error


def _bound_directory(path: Path, shown: str) -> None:
    """`zipfile` reads the whole directory and RECORD before anyone can ask how large they are."""
    if not path.is_file():
        raise InputError("not a regular file", where=shown)
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - _TAIL, 0))
        tail = stream.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 16:
        (directory,) = struct.unpack_from("<I", tail, at + 12)
        if directory > MAX_DIRECTORY and directory != 0xFFFFFFFF:
            raise InputError(f"its table of contents has {directory:,} bytes", where=shown)
        if directory == 0xFFFFFFFF and size > MAX_UNPACKED:
            raise InputError(f"it has {size:,} bytes", where=shown)


def _verify(archive: WheelFile, shown: str) -> None:
    """Every member has the hash that RECORD gives, and every file of RECORD is there."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(names) > MAX_MEMBERS:
        raise InputError(f"it has {len(names):,} members", where=shown)
    if len(set(names)) != len(names):
        raise InputError("it has two members of the same name", where=shown)
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise InputError(f"its members have more than {MAX_UNPACKED:,} bytes", where=shown)
    if outside := next((name for name in names if _is_outside(name)), None):
        raise InputError(f"a member would be installed outside its directory: {outside}", where=shown)
    for info in infos:
        if not info.is_dir():
            for _ in _pieces(archive, info, shown):
                pass
    recorded = archive._file_hashes  # noqa: SLF001  wheelfile has read RECORD and offers no other way to it
    signatures = {f"{archive.record_path}{suffix}" for suffix in ("", ".jws", ".p7s")}
    if missing := sorted(set(recorded) - set(names) - signatures):
        raise InputError(f"RECORD lists {missing[0]}, which is not there", where=shown)


def _is_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.startswith(("/", "\\")) or ".." in parts or ":" in (parts[0] if parts else "")


def _pieces(archive: WheelFile, info: zipfile.ZipInfo, shown: str) -> Iterator[bytes]:
    """The content; checked at its end. Only what cannot unpack to more than is asked for is unpacked."""
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InputError(f"{info.filename} uses a compression that installers need not support", where=shown)
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _content(archive: WheelFile, info: zipfile.ZipInfo, shown: str, most: int) -> bytes:
    if info.file_size > most:
        raise InputError(f"{info.filename} has {info.file_size:,} bytes", where=shown)
    return b"".join(_pieces(archive, info, shown))


def _text(archive: WheelFile, name: str, shown: str) -> bytes:
    if name not in archive.namelist():
        raise InputError(f"it has no {name}", where=shown)
    return _content(archive, archive.getinfo(name), shown, MAX_TEXT)


def _tags(data: bytes) -> tuple[str, ...]:
    try:
        tags = BytesHeaderParser().parsebytes(data).get_all("Tag") or []
    except (MessageError, ValueError):
        return ()
    return tuple(str(tag).strip() for tag in tags)
