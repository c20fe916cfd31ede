"""The Pipfile beside a Pipfile.lock: what it requires, what it says of choice, and whether the lock was made for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, group_part
from nogilcheck.inputs.file_content.document import Document, Table, open_toml
from nogilcheck.inputs.locks.entries import normalized_names
from nogilcheck.inputs.settings.pipenv import pipfile_settings
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Root

_NAME = "Pipfile"
_NO_CATEGORIES = frozenset({"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"})
_PYPI = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
"""The source that Pipenv adds to a Pipfile without any."""


def pipfile_beside(neighbours: Neighbours, digest: object) -> Content:
    """What the Pipfile beside a lock says; ``digest``: the hash of the Pipfile that the lock was made for."""
    if not neighbours.exists(_NAME):
        return Content()
    try:
        document = open_toml(neighbours, _NAME)
    except UnreadableSourceError as error:
        return Content(unread=(error.unread(neighbours.shown(_NAME)),))
    settings = pipfile_settings(document.root.table("pipenv"))
    if not isinstance(digest, str) or not _is_of(document.root.data, digest):
        text = "Pipfile.lock was made for another Pipfile: pipenv install locks anew, pipenv sync takes it as it is"
        document.diagnostics.reject(document.where(), text, "Lock it: pipenv lock", setting="install")
    roots = tuple(_roots(document))
    return Content(roots=roots, settings=settings, unread=document.diagnostics.unread)


def _roots(document: Document) -> Iterator[Root]:
    """What is required by version; what cannot be read says nothing, for the lock tells what is installed."""
    for category, part in _categories(document.root):
        table = document.root.table(category)
        for key in table:
            value = table.at(key)
            of = Table(document, value, (category, key)) if isinstance(value, dict) else None
            written = of.at("version") if of else value
            specifier = "" if written == "*" else written
            if not isinstance(specifier, str) or specifier_set(specifier) is None:
                continue
            extras = tuple(sorted(normalized_names(of, "extras"))) if of else ()
            listed = f"[{','.join(extras)}]" if extras else ""
            yield Root(
                requirement=f"{key}{listed}{specifier}",
                name=canonicalize_name(key),
                specifier=specifier,
                extras=extras,
                location=table.where(key),
                group=part.group,
                kind=part.kind,
            )


def _categories(root: Table) -> Iterator[tuple[str, Part]]:
    for name in root:
        if name == "packages":
            yield name, CORE
        elif name == "dev-packages":
            yield name, group_part("dev")
        elif name not in _NO_CATEGORIES and isinstance(root.at(name), dict):
            yield name, group_part(name)


def _is_of(pipfile: Mapping[str, Any], digest: str) -> bool:
    """Whether it is the hash of a Pipfile: with normalized names (``pipenv/utils/pipfile.py``), or as it used to be."""
    try:
        return digest in {_digest(pipfile, canonicalize_name), _digest(pipfile, str)}
    except RecursionError:  # nested too deeply for Pipenv, too
        return False


def _digest(pipfile: Mapping[str, Any], named: Callable[[str], str]) -> str:
    def section(value: Any) -> Any:
        return {named(key): each for key, each in value.items()} if isinstance(value, dict) else value

    others = pipfile.keys() - _NO_CATEGORIES - {"default", "develop"}
    data = {
        "_meta": {"sources": pipfile.get("source", [_PYPI]), "requires": pipfile.get("requires", {})},
        "default": section(pipfile.get("packages", {})),
        "develop": section(pipfile.get("dev-packages", {})),
        **{name: section(pipfile[name]) for name in others},
    }
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
