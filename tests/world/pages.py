"""The pages of a Simple API (PEP 503, 592, 629, 658, 691, 700, 714, 792) for a universe."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from tests.world import archives
from tests.world.shape import Format, Shape
from tests.world.universe import File, Project, Universe

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
SIMPLE_HTML = "application/vnd.pypi.simple.v1+html"
TEXT_HTML = "text/html"


def choose(form: Format, accept: str) -> str | None:
    """The content type of a page for this ``Accept`` header; ``None``: nothing acceptable."""
    if form == "json":
        return SIMPLE_JSON
    if form == "html-always":
        return TEXT_HTML
    offered = (SIMPLE_JSON, SIMPLE_HTML, TEXT_HTML) if form == "negotiate" else (SIMPLE_HTML, TEXT_HTML)
    wishes = _wishes(accept)
    # A client that takes anything gets HTML, as PEP 691 recommends.
    quality = {kind: wishes.get(kind, 0.0) for kind in offered}
    quality[TEXT_HTML] = wishes.get(TEXT_HTML, wishes.get("text/*", wishes.get("*/*", 0.0)))
    best = max(offered, key=lambda kind: quality[kind])
    return best if quality[best] > 0 else None


def _wishes(accept: str) -> dict[str, float]:
    """Media type -> quality (RFC 9110, 12.5.1)."""
    wishes: dict[str, float] = {}
    for item in accept.split(","):
        kind, *parameters = (part.strip() for part in item.split(";"))
        quality = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
        wishes[kind.lower()] = float(quality)
    return wishes


def page(universe: Universe, name: str | None, shape: Shape, base: str, *, is_json: bool) -> bytes | None:
    """The page of one project (normalized name), or of the whole index; ``None`` for an unknown project."""
    if name is None:
        names = [project.name for project in universe.projects]
        return _json_root(names) if is_json else _html(f'<a href="/simple/{n}/">{escape(n)}</a>' for n in names)
    project = universe.project(name)
    if project is None:
        return None
    prefix = "../../files/" if shape.relative_urls else f"{base}/files/"
    if is_json:
        return _json_page(project, shape, prefix)
    status = f'<meta name="pypi:project-status" content="{escape(project.status)}">'
    return _html(
        (_anchor(file, shape, prefix) for file in project.files), () if project.status == "active" else [status]
    )


def links(universe: Universe, shape: Shape, base: str) -> bytes:
    """One flat page with every file, as for ``--find-links``."""
    prefix = "../files/" if shape.relative_urls else f"{base}/files/"
    return _html(_anchor(file, shape, prefix) for file in universe.files)


def _json_root(names: Iterable[str]) -> bytes:
    return json.dumps({"meta": {"api-version": "1.0"}, "projects": [{"name": name} for name in names]}).encode()


def _json_page(project: Project, shape: Shape, prefix: str) -> bytes:
    pep_700 = shape.sizes or shape.upload_times
    data: dict[str, object] = {"meta": {"api-version": "1.4" if pep_700 else "1.0"}, "name": project.normalized}
    if project.status != "active":
        data["project-status"] = {"status": project.status}
    if pep_700:
        data["versions"] = list(project.versions)
    data["files"] = [_json_file(file, shape, prefix) for file in project.files]
    return json.dumps(data).encode()


def _json_file(file: File, shape: Shape, prefix: str) -> dict[str, object]:
    entry: dict[str, object] = {
        "filename": file.filename,
        "url": prefix + quote(file.filename),
        "hashes": {"sha256": archives.sha256(file)} if shape.hashes else {},
    }
    if file.requires_python is not None:
        entry["requires-python"] = file.requires_python
    if file.yanked is not None:
        entry["yanked"] = file.yanked or True
    if shape.sizes:
        entry["size"] = len(archives.archive(file))
    if shape.upload_times:
        entry["upload-time"] = file.upload_time
    for key, offered in _metadata_keys(shape).items():
        if offered and file.is_wheel:
            entry[key] = {"sha256": archives.metadata_sha256(file)} if shape.hashes else True
    return entry


def _anchor(file: File, shape: Shape, prefix: str) -> str:
    fragment = f"#sha256={archives.sha256(file)}" if shape.hashes else ""
    attributes = {"href": prefix + quote(file.filename) + fragment}
    if file.requires_python is not None:
        attributes["data-requires-python"] = file.requires_python
    if file.yanked is not None:
        attributes["data-yanked"] = file.yanked
    for key, offered in _metadata_keys(shape).items():
        if offered and file.is_wheel:
            attributes[f"data-{key}"] = f"sha256={archives.metadata_sha256(file)}" if shape.hashes else "true"
    rendered = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<a {rendered}>{escape(file.filename)}</a>"


def _metadata_keys(shape: Shape) -> dict[str, bool]:
    return {"core-metadata": shape.core_metadata, "dist-info-metadata": shape.legacy_core_metadata}


def _html(anchors: Iterable[str], head: Iterable[str] = ()) -> bytes:
    metas = "".join(['<meta name="pypi:repository-version" content="1.1">', *head])
    body = "<br>\n".join(anchors)
    return f"<!DOCTYPE html>\n<html><head>{metas}<title>Links</title></head><body>\n{body}\n</body></html>\n".encode()
