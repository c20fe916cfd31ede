"""uv.lock: what uv resolved for all environments at once, with the files of every distribution.

The format is uv's own and not specified; this reads what uv 0.4 to 0.13 write (version 1, revisions 0 to 5). See
uv's pages "Locking and syncing", "Resolution" (forks, ``environments``) and "Managing dependencies" (sources).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.entries import normalized_name, parse_lock, pinned_root, unknown_version
from nogilcheck.inputs.locks.roots import lock_content, project_beside
from nogilcheck.inputs.locks.uv_packages import UvPackage, markers_of, uv_entries
from nogilcheck.inputs.locks.uv_roots import as_written, manifest_limits, manifest_roots, member_roots, offered
from nogilcheck.inputs.projects.script import read_script
from nogilcheck.inputs.settings.cooldown import cutoff_at, span_of, uv_cutoff
from nogilcheck.inputs.settings.unfollowed import HINT
from nogilcheck.inputs.settings.uv import TRUE
from nogilcheck.inputs.settings.uv_files import settings_beside
from nogilcheck.inputs.text.neighbours import PROJECT_FILE, Neighbours
from nogilcheck.inputs.text.paths import absolute, shown_path
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds, IndexSettings, Location, Root, Unread

KNOWN_VERSION = 1
"""Of the schema; a higher ``revision`` of it can be read by every uv that reads the version."""

_RELOCK = "Run `uv lock` to write it again."


def read_uv_lock(text: str, path: str, neighbours: Neighbours, member: str | None = None) -> Content:
    """What a uv.lock holds, or the lock of a script (PEP 723) beside it.

    Roots are what the project, or every member of the workspace, requires; so are the projects themselves entries
    (`LockedSource.PATH`, no files) where something requires them. ``member``: the absolute directory of the one
    project that asks. Raises `UnreadableSourceError`.
    """
    document = Document(path, neighbours, parse_lock(text))
    root = document.root
    _check(root)
    entries = tuple(uv_entries(root))
    manifest = root.table("manifest")
    projects = _projects(manifest, entries)
    asking = projects
    if member is not None:
        manifest = Document(path, neighbours).root  # what it asks for is asked for by no member
        asking = tuple(entry for entry in projects if absolute(entry.directory or "", neighbours.directory) == member)
        if not asking:
            text = f"the project in {shown_path(member)} is none of its members"
            raise UnreadableSourceError(text, hint="Run `uv lock`, which adds it.")
    conflicts = tuple(_conflicts(root, {entry.distribution.name for entry in asking}))
    script = _script(document)
    roots = list(as_written(manifest_roots(manifest), script.roots if script else ()))
    for entry in asking:
        stated = _project_roots(neighbours.within(entry.directory or ""))
        roots += as_written(member_roots(entry, conflicts), stated)
    if not projects and not manifest and entries:
        roots = [pinned_root(entry.distribution) for entry in entries]
        document.diagnostics.note("no project in it: every distribution counts as a direct requirement", path)
    extras, groups = offered(asking, manifest)
    own = {id(entry) for entry in projects}
    locked = [
        replace(entry.distribution, own=True, files=()) if id(entry) in own else entry.distribution for entry in entries
    ]
    bounds = _bounds(root, projects)
    settings, unread = (script.settings, ()) if script else _project_settings(root)
    constraints, overrides = manifest_limits(root.table("manifest"))
    return lock_content(
        document,
        "uv.lock",
        roots,
        locked,
        bounds=bounds,
        extras=extras,
        groups=groups,
        conflicts=conflicts,
        project=Content(settings=settings, unread=unread, constraints=constraints, overrides=overrides),
        states_core=bool(projects) or not groups,
        is_for_every_python=root.at("options", "fork-strategy") == "fewest",
    )


def _project_settings(root: Table) -> tuple[IndexSettings, tuple[Unread, ...]]:
    """What the project beside the lock says of choice, and what does not go with the lock."""
    neighbours = root.document.neighbours
    if not neighbours.exists(PROJECT_FILE):
        return locked_settings(root), ()
    return settings_beside(neighbours, partial(reject_other_settings, root))


def _project_roots(neighbours: Neighbours) -> tuple[Root, ...]:
    """The requirements of the project in a directory, where they stand; none where they cannot be read."""
    project = project_beside(neighbours)
    return project.roots if project else ()


def _script(document: Document) -> Content | None:
    """The script that a lock is for; ``None`` where it is that of a project."""
    name = PurePath(document.path).name.removesuffix(".lock")
    if not name.endswith(".py"):
        return None
    neighbours = document.neighbours
    try:
        return read_script(neighbours.text(name), neighbours.shown(name), neighbours)
    except UnreadableSourceError:  # the lock stands for itself
        return Content()


def _conflicts(root: Table, asking: set[str]) -> Iterator[frozenset[tuple[str, str | None]]]:
    """``conflicts``: sets of members, or extras and groups of those that ask, of which uv installs one at most."""
    for index, several in enumerate(root.array("conflicts")):
        items: set[tuple[str, str | None]] = set()
        for place, item in enumerate(several if isinstance(several, list) else ()):
            table = root.as_table(item, "conflicts", index, place)
            package = normalized_name(table.string("package") or "")
            named = [(kind, name) for kind in ("extra", "group") if (name := table.string(kind)) is not None]
            if not named and package is None:
                table.reject("neither a project nor a part of one")
            elif not named:
                items.add(("project", package))
            elif package is None or package in asking:
                items.update((kind, normalized_name(name) or name) for kind, name in named)
        yield frozenset(items)


def _check(root: Table) -> None:
    """Raises `UnreadableSourceError` for what is no uv.lock, and for a version that is not known."""
    version = root.at("version")
    foreign = next((key for key in ("lock-version", "packages", "metadata", "distribution") if key in root), None)
    if "package" not in root and foreign is not None:
        hint = _RELOCK if foreign == "distribution" else "Is it the lock of another tool?"
        raise UnreadableSourceError(f"unsupported uv.lock: it has {foreign}, and no package", hint=hint)
    if not isinstance(version, int) or isinstance(version, bool):
        hint = "Is it the lock of another tool?" if version is None else _RELOCK
        line = root.where("version").line
        raise UnreadableSourceError("not a uv lock file: no version number", hint=hint, line=line)
    if "package" in root and not isinstance(root.at("package"), list):
        line = root.where("package").line
        raise UnreadableSourceError("package is not an array of tables", hint=_RELOCK, line=line)
    if version != KNOWN_VERSION:
        raise unknown_version(f"version {version}", f"version {KNOWN_VERSION}", root.where("version"))


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


_MODES = {
    "resolution": ("UV_RESOLUTION", "resolution-mode", ("highest",)),
    "prerelease": ("UV_PRERELEASE", "prerelease-mode", ("if-necessary-or-explicit", "if-necessary")),
    "fork-strategy": ("UV_FORK_STRATEGY", "fork-strategy", ("requires-python",)),
}
"""Setting -> its variable, what the lock calls it, and its default by all its names."""


def reject_other_settings(lock: Table, tool: Table) -> None:
    """Reject the settings of ``[tool.uv]`` and of uv's variables that are not those of the lock."""
    variable = tool.document.neighbours.evidence.variable
    if (variable("UV_FROZEN") or "").lower() in TRUE:
        return
    options = lock.table("options")
    differing = []
    for key, (name, written, defaults) in _MODES.items():
        asked, locked = variable(name) or tool.at(key) or defaults[0], options.at(written) or defaults[0]
        if asked != locked and not (asked in defaults and locked in defaults):
            differing.append((key, name))
    name = "UV_EXCLUDE_NEWER"
    locked = options.at("exclude-newer-span") or options.at("exclude-newer")  # beside a span, a moment means nothing
    if _cutoff(variable(name) or tool.at("exclude-newer")) != _cutoff(locked):
        differing.append(("exclude-newer", name))
    for key, name in differing:
        where = Location(path=name) if variable(name) else tool.where(key)
        text = f"uv.lock was made with another {key}: uv resolves anew before it installs"
        tool.document.diagnostics.reject(where, text, HINT, setting="install")


def _cutoff(value: object) -> object:
    """A moment, or a span from now; ``None`` for none, and for what uv does not read either."""
    if not isinstance(value, str):
        return None
    try:
        span = span_of(value)
        return uv_cutoff(value).before if span is None else span
    except ValueError:
        return None


def locked_settings(lock: Table) -> IndexSettings:
    """The cool-down by which a lock was made, where no project beside it says it."""
    options = lock.table("options")
    key = "exclude-newer-span" if "exclude-newer-span" in options else "exclude-newer"
    by_name = options.table("exclude-newer-package")
    cutoffs = [
        cutoff
        for name in by_name
        if not isinstance(by_name.at(name), dict)
        for cutoff in cutoff_at(by_name, name, uv_cutoff, project=canonicalize_name(name))
    ]
    return IndexSettings(cutoffs=(*cutoffs, *cutoff_at(options, key, uv_cutoff)))
