"""What is fuzzed: each reader of bytes that strangers wrote, with what it may answer and nothing else.

A target takes any bytes. It raises for an answer of another kind, and so does the reader for a defect of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from nogilcheck.binary import declaration_of
from nogilcheck.index.archives.core_metadata import parse_metadata
from nogilcheck.index.archives.metadata_record import decode_metadata, encode_metadata
from nogilcheck.index.archives.ranges import BytesReader
from nogilcheck.index.archives.sdist_reader import read_sdist
from nogilcheck.index.archives.wheel_reader import read_wheel_metadata, wheel_members
from nogilcheck.index.http.content_codings import EncodingError, TruncatedError, unpacked
from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.index.pages.simple_api import PageError
from nogilcheck.inputs.locks.entries import parse_lock
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.artifact import Metadata, Missing
from nogilcheck.model.declaration import Declaration
from nogilcheck.model.source import IndexSettings
from nogilcheck.model.urls import redact, without_credentials
from tests.support.archive_bytes import METADATA, WHEEL, tar_of, zip_of
from tests.support.binaries import binary as crafted

Target = Callable[[bytes], None]

URL = "https://index.test/simple/demo/"
PIECE = 1000
"""Bytes that the sdist reader is given at a time."""

_TYPES = ("application/vnd.pypi.simple.v1+json", "text/html", "text/plain", "text/html; charset=utf-16")


def page(data: bytes) -> None:
    """A page of the Simple API, of the type that the first byte chooses, to its files and through the cache's form."""
    content_type = _TYPES[data[0] % len(_TYPES)] if data else ""
    with suppress(PageError):
        table = FileTable.read(data[1:], content_type, URL, "demo")
        kept = FileTable.decoded(table.encoded())
        for version in table.groups:
            rows = table.rows(version)
            assert kept.rows(version) == rows
            assert all((table.url(row) or URL).startswith(("https://", "http://")) for row in rows)


def metadata(data: bytes) -> None:
    """METADATA, and through the cache's form."""
    found = parse_metadata(data, origin="wheel")
    assert decode_metadata(encode_metadata(found)) == found
    assert all(problem.isprintable() for problem in found.problems)


def wheel(data: bytes) -> None:
    """A wheel."""
    _checked(read_wheel_metadata(BytesReader(data), WHEEL))
    names = wheel_members(BytesReader(data), WHEEL)
    assert isinstance(names, tuple | Missing)


def sdist(data: bytes) -> None:
    """An sdist, of the format that its first bytes tell."""
    pieces = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    _checked(read_sdist(lambda: pieces, "demo-1.0.tar.gz"))


def toml(data: bytes) -> None:
    """A TOML document, with the place of everything in it; and as a lock."""
    text = data.decode("utf-8", "replace")
    for parse in (parse_toml, parse_lock):
        with suppress(UnreadableSourceError):
            document = parse(text)
            for key, value in document.data.items():
                document.line(key)
                for inner in value if isinstance(value, dict) else ():
                    document.line(key, inner)


def lines(data: bytes) -> None:
    """A requirements file without the files that it may name."""
    inputs = read_inputs(["-"], settings=IndexSettings(), stdin=lambda: data, fetch=None)
    assert inputs.files


def urls(data: bytes) -> None:
    """Text with URLs in it, to be shown."""
    text = data.decode("utf-8", "surrogateescape")
    assert "hunter2" not in redact(f"https://bob:hunter2@host/{text}")
    without_credentials(text)


def body(data: bytes) -> None:
    """A packed body."""
    with suppress(EncodingError, TruncatedError):
        for piece in unpacked([data[1:5], data[5:]], "gzip" if data[:1] > b"\x80" else "deflate"):
            assert piece


def binary(data: bytes) -> None:
    """An ELF shared object; PE and Mach-O are read by native code, in a process of its own."""
    found = declaration_of(b"\x7fELF" + data[4:], "demo.so", "cp314t")
    assert Declaration.from_json(found.as_json()) == found


def _checked(found: object) -> None:
    assert isinstance(found, Metadata | Missing), found
    if isinstance(found, Missing):
        assert found.text.isprintable()


TARGETS: dict[str, Target] = {
    each.__name__: each for each in (page, metadata, wheel, sdist, toml, lines, urls, body, binary)
}

_INFO = "demo-1.0.dist-info/METADATA"
_PYPROJECT = (
    b'[build-system]\nrequires = ["x"]\nbuild-backend = "y"\n[project]\nname = "demo"\ndependencies = ["a>=1"]\n'
)
_SDIST = {"PKG-INFO": METADATA, "pyproject.toml": _PYPROJECT, "a.c": b"", "demo.egg-info/requires.txt": b"a\n[x]\nb\n"}

SEEDS: dict[str, tuple[bytes, ...]] = {
    "page": (
        (
            b'\0{"meta":{"api-version":"1.0"},"files":[{"filename":"demo-1.0-py3-none-any.whl","url":"../x.whl",'
            b'"hashes":{"sha256":"00"},"requires-python":">=3","size":1,"yanked":"","core-metadata":{"sha256":"00"}}]}'
        ),
        (
            b'\1<base href="/"><meta name="pypi:repository-version" content="1.0"><a href="demo-1.0.tar.gz#sha256=00" '
            b'data-requires-python="&gt;=3" data-yanked="" data-core-metadata="sha256=00">x</a><!-- --><!DOCTYPE html>'
        ),
    ),
    "metadata": (
        METADATA,
        METADATA + b'Provides-Extra: x\nRequires-Dist: b[c]>=1,<2; extra == "x"\nDynamic: Version\n',
    ),
    "wheel": (zip_of({_INFO: METADATA, "demo/x.py": b""}), zip_of({_INFO: METADATA}, compression=0, comment=b"x")),
    "sdist": (
        *(tar_of(_SDIST, mode=mode) for mode in ("", "gz", "bz2", "xz")),
        zip_of({f"demo-1.0/{name}": content for name, content in _SDIST.items()}),
    ),
    "toml": (_PYPROJECT, b'a.b = {c = [1, "x", {d = 1979-05-27}]}\n[[x]]\ny = """\nz"""\n[x.z]\n"q" = 1e5\n'),
    "lines": (
        b"a>=1,<2 ; python_version < '4' # c\nb[x] @ https://h/x.whl --hash=sha256:00\n-e .\n-r x.txt\n--pre\\\n\n",
        b"-i https://u:p@h/\n--extra-index-url=x\n-c c.txt\n./x.whl\ngit+https://h/x@1#egg=y\n${HOME}\n",
    ),
    "urls": (b"https://u:p@h/?token=x&y#key=z a://b:c/d@e ssh://git@h",),
    "binary": tuple(
        crafted(name).data for name in ("static-relr", "runtime-O2-1", "single-O2-used", "arm64-changed-O2")
    ),
    "body": (b"\xffx", b"\x00x\x9c\x03\x00\x00\x00\x00\x01"),
}
