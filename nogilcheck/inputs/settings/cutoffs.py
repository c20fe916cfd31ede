"""Cool-downs of tables and variables -> `Cutoff`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.cooldown import Moment
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.model.source import Cutoff, Location, Unread

Reading = Callable[[str], Moment]
"""One of `nogilcheck.inputs.settings.cooldown`."""


def cutoff_at(table: Table, key: str, read: Reading, *, project: str | None = None) -> Iterator[Cutoff]:
    """The cutoff that a value states, if it states one; ``false`` is the one that lets everything through."""
    origin = f"{key} ({table.where(key)})"
    if table.at(key) is False:
        yield Cutoff(before=None, project=project, origin=origin)
    elif (text := table.string(key)) is not None:
        try:
            yield cutoff_of(read(text), origin, project=project)
        except ValueError:
            table.reject(f"not a date, a time or a span of time: {table.named(key)} = {text!r}", key)


def cutoff_of(moment: Moment, origin: str, *, project: str | None = None, whole_releases: bool = False) -> Cutoff:
    """The cutoff at a moment."""
    return Cutoff(
        before=moment.before,
        span=moment.span,
        project=project,
        whole_releases=whole_releases,
        origin=origin,
    )


def variable_cutoffs(evidence: Evidence, name: str, read: Reading) -> tuple[tuple[Cutoff, ...], list[Unread]]:
    """The cutoff that an environment variable states, and what of it cannot be read."""
    text = evidence.variable(name)
    if not text:
        return (), []
    return text_cutoffs(text, Location(path=name), name, read)


def text_cutoffs(text: str, where: Location, name: str, read: Reading) -> tuple[tuple[Cutoff, ...], list[Unread]]:
    """The cutoff that a text states; ``name`` is the setting's."""
    if text.lower() == "false":
        return (Cutoff(before=None, origin=name),), []
    try:
        return (cutoff_of(read(text), name if where.path == name else f"{name} ({where})"),), []
    except ValueError:
        problem = f"not a date, a time or a span of time: {name} = {text!r}"
        return (), [Unread(location=where, text=problem)]
