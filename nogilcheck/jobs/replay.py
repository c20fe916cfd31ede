"""A finished report is given again when nothing that it rests on has changed.

This is the hot path of a pre-commit hook: nothing here may import the HTTP client, the resolver,
the requirements parser or anything that draws.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from nogilcheck import __version__
from nogilcheck.errors import UsageError
from nogilcheck.inputs.text.input_fingerprint import LOGINS, current, witness_of
from nogilcheck.jobs.asked import asked
from nogilcheck.model.cache import Cache, CacheReader, Kind, PageKey, SolutionRecord, Witness, pages_hold

if TYPE_CHECKING:
    from nogilcheck.model.options import Options

FORMAT = 4
"""Raise it when the meaning of a kept solution changes."""


def solution_key(cache: Cache, options: Options) -> str:
    """What a solution is kept under: a hash of everything that was asked, and from where.

    Equal questions from another directory may name other files, and so may another installation, which has pip
    settings of its own. A keyed one, because index URLs may hold credentials. Raises `UsageError` where there is no
    working directory.
    """
    try:
        here = str(Path.cwd())
    except OSError:
        raise UsageError("the working directory is gone", hint="change to one that exists") from None
    text = json.dumps([FORMAT, __version__, sys.prefix, here, asked(options)], sort_keys=True, default=sorted)
    return cache.keyed(text)


def recall(cache: Cache, options: Options) -> SolutionRecord | None:
    """The solution kept for the same question, when the files and variables that it read are what they were."""
    record = cache.get(Kind.SOLUTIONS, solution_key(cache, options))
    solution = SolutionRecord.decoded(record) if record is not None else None
    if solution is None:
        return None
    return solution if witnesses_hold(cache, solution) else None


def witnesses_hold(cache: CacheReader, solution: SolutionRecord) -> bool:
    """Whether the files and variables that a solution rests on are what they were."""
    return all(keyed(cache, current(witness)) == witness for witness in solution.witnesses)


def is_fresh(solution: SolutionRecord, cache: Cache, options: Options) -> bool:
    """Whether every page that it rests on is unchanged and fresh; offline, pages need not be fresh."""
    now = None if options.offline else time.time()
    return not options.refresh and pages_hold(cache, solution.pages, now=now, max_age=options.max_age)


def keep(
    cache: Cache,
    options: Options,
    report: str,
    *,
    witnesses: Collection[Witness],
    pages: Collection[tuple[PageKey, str]],
) -> SolutionRecord:
    """Keep a finished report with everything that it rests on, the logins of today among it; what is kept."""
    kept = tuple(keyed(cache, witness) for witness in (*witnesses, witness_of(LOGINS, "")))
    solution = SolutionRecord(witnesses=kept, pages=tuple(pages), report=report)
    cache.put(Kind.SOLUTIONS, solution_key(cache, options), solution.encoded())
    return solution


def keyed(cache: CacheReader, witness: Witness) -> Witness:
    """The witness as it is kept: it may be of a password, and a bare hash would let anybody try guesses on that."""
    return witness._replace(sha256=cache.keyed(witness.sha256))
