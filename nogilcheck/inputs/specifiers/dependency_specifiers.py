"""Dependency specifiers (PEP 508), as project files have them."""

from __future__ import annotations

import re

from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nogilcheck.inputs.specifiers.requirement import (
    MAX_REQUIREMENT_LENGTH,
    ParsedRequirement,
    RejectedError,
    parse_requirement,
)
from nogilcheck.inputs.text.paths import path_to_url

_START = re.compile(r"\s*[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?\s*(?:[\[(@;<>=!~]|\Z)", re.IGNORECASE)
"""How a dependency specifier begins, and neither a path nor a bare URL does."""

_PDM_ROOT = re.compile(r"file:///?\$\{PROJECT_ROOT\}")


def parse_dependency(text: str) -> ParsedRequirement:
    """What a dependency specifier says, with the answers that it has in a requirements file.

    A bare URL or a path, which pip takes there, is none. Raises `RejectedError`.
    """
    refused = RejectedError("not a dependency specifier (PEP 508)", hint="Write it as: NAME @ URL")
    if any(mark in text for mark in "./\\") and not _START.match(text[:MAX_REQUIREMENT_LENGTH]):
        raise refused
    parsed = parse_requirement(text)
    if parsed.name is None or (parsed.local and "@" not in text):
        raise refused
    return parsed


def specifier_set(text: str) -> SpecifierSet | None:
    """A version specifier set (PEP 440); ``None`` for what is none, and for what is longer than a requirement."""
    if len(text) > MAX_REQUIREMENT_LENGTH:
        return None
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def canonical_marker(text: str) -> str | None:
    """An environment marker (PEP 508) as packaging writes it; ``None`` for text that is not one, or too long."""
    if len(text) > MAX_REQUIREMENT_LENGTH:
        return None
    try:
        return str(Marker(text))
    except (InvalidMarker, RecursionError):
        return None


def fill(text: str, directory: str) -> str:
    """``text`` with the file URL of the project's directory where Hatch and PDM have a name for it."""
    if "{" not in text or len(text) > MAX_REQUIREMENT_LENGTH:
        return text
    url = path_to_url(directory)
    text = text.replace("{root:uri}", url).replace("{root:parent:uri}", url.rpartition("/")[0])
    return _PDM_ROOT.sub(lambda _: url, text)
