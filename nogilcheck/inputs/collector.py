"""Reads what is named on the command line, one thing after another: requirements, files, directories, environments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nogilcheck.errors import UsageError
from nogilcheck.frozen import frozen
from nogilcheck.inputs.arguments import READABLE, Argument, ArgumentKind, hint_for
from nogilcheck.inputs.beside_locks import lock_of_script, not_locked
from nogilcheck.inputs.discovery import NESTED, advice, discover
from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.foreign import foreign_beside, foreign_content, foreign_name
from nogilcheck.inputs.formats import InputFormat, format_named, format_of, format_of_content
from nogilcheck.inputs.projects.workspace import lock_of_workspace
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.inputs.selection import Selection
from nogilcheck.inputs.specifiers.requirement import RejectedError, parse_requirement
from nogilcheck.inputs.specifiers.spelling import is_project_name
from nogilcheck.inputs.structured import read_structured, states_dependencies
from nogilcheck.inputs.text.json_lines import parse_json
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute, shown_path
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import Source, UnreadableSourceError, source_of, stdin_source, utf8_text
from nogilcheck.model.source import COMMAND_LINE, InputFile, Location, Root, Unread
from nogilcheck.model.urls import redact


@frozen
class ReadFile:
    """A file of a structured format, or an environment."""

    path: str
    """For people."""
    kind: str
    """As in `InputFile`."""
    content: Content
    """All that it says."""
    selection: Selection
    """What of it was asked for."""


class InputCollector:
    """Collects what the arguments say, one after another."""

    def __init__(
        self, reader: RequirementsReader, *, stdin: Callable[[], bytes], input_format: str | None, selection: Selection
    ) -> None:
        self.files: list[InputFile] = []
        self.read: list[ReadFile] = []
        self.listed: list[Content] = []
        """Requirements and constraints files, and names."""
        self.named_constraints: list[Root] = []
        """Those of constraints files that the user named."""
        self.unread: list[Unread] = []
        self.notes: list[str] = []
        self._reader = reader
        self._sources = reader.sources
        self._evidence = reader.evidence
        self._stdin = stdin
        self._forced = input_format is not None
        self._format = None if input_format is None else format_named(input_format)
        self._selection = selection

    def argument(self, argument: Argument) -> None:
        """One argument of the command line."""
        match argument.kind:
            case ArgumentKind.REQUIREMENT | ArgumentKind.INSTALLABLE:
                self._named(argument)
            case ArgumentKind.STDIN:
                self._file(stdin_source(), self._stdin(), None)
            case ArgumentKind.DIRECTORY:
                self.directory(argument.text)
            case ArgumentKind.UNSUPPORTED if not self._forced:
                self._refuse(argument)
            case _:
                if (source := self._source(argument.text)) is not None:
                    self._file(source, None, format_of(source.key.partition("#")[0]), argument.extras)

    def directory(self, text: str) -> None:
        """What a directory says of its dependencies, and a note on what was chosen in it."""
        path, shown = absolute(text), shown_path(text)
        meant = f"for the project {text} of an index: nogilcheck '{text}>=0'" if is_project_name(text) else None
        self._evidence.names(path)
        self._evidence.names(absolute(NESTED, path))
        try:
            discovery = discover(path, partial(states_dependencies, sources=self._sources))
        except OSError as error:
            self._reject(Location(path=shown), f"cannot be read: {error.strerror or error}")
            return
        foreign = foreign_beside(path)
        for name, known in foreign:
            where = Location(path=shown_path(str(Path(text, name))))
            self._reject(where, known.what, known.hint, needs_build=discovery is not None)
        if (lock := lock_of_workspace(Neighbours(self._sources, path))) is not None:
            self.notes.append(f"Using {shown_path(lock)}, the lock of the workspace that {shown} is a member of")
            form = format_of(lock)
            assert form is not None
            self._structured(source_of(lock), None, form, member=path)
            return
        if discovery is None:
            if foreign:
                return
            looked_for = "a lock file, pyproject.toml, pixi.toml, requirements*.txt, setup.cfg, environment.yml"
            message = f"no dependency declarations found (looked for {looked_for})"
            self._reject(Location(path=shown), message, "; ".join(filter(None, (advice(path, text), meant))))
            return
        if meant:
            self.notes.append(f"{shown} is a directory here; {meant}")
        if discovery.passed_over:
            names = " and ".join(map(shown_path, discovery.paths))
            self.notes.append(
                f"Using {names} ({', '.join(discovery.passed_over)} also found; lock files take precedence, then "
                "pyproject.toml, then requirements files)"
            )
        for file in discovery.paths:
            self._file(source_of(file), None, format_of(file))

    def constraints_file(self, text: str) -> None:
        """Read a constraints file; its lines bound versions and require nothing."""
        if (source := self._source(text)) is not None:
            content = self._reader.read(source, constraint=True)
            self.listed.append(content)
            self.named_constraints += content.constraints
            self.unread += content.unread
            self.files.append(InputFile(path=source.shown, kind="constraints", requirements=0))

    def environment(self, directory: str) -> None:
        """Read an installed environment as requirements that are pinned."""
        from nogilcheck.inputs.installed.environment import read_environment

        shown = shown_path(directory)
        try:
            content = read_environment(absolute(directory), shown, self._evidence)
        except UnreadableSourceError as error:
            self.unread.append(error.unread(shown))
        else:
            self._add(shown, "environment", content)

    def _file(
        self, source: Source, data: bytes | None, usual: InputFormat | None, extras: tuple[str, ...] = ()
    ) -> None:
        form = self._format if self._forced else usual
        if data is not None and form is None and not self._forced:
            form = format_of_content(data)
        if form is None:
            content = self._reader.read(source, data)
            self.listed.append(content)
            self.unread += content.unread
            kind = "requirements" if data is None else "stdin"
            self.files.append(InputFile(path=source.shown, kind=kind, requirements=len(content.roots)))
            return
        if data is not None:
            self._evidence.cannot_replay()
        self._structured(source, data, form, extras)

    def _structured(
        self,
        source: Source,
        data: bytes | None,
        form: InputFormat,
        extras: tuple[str, ...] = (),
        *,
        member: str | None = None,
    ) -> None:
        try:
            content = read_structured(source, data, form, self._sources, member=member)
        except UnreadableSourceError as error:
            self.unread.append(error.unread(source.shown))
            self.files.append(InputFile(path=source.shown, kind=form.name, requirements=0))
            return
        beside_it = Neighbours.of(source, self._sources)
        lock = lock_of_script(source, beside_it) if form.name == "script" and data is None else None
        if lock is None:
            self._add(source.shown, form.name, content, extras)
        else:
            self._script(source, content, lock)

    def _script(self, source: Source, content: Content, lock: str) -> None:
        """The lock of a script in its place."""
        self.notes.append(f"Using {shown_path(lock)}, the lock of {source.shown}")
        before = len(self.read)
        form = format_of("uv.lock")
        assert form is not None
        self._structured(source_of(lock), None, form)
        for locked in self.read[before:]:
            self.unread += not_locked(content, locked.content, locked.path)

    def _add(self, shown: str, kind: str, content: Content, extras: tuple[str, ...] = ()) -> None:
        selection = self._selection.with_extras(extras)
        self.read.append(ReadFile(path=shown, kind=kind, content=content, selection=selection))
        chosen = selection.of_content(content)
        locked = {root for lock in selection.locks_of(content) for root in lock.roots}
        self.files.append(InputFile(path=shown, kind=kind, requirements=len(chosen.roots) + len(locked)))

    def _refuse(self, argument: Argument) -> None:
        assert argument.path is not None
        if (source := self._source(argument.text)) is None:
            return
        try:
            data = self._sources.read(source)
            form = format_of_content(data)
            foreign = foreign_name(Path(argument.path).name) or foreign_content(data)
            if form is None and foreign is None and argument.path.lower().endswith(".json"):
                parse_json(utf8_text(data))
        except UnreadableSourceError as error:
            self.unread.append(error.unread(source.shown))
            return
        if form is not None:
            self._structured(source, data, form, argument.extras)
            return
        text = f"unsupported file format: {Path(argument.path).name}; {READABLE}"
        hint = hint_for(argument.path)
        if foreign is not None:
            text, hint = foreign.what, foreign.hint
        self._reject(Location(path=shown_path(argument.text)), text, hint)

    def _named(self, argument: Argument) -> None:
        """A requirement."""
        if argument.kind is ArgumentKind.REQUIREMENT and argument.path is not None:
            # A file or a directory of this name would have been read instead.
            self._evidence.installable(argument.path)
        try:
            parsed = parse_requirement(argument.text)
        except RejectedError as error:
            message = abbreviate(error.message)
            if argument.kind is ArgumentKind.INSTALLABLE:
                if error.local is not None:
                    self._evidence.installable(error.local)
                self._reject(Location(path=shown_path(argument.text)), message, error.hint)
                return
            raise UsageError(
                f"{abbreviate(argument.text)!r} is neither a file nor a valid requirement: {message}",
                hint=error.hint or f"{READABLE} for standard input.",
                setting="inputs",
            ) from error
        if parsed.local is not None:
            self._evidence.installable(parsed.local)
        root = parsed.root(redact(argument.text).strip(), Location(path=COMMAND_LINE))
        self.listed.append(Content(roots=(root,)))

    def _reject(self, location: Location, message: str, hint: str | None = None, *, needs_build: bool = False) -> None:
        self.unread.append(Unread(location=location, text=message, hint=hint, needs_build=needs_build))

    def _source(self, text: str) -> Source | None:
        try:
            return source_of(text)
        except UnreadableSourceError as error:
            self._reject(Location(path=redact(text)), error.message, error.hint)
            return None
