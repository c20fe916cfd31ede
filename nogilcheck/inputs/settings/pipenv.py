"""What a Pipfile.lock says of indexes, and a Pipfile of choice. See Pipenv's "Specifying Package Indexes"."""

from __future__ import annotations

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue.pipenv import TABLE
from nogilcheck.inputs.settings.cooldown import cutoff_at, pipenv_cutoff
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, NamedIndex


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


def pipfile_settings(table: Table) -> IndexSettings:
    """What ``[pipenv]`` of a Pipfile says of choice; what of it cannot be used or followed is rejected."""
    reject_unfollowed(table, "Pipenv", TABLE)
    return IndexSettings(cutoffs=tuple(cutoff_at(table, "cool-down-period", pipenv_cutoff)))
