"""The files beside the one that is read."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.inputs.text.paths import absolute, kind_of, shown_path
from nogilcheck.inputs.text.sources import Source, SourceReader, UnreadableSourceError, source_of, utf8_text

PROJECT_FILE = "pyproject.toml"


class Neighbours:
    """The files in one directory, or relative to it; whatever is looked at is witnessed."""

    def __init__(self, sources: SourceReader, directory: str, *, remote: bool = False) -> None:
        """``remote``: the file that is read is, so nothing lies beside it."""
        self._sources = sources
        self.evidence = sources.evidence
        self.directory = absolute(directory)
        self.remote = remote

    @classmethod
    def of(cls, source: Source, sources: SourceReader) -> Neighbours:
        """Those of a file."""
        return cls(sources, source.directory, remote=source.remote)

    def within(self, directory: str) -> Neighbours:
        """The files in another directory: an absolute path, or one relative to this."""
        return Neighbours(self._sources, absolute(directory, self.directory), remote=self.remote)

    def text(self, path: str) -> str:
        """The text of a file, in UTF-8. Raises `UnreadableSourceError`, for a file that is absent too."""
        if self.remote:
            raise UnreadableSourceError(f"{path} lies beside a remote file, and is not fetched")
        return utf8_text(self._sources.read(source_of(str(Path(self.directory, path)))))

    def exists(self, path: str) -> bool:
        """Whether there is a file or directory of this name."""
        if self.remote:
            return False
        full = absolute(path, self.directory)
        self.evidence.path(full)
        return kind_of(full) is not None

    def is_directory(self, path: str) -> bool:
        """Whether there is a directory at this path."""
        return self.exists(path) and kind_of(absolute(path, self.directory)) == "directory"

    def shown(self, path: str) -> str:
        """The path as the user would type it."""
        return shown_path(absolute(path, self.directory))
