"""The user's files and names -> `Inputs`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nogilcheck.errors import UsageError
from nogilcheck.inputs.arguments import READABLE, Argument, ArgumentKind, hint_for, sort_argument
from nogilcheck.inputs.beside_locks import beside, lock_of_script, not_locked
from nogilcheck.inputs.configuration import Configuration
from nogilcheck.inputs.discovery import advice, discover
from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.foreign import foreign_beside, foreign_content, foreign_file
from nogilcheck.inputs.formats import InputFormat, format_named, format_of
from nogilcheck.inputs.installer_settings import describe_cutoff, effective_overrides, read_installer_settings
from nogilcheck.inputs.projects.workspace import lock_of_workspace
from nogilcheck.inputs.requirements.gathered_options import is_local
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.inputs.selection import Selection
from nogilcheck.inputs.settings.index_pins import with_pins
from nogilcheck.inputs.specifiers.requirement import RejectedError, parse_requirement
from nogilcheck.inputs.specifiers.spelling import is_project_name
from nogilcheck.inputs.structured import Directories, read_structured
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute, kind_of, shown_path
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import Source, UnreadableSourceError, source_of, stdin_source
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import COMMAND_LINE, IndexSettings, InputFile, Location, Root
from nogilcheck.model.urls import redact


def read_inputs(
    arguments: Sequence[str],
    *,
    constraints: Sequence[str] = (),
    settings: IndexSettings,
    stdin: Callable[[], bytes],
    fetch: Callable[[str], bytes] | None,
    input_format: str | None = None,
    selection: Selection | None = None,
    environment: str | None = None,
) -> Inputs:
    """Read everything that the arguments name: files, directories, requirements, ``-`` for standard input.

    Requirements files are read as pip 26.3 reads ``-r a -r b``, names as ``pip install`` takes them. Without arguments
    and without ``environment`` the working directory is searched. ``constraints`` are constraints files.
    ``settings`` come from flags and win over what files say, lists are joined. ``stdin`` is called at most once.
    ``fetch`` returns the bytes of a http(s) URL or raises `NogilcheckError`; ``None`` means that nothing is fetched.
    ``input_format`` is one of `nogilcheck.inputs.formats.NAMES`, and ``environment`` the directory of an installed one.

    What cannot be read is in ``Inputs.unread``, and the rest is read all the same. Raises `UsageError` for an
    argument that is neither a file nor a requirement, and for an extra or a group that does not exist.
    """
    collector = InputCollector(
        reader=RequirementsReader(settings, fetch), stdin=stdin, input_format=input_format, selection=selection
    )
    if not arguments and environment is None:
        collector.directory(".")
    for argument in [sort_argument(text) for text in dict.fromkeys(arguments)]:
        collector.argument(argument)
    for text in dict.fromkeys(constraints):
        collector.constraints(text)
    if environment is not None:
        collector.environment(environment)
    return collector.finish()


class InputCollector:
    """Collects what the arguments say, one after another."""

    def __init__(
        self,
        *,
        reader: RequirementsReader,
        stdin: Callable[[], bytes],
        input_format: str | None,
        selection: Selection | None,
    ) -> None:
        self._reader = reader
        self._configuration = Configuration(reader.evidence, reader.sources)
        reader.settings.configure(self._configuration.pip)
        self._stdin = stdin
        self._forced = input_format is not None
        self._format = None if input_format is None else format_named(input_format)
        self._selection = selection or Selection()
        self._files: list[InputFile] = []
        self._named = 0
        self._contents: list[tuple[str, Content, Selection]] = []
        self._named_constraints: list[Root] = []
        self._notes: list[str] = []
        self._directories: dict[str, None] = {}
        """Those of project files and locks."""

    def argument(self, argument: Argument) -> None:
        """One argument of the command line."""
        match argument.kind:
            case ArgumentKind.REQUIREMENT | ArgumentKind.INSTALLABLE:
                before = len(self._reader.roots)
                _read_requirement(self._reader, argument)
                self._named += len(self._reader.roots) - before
            case ArgumentKind.STDIN:
                self._file(stdin_source(), self._stdin(), None)
            case ArgumentKind.DIRECTORY:
                self.directory(argument.text)
            case ArgumentKind.UNSUPPORTED if not self._forced:
                self._refuse(argument)
            case _:
                if (source := _source(self._reader, argument.text)) is not None:
                    self._file(source, None, format_of(source.key.partition("#")[0]), argument.extras)

    def directory(self, text: str) -> None:
        """What a directory says of its dependencies, and a note on what was chosen in it."""
        path, shown = absolute(text), shown_path(text)
        meant = f"for the project {text} of an index: nogilcheck '{text}>=0'" if is_project_name(text) else None
        self._reader.evidence.names(path)
        try:
            discovery = discover(path, self._states)
        except OSError as error:
            self._reader.reject(Location(path=shown), f"cannot be read: {error.strerror or error}")
            return
        foreign = foreign_beside(path)
        for name, known in foreign:
            where = Location(path=shown_path(str(Path(text, name))))
            self._reader.reject(where, known.what, known.hint, needs_build=discovery is not None)
        if (lock := lock_of_workspace(Neighbours(self._reader.sources, path))) is not None:
            self._notes.append(f"Using {shown_path(lock)}, the lock of the workspace that {shown} is a member of")
            form = format_of(lock)
            assert form is not None
            self._structured(source_of(lock), None, form, member=path if form.name == "uv.lock" else None)
            return
        if discovery is None:
            if foreign:
                return
            looked_for = "a lock file, pyproject.toml, requirements*.txt, setup.cfg, environment.yml"
            message = f"no dependency declarations found (looked for {looked_for})"
            self._reader.reject(Location(path=shown), message, "; ".join(filter(None, (advice(path), meant))))
            return
        if meant:
            self._notes.append(f"{shown} is a directory here; {meant}")
        if discovery.passed_over:
            names = " and ".join(map(shown_path, discovery.paths))
            self._notes.append(
                f"Using {names} ({', '.join(discovery.passed_over)} also found; lock files take precedence, then "
                "pyproject.toml, then requirements files)"
            )
        for file in discovery.paths:
            self._file(source_of(file), None, format_of(file))

    def _states(self, path: str) -> bool:
        """Whether a project file states dependencies, or would if it could be read."""
        form = format_of(path)
        assert form is not None
        try:
            read_structured(source_of(path), None, form, self._reader.sources)
        except NothingStatedError:
            return False
        except UnreadableSourceError:
            pass
        return True

    def constraints(self, text: str) -> None:
        """A constraints file."""
        if (source := _source(self._reader, text)) is not None:
            before = len(self._reader.constraints)
            self._reader.read(source, constraint=True)
            self._named_constraints += self._reader.constraints[before:]
            self._files.append(InputFile(path=source.shown, kind="constraints", requirements=0))

    def environment(self, directory: str) -> None:
        """An installed environment."""
        from nogilcheck.inputs.installed.environment import read_environment

        shown = shown_path(directory)
        try:
            content = read_environment(absolute(directory), shown, self._reader.evidence)
        except UnreadableSourceError as error:
            self._reader.reject(Location(path=shown, line=error.line), error.message, error.hint)
        else:
            self._add(shown, "environment", content)

    def finish(self) -> Inputs:
        """Everything together. Raises `UsageError` for an extra or a group that does not exist."""
        reader = self._reader
        self._check_selection()
        left_out = [selection.left_out(path, content) for path, content, selection in self._contents]
        directories = Directories(reader.sources)
        named = directories.expanded(Content(roots=tuple(reader.roots)))
        contents = [directories.expanded(selection.of_content(content)) for _, content, selection in self._contents]
        choosing, choice = read_installer_settings(
            reader,
            self._configuration,
            self._files,
            [(path, content) for path, content, _ in self._contents],
            self._directories,
        )
        contents = [named, *contents, choice]
        tables = [*(content.settings for content in contents), *directories.settings]
        settings, gaps = self._configuration.settled(reader.settings, tables, choosing)
        settings, undefined = with_pins(settings, contents, replaced=reader.settings.replaced)
        notes = [*self._notes, *filter(None, left_out), *reader.notes]
        notes += [note for content in contents for note in content.notes]
        notes += undefined
        notes += [f"cool-down: {describe_cutoff(cutoff)}" for cutoff in settings.cutoffs if choosing.solved]
        if any(cutoff.span is not None for cutoff in settings.cutoffs):
            reader.evidence.cannot_replay()
        for location in filter(is_local, settings.find_links):
            reader.evidence.find_links(location)
            if kind_of(location) is None:
                notes.append(f"find-links {shown_path(location)} does not exist: ignored, as pip ignores it")
        if self._named:
            self._files.append(InputFile(path=COMMAND_LINE, kind="names", requirements=self._named))
        return Inputs(
            files=tuple(self._files),
            roots=unique(root for content in contents for root in content.roots),
            constraints=unique([*reader.constraints, *(root for content in contents for root in content.constraints)]),
            overrides=effective_overrides(root for content in contents for root in content.overrides),
            bounds=unique([*(content.bounds for content in contents if content.bounds), *directories.bounds]),
            locks=tuple(
                beside(lock, reader, self._named_constraints)
                for _, content, chosen in self._contents
                for lock in chosen.locks_of(content)
            ),
            settings=settings,
            unread=unique(
                [
                    *self._configuration.unread,
                    *gaps,
                    *reader.unread,
                    # What several parts include is reported once.
                    *(replace(unread, group=None, kind="") for content in contents for unread in content.unread),
                ]
            ),
            notes=unique(notes),
            # A project directory that is named may require nothing as well.
            requires_nothing=bool(reader.roots) or any(content.states_core for _, content, _ in self._contents),
            witnesses=reader.evidence.witnesses(),
        )

    def _check_selection(self) -> None:
        """Whether every extra and group exists; a file that cannot be read may have it."""
        try:
            self._selection.check([content for _, content, _ in self._contents])
            for _, content, selection in self._contents:
                if selection is not self._selection:
                    selection.check([content])
        except UsageError as error:
            if not self._reader.unread:
                raise
            self._reader.reject(Location(path=COMMAND_LINE), f"{error.message} in what could be read", error.hint)

    def _file(
        self, source: Source, data: bytes | None, usual: InputFormat | None, extras: tuple[str, ...] = ()
    ) -> None:
        form = self._format if self._forced else usual
        foreign = None if data is None or form is not None else foreign_content(data)
        if foreign is not None:
            self._reader.reject(Location(path=source.shown), foreign.what, foreign.hint)
            return
        if form is None:
            before = len(self._reader.roots)
            self._reader.read(source, data)
            kind = "requirements" if data is None else "stdin"
            read = len(self._reader.roots) - before
            self._files.append(InputFile(path=source.shown, kind=kind, requirements=read))
            return
        if data is not None:
            self._reader.evidence.cannot_replay()
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
            content = read_structured(source, data, form, self._reader.sources, member=member)
        except UnreadableSourceError as error:
            self._reader.reject(Location(path=source.shown, line=error.line), error.message, error.hint)
            self._files.append(InputFile(path=source.shown, kind=form.name, requirements=0))
            return
        beside_it = Neighbours.of(source, self._reader.sources)
        lock = lock_of_script(source, beside_it) if form.name == "script" and data is None else None
        if lock is None:
            self._add(source.shown, form.name, content, extras)
        else:
            self._script(source, content, lock)

    def _script(self, source: Source, content: Content, lock: str) -> None:
        """The lock of a script in its place."""
        self._notes.append(f"Using {shown_path(lock)}, the lock of {source.shown}")
        before = len(self._contents)
        form = format_of("uv.lock")
        assert form is not None
        self._structured(source_of(lock), None, form)
        for shown, locked, _ in self._contents[before:]:
            for gap in not_locked(content, locked, shown):
                self._reader.reject(gap.location, gap.text, gap.hint)

    def _add(self, shown: str, kind: str, content: Content, extras: tuple[str, ...] = ()) -> None:
        selection = self._selection.with_extras(extras)
        self._contents.append((shown, content, selection))
        self._directories[str(Path(absolute(shown)).parent)] = None
        chosen = selection.of_content(content)
        locked = {root for lock in selection.locks_of(content) for root in lock.roots}
        count = len(chosen.roots) + len(locked)
        self._files.append(InputFile(path=shown, kind=kind, requirements=count))

    def _refuse(self, argument: Argument) -> None:
        assert argument.path is not None
        self._reader.evidence.file(argument.path)
        foreign = foreign_file(argument.path)
        text = f"unsupported file format: {Path(argument.path).name}; {READABLE}"
        hint = hint_for(argument.path)
        if foreign is not None:
            text, hint = foreign.what, foreign.hint
        self._reader.reject(Location(path=shown_path(argument.text)), text, hint)


def _read_requirement(reader: RequirementsReader, argument: Argument) -> None:
    if argument.kind is ArgumentKind.REQUIREMENT and argument.path is not None:
        # A file or a directory of this name would have been read instead.
        reader.evidence.installable(argument.path)
    try:
        parsed = parse_requirement(argument.text)
    except RejectedError as error:
        if argument.kind is ArgumentKind.INSTALLABLE:
            reader.looked_at(error.local)
            reader.reject(Location(path=shown_path(argument.text)), abbreviate(error.message), error.hint)
            return
        raise UsageError(
            f"{abbreviate(argument.text)!r} is neither a file nor a valid requirement: {abbreviate(error.message)}",
            hint=error.hint or f"{READABLE} for standard input.",
            setting="inputs",
        ) from error
    reader.add(redact(argument.text), parsed, Location(path=COMMAND_LINE))


def _source(reader: RequirementsReader, text: str) -> Source | None:
    try:
        return source_of(text)
    except UnreadableSourceError as error:
        reader.reject(Location(path=redact(text)), error.message, error.hint)
        return None
