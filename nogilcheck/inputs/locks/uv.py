"""uv.lock: what uv resolved for all environments at once, with the files of every distribution.

The format is uv's own and not specified; this reads what uv 0.4 to 0.13 write (version 1, revisions 0 to 5). See
uv's pages "Locking and syncing", "Resolution" (forks, ``environments``) and "Managing dependencies" (sources).
"""

from __future__ import annotations

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.locks.parts import LockParts, Table, normalized_name, parse_lock
from nogilcheck.inputs.locks.uv_packages import UvPackage, read_entries
from nogilcheck.inputs.locks.uv_roots import manifest_roots, member_roots, offered
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import TomlDocument
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, Location, Root

KNOWN_VERSION = 1
"""Of the schema; a higher ``revision`` of it can be read by every uv that reads the version."""

_RELOCK = "Run `uv lock` to write it again."


def read_uv_lock(text: str, path: str, beside: Neighbours) -> Content:
    """What a uv.lock holds, or the lock of a script (PEP 723) beside it.

    Roots are what the project, or every member of the workspace, requires; so are the projects themselves entries
    (`LockedSource.PATH`, no files) where something requires them. Raises `UnreadableSourceError`.
    """
    document = parse_lock(text)
    notes = _check(document, path)
    parts = LockParts(document, path, beside)
    entries = tuple(read_entries(parts, document.data))
    manifest = parts.table(document.data, "manifest", ())
    projects = _projects(parts, manifest, entries)
    roots = [*manifest_roots(parts, manifest), *(root for entry in projects for root in member_roots(parts, entry))]
    if not projects and not manifest and entries:
        roots = _each(entries)
        notes += (f"{path} names no project: every distribution in it counts as asked for",)
    extras, groups = offered(projects, manifest)
    return Content(
        bounds=_bounds(parts, document.data, projects),
        lock=Lock(
            path=path,
            kind="uv.lock",
            roots=tuple(roots),
            distributions=tuple(entry.distribution for entry in entries),
        ),
        extras=extras,
        groups=groups,
        unread=parts.unread,
        notes=notes,
    )


def _check(document: TomlDocument, path: str) -> tuple[str, ...]:
    """Notes on a version that is not known. Raises `UnreadableSourceError` for what is no uv.lock."""
    data = document.data
    version = data.get("version")
    packages = data.get("package", [])
    foreign = next((key for key in ("lock-version", "packages", "metadata", "distribution") if key in data), None)
    if "package" not in data and foreign is not None:
        hint = _RELOCK if foreign == "distribution" else "Is it the lock of another tool?"
        raise UnreadableSourceError(f"not a lock of uv as it is known: it has {foreign}, and no package", hint=hint)
    if not isinstance(version, int) or isinstance(version, bool):
        hint = "Is it the lock of another tool?" if version is None else _RELOCK
        raise UnreadableSourceError(
            "not a lock of uv: it has no version number", hint=hint, line=document.line("version")
        )
    if not isinstance(packages, list):
        raise UnreadableSourceError("package is no array of tables", hint=_RELOCK, line=document.line("package"))
    if version == KNOWN_VERSION:
        return ()
    where = Location(path=path, line=document.line("version"))
    return (f"{where}: version {abbreviate(str(version))} is not known: it is read as version {KNOWN_VERSION}",)


def _projects(parts: LockParts, manifest: Table, entries: tuple[UvPackage, ...]) -> tuple[UvPackage, ...]:
    """The members of the workspace, or the one project that lies beside the lock."""
    members = {normalized_name(name): where for name, where in parts.strings(manifest, "members", ("manifest",))}
    found = tuple(entry for entry in entries if entry.distribution.name in members and entry.directory is not None)
    names = {entry.distribution.name for entry in found}
    for member, where in members.items():
        if member not in names:
            parts.reject(f"the member {member} of the workspace is not in the lock", where)
    return found or tuple(entry for entry in entries if entry.directory == ".")


def _bounds(parts: LockParts, data: Table, projects: tuple[UvPackage, ...]) -> Bounds | None:
    """``supported-markers`` limit what was resolved (``tool.uv.environments``); ``required-markers`` do not.

    Nor do ``resolution-markers``, which are the forks.
    """
    requires_python = parts.specifier(data, "requires-python", ())
    environments = parts.markers(data, "supported-markers", ())
    if requires_python is None and not environments:
        return None
    root = next((entry for entry in projects if entry.directory == "."), None)
    return Bounds(
        project=root.distribution.name if root else parts.path,
        location=parts.location(("requires-python" if requires_python is not None else "supported-markers",)),
        requires_python=requires_python,
        environments=environments,
    )


def _each(entries: tuple[UvPackage, ...]) -> list[Root]:
    """A root for each entry, so that nothing is lost."""
    roots = []
    for entry in entries:
        found = entry.distribution
        pin = f"=={found.version}" if found.version else ""
        roots.append(
            Root(
                requirement=f"{found.name}{pin}",
                name=found.name,
                specifier=pin,
                marker=found.marker,
                location=found.location,
            )
        )
    return roots
