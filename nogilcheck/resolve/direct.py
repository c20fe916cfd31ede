"""Direct references (PEP 440): what the text of a URL tells about the archive or the version that it names."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit, urlunsplit

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import Version

from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile
from nogilcheck.model.filenames import (
    SDIST_SUFFIXES,
    WHEEL_SUFFIX,
    is_archive,
    normalized,
    parse_filename,
    parse_version,
)

MAX_LENGTH = 1024
"""Characters of a file name, a tag or a branch; longer ones are not parsed."""

HASHES = ("sha256", "sha384", "sha512", "sha224", "sha1", "md5")
"""The algorithms that pip accepts in a fragment, the usual one first."""

_VERSION_CONTROL = ("git+", "hg+", "svn+", "bzr+")
_SCHEMES = frozenset({"https", "http", "file"})
_BEFORE_VERSION = frozenset({"release", "releases", "rel", "version", "ver", "tag", "tags"})
_SEPARATORS = re.compile(r"^|[-_/@=]+")


def reference(url: str) -> str:
    """Normalize a URL: two are equal if, and only if, pip takes them for equivalent (``links_equivalent``).

    Userinfo and meaningless parts of the fragment are dropped. The result still leads where the URL does.
    """
    try:
        parts = urlsplit(url)
        values = parse_qs(parts.fragment)
    except ValueError:
        return url
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "file" and host == "localhost":
        host = ""
    fragment = "&".join(f"{key}={values[key][0]}" for key in ("subdirectory", *HASHES) if key in values)
    return urlunsplit(parts._replace(netloc=host, path=parts.path or "/", fragment=fragment))


def is_version_control(url: str) -> bool:
    """Whether the URL names a repository, such as ``git+https://...``."""
    return url.lower().startswith(_VERSION_CONTROL)


def has_hash(url: str) -> bool:
    """Whether the URL of an archive has the archive's hash in its fragment."""
    parts = _split(url)
    return parts is not None and not is_version_control(url) and not parse_qs(parts.fragment).keys().isdisjoint(HASHES)


def is_local(url: str) -> bool:
    """Whether the URL names a file or directory on the disk."""
    return url[:5].lower() == "file:"


def named_by(url: str) -> str | None:
    """The project (normalized) in the file name of an archive; ``None`` when there is none."""
    filename = _filename(url)
    suffix = next((suffix for suffix in (WHEEL_SUFFIX, *SDIST_SUFFIXES) if filename.endswith(suffix)), None)
    if suffix is None or len(filename) > MAX_LENGTH:
        return None
    parts = filename.removesuffix(suffix).split("-")
    ends = [1] if suffix == WHEEL_SUFFIX else range(1, len(parts))
    for end in ends:
        name = _project_name("-".join(parts[:end]))
        if name and parse_filename(filename, name):
            return name
    return None


def look_at(name: str, url: str) -> ReleaseFile | Version | Missing:
    """The archive that a direct reference to a project (normalized) names, or the version in its ref.

    Otherwise `Missing.text` is the reason alone, for a sentence that names the reference.
    """
    if is_version_control(url):
        return _look_at_ref(name, url)
    parts = _split(url)
    if parts is None or parts.scheme.lower() not in _SCHEMES:
        return _unclear("only archives at https, http and file URLs are read")
    filename = _filename(url)
    if not is_archive(filename):
        what = "a project directory" if is_local(url) else "neither a wheel nor a source archive"
        return _unclear(f"it is {what}")
    fragment = parse_qs(parts.fragment)
    if "subdirectory" in fragment:
        return _unclear("the project is in a subdirectory of the archive")
    return _release_file(name, filename, url.partition("#")[0], fragment)


def _release_file(name: str, filename: str, url: str, fragment: dict[str, list[str]]) -> ReleaseFile | Missing:
    kind, tags, build = "sdist", "", ""
    parsed = parse_filename(filename, name) if len(filename) <= MAX_LENGTH else None
    if parsed:
        version = parse_version(parsed.version)
        kind, tags, build = parsed.kind, parsed.tags, parsed.build
    elif filename.endswith(WHEEL_SUFFIX):
        return _unclear(f"{filename} is no wheel of {name}")
    else:  # GitHub's archive of a tag: v1.2.tar.gz
        stem = next(filename.removesuffix(suffix) for suffix in SDIST_SUFFIXES if filename.endswith(suffix))
        version = _version_in(stem, name)
    if version is None:
        return _unclear(f"the file name {filename} tells no version of {name}")
    return ReleaseFile(
        filename=filename,
        url=url,
        version=version,
        kind="wheel" if kind == "wheel" else "sdist",
        tags=tags,
        build=build,
        hashes={algorithm: fragment[algorithm][0].lower() for algorithm in HASHES if algorithm in fragment},
    )


def _look_at_ref(name: str, url: str) -> Version | Missing:
    parts = _split(url)
    ref = parts.path.rpartition("@")[2] if parts and "@" in parts.path else ""
    if not ref:
        return _unclear("it names no version")
    version = _version_in(unquote(ref), name)
    return _unclear(f"{unquote(ref)[:MAX_LENGTH]} is no version") if version is None else version


def _version_in(text: str, name: str) -> Version | None:
    """The version in a tag: ``1.2``, ``v1.2``, ``release-1.2``, ``name-1.2``, ``name/v1.2``, ..."""
    text = text.removeprefix("refs/tags/")
    if len(text) > MAX_LENGTH:
        return None
    for separator in _SEPARATORS.finditer(text):
        before = text[: separator.start()]
        if not before or normalized(before) in {name, *_BEFORE_VERSION}:
            version = parse_version(text[separator.end() :])
            if version is not None:
                return version
    return None


def _filename(url: str) -> str:
    parts = _split(url)
    return "" if parts is None else unquote(parts.path.rpartition("/")[2])


def _project_name(text: str) -> str | None:
    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        return None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _unclear(reason: str) -> Missing:
    return Missing(kind=MissingKind.DIRECT_URL, text=reason)
