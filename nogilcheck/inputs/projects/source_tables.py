"""Tables that say where one dependency comes from, ``{ git = ..., rev = ... }`` and the like, as URLs (PEP 508)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nogilcheck.inputs.project_contents import ProjectCollector
from nogilcheck.inputs.text.paths import absolute, path_to_url, public_url
from nogilcheck.model.source import Location, Root

MAX_REFERENCE_LENGTH = 4096
"""Characters of a URL or a path."""

_REVISIONS = ("rev", "tag", "branch")
_SCP = re.compile(r"(?P<host>[^@/:\s]+@[^@/:\s]+|[^@/:\s]{2,}):(?P<path>(?!//)\S+)")
"""``git@host:owner/project.git``; one letter before the colon is a Windows drive."""


def reference_of(gathering: ProjectCollector, source: Mapping[str, Any], where: Location, what: str) -> str | None:
    """The URL that a table of uv (``tool.uv.sources``) or Poetry names. May hold credentials.

    ``None`` when it names none, or one that is rejected. Local paths become absolute file URLs; nothing is looked up.
    """
    for key in ("git", "url", "path", "file"):
        value = source.get(key)
        if value is None:
            continue
        text = gathering.string(value, where, f"{what}.{key}")
        if not text or len(text) > MAX_REFERENCE_LENGTH or "\0" in text:
            gathering.reject(where, f"{what}.{key} is no usable {'path' if key in {'path', 'file'} else 'URL'}")
            return None
        return _reference(gathering, key, text, source)
    return None


def _reference(gathering: ProjectCollector, key: str, text: str, source: Mapping[str, Any]) -> str:
    subdirectory = source.get("subdirectory")
    fragment = f"#subdirectory={subdirectory}" if isinstance(subdirectory, str) else ""
    if key == "git":
        revision = next((source[key] for key in _REVISIONS if isinstance(source.get(key), str)), None)
        return f"git+{_git_url(text, gathering)}{f'@{revision}' if revision else ''}{fragment}"
    if key == "url":
        return text + fragment
    return path_to_url(absolute(text, gathering.directory)) + fragment


def _git_url(text: str, gathering: ProjectCollector) -> str:
    if "://" in text:
        return text
    if found := _SCP.fullmatch(text):
        return f"ssh://{found['host']}/{found['path'].lstrip('/')}"
    return path_to_url(absolute(text, gathering.directory))


def referring(root: Root, url: str, *, marker: str | None, editable: bool = False) -> Root:
    """The same requirement, taken from a URL, which may hold credentials."""
    shown = public_url(url)
    extras = f"[{','.join(root.extras)}]" if root.extras else ""
    return replace(
        root,
        requirement=f"{root.name}{extras} @ {shown}",
        url=shown,
        link=None if url == shown else url,
        marker=marker,
        editable=editable,
    )
