"""The protocol between a worker process and its owner: JSON headers and raw bytes, each with its length.

Nothing is pickled, so neither side runs what the other one sends.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any, Final

LENGTH: Final = struct.Struct("<Q")
"""Before each part: its length in bytes."""
MAX_HEADER: Final = 1 << 22
"""Bytes of the largest header; an answer with all symbols of a large module has some ten thousand."""


class ProtocolError(Exception):
    """The other side ended, or sent something invalid."""


def send(stream: IO[bytes], header: Mapping[str, Any], body: bytes | memoryview = b"") -> None:
    """Write one message. Raises ``OSError``, ``ValueError`` when the stream is closed."""
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    for part in (text, body):
        stream.write(LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes], *, longest: int) -> tuple[dict[str, Any], bytes]:
    """Read one message with a body of at most ``longest`` bytes. Raises `ProtocolError` and ``OSError``."""
    try:
        header = json.loads(_part(stream, MAX_HEADER))
    except ValueError as error:
        raise ProtocolError from error
    if not isinstance(header, dict):
        raise ProtocolError
    return header, _part(stream, longest)


def _part(stream: IO[bytes], longest: int) -> bytes:
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > longest:
        raise ProtocolError
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ProtocolError
    return data
