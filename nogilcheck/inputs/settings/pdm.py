"""What ``[tool.pdm]`` and ``pdm.toml`` say of indexes and of what is chosen. See PDM's "Configure the Project"."""

from __future__ import annotations

from pathlib import Path

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.pdm import CONFIG, RESOLUTION, SOURCE, TABLE, VARIABLE
from nogilcheck.inputs.settings.configuration_files import (
    configured_options,
    system_directories,
    unfollowed_options,
    user_directories,
)
from nogilcheck.inputs.settings.cooldown import pdm_cutoff, table_cutoffs, text_cutoffs
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.inputs.settings.unfollowed import gap, reject_unfollowed, unfollowed_variables
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.source import Cutoff, IndexSettings, NamedIndex, Unread


def pdm_settings(tool: Table) -> IndexSettings:
    """``[[tool.pdm.source]]``: beside PyPI, unless one of them is called so; and ``[tool.pdm.resolution]``."""
    reject_unfollowed(tool, "PDM", TABLE)
    resolution = tool.table("resolution")
    reject_unfollowed(resolution, "PDM", RESOLUTION)
    if resolution.at("allow-prereleases") is False:
        resolution.document.diagnostics.reject(
            resolution.where("allow-prereleases"), "PDM's allow-prereleases = false is not followed", setting="choice"
        )
    indexes = []
    for table in index_tables(tool, "source"):
        reject_unfollowed(table, "PDM", SOURCE)
        if url := url_of(table):
            name = table.string("name") or ""
            indexes.append(
                NamedIndex(
                    name=name,
                    url=url,
                    role="default" if name == "pypi" else "merged",
                    flat=table.at("type") == "find_links",
                    only=_patterns(table, "include_packages"),
                    never=_patterns(table, "exclude_packages"),
                )
            )
    return IndexSettings(
        indexes=tuple(indexes),
        pre=resolution.at("allow-prereleases") is True,
        cutoffs=tuple(table_cutoffs(resolution, "exclude-newer", "exclude-newer-override", pdm_cutoff)),
    )


def read_pdm_configuration(project: Neighbours) -> tuple[IndexSettings, list[Unread]]:
    """What PDM is configured to choose, beside what pyproject.toml says, and what of that is not followed.

    The variables go before ``pdm.toml`` of the project, that before the user's and the system's ``config.toml``.
    """
    evidence = project.evidence
    unread = list(unfollowed_variables(evidence, "PDM", VARIABLE))
    named = evidence.variable("PDM_CONFIG_FILE")
    user = [Path(named).absolute()] if named else [d / "pdm" / "config.toml" for d in user_directories(evidence)]
    system = [directory / "pdm" / "config.toml" for directory in system_directories(evidence)]
    files = [Path(project.directory, "pdm.toml"), *user, *system]
    options = configured_options(project, files, unread)
    unread += unfollowed_options(options, "PDM", CONFIG, prefixes=("pypi.", "repository.", "theme."))
    unread += [
        gap(settings_of("PDM", CONFIG)["pypi.url"], option.where)
        for name, option in options.items()
        if name.startswith("pypi.") and name.endswith(".url") and name != "pypi.url"
    ]
    cutoffs: tuple[Cutoff, ...] = ()
    if (option := options.get("strategy.exclude-newer")) is not None:
        cutoffs, unusable = text_cutoffs(str(option.value), option.where, "strategy.exclude-newer", pdm_cutoff)
        unread += unusable
    return IndexSettings(cutoffs=cutoffs), unread


def _patterns(table: Table, key: str) -> tuple[str, ...]:
    """Normalized like the names that they stand for; what a pattern is made of stays."""
    return tuple(canonicalize_name(pattern) for _, pattern in table.strings(key))
