"""What ``[tool.poetry]`` says of indexes, and what Poetry is configured to choose.

See Poetry's "Repositories" and "Configuration".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.poetry import CONFIG, SOURCE, TABLE
from nogilcheck.inputs.settings.configuration_files import (
    ConfiguredOption,
    configured_options,
    unfollowed_options,
    user_directories,
)
from nogilcheck.inputs.settings.cooldown import days_ago
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import Cutoff, IndexSettings, Location, NamedIndex, Role, Unread

_ROLES: dict[str, Role] = {"primary": "merged", "supplemental": "supplemental", "explicit": "explicit"}


def poetry_settings(tool: Table) -> IndexSettings:
    """``[[tool.poetry.source]]``. The first primary one, if there is any, stands in the place of PyPI.

    ``default`` and ``secondary`` are what Poetry had before 1.5.
    """
    reject_unfollowed(tool, "Poetry", TABLE)
    indexes: list[NamedIndex] = []
    for table in index_tables(tool, "source"):
        reject_unfollowed(table, "Poetry", SOURCE)
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


_CREDENTIALS = ("repositories.", "certificates.", "http-basic.", "pypi-token.", "installer.build-config-settings.")

_AGE = "solver.min-release-age"


def read_poetry_configuration(project: Neighbours) -> tuple[IndexSettings, list[Unread]]:
    """What Poetry is configured to choose, and what of that is not followed.

    A variable goes before ``poetry.toml`` of the project, and that before the user's ``config.toml``.
    """
    unread: list[Unread] = []
    evidence = project.evidence
    named = evidence.variable("POETRY_CONFIG_DIR")
    directories = [Path(named)] if named else [place / "pypoetry" for place in user_directories(evidence)]
    files = [Path(project.directory, "poetry.toml"), *(directory / "config.toml" for directory in directories)]
    options = configured_options(project, files, unread) | dict(_variables(evidence))
    unread += unfollowed_options(options, "Poetry", CONFIG, prefixes=_CREDENTIALS)
    return IndexSettings(cutoffs=tuple(_cutoffs(options, unread))), unread


def _variables(evidence: Evidence) -> Iterator[tuple[str, ConfiguredOption]]:
    """The options that a ``POETRY_*`` variable sets; lists are separated by commas."""
    for name, setting in settings_of("Poetry", CONFIG).items():
        if setting.effect == "none":
            continue
        variable = "POETRY_" + name.upper().replace("-", "_").replace(".", "_")
        if (text := evidence.variable(variable)) is not None:
            value: object = text.lower() in {"true", "1"} if name == "installer.re-resolve" else text
            yield name, ConfiguredOption(value=value, where=Location(path=variable))


def _cutoffs(options: dict[str, ConfiguredOption], unread: list[Unread]) -> Iterator[Cutoff]:
    age = options.get(_AGE)
    if age is None:
        return
    try:
        days = int(str(age.value))
        cutoff = days_ago(days)
    except ValueError:
        unread.append(Unread(location=age.where, text=f"not a number of days: {_AGE} = {age.value!r}"))
        return
    if days <= 0:
        return
    yield replace(cutoff, origin=f"{_AGE} ({age.where})", whole_releases=True)
    if (exempt := options.get(f"{_AGE}-exclude")) is not None:
        names = exempt.value if isinstance(exempt.value, list) else str(exempt.value).split(",")
        for name in names:
            yield Cutoff(before=None, project=canonicalize_name(str(name).strip()), origin=f"{_AGE}-exclude")
