"""Where files are: local paths, file URLs, remote URLs."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from nogilcheck.errors import NogilcheckError
from nogilcheck.frozen import frozen
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.input_fingerprint import MAX_FILE_BYTES
from nogilcheck.inputs.text.paths import absolute, kind_of, public_url, shown_path, similar_name, url_to_path
from nogilcheck.inputs.text.pipes import read_up_to
from nogilcheck.model.credentials.logins import learn_logins
from nogilcheck.model.credentials.secrets import learn_path
from nogilcheck.model.source import STDIN, Location, Unread
from nogilcheck.model.urls import redact

MAX_TOTAL_BYTES = 256 * 1024 * 1024
"""Bytes of all files of a run together."""

_SCHEME = re.compile(r"(?:https?|file):", re.IGNORECASE)
"""What pip takes for a URL after ``-r``."""
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""pip would look for a file of this name; a letter alone is a drive."""


class UnreadableSourceError(Exception):
    """A file that cannot be read."""

    def __init__(self, message: str, *, hint: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        """No credentials."""
        self.hint = hint
        self.line = line
        """Where in the file, 1-based."""

    def unread(self, shown: str) -> Unread:
        """The gap that the file is, under its name for people."""
        return Unread(location=Location(path=shown, line=self.line), text=self.message, hint=self.hint)


@frozen
class Source:
    """One file."""

    key: str
    """Its absolute path or its URL, by which an include cycle is noticed. May hold credentials."""
    shown: str
    """For people; no credentials."""
    remote: bool = False

    @property
    def directory(self) -> str:
        """What its ``--find-links`` are relative to; for a remote file the working directory, as in pip."""
        return str(Path.cwd()) if self.remote else str(Path(self.key).parent)

    def include(self, written: str) -> Source:
        """What ``-r written`` in this file names. Raises `UnreadableSourceError`."""
        if not self.remote:
            return source_of(written, directory=self.directory)
        try:
            url = urllib.parse.urljoin(self.key, written)
        except ValueError as error:
            raise UnreadableSourceError(f"not a URL: {redact(written)}") from error
        if not url.lower().startswith(("http:", "https:")):
            raise UnreadableSourceError(f"a remote file cannot include the local file {redact(written)}")
        return source_of(url)


def source_of(written: str, *, directory: str | None = None) -> Source:
    """The file that a path or a URL names; paths are relative to ``directory``, file URLs become paths.

    Raises `UnreadableSourceError` for a URL that names nothing.
    """
    if not _SCHEME.match(written):
        if _OTHER_SCHEME.match(written):
            raise UnreadableSourceError(
                f"unsupported URL scheme: {redact(written)}", hint="Download the file and name its path."
            )
        path = absolute(written, directory)
        return Source(key=path, shown=shown_path(written if directory is None else path))
    try:
        host = urllib.parse.urlsplit(written).hostname
    except ValueError:  # its text may quote a password
        raise UnreadableSourceError(f"malformed URL: {redact(written)}") from None
    if written.lower().startswith("file:"):
        try:
            path = url_to_path(written)
        except ValueError as error:
            raise UnreadableSourceError(f"{error}: {redact(written)}") from error
        return Source(key=path, shown=shown_path(path))
    if not host:
        raise UnreadableSourceError(f"the URL {redact(written)} names no host")
    learn_path(written)
    return Source(key=written, shown=public_url(written), remote=True)


def utf8_text(data: bytes) -> str:
    """The text of a file whose format prescribes UTF-8. Raises `UnreadableSourceError`, with the line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableSourceError("not UTF-8", hint="Save it as UTF-8.", line=line) from None


def stdin_source() -> Source:
    """Standard input: what it names is relative to the working directory."""
    return Source(key=absolute(STDIN), shown=STDIN)


class SourceReader:
    """Reads the bytes of sources, within bounds, and witnesses them."""

    def __init__(self, fetch: Callable[[str], bytes] | None = None) -> None:
        """``fetch`` returns the bytes of a URL; ``None``: nothing is fetched."""
        self.evidence = Evidence()
        self._fetch = fetch
        self._fetched: dict[str, bytes] = {}
        self._total = 0

    def read(self, source: Source) -> bytes:
        """The bytes of one file. Raises `UnreadableSourceError`."""
        data = self._remote(source) if source.remote else self._local(source)
        return self.bounded(data)

    def bounded(self, data: bytes) -> bytes:
        """``data``, counted. Raises `UnreadableSourceError` when it is too much."""
        if len(data) > MAX_FILE_BYTES:
            raise UnreadableSourceError(
                f"larger than {MAX_FILE_BYTES // 1024 // 1024} MiB, more than any such file needs"
            )
        self._total += len(data)
        if self._total > MAX_TOTAL_BYTES:
            raise UnreadableSourceError(f"the files are larger than {MAX_TOTAL_BYTES // 1024 // 1024} MiB together")
        if b"@" in data:
            learn_logins(data.decode("utf-8", "replace"))
        return data

    def _local(self, source: Source) -> bytes:
        path = source.key
        kind = kind_of(path)
        if kind == "directory":
            raise UnreadableSourceError("a directory, not a file")
        if kind == "other":
            # A pipe, such as the shell's <(pip freeze), can be read only once.
            self.evidence.cannot_replay()
        try:
            data = read_up_to(path, MAX_FILE_BYTES + 1)
        except FileNotFoundError as error:
            self.evidence.file(path)
            close = similar_name(path)
            raise UnreadableSourceError(
                "no such file", hint=f"Did you mean {shown_path(close)}?" if close else None
            ) from error
        except (OSError, ValueError) as error:
            self.evidence.file(path)
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreadableSourceError(f"cannot be read: {reason}") from error
        if kind == "file":
            if len(data) > MAX_FILE_BYTES:
                self.evidence.file(path)
            else:
                self.evidence.file_read(path, data)
        return data

    def _remote(self, source: Source) -> bytes:
        self.evidence.cannot_replay()
        if self._fetch is None:
            raise UnreadableSourceError("a remote file, which cannot be fetched in this run")
        url = source.key.partition("#")[0]
        if url not in self._fetched:
            try:
                self._fetched[url] = self._fetch(url)
            except NogilcheckError as error:
                raise UnreadableSourceError(redact(str(error)), hint=error.hint) from error
        return self._fetched[url]
