"""What ``[tool.poetry]`` says of indexes. See Poetry's "Repositories"."""

from __future__ import annotations

from dataclasses import replace

from nogilcheck.inputs.contents.document import Table
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, NamedIndex, Role

_ROLES: dict[str, Role] = {"primary": "merged", "supplemental": "supplemental", "explicit": "explicit"}


def poetry_settings(tool: Table) -> IndexSettings:
    """``[[tool.poetry.source]]``. The first primary one, if there is any, stands in the place of PyPI.

    ``default`` and ``secondary`` are what Poetry had before 1.5.
    """
    indexes: list[NamedIndex] = []
    for table in index_tables(tool, "source"):
        name = table.string("name") or ""
        url = DEFAULT_INDEX_URL if name.lower() == "pypi" and not table.at("url") else url_of(table)
        if url is None:
            continue
        priority = table.string("priority")
        old: Role = "supplemental" if table.at("secondary") is True else "merged"
        role = _ROLES.get(priority.lower(), "merged") if priority else old
        indexes.append(NamedIndex(name=name, url=url, role=role))
    first = next((index for index in indexes if index.role == "merged"), None)
    return IndexSettings(
        indexes=tuple(replace(index, role="default") if index is first else index for index in indexes)
    )
