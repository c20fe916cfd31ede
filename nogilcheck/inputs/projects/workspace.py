"""Workspaces: several projects in one repository that are resolved together.

See uv's page "Using workspaces", PDM's "Workspaces" and Hatch's "Environment configuration" (``workspace.members``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePath
from typing import Literal

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Document, Table, open_toml
from nogilcheck.inputs.projects.source_tables import referring
from nogilcheck.inputs.text.neighbours import PROJECT_FILE, Neighbours
from nogilcheck.inputs.text.paths import absolute, path_to_url
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Root

_LOCKS = {"uv": "uv.lock", "pdm": "pdm.lock"}

_WILDCARD = re.compile(r"[*?\[]")

MAX_MEMBERS = 500
"""Directories that the patterns of a workspace match; the others are not looked at."""

MAX_PARENTS = 64
"""Directories above a project in which the root of its workspace is looked for."""


@dataclass(frozen=True)
class Workspace:
    """A workspace, as its root describes it."""

    tool: Literal["uv", "pdm", "hatch"]
    document: Document
    """The pyproject.toml of its root."""
    patterns: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    @property
    def directory(self) -> str:
        """Of the root; absolute."""
        return self.document.neighbours.directory

    @cached_property
    def members(self) -> dict[str, str]:
        """The normalized name of each project, that of the root too -> its absolute directory."""
        members: dict[str, str] = {}
        for directory in dict.fromkeys((self.directory, *islice(self._matching(), MAX_MEMBERS))):
            if name := project_name(self.document.neighbours.within(directory)):
                members.setdefault(name, directory)
        return members

    def has(self, directory: str) -> bool:
        """Whether a project directory is a member; the root is."""
        return directory == self.directory or directory in self._matching()

    def redirected(self, root: Root) -> Root:
        """A requirement, on a member from its directory: no index is asked about one."""
        if root.url is not None or root.name not in self.members:
            return root
        return referring(root, path_to_url(self.members[root.name]), marker=root.marker, editable=True)

    def _matching(self) -> Iterator[str]:
        for pattern in self.patterns:
            yield from matching(self.document.neighbours, pattern, self.excluded)


def matching(neighbours: Neighbours, pattern: str, excluded: Sequence[str]) -> Iterator[str]:
    """The project directories that a pattern matches. A project that is added is seen by a replay."""
    base = Path(neighbours.directory)
    try:
        for place in _places(neighbours, base, PurePath(pattern).parts):
            relative = place.relative_to(base).as_posix() if place.is_relative_to(base) else str(place)
            if not any(_is_match(relative, one) for one in excluded):
                neighbours.exists(str(place / PROJECT_FILE))
                if (place / PROJECT_FILE).is_file():
                    yield str(place)
    except (ValueError, NotImplementedError, OSError):  # no pattern
        return


def _places(neighbours: Neighbours, base: Path, parts: Sequence[str]) -> Iterator[Path]:
    """The directories below one that a path with wildcards leads to; those that are searched for it are witnessed."""
    if not parts:
        yield base
    elif not _WILDCARD.search(parts[0]):
        yield from _places(neighbours, Path(absolute(parts[0], str(base))), parts[1:])
    else:
        neighbours.evidence.names(str(base))
        if parts[0] == "**":
            yield from _places(neighbours, base, parts[1:])
        for place in sorted(base.glob("*" if parts[0] == "**" else parts[0])):
            if place.is_dir() and not (parts[0] == "**" and place.is_symlink()):
                yield from _places(neighbours, place, parts if parts[0] == "**" else parts[1:])


def workspace_of(neighbours: Neighbours, project: Document | None = None) -> Workspace | None:
    """The workspace of the project in a directory; ``None`` where it belongs to none.

    ``project`` is the pyproject.toml in it, where that is at hand.
    """
    if neighbours.remote:
        return None
    own = _workspace_in(neighbours) if project is None else _described_by(project)
    if own is not None:
        return own
    first = True
    for parent in islice(PurePath(neighbours.directory).parents, MAX_PARENTS):
        above = neighbours.within(str(parent))
        if not above.exists(PROJECT_FILE):
            continue
        workspace = _workspace_in(above)
        # uv looks no further than the first project above, PDM does.
        if workspace is not None and (first or workspace.tool != "uv") and workspace.has(neighbours.directory):
            return workspace
        first = False
    return None


def lock_of_workspace(neighbours: Neighbours) -> str | None:
    """The lock that counts for the project in a directory: that of the workspace of which it is a member.

    Its absolute path; ``None`` for the root itself, and where there is no such lock.
    """
    workspace = workspace_of(neighbours)
    if workspace is None or workspace.directory == neighbours.directory or workspace.tool not in _LOCKS:
        return None
    name = _LOCKS[workspace.tool]
    beside = workspace.document.neighbours
    return str(Path(beside.directory, name)) if beside.exists(name) else None


def _workspace_in(neighbours: Neighbours) -> Workspace | None:
    if not neighbours.exists(PROJECT_FILE):
        return None
    try:
        return _described_by(open_toml(neighbours, PROJECT_FILE))
    except UnreadableSourceError:  # whoever asks for that project hears of it
        return None


def _described_by(document: Document) -> Workspace | None:
    root = document.root
    if isinstance(root.at("tool", "uv", "workspace"), dict):
        table = root.table("tool", "uv", "workspace")
        return Workspace("uv", document, _texts(table.at("members")), _texts(table.at("exclude")))
    if isinstance(root.at("tool", "pdm", "workspace"), dict):
        return Workspace("pdm", document, _texts(root.at("tool", "pdm", "workspace", "members")))
    if members := tuple(_hatch_members(root.table("tool", "hatch", "envs"))):
        return Workspace("hatch", document, members)
    return None


def _hatch_members(envs: Table) -> Iterator[str]:
    for name in envs:
        members = envs.at(name, "workspace", "members")
        for member in members if isinstance(members, list) else ():
            path = member.get("path") if isinstance(member, dict) else member
            if isinstance(path, str):
                yield path


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def project_name(neighbours: Neighbours) -> str | None:
    """The normalized name of the project in a directory; ``None`` where its pyproject.toml has none."""
    name = _at(neighbours, "project", "name")
    return canonicalize_name(name) if isinstance(name, str) else None


def is_installed_by_pdm(neighbours: Neighbours) -> bool:
    """Whether PDM installs the member in a directory along with its workspace."""
    if (kind := _at(neighbours, "tool", "pdm", "package-type")) is not None:
        return kind == "library"
    return _at(neighbours, "tool", "pdm", "distribution") is not False


def _at(neighbours: Neighbours, *keys: str) -> object:
    try:
        return open_toml(neighbours, PROJECT_FILE).root.at(*keys)
    except UnreadableSourceError:
        return None


def _is_match(path: str, pattern: str) -> bool:
    """Whether a relative path matches a glob, in which ``*`` stops at a slash and ``**`` does not."""
    parts: Sequence[str] = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\])", pattern.removeprefix("./").rstrip("/"))
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    text = "".join(
        special.get(part, part.replace("[!", "[^") if part.startswith("[") and part.endswith("]") else re.escape(part))
        for part in parts
    )
    try:
        return re.fullmatch(text, path) is not None
    except re.error:
        return False


def in_workspace(root: Root, workspace: Workspace | None) -> Root:
    """A requirement as the workspace has it; uv has to be told of each (``{ workspace = true }``), the others not."""
    return root if workspace is None or workspace.tool == "uv" else workspace.redirected(root)
