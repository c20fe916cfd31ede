"""The user's files and names -> `Inputs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from nogilcheck.errors import UsageError
from nogilcheck.inputs.adapter import RejectedError, parse_requirement
from nogilcheck.inputs.arguments import READABLE, Argument, ArgumentKind, export_hint, sort_argument
from nogilcheck.inputs.lines import abbreviate
from nogilcheck.inputs.paths import kind_of, shown_path
from nogilcheck.inputs.requirements import RequirementsReader
from nogilcheck.inputs.settings import is_local
from nogilcheck.inputs.sources import Source, UnreadableError, source_of, stdin_source
from nogilcheck.model.source import COMMAND_LINE, IndexSettings, InputFile, Inputs, Location
from nogilcheck.model.urls import redact

_T = TypeVar("_T")


def read_inputs(
    arguments: Sequence[str],
    *,
    constraints: Sequence[str] = (),
    settings: IndexSettings,
    stdin: Callable[[], bytes],
    fetch: Callable[[str], bytes] | None,
) -> Inputs:
    """Everything that the arguments say together: requirements files, requirements, ``-`` for standard input.

    Files are read as pip 26.3 reads ``-r a -r b``; names are requirements (PEP 508) as ``pip install`` takes them.
    ``constraints`` are constraints files, as ``pip install -c`` takes them.
    ``settings`` come from flags and win over what files say, lists are joined. ``stdin`` is called at most once.
    ``fetch`` returns the bytes of a http(s) URL or raises `NogilcheckError`; ``None`` means that nothing is fetched.

    What cannot be read is in ``Inputs.unread``, and the rest is read all the same. Raises `UsageError` for an
    argument that is neither a file nor a requirement.
    """
    reader = RequirementsReader(settings, fetch)
    files: list[InputFile] = []
    named = 0
    for argument in [sort_argument(text) for text in dict.fromkeys(arguments)]:
        before = len(reader.roots)
        match argument.kind:
            case ArgumentKind.REQUIREMENT | ArgumentKind.INSTALLABLE:
                _read_requirement(reader, argument)
                named += len(reader.roots) - before
                continue
            case ArgumentKind.DIRECTORY | ArgumentKind.UNSUPPORTED:
                _refuse(reader, argument)
                continue
            case ArgumentKind.STDIN:
                source: Source | None = stdin_source()
                data: bytes | None = stdin()
            case ArgumentKind.FILE:
                source, data = _source(reader, argument.text), None
        if source is not None:
            reader.read(source, data)
            kind = "requirements" if data is None else "stdin"
            files.append(InputFile(path=source.shown, kind=kind, requirements=len(reader.roots) - before))
    for text in dict.fromkeys(constraints):
        if (source := _source(reader, text)) is not None:
            reader.read(source, constraint=True)
            files.append(InputFile(path=source.shown, kind="constraints", requirements=0))
    if named:
        files.append(InputFile(path=COMMAND_LINE, kind="names", requirements=named))
    return _finish(reader, files)


def _read_requirement(reader: RequirementsReader, argument: Argument) -> None:
    if argument.kind is ArgumentKind.REQUIREMENT and argument.path is not None:
        # A file of this name would have been read instead.
        reader.evidence.file(argument.path)
    try:
        parsed = parse_requirement(argument.text)
    except RejectedError as error:
        if argument.kind is ArgumentKind.INSTALLABLE:
            reader.looked_at(error.local)
            reader.reject(Location(path=shown_path(argument.text)), abbreviate(error.message), error.hint)
            return
        raise UsageError(
            f"{abbreviate(argument.text)!r} is no file, and no requirement either: {abbreviate(error.message)}",
            hint=error.hint or f"{READABLE} for standard input.",
        ) from error
    reader.add(redact(argument.text), parsed, Location(path=COMMAND_LINE))


def _source(reader: RequirementsReader, text: str) -> Source | None:
    try:
        return source_of(text)
    except UnreadableError as error:
        reader.reject(Location(path=redact(text)), error.message, error.hint)
        return None


def _refuse(reader: RequirementsReader, argument: Argument) -> None:
    assert argument.path is not None
    shown = shown_path(argument.text)
    if argument.kind is ArgumentKind.DIRECTORY:
        reader.looked_at(argument.path)
        text = "a directory cannot be read yet"
        found = sorted(path.name for path in Path(argument.path).glob("*requirements*.txt"))
        hint = f"Name a file in it, such as {Path(shown, found[0])}." if found else "Name a requirements file in it."
    else:
        reader.evidence.file(argument.path)
        text = f"{Path(argument.path).name} cannot be read yet; {READABLE} for standard input"
        hint = export_hint(argument.path)
    reader.reject(Location(path=shown), text, hint)


def _finish(reader: RequirementsReader, files: list[InputFile]) -> Inputs:
    settings = reader.settings.build()
    notes = list(reader.notes)
    notes += [
        f"{option} is not followed: pre-releases are admitted for all projects (--pre) or as a last resort"
        for option in reader.settings.release_names
    ]
    for location in filter(is_local, settings.find_links):
        reader.evidence.find_links(location)
        if kind_of(location) is None:
            notes.append(f"--find-links {shown_path(location)} does not exist: ignored, as pip ignores it")
    return Inputs(
        files=tuple(files),
        roots=_unique(reader.roots),
        constraints=_unique(reader.constraints),
        settings=settings,
        unread=_unique(reader.unread),
        notes=_unique(notes),
        witnesses=reader.evidence.witnesses(),
    )


def _unique(values: Iterable[_T]) -> tuple[_T, ...]:
    """A file that is included twice says nothing new the second time."""
    return tuple(dict.fromkeys(values))
