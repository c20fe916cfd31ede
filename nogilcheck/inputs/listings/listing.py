"""What listings have in common: how they are opened, and how a list of distributions becomes a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, MAX_REQUIREMENTS
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.foreign import SPDX_3
from nogilcheck.inputs.locks.roots import lock_content, lock_roots
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.inputs.text.json_lines import JsonDocument, parse_json
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedDistribution
from nogilcheck.model.source import Root

PIP_REPORT = "pip-report.json"


def open_listing(text: str, path: str, neighbours: Neighbours, *keys: str) -> Document:
    """The document. Raises `UnreadableSourceError` unless it is a JSON object with one of ``keys``."""
    data = parse_json(text)
    if isinstance(data, dict) and "spdx.org/rdf/3" in str(data.get("@context")):
        raise UnreadableSourceError(SPDX_3.what, hint=SPDX_3.hint)
    if not isinstance(data, dict) or not data.keys() & set(keys):
        raise UnreadableSourceError(f"no {' or '.join(keys)!r} in it: another kind of file")
    return Document(path, neighbours, JsonDocument(text, data))


def listed_content(
    document: Document,
    kind: str,
    asked: Iterable[Root],
    distributions: Iterable[LockedDistribution],
    *,
    tools: frozenset[str] = frozenset(),
    held: Callable[[str], bool] = lambda _: True,
    has_graph: bool = True,
) -> Content:
    """A lock of what is listed, each version once; ``tools`` are no roots. ``held``: as in `lock_roots`."""
    listed: dict[tuple[str, str | None], LockedDistribution] = {}
    for one in distributions:
        known = listed.setdefault((one.name, one.version), one)
        listed[one.name, one.version] = replace(known, marker=any_of(known.marker, one.marker))
    entries = [*listed.values()]
    if not entries and document.diagnostics.complete:
        hint = "With `pip install --report`, say --ignore-installed as well." if kind == PIP_REPORT else None
        raise UnreadableSourceError("no distribution of PyPI is listed in it", hint=hint)
    if len(entries) > MAX_REQUIREMENTS:
        raise UnreadableSourceError(f"more than {MAX_REQUIREMENTS} distributions in all")
    roots = lock_roots([*asked], [(one, (CORE,)) for one in entries if one.name not in tools], held)
    return lock_content(document, kind, roots, entries, has_graph=has_graph)
