from __future__ import annotations

import codecs

import pytest

from nogilcheck.inputs.requirements.decoding import decode
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.reading import names, read, write


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_marks(mark: bytes, encoding: str) -> None:
    assert decode(mark + "é\n".encode(encoding)) == ("é\n", None)


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: latin-1\n\xe9",
        b"#!/bin/x\n# -*- coding: latin-1 -*-\n\xe9",
        b"# vim: set fileencoding=latin-1 :\n\xe9",
    ],
)
def test_coding_comment(data: bytes) -> None:
    text, encoding = decode(data)
    assert text.endswith("é")
    assert encoding is None


@pytest.mark.parametrize("data", [b"x # coding: latin-1\n\xe9", b"#\n#\n# coding: latin-1\n\xe9"])
def test_coding_comment_elsewhere_does_not_count(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "utf-8")
    with pytest.raises(UnreadableSourceError):
        decode(data)


def test_falls_back_to_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "cp1252")
    assert decode(b"\x80") == ("€", "cp1252")


@pytest.mark.parametrize("encoding", ["nonsense", "hex", "rot13", "punycode", "idna", "undefined"])
def test_unknown_encodings(encoding: str) -> None:
    with pytest.raises(UnreadableSourceError, match=encoding) as caught:
        decode(f"#\n# coding: {encoding}\nx".encode())
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"# coding: ascii\na\nb\xe9\n", 3),
        (b"# coding: ascii\na\n\xe9\n", 3),
        (codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"x", 2),
    ],
)
def test_the_line_of_the_undecodable_byte(data: bytes, line: int) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        decode(data)
    assert caught.value.line == line


def test_an_undecodable_file_is_unread_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "utf-8")
    write({"a.txt": b"one\ntwo\xff\nthree\n", "b.txt": "four\n"})
    inputs = read("a.txt", "b.txt")
    assert names(inputs) == ["four"]
    (unread,) = inputs.unread
    assert str(unread.location) == "a.txt:2"
    assert unread.hint is not None
    assert "UTF-8" in unread.hint


def test_a_file_read_in_the_locale_encoding_is_said_and_witnessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "latin-1")
    write({"a.txt": b"one # \xe9\n"})
    inputs = read("a.txt")
    assert names(inputs) == ["one"]
    assert any("latin-1" in note for note in inputs.notes)
    assert inputs.witnesses is not None
    assert {"LC_ALL", "LC_CTYPE", "LANG"} <= {witness.name for witness in inputs.witnesses}
