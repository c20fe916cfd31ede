"""What a Pipfile.lock says of indexes, and a Pipfile of choice. See Pipenv's "Specifying Package Indexes"."""

from __future__ import annotations

from nogilcheck.inputs.file_content.document import Table, open_toml
from nogilcheck.inputs.settings.catalogue.pipenv import TABLE
from nogilcheck.inputs.settings.cooldown import cutoff_at, pipenv_cutoff
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, NamedIndex, Unread


def pipenv_settings(meta: Table) -> tuple[IndexSettings, str]:
    """The indexes, and the name of the one that every entry comes from which does not name another.

    That is the first one; none of the others is asked for such an entry. PyPI in the first place is what every Pipfile
    begins with, and says nothing.
    """
    indexes = []
    default = ""
    for position, table in enumerate(index_tables(meta, "sources")):
        name = str(table.at("name"))
        if url := url_of(table):
            default = default if position else name
            if position or url.rstrip("/") != DEFAULT_INDEX_URL.rstrip("/"):
                indexes.append(NamedIndex(name=name, url=url, role="explicit" if position else "default"))
    return IndexSettings(indexes=tuple(indexes)), default


def pipfile_settings(neighbours: Neighbours) -> tuple[IndexSettings, tuple[Unread, ...]]:
    """What ``[pipenv]`` of the Pipfile beside a lock says of choice, and what of it cannot be used or followed."""
    if not neighbours.exists("Pipfile"):
        return IndexSettings(), ()
    try:
        document = open_toml(neighbours, "Pipfile")
    except UnreadableSourceError as error:
        return IndexSettings(), (error.unread(neighbours.shown("Pipfile")),)
    table = document.root.table("pipenv")
    reject_unfollowed(table, "Pipenv", TABLE)
    cutoffs = tuple(cutoff_at(table, "cool-down-period", pipenv_cutoff))
    return IndexSettings(cutoffs=cutoffs), document.diagnostics.unread
