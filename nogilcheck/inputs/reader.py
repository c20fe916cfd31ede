"""The user's files and names -> `Inputs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nogilcheck.errors import UsageError
from nogilcheck.inputs.arguments import sort_argument
from nogilcheck.inputs.beside_locks import beside, not_together
from nogilcheck.inputs.collector import InputCollector
from nogilcheck.inputs.configuration import Configuration
from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.installer_settings import describe_cutoff, effective_overrides, read_installer_settings
from nogilcheck.inputs.requirements.gathered_options import is_local
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.inputs.selection import Selection
from nogilcheck.inputs.settings.index_pins import with_pins
from nogilcheck.inputs.structured import Directories
from nogilcheck.inputs.text.paths import absolute, kind_of, shown_path
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import COMMAND_LINE, IndexSettings, InputFile, Location, Root, Unread


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
    reader = RequirementsReader(settings, fetch)
    configuration = Configuration(reader.sources)
    reader.settings.configure(configuration.pip)
    selection = selection or Selection()
    collector = InputCollector(reader, stdin=stdin, input_format=input_format, selection=selection)
    if not arguments and environment is None:
        collector.directory(".")
    for argument in [sort_argument(text) for text in dict.fromkeys(arguments)]:
        collector.argument(argument)
    for text in dict.fromkeys(constraints):
        collector.constraints_file(text)
    if environment is not None:
        collector.environment(environment)
    _check_selection(collector, selection)
    return _assembled(collector, reader, configuration)


def _check_selection(collector: InputCollector, selection: Selection) -> None:
    """Whether every extra and group exists; a file that cannot be read may have it. Raises `UsageError`."""
    try:
        selection.check([file.content for file in collector.read])
        for file in collector.read:
            if file.selection is not selection:
                file.selection.check([file.content])
    except UsageError as error:
        if not collector.unread:
            raise
        text = f"{error.message}, as far as the files could be read"
        collector.unread.append(Unread(location=Location(path=COMMAND_LINE), text=text, hint=error.hint))


def _assembled(collector: InputCollector, reader: RequirementsReader, configuration: Configuration) -> Inputs:
    """What was collected, chosen by its selections, with the settings that count for it."""
    read = collector.read
    requirements = tuple(root for content in collector.listed for root in content.roots)
    directories = Directories(reader.sources)
    contents = [directories.expanded(Content(roots=requirements))]
    contents += [directories.expanded(file.selection.of_content(file.content)) for file in read]
    plain = not {"requirements", "stdin"}.isdisjoint(file.kind for file in collector.files)
    choosing, choice, configured = read_installer_settings(
        reader,
        configuration,
        [(file.kind, file.content) for file in read],
        unique(str(Path(absolute(file.path)).parent) for file in read),
        named=plain or bool(requirements),
    )
    contents.append(choice)
    listed = [*collector.listed, *configured]
    constraints = [root for content in listed for root in content.constraints]
    tables = [*(content.settings for content in contents), *directories.settings]
    settings, gaps = configuration.settled(reader.settings, tables, choosing)
    settings, undefined = with_pins(settings, contents, replaced=reader.settings.replaced)
    notes = [*collector.notes, *filter(None, (file.selection.left_out(file.path, file.content) for file in read))]
    notes += [*(note for content in (*listed, *contents) for note in content.notes)]
    notes += [f"cool-down: {describe_cutoff(cutoff)}" for cutoff in settings.cutoffs if choosing.solved]
    notes += _missing_find_links(reader, settings)
    notes += not_together(file.content.lock for file in read if file.content.lock)
    if any(cutoff.span is not None for cutoff in settings.cutoffs):
        reader.evidence.cannot_replay()
    return Inputs(
        files=(*collector.files, *_names(requirements)),
        roots=unique(root for content in contents for root in content.roots),
        constraints=unique([*constraints, *(root for content in contents for root in content.constraints)]),
        overrides=effective_overrides(root for content in contents for root in content.overrides),
        bounds=unique([*(content.bounds for content in contents if content.bounds), *directories.bounds]),
        locks=tuple(
            beside(lock, collector.named_constraints, constraints, requirements)
            for file in read
            for lock in file.selection.locks_of(file.content)
        ),
        settings=settings,
        unread=unique(
            [*undefined, *configuration.unread, *gaps, *collector.unread, *_unread((*configured, *contents))]
        ),
        notes=unique(notes),
        # A project directory that is named may require nothing as well.
        requires_nothing=bool(requirements) or any(file.content.states_core for file in read),
        witnesses=reader.evidence.witnesses(),
    )


def _unread(contents: Iterable[Content]) -> Iterable[Unread]:
    """What several parts include is reported once."""
    return (replace(unread, group=None, kind="") for content in contents for unread in content.unread)


def _names(requirements: Iterable[Root]) -> list[InputFile]:
    """The names on the command line, as one input."""
    count = sum(root.location.path == COMMAND_LINE for root in requirements)
    return [InputFile(path=COMMAND_LINE, kind="names", requirements=count)] if count else []


def _missing_find_links(reader: RequirementsReader, settings: IndexSettings) -> Iterable[str]:
    """Witness the local find-links locations, and note those that do not exist."""
    for location in filter(is_local, settings.find_links):
        reader.evidence.find_links(location)
        if kind_of(location) is None:
            yield f"find-links {shown_path(location)} does not exist: ignored, as pip does"
