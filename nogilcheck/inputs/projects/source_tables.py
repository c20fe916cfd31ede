"""Tables that say where one dependency comes from, ``{ git = ..., rev = ... }`` and the like, as URLs (PEP 508)."""

from __future__ import annotations

import re
from dataclasses import replace

from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.inputs.file_content.diagnostics import Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.text.paths import absolute, path_to_url, public_url
from nogilcheck.model.source import Root

MAX_REFERENCE_LENGTH = 4096
"""Characters of a URL or a path."""

_REVISIONS = ("rev", "tag", "branch")
_SCP = re.compile(r"(?P<host>[^@/:\s]+@[^@/:\s]+|[^@/:\s]{2,}):(?P<path>(?!//)\S+)")
"""``git@host:owner/project.git``; one letter before the colon is a Windows drive."""


def sourced_root(entry: Table, name: str, specifier: str, marker: str | None, part: Part) -> Root | None:
    """The requirement that a table of Poetry or pixi stands for, from its URL where it names one; or it is rejected."""
    try:
        normalized = canonicalize_name(name, validate=True)
    except InvalidName:
        entry.reject(f"not the name of a project: {name}", part=part)
        return None
    extras = tuple(sorted({canonicalize_name(extra) for _, extra in entry.strings("extras")}))
    listed = f"[{','.join(extras)}]" if extras else ""
    root = Root(
        requirement=f"{name}{listed}{specifier}{f' ; {marker}' if marker else ''}",
        name=normalized,
        specifier=specifier,
        extras=extras,
        marker=marker,
        location=entry.where(),
        group=part.group,
        kind=part.kind,
    )
    if not any(key in entry for key in ("git", "url", "path", "file")):
        return root
    editable = entry.at("develop") is True or entry.at("editable") is True
    url = reference_of(entry)
    return None if url is None else referring(root, url, marker=marker, editable=editable)


def reference_of(source: Table) -> str | None:
    """The URL that a table of uv (``tool.uv.sources``) or Poetry names. May hold credentials.

    ``None`` when it names none, or one that is rejected. Local paths become absolute file URLs; nothing is looked up.
    """
    for key in ("git", "url", "path", "file"):
        if key not in source:
            continue
        text = source.string(key)
        if not text or len(text) > MAX_REFERENCE_LENGTH or "\0" in text:
            what = "path" if key in {"path", "file"} else "URL"
            source.reject(f"{source.named(key)} is not a usable {what}", key)
            return None
        return _reference(source, key, text)
    return None


def _reference(source: Table, key: str, text: str) -> str:
    directory = source.document.neighbours.directory
    subdirectory = source.at("subdirectory")
    fragment = f"#subdirectory={subdirectory}" if isinstance(subdirectory, str) else ""
    if key == "git":
        revision = next((name for key in _REVISIONS if isinstance(name := source.at(key), str)), None)
        return f"git+{_git_url(text, directory)}{f'@{revision}' if revision else ''}{fragment}"
    if key == "url":
        return text + fragment
    return path_to_url(absolute(text, directory)) + fragment


def _git_url(text: str, directory: str) -> str:
    if "://" in text:
        return text
    if scp := _SCP.fullmatch(text):
        return f"ssh://{scp['host']}/{scp['path'].lstrip('/')}"
    return path_to_url(absolute(text, directory))


def referring(root: Root, url: str, *, marker: str | None, editable: bool = False) -> Root:
    """Take the requirement from a URL, which may hold credentials."""
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
