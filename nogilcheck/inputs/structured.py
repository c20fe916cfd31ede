"""Files of structured formats: found, read, decoded, handed to the reader of their format."""

from __future__ import annotations

from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content, without_choice
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.formats import InputFormat, format_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import kind_of, url_to_path
from nogilcheck.inputs.text.sources import Source, SourceReader, UnreadableSourceError, source_of, utf8_text
from nogilcheck.model.source import Bounds, IndexSettings, Root, Unread

MAX_DIRECTORIES = 500
"""Project directories that are read in a run; one that is named twice counts twice."""


def read_structured(
    source: Source, data: bytes | None, form: InputFormat, sources: SourceReader, *, member: str | None = None
) -> Content:
    """What a file says; ``data`` is its content when it does not come from a file. Raises `UnreadableSourceError`.

    ``member``: the directory of the one project of a workspace whose part of its lock is meant.
    """
    text = utf8_text(sources.read(source) if data is None else sources.bounded(data))
    further = () if member is None else (member,)
    content = form.reader()(text, source.shown, Neighbours.of(source, sources), *further)
    return replace(content, installers=form.installers or content.installers)


def states_dependencies(path: str, sources: SourceReader) -> bool:
    """Whether a project file, such as a setup.cfg, states dependencies, or would if it could be read."""
    form = format_of(path)
    assert form is not None
    try:
        read_structured(source_of(path), None, form, sources)
    except NothingStatedError:
        return False
    except UnreadableSourceError:
        pass
    return True


class Directories:
    """Project directories that requirements name (``-e .``, path dependencies): read statically, never built."""

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources
        self._read = 0
        self.bounds: list[Bounds] = []
        """What the directories say of their Pythons."""
        self.settings: list[IndexSettings] = []
        """What they say of indexes."""

    def expanded(self, content: Content, inside: frozenset[tuple[str, tuple[str, ...]]] = frozenset()) -> Content:
        """Replace the directories among the requirements by what the projects in them require.

        A directory that states nothing readable stays what it is: a direct reference.
        """
        roots: list[Root] = []
        projects: list[Content] = []
        for root in content.roots:
            path = _directory(root)
            if path is None:
                roots.append(root)
            elif (path, root.extras) not in inside:  # else it names itself
                inner = self._project(path, root, inside)
                roots += [root] if inner is None else inner.roots
                projects += [inner] if inner else []
        return replace(
            content,
            roots=tuple(dict.fromkeys(roots)),
            constraints=(*content.constraints, *(root for inner in projects for root in inner.constraints)),
            unread=(*content.unread, *(unread for inner in projects for unread in inner.unread)),
            notes=(*content.notes, *(note for inner in projects for note in inner.notes)),
        )

    def _project(self, path: str, asked: Root, inside: frozenset[tuple[str, tuple[str, ...]]]) -> Content | None:
        """The core of a project and the extras that are asked for; ``None`` for a directory that is no project."""
        from nogilcheck.inputs.projects.pyproject import NoProjectError, read_project

        self._read += 1
        if self._read > MAX_DIRECTORIES:
            return None
        beside = Neighbours(self._sources, path)
        try:
            content = read_project(beside, beside.shown("."))
        except NoProjectError:
            return None
        except UnreadableSourceError as error:
            unread = Unread(location=asked.location, text=error.message, hint=error.hint)
            return Content(unread=(replace(unread, group=asked.group, kind=asked.kind),))
        if content.bounds:
            self.bounds.append(content.bounds)
        self.settings.append(without_choice(content.settings))
        roots = [
            replace(root, marker=_both(asked.marker, root.marker), group=asked.group, kind=asked.kind)
            for root in content.roots
            if _wanted(root, asked)
        ]
        problems = [
            replace(unread, group=asked.group, kind=asked.kind)
            for unread in content.unread
            if _wanted(unread, asked) and not unread.setting  # the settings of whoever asks count
        ]
        notes = [*content.notes]
        if not any(unread.needs_build for unread in content.unread):
            missing = [extra for extra in asked.extras if extra not in content.extras]
            notes += [
                f"{asked.location}: the project in {beside.shown('.')} has no extra {extra!r}" for extra in missing
            ]
        content = replace(content, roots=tuple(roots), unread=tuple(problems), notes=tuple(notes))
        return self.expanded(content, inside | {(path, asked.extras)})


def _wanted(item: Root | Unread, asked: Root) -> bool:
    """Whether something in a project belongs to what is asked for of it."""
    return not item.kind or (item.kind == "extra" and item.group in asked.extras)


def _directory(root: Root) -> str | None:
    """The directory on the disk that a root names."""
    if root.url is None or not root.url.startswith("file:"):
        return None
    try:
        path = url_to_path(root.url)
    except ValueError:
        return None
    return path if kind_of(path) == "directory" else None


def _both(first: str | None, second: str | None) -> str | None:
    return f"({first}) and ({second})" if first and second else first or second
