"""Files of structured formats: found, read, decoded, handed to the reader of their format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nogilcheck.inputs.adapter import Parsed
from nogilcheck.inputs.content import Content
from nogilcheck.inputs.formats import Format
from nogilcheck.inputs.paths import absolute, kind_of, shown_path
from nogilcheck.inputs.sources import Source, SourceReader, UnreadableError, source_of


class Beside:
    """Implements `nogilcheck.inputs.content.Neighbours` for a file, or for a directory."""

    def __init__(self, sources: SourceReader, directory: str, *, remote: bool = False) -> None:
        self._sources = sources
        self._directory = directory
        self._remote = remote

    def read(self, path: str) -> bytes:
        """The bytes of a file, relative to the directory. Raises `UnreadableError`."""
        if self._remote:
            raise UnreadableError(f"{path} lies beside a remote file, and is not fetched")
        return self._sources.read(source_of(str(Path(self._directory, path))))

    def exists(self, path: str) -> bool:
        """Whether there is a file or directory of this name."""
        if self._remote:
            return False
        full = absolute(path, self._directory)
        self._sources.looked_for(full)
        return kind_of(full) is not None

    def shown(self, path: str) -> str:
        """The path as the user would type it."""
        return shown_path(absolute(path, self._directory))


def read_structured(source: Source, data: bytes | None, form: Format, sources: SourceReader) -> Content:
    """What a file says; ``data`` is its content when it does not come from a file. Raises `UnreadableError`."""
    content = sources.read(source) if data is None else sources.bounded(data)
    beside = Beside(sources, source.directory, remote=source.remote)
    return form.reader()(_text(content), source.shown, beside)


def project_roots(beside: Beside, asked: Parsed) -> Content:
    """What a project directory that a requirement names asks for: its core, and the extras that are asked for.

    Raises `UnreadableError` when the directory states nothing that can be read without building it.
    """
    from nogilcheck.inputs.pyproject import read_project

    content = read_project(beside, beside.shown("."))
    roots = [root for root in content.roots if not root.kind or (root.kind == "extra" and root.group in asked.extras)]
    both = [replace(root, marker=_both(asked.marker, root.marker), group=None, kind="") for root in roots]
    return replace(content, roots=tuple(both))


def _both(first: str | None, second: str | None) -> str | None:
    return f"({first}) and ({second})" if first and second else first or second


def _text(data: bytes) -> str:
    """TOML, JSON and the others are UTF-8 by their own specifications."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError("not UTF-8", hint="save it as UTF-8", line=line) from None
