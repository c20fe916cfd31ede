"""uv.lock: what uv resolved for all environments at once, with the files of every distribution.

The format is uv's own and not specified; this reads what uv 0.4 to 0.13 write (version 1, revisions 0 to 5). See
uv's pages "Locking and syncing", "Resolution" (forks, ``environments``) and "Managing dependencies" (sources).
"""

from __future__ import annotations

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.contents.document import Document, Table
from nogilcheck.inputs.locks.entries import normalized_name, parse_lock, pinned_root
from nogilcheck.inputs.locks.roots import lock_content
from nogilcheck.inputs.locks.uv_packages import UvPackage, markers_of, uv_entries
from nogilcheck.inputs.locks.uv_roots import manifest_roots, member_roots, offered
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds

KNOWN_VERSION = 1
"""Of the schema; a higher ``revision`` of it can be read by every uv that reads the version."""

_RELOCK = "Run `uv lock` to write it again."


def read_uv_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """What a uv.lock holds, or the lock of a script (PEP 723) beside it.

    Roots are what the project, or every member of the workspace, requires; so are the projects themselves entries
    (`LockedSource.PATH`, no files) where something requires them. Raises `UnreadableSourceError`.
    """
    document = Document(path, neighbours, parse_lock(text))
    root = document.root
    _check(root)
    entries = tuple(uv_entries(root))
    manifest = root.table("manifest")
    projects = _projects(manifest, entries)
    roots = [*manifest_roots(manifest), *(asked for entry in projects for asked in member_roots(entry))]
    if not projects and not manifest and entries:
        roots = [pinned_root(entry.distribution) for entry in entries]
        document.diagnostics.note("it names no project: every distribution in it counts as asked for", path)
    extras, groups = offered(projects, manifest)
    locked = [entry.distribution for entry in entries]
    bounds = _bounds(root, projects)
    return lock_content(
        document,
        "uv.lock",
        roots,
        locked,
        bounds=bounds,
        extras=extras,
        groups=groups,
        states_core=bool(projects) or not groups,
    )


def _check(root: Table) -> None:
    """A note on a version that is not known. Raises `UnreadableSourceError` for what is no uv.lock."""
    version = root.at("version")
    foreign = next((key for key in ("lock-version", "packages", "metadata", "distribution") if key in root), None)
    if "package" not in root and foreign is not None:
        hint = _RELOCK if foreign == "distribution" else "Is it the lock of another tool?"
        raise UnreadableSourceError(f"not a lock of uv as it is known: it has {foreign}, and no package", hint=hint)
    if not isinstance(version, int) or isinstance(version, bool):
        hint = "Is it the lock of another tool?" if version is None else _RELOCK
        line = root.where("version").line
        raise UnreadableSourceError("not a lock of uv: it has no version number", hint=hint, line=line)
    if "package" in root and not isinstance(root.at("package"), list):
        line = root.where("package").line
        raise UnreadableSourceError("package is not an array of tables", hint=_RELOCK, line=line)
    if version != KNOWN_VERSION:
        root.note(f"version {version} is not known: it is read as version {KNOWN_VERSION}", "version")


def _projects(manifest: Table, entries: tuple[UvPackage, ...]) -> tuple[UvPackage, ...]:
    """The members of the workspace, or the one project that lies beside the lock."""
    members = {normalized_name(name): index for index, name in manifest.strings("members")}
    projects = tuple(entry for entry in entries if entry.distribution.name in members and entry.directory is not None)
    names = {entry.distribution.name for entry in projects}
    for member, index in members.items():
        if member not in names:
            manifest.reject(f"the member {member} of the workspace is not in the lock", "members", index)
    return projects or tuple(entry for entry in entries if entry.directory == ".")


def _bounds(root: Table, projects: tuple[UvPackage, ...]) -> Bounds | None:
    """``supported-markers`` limit what was resolved (``tool.uv.environments``); ``required-markers`` do not.

    Nor do ``resolution-markers``, which are the forks.
    """
    requires_python = root.specifiers("requires-python")
    environments = markers_of(root, "supported-markers")
    if requires_python is None and not environments:
        return None
    project = next((entry.distribution.name for entry in projects if entry.directory == "."), root.document.path)
    return Bounds(
        project=project,
        location=root.where("requires-python" if requires_python is not None else "supported-markers"),
        requires_python=None if requires_python is None else str(requires_python),
        environments=environments,
    )
