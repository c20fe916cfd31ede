"""What the settings of the installers add to what the inputs say: constraints, overrides, cool-downs and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nogilcheck.inputs.configuration import Configuration
from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.dependencies import NEVER, exclusion
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.inputs.settings.pip import PipConfiguration
from nogilcheck.inputs.settings.unfollowed import HINT
from nogilcheck.inputs.text.sources import UnreadableSourceError, source_of
from nogilcheck.inputs.whose_settings import UV_FILES, Choosing
from nogilcheck.model.source import Cutoff, Location, Root, Unread


def read_installer_settings(
    reader: RequirementsReader,
    configuration: Configuration,
    contents: Sequence[tuple[str, Content]],
    directories: Iterable[str],
    *,
    named: bool,
) -> tuple[Choosing, Content, list[Content]]:
    """Which installers' settings count for the inputs, what they add, and the constraints files that they name.

    ``contents``: the kind and content of each project file, lock and environment; ``directories``: where they are;
    ``named``: there are requirements outside of them.
    """
    pip = configuration.pip
    choosing = Choosing.of(contents, named=named)
    choice = configuration.choice(choosing, directories, [content for _, content in contents])
    unread = list(choice.unread)
    listed: list[Content] = []
    if choosing.pip:
        unread += [*pip.unfollowed, *reader.settings.unfollowed()]
    if "pip" in choosing.solved:
        listed += [_read_file(reader, path, where, constraint=True) for path, where in pip.constraints]
    elif "pip" in choosing.locked:
        origins = [where for _, where in pip.constraints[:1]]
        origins += [Location(path=cutoff.origin) for cutoff in pip.settings.cutoffs if cutoff.before]
        text = "pip obeys it when it installs what a lock names, which is not checked"
        unread += [Unread(location=where, text=text, hint=HINT, setting="install") for where in origins]
    notes = []
    if not choosing.pip and (places := _pip_origins(pip)):
        installers = " and ".join(sorted(choosing.solved | choosing.locked))
        what = f"where {installers} installs" if installers else "for what is installed or listed already"
        notes.append(f"settings of pip do not count {what}: {', '.join(places)}")
    overrides = list(choice.overrides)
    if "uv pip" in choosing.solved and "uv" not in choosing.solved:
        for variable in UV_FILES:
            for content in _uv_files(reader, variable):
                overrides += _overrides(content.roots, variable)
                listed.append(replace(content, roots=()))
    choice = replace(choice, overrides=tuple(overrides), unread=tuple(unread), notes=tuple(notes))
    return choosing, choice, listed


def _pip_origins(pip: PipConfiguration) -> list[str]:
    """The places of what pip's configuration says of choice, constraints and cool-downs above all."""
    places = [where for *_, where in (*pip.constraints, *pip.controls)]
    places += [gap.location for gap in pip.unfollowed]
    return list(dict.fromkeys([*map(str, places), *(cutoff.origin for cutoff in pip.settings.cutoffs)]))


def _uv_files(reader: RequirementsReader, variable: str) -> Iterator[Content]:
    """The files that one of uv's variables names."""
    for path in (reader.evidence.variable(variable) or "").split():
        yield _read_file(reader, path, Location(path=variable), constraint=variable == "UV_CONSTRAINT")


def _overrides(roots: Iterable[Root], variable: str) -> Iterator[Root]:
    """What the lines of a file replace: of ``UV_EXCLUDE`` the names of projects that are not installed."""
    for root in roots:
        if variable == "UV_OVERRIDE":
            yield root
        elif root.name is not None:
            yield exclusion(root.name, root.location)


def _read_file(reader: RequirementsReader, path: str, where: Location, *, constraint: bool) -> Content:
    """A file that a setting names."""
    try:
        content = reader.read(source_of(path), constraint=constraint)
    except UnreadableSourceError as error:
        return Content(unread=(Unread(location=where, text=error.message, hint=error.hint),))
    return replace(content, constraints=tuple(replace(root, binding=True) for root in content.constraints))


def effective_overrides(overrides: Iterable[Root]) -> tuple[Root, ...]:
    """The overrides without those of projects that are excluded, as in uv."""
    distinct = unique(overrides)
    excluded = {root.name for root in distinct if root.marker == NEVER}
    return tuple(root for root in distinct if root.marker == NEVER or root.name not in excluded)


def describe_cutoff(cutoff: Cutoff) -> str:
    """A sentence on a cool-down."""
    whom = cutoff.project or "every project"
    if cutoff.before is None:
        return f"none for {whom} ({cutoff.origin})"
    what = "releases with a file" if cutoff.whole_releases else "files"
    return f"{what} of {whom} uploaded at or after {cutoff.before[:19]}Z do not count ({cutoff.origin})"
