"""Ask the index what has become of the facts of a ledger."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from nogilcheck.classify.wheels import is_free_threaded
from nogilcheck.evidence.overtaken import NewestRelease, may_be_overtaken, overtaken
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.connections import Connections
from nogilcheck.inputs.configuration import configured
from nogilcheck.jobs.check import RunIO
from nogilcheck.jobs.evidence import ledger_of, read_file
from nogilcheck.jobs.surroundings import open_cache, page_policy
from nogilcheck.model.artifact import Missing, ProjectPage
from nogilcheck.model.options import Options
from nogilcheck.model.time_limit import TimeLimit


class CheckedEvidence(NamedTuple):
    """What came of asking."""

    asked: int
    """Projects."""
    overtaken: list[str]
    """``psycopg2: stance planned of 2025-10-17, but 2.10 has free-threaded wheels``."""
    unknown: list[str]
    """The projects that the index did not answer for, with why."""


def check_evidence(file: str | None, options: Options, io: RunIO) -> CheckedEvidence:
    """Ask about every project of a ledger of which a release may contradict a fact.

    ``file``: a ledger of the user's; ``None``: the package's own. Raises `InputError` for one that is not in order.
    """
    ledger = ledger_of(None) if file is None else read_file(file)
    names = [name for name, facts in sorted(ledger.items()) if may_be_overtaken(facts)]
    found = CheckedEvidence(len(names), [], [])
    with (
        closing(open_cache(options, io.warn)) as cache,
        closing(Connections(limit=TimeLimit(options.time_limit or None, io.clock))) as connections,
        IndexFetcher(
            settings=configured(options.settings),
            cache=cache,
            connections=connections,
            policy=page_policy(options),
            on_progress=io.progress,
        ) as fetcher,
    ):
        fetcher.prefetch(names)
        for name in names:
            page = fetcher.page(name)
            newest = None if isinstance(page, Missing) else _newest(page)
            if newest is None:
                found.unknown.append(f"{name}: {page.text if isinstance(page, Missing) else 'has no stable release'}")
            else:
                found.overtaken.extend(f"{name}: {said}" for said in overtaken(ledger[name], newest))
    return found


def _newest(page: ProjectPage) -> NewestRelease | None:
    """The newest stable release with a file that is not yanked."""
    for version in page.versions:
        files = [file for file in page.files(version) if not file.yanked]
        if files and not version.is_prerelease:
            built = any(file.kind == "wheel" and is_free_threaded(file.tags) for file in files)
            return NewestRelease(version, (page.last_upload(version) or "")[:10], built)
    return None
