"""Bytes of a requirements file -> text, as pip decodes them."""

from __future__ import annotations

import codecs
import locale
import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file."""

    text: str
    locale: str | None = None
    """The encoding of the locale, when the text had to be read in it."""


class UndecodableError(Exception):
    """The bytes are not text in the encoding that pip would read them in."""

    def __init__(self, message: str, *, line: int | None, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        """1-based."""
        self.hint = hint


def decode(data: bytes) -> Decoded:
    """The text: byte order mark, coding comment (PEP 263), UTF-8, then the locale's encoding.

    Raises `UndecodableError`.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(text=_decode(data[len(bom) :], encoding))
    for number, line in enumerate(data.split(b"\n", 2)[:2], 1):
        if line.startswith(b"#") and (found := _CODING.search(line)):
            return Decoded(text=_decode_declared(data, found[1].decode("ascii", "replace"), number))
    try:
        return Decoded(text=data.decode("utf-8"))
    except UnicodeDecodeError:
        encoding = locale.getencoding()
        return Decoded(text=_decode(data, encoding), locale=encoding)


def _decode_declared(data: bytes, encoding: str, line: int) -> str:
    hint = "Save the file as UTF-8."
    unknown = UndecodableError(f"the declared encoding {encoding!r} is not known", line=line, hint=hint)
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
        raise UndecodableError(
            f"not text in the encoding {encoding}",
            line=line,
            hint="Save the file as UTF-8, or declare its encoding in the first line: # -*- coding: NAME -*-",
        ) from error
