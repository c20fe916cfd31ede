"""Bills of materials: CycloneDX (JSON, 1.2 and later) and SPDX (JSON, 2.2 and 2.3), by their package URLs.

See the specifications of both, and "purl-spec" for ``pkg:pypi/NAME@VERSION``. Neither names the files. GitHub's REST
API has its SPDX as ``{"sbom": ...}``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.listings.listing import listed_content, open_listing
from nogilcheck.inputs.locks.entries import checked_name, checked_version, pinned_root
from nogilcheck.inputs.locks.files import public_reference
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource
from nogilcheck.model.urls import redact

_PURL = re.compile(r"pkg:/*(?P<kind>[A-Za-z0-9.+-]+)/(?P<path>[^?#]+)(?:\?(?P<qualifiers>[^#]*))?")
_NO_PACKAGES = frozenset(
    {"operating-system", "file", "device", "firmware", "container", "platform", "data", "device-driver"}
)
"""Types of CycloneDX components that are not distributions."""

_IS_PYPI = re.compile(r"(?:https?://)?(?:pypi\.org|pypi\.python\.org)(?:/|$)")
_INDEX_HINT = "check the lock or the environment that the bill was made of"

_MAX_DEPTH = 32

_MARKER = "uv:package:marker"
"""The property in which uv has the marker of a component."""


@dataclass(frozen=True, slots=True)
class _Component:
    table: Table
    reference: str
    purl: str | None


def read_cyclonedx(text: str, path: str, neighbours: Neighbours) -> Content:
    """The components, those in components too. Raises `UnreadableSourceError`."""
    document = open_listing(text, path, neighbours, "bomFormat")
    root = document.root
    edges = {
        _text(table, "ref"): [name for _, name in table.strings("dependsOn")] for table in root.tables("dependencies")
    }
    every = [one for one in _components(root) if one.purl or one.table.at("type") not in _NO_PACKAGES]
    components = [one for one in every if one.table.at("scope") != "excluded"]
    if len(components) < len(every):
        text = f"{len(every) - len(components)} of {len(every)} components are excluded by their scope: not checked"
        document.diagnostics.note(text, document.path)
    project = root.table("metadata", "component").string("bom-ref")
    return _content(document, "cyclonedx.json", components, edges, [project] if project else [])


def read_spdx(text: str, path: str, neighbours: Neighbours) -> Content:
    """The packages. Raises `UnreadableSourceError`."""
    document = open_listing(text, path, neighbours, "spdxVersion", "sbom")
    root = document.root.table("sbom") if "sbom" in document.root else document.root
    edges: dict[str, list[str]] = {}
    described = [name for _, name in root.strings("documentDescribes")]
    for relation in root.tables("relationships"):
        ends = _text(relation, "spdxElementId"), _text(relation, "relatedSpdxElement")
        match _text(relation, "relationshipType"):
            case "DEPENDS_ON":
                edges.setdefault(ends[0], []).append(ends[1])
            case kind if kind.endswith("DEPENDENCY_OF"):  # those of development and of tests are listed, too
                edges.setdefault(ends[1], []).append(ends[0])
            case "DESCRIBES":
                described.append(ends[1])
    packages = [_Component(table, _text(table, "SPDXID"), _spdx_purl(table)) for table in root.tables("packages")]
    components = [one for one in packages if one.purl or one.reference not in described]
    return _content(document, "spdx.json", components, edges, described)


def _components(parent: Table, depth: int = 0) -> Iterator[_Component]:
    for table in parent.tables("components"):
        yield _Component(table, table.string("bom-ref") or "", table.string("purl"))
        if depth < _MAX_DEPTH:
            yield from _components(table, depth + 1)
        elif "components" in table:
            table.reject("components are nested too deeply; these are not read", "components")


def _text(table: Table, key: str) -> str:
    """A string that has to be there."""
    if table.at(key) is None:
        table.reject(f"an entry without {key}")
    return table.string(key) or ""


def _spdx_purl(table: Table) -> str | None:
    references = table.tables("externalRefs")
    return next((one.string("referenceLocator") for one in references if one.at("referenceType") == "purl"), None)


def _content(
    document: Document,
    kind: str,
    components: Sequence[_Component],
    edges: Mapping[str, Sequence[str]],
    tops: Sequence[str],
) -> Content:
    others: Counter[str] = Counter()
    found: dict[str, LockedDistribution] = {}
    for count, component in enumerate(components):
        match = _PURL.match(component.purl or "")
        if match is None:
            what = component.table.at("name")
            component.table.reject(f"no package URL tells whether {what} is on PyPI: not checked")
        elif match["kind"].lower() != "pypi":
            others[match["kind"].lower()] += 1
        elif (distribution := _distribution(component.table, match)) is not None:
            found[component.reference or f"\0{count}"] = distribution
    if others:
        told = ", ".join(f"{count} {name}" for name, count in sorted(others.items()))
        document.diagnostics.note(f"packages of other ecosystems are not checked: {told}", document.path)
    if others["conda"]:
        text = f"packages of conda are not checked ({others['conda']})"
        document.diagnostics.reject(document.where(), text, needs_build=True)
    direct = [found[name] for top in tops for name in edges.get(top, ()) if name in found]
    return listed_content(
        document,
        kind,
        map(pinned_root, unique(direct)),
        [replace(one, dependencies=_dependencies(edges.get(name, ()), found)) for name, one in found.items()],
        has_graph=any(edges.values()),
    )


def _distribution(table: Table, purl: re.Match[str]) -> LockedDistribution | None:
    written, _, told = purl["path"].partition("@")
    told = told or table.string("versionInfo") or table.string("version") or ""
    name = checked_name(table, unquote(written), "purl")
    if name is None:
        return None
    if not told:
        table.reject(f"{name} has no version", "purl")
        return None
    version = checked_version(table, name, unquote(told))
    qualifiers = parse_qs(purl["qualifiers"] or "")
    source, reference = LockedSource.INDEX, ""
    for key, kind in (("vcs_url", LockedSource.VCS), ("download_url", LockedSource.URL)):
        if key in qualifiers:
            source, reference = kind, public_reference(qualifiers[key][0])
    if version is None:
        return None
    if source is LockedSource.INDEX and (index := qualifiers.get("repository_url")) and not _IS_PYPI.match(index[0]):
        text = f"{name} is from {redact(index[0])}: not looked for on another index"
        table.document.diagnostics.reject(table.where("purl"), text, _INDEX_HINT, needs_build=True)
        return None
    return LockedDistribution(
        name=name,
        version=version,
        location=table.where("purl" if "purl" in table else "versionInfo"),
        files_known=False,
        source=source,
        reference=reference,
        marker=next((one.marker("value") for one in table.tables("properties") if one.at("name") == _MARKER), None),
    )


def _dependencies(names: Sequence[str], found: Mapping[str, LockedDistribution]) -> tuple[LockedDependency, ...]:
    known = (found[name] for name in names if name in found)
    return unique(LockedDependency(name=one.name, version=one.version, marker=one.marker) for one in known)
