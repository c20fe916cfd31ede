"""One requirement -> its parts, as pip 26.3 reads it.

Three tools, each where it is right: `packaging` for requirements as PEP 508 has them, which are nearly all;
pip-requirements-parser for what pip accepts beyond it (URLs, paths, editables); and checks of our own where that
library accepts what pip rejects, or the other way round. It is imported for such lines only: it costs as much as
everything else that a reading needs.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import field, replace
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from nogilcheck.frozen import frozen
from nogilcheck.inputs.specifiers.spelling import (
    VCS_PREFIXES,
    VCS_SCHEMES,
    is_archive,
    is_project_name,
    is_url,
    looks_like_path,
    strip_extras,
)
from nogilcheck.inputs.text.paths import absolute, kind_of, path_to_url, public_url, url_to_path
from nogilcheck.model.source import Location, Root

MAX_REQUIREMENT_LENGTH = 4096
"""Characters of one requirement, options not counted."""

_EGG = re.compile(r"[#&]egg=([^&]*)")
_OPERATORS = ("~=", "==", "!=", "<=", ">=", "<", ">")


@frozen
class ParsedRequirement:
    """What one requirement says."""

    name: str | None = None
    """Normalized (PEP 503); ``None`` for a URL or a path that does not tell."""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    """Normalized, sorted."""
    marker: str | None = None
    url: str | None = None
    """A direct reference without credentials; local paths as absolute file URLs."""
    link: str | None = field(default=None, repr=False)
    """``url`` with its credentials; ``None``: it has none."""
    local: str | None = None
    """The absolute path of the archive or the project directory that ``url`` names."""

    def root(self, written: str, location: Location) -> Root:
        """The requirement, as it was written there."""
        return Root(
            requirement=written,
            name=self.name,
            specifier=self.specifier,
            extras=self.extras,
            marker=self.marker,
            url=self.url,
            link=self.link,
            location=location,
        )


class RejectedError(Exception):
    """pip would reject a requirement, or options of a line."""

    def __init__(self, message: str, *, hint: str | None = None, local: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        """What is wrong with it; does not repeat it as a whole."""
        self.hint = hint
        self.local = local
        """The absolute path that was looked for."""


def parse_requirement(text: str) -> ParsedRequirement:
    """A requirement as pip takes it: PEP 508, a URL, or the path of an archive or a project.

    Paths are relative to the working directory, as pip has it. Raises `RejectedError`.
    """
    return _guarded(_parse_requirement, text)


def parse_editable(text: str) -> ParsedRequirement:
    """What follows ``-e``: a project directory, a VCS URL, or ``name @ URL`` with either. Raises `RejectedError`."""
    return _guarded(_parse_editable, text)


def with_hash(parsed: ParsedRequirement, written: str) -> ParsedRequirement:
    """A reference to an archive with its hash (``algorithm:digest``) where a URL has it too: in the fragment."""

    def hashed(url: str) -> str:
        return f"{url}{'&' if '#' in url else '#'}{written.replace(':', '=')}"

    if parsed.url is None or "+" in parsed.url.partition(":")[0]:
        return parsed
    return replace(parsed, url=hashed(parsed.url), link=parsed.link and hashed(parsed.link))


def _guarded(parse: Callable[[str], ParsedRequirement], text: str) -> ParsedRequirement:
    if len(text) > MAX_REQUIREMENT_LENGTH:
        raise RejectedError(f"a requirement of more than {MAX_REQUIREMENT_LENGTH} characters")
    try:
        return parse(text)
    except RecursionError as error:
        raise RejectedError("the marker is nested too deeply") from error
    except ValueError as error:
        raise RejectedError(_reason(error)) from error


def _parse_requirement(text: str) -> ParsedRequirement:
    # In a bare URL a semicolon separates the marker only before a blank.
    text, _, condition = text.partition("; " if is_url(text) else ";")
    marker = str(Marker(condition.strip())) if condition.strip() else None
    text = text.strip()
    if is_url(text):
        return replace(_parse_url(text), marker=marker)
    if local := _parse_path(text):
        return replace(local, marker=marker)
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise _explained(text, error) from error
    parsed = _from_pep508(requirement, marker)
    # pip takes brackets at the very end for extras, those of a URL too.
    _, extras = strip_extras(text)
    return replace(parsed, extras=_read_extras(extras)) if extras else parsed


def _parse_editable(text: str) -> ParsedRequirement:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        requirement = None
    if requirement is not None and requirement.url:
        _check_editable_url(requirement.url)
        return _from_pep508(requirement, str(requirement.marker) if requirement.marker else None)
    path, extras = strip_extras(text)
    if kind_of(absolute(path)) == "directory":
        return _parse_local(absolute(path), extras)
    if path.lower().startswith("file:"):
        return replace(_parse_url(path), extras=_read_extras(extras))
    url = f"{text.partition(':')[0].lower()}+{text}" if text.lower().startswith(VCS_PREFIXES) else text
    _check_editable_url(url)
    parsed = _parse_url(url)
    if parsed.name is None:
        raise RejectedError("a VCS URL after -e needs a name", hint="Write it as: -e 'NAME @ URL'")
    return parsed


def _from_pep508(requirement: Requirement, marker: str | None) -> ParsedRequirement:
    local = None
    if requirement.url:
        _check_egg(requirement.url)
        hint = "Such a path exists only where the file was written; write NAME==VERSION instead."
        local = _existing_target(requirement.url, hint=hint)
    return ParsedRequirement(
        name=canonicalize_name(requirement.name),
        specifier=str(requirement.specifier),
        extras=_normalized(requirement.extras),
        marker=marker,
        url=public_url(requirement.url) if requirement.url else None,
        link=_secret(requirement.url) if requirement.url else None,
        local=local,
    )


def _parse_url(url: str) -> ParsedRequirement:
    """A URL without a marker. The library reads it; what it lets pass and pip does not is refused before."""
    from pip_requirements_parser import PipError, build_install_req

    _check_egg(url)
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file" and "../" in url:
        # As pip does it; the fragment is lost.
        url = path_to_url(urllib.parse.unquote(parts.path))
    local = _existing_target(url)
    try:
        built = build_install_req(url)
    except PipError as error:
        raise RejectedError(_reason(error)) from error
    name, specifier = built.name, ""
    if built.link.is_wheel:
        name, version, _, _ = parse_wheel_filename(built.link.filename)
        specifier = f"=={version}"
    return ParsedRequirement(
        name=canonicalize_name(name) if name else None,
        specifier=specifier,
        url=public_url(url),
        link=_secret(url),
        local=local,
    )


def _secret(url: str) -> str | None:
    return None if public_url(url) == url else url


def _parse_path(text: str) -> ParsedRequirement | None:
    """The archive or the project directory that the text names, or ``None`` when it is no path."""
    is_path = looks_like_path(text)
    if not is_path and not is_archive(strip_extras(text)[0]):
        return None
    path, extras = strip_extras(absolute(text))
    kind = kind_of(path)
    if (is_path and kind == "directory") or (is_archive(path) and kind == "file"):
        return _parse_local(path, extras)
    name, separator, _ = text.partition("@")
    if not is_archive(path) or (separator and not looks_like_path(name)):
        return None
    raise RejectedError("no such file", local=path)


def _parse_local(path: str, extras: str) -> ParsedRequirement:
    return replace(_parse_url(path_to_url(path)), extras=_read_extras(extras))


def _existing_target(url: str, *, hint: str | None = None) -> str | None:
    """The path that a file URL names; ``None`` for other URLs. Raises `RejectedError` when pip cannot install it."""
    if urllib.parse.urlsplit(url).scheme != "file":
        return None
    path = url_to_path(url)
    kind = kind_of(path)
    if kind is None:
        raise RejectedError("no such file or directory", hint=hint, local=path)
    if kind == "directory" and not any(kind_of(str(Path(path, name))) for name in ("pyproject.toml", "setup.py")):
        raise RejectedError("a directory without pyproject.toml or setup.py, which pip cannot install", local=path)
    return path


def _check_egg(url: str) -> None:
    """An egg fragment is a bare project name; pip no longer takes extras or versions in it."""
    egg = _EGG.search(url)
    if egg and not is_project_name(egg[1]):
        raise RejectedError(f"the fragment egg={egg[1]} is not a project name", hint="Write it as: NAME[EXTRA] @ URL")


def _check_editable_url(url: str) -> None:
    scheme = urllib.parse.urlsplit(url).scheme
    if scheme not in VCS_SCHEMES and not url.startswith("file:"):
        if scheme or not kind_of(absolute(url)):
            message = "after -e: neither a project directory nor a VCS URL such as git+https://..."
        else:
            message = "after -e: a file, where pip wants a project directory or a VCS URL"
        raise RejectedError(message, local=None if scheme else absolute(url))


def _explained(text: str, error: InvalidRequirement) -> RejectedError:
    """The advice of pip on requirements that cannot be parsed, and a little more."""
    message = _reason(error)
    if looks_like_path(text):
        path = absolute(text)
        if kind_of(path) is None:
            return RejectedError("no such file or directory", local=path)
        return RejectedError(
            "neither an archive nor a project directory",
            hint=f"To include a requirements file, write: -r {text}",
            local=path,
        )
    if "=" in text and not any(operator in text for operator in _OPERATORS):
        return RejectedError(message, hint="= is not an operator; write ==")
    return RejectedError(message)


def _reason(error: Exception) -> str:
    """The first line: packaging repeats the text and draws an arrow in the others."""
    line = str(error).partition("\n")[0]
    return line[:1].lower() + line[1:]


def _read_extras(text: str) -> tuple[str, ...]:
    return _normalized(Requirement("placeholder" + text.lower()).extras)


def _normalized(extras: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({canonicalize_name(extra) for extra in extras}))
