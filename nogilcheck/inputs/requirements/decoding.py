"""Bytes of a requirements file -> text, as pip decodes them."""

from __future__ import annotations

import codecs
import locale
import re

from nogilcheck.inputs.text.sources import UnreadableSourceError

# UTF-32 before UTF-16: the little-endian mark of the latter begins that of the former.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)

_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
"""PEP 263, as pip looks for it."""

_REFUSED_CODECS = frozenset({"idna", "punycode", "undefined"})
"""Text encodings that nobody writes files in and whose cost is not linear."""

LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
"""What the fallback encoding depends on."""


def decode(data: bytes) -> tuple[str, str | None]:
    """The text: byte order mark, coding comment (PEP 263), UTF-8, then the locale's encoding, which is told with it.

    Raises `UnreadableSourceError`.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode(data[len(bom) :], encoding), None
    for number, line in enumerate(data.split(b"\n", 2)[:2], 1):
        if line.startswith(b"#") and (declared := _CODING.search(line)):
            return _decode_declared(data, declared[1].decode("ascii", "replace"), number), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        encoding = locale.getencoding()
        return _decode(data, encoding), encoding


def _decode_declared(data: bytes, encoding: str, line: int) -> str:
    hint = "Save the file as UTF-8."
    unknown = UnreadableSourceError(f"unknown encoding {encoding!r} declared", line=line, hint=hint)
    try:
        refused = codecs.lookup(encoding).name in _REFUSED_CODECS
        text = "" if refused else _decode(data, encoding)
    except LookupError as error:
        raise unknown from error
    if refused:
        raise unknown
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        line = None
        if isinstance(error, UnicodeDecodeError):
            # The prefix ends inside the offending line; the mark keeps that line when the prefix ends in a newline.
            before = data[: error.start].decode(encoding, "replace") + "x"
            line = len(before.splitlines())
        raise UnreadableSourceError(
            f"not text in the encoding {encoding}",
            line=line,
            hint="Save the file as UTF-8, or declare its encoding in the first line: # -*- coding: NAME -*-",
        ) from error
