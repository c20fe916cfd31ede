"""The check: files and targets -> report; for other jobs, with everything that led to it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from nogilcheck import __version__
from nogilcheck.errors import InputError
from nogilcheck.frozen import frozen
from nogilcheck.jobs.asked import for_the_record
from nogilcheck.jobs.replay import is_fresh, keep, recall
from nogilcheck.jobs.surroundings import open_cache, page_policy
from nogilcheck.model.cache import Cache, SolutionRecord, Witness
from nogilcheck.model.options import HOST, Options
from nogilcheck.model.report.report import Report
from nogilcheck.model.time_limit import TimeLimit

if TYPE_CHECKING:
    from nogilcheck.index.fetcher import IndexFetcher
    from nogilcheck.index.http.connections import Connections
    from nogilcheck.index.pages.page_policy import PagePolicy
    from nogilcheck.index.progress import Progress, ScanProgress
    from nogilcheck.jobs.scan import ScanResult
    from nogilcheck.judge.findings import TargetResult
    from nogilcheck.model.inputs import Inputs
    from nogilcheck.model.report.shared_state import SharedStateReading
    from nogilcheck.model.target import Target


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise InputError("there is no standard input to read", hint="name a file instead of -")
    return sys.stdin.buffer.read()


def _silent(_: object) -> None:
    """Say nothing."""


@frozen
class RunIO:
    """How a check reaches the user while it works."""

    stdin: Callable[[], bytes] = _read_stdin
    warn: Callable[[str], None] = _silent
    """Told, in a sentence, of anything that does not stop the check, such as a cache that cannot be used."""
    progress: Callable[[Progress | ScanProgress | str], None] = _silent
    """Told now and then, from any thread, how far the check is, or a survey in words."""
    clock: Callable[[], float] = time.monotonic
    """What the time limit of the run is measured with."""


@frozen
class Session:
    """A check that is done, while the index can still be asked."""

    options: Options
    """As asked, with names for the running interpreter and platform."""
    targets: tuple[Target, ...]
    inputs: Inputs
    fetcher: IndexFetcher
    """Has the answers that the check rests on at hand."""
    judged: tuple[TargetResult, ...]
    """What each target gets, in the order of ``targets``."""
    report: Report
    solution: SolutionRecord | None
    """The report as it was kept; ``None`` where it was not."""
    witnesses: tuple[Witness, ...] | None
    """What the report rests on beside pages; ``None`` where a change of that would not be noticed."""
    scan: Callable[[Sequence[TargetResult]], ScanResult] | None = None
    """Scans other results as those of the check were; ``None``: they were not."""


class CheckAnswer(NamedTuple):
    """The report of a check, and as it was kept."""

    report: Report
    solution: SolutionRecord | None
    """As in `Session`."""
    witnesses: tuple[Witness, ...] | None
    """As in `Session`, with the digests as they are kept where the report was given again."""


def check(options: Options, io: RunIO | None = None) -> Report:
    """Resolve what the inputs ask for and judge every distribution on every target.

    Raises `UsageError` for options that make no sense, `CacheError` for a cache directory that was
    asked for and cannot be made, `InputError` when nothing of the inputs can be read. Otherwise bad
    input and bad networks raise nothing: they are gaps in the report, and ``report.exit_status`` says
    what they amount to.
    """
    return answer(options, io or RunIO()).report


def answer(options: Options, io: RunIO, asked_since: float | None = None) -> CheckAnswer:
    """`check`, with what a replay needs; pages asked for since ``asked_since`` (Unix time) are not asked for again."""
    options = settle_host(options)
    with closing(open_cache(options, io.warn)) as cache:
        solution = recall(cache, options)
        if solution is not None and is_fresh(solution, cache, options):
            return _again(solution)
        return _ask(options, io, cache, solution, asked_since)


@contextmanager
def checking(options: Options, io: RunIO | None = None) -> Iterator[Session]:
    """A check that other jobs can go on with: what it found, and a fetcher that stays open for the block.

    Nothing is replayed, for a report does not hold what led to it; but the pages and metadata in the cache are used
    as ever, and the report is kept for the next `check`. Raises what `check` raises.
    """
    from nogilcheck.index.http.connections import Connections

    io = io or RunIO()
    limit = TimeLimit(options.time_limit or None, io.clock)
    options = settle_host(options)
    policy = page_policy(options)
    with (
        closing(open_cache(options, io.warn)) as cache,
        closing(Connections(limit=limit)) as connections,
        _checked(options, io, cache, connections, policy) as session,
    ):
        yield session


def settle_host(options: Options) -> Options:
    """The options with the running interpreter and platform named instead of ``host``."""
    if HOST not in (*options.pythons, *options.allow_targets, *options.platforms):
        return options
    from nogilcheck.targets.host import host_platform, host_python, settle

    if HOST in options.pythons or HOST in options.allow_targets:
        here = host_python()
        options = replace(
            options, pythons=settle(options.pythons, here), allow_targets=settle(options.allow_targets, here)
        )
    if HOST in options.platforms:
        options = replace(options, platforms=settle(options.platforms, host_platform()))
    return options


def _ask(
    options: Options, io: RunIO, cache: Cache, solution: SolutionRecord | None, since: float | None
) -> CheckAnswer:
    """Ask the indexes: whether the pages that a kept solution rests on have changed, else everything."""
    from nogilcheck.index.http.connections import Connections

    policy = page_policy(options, since)
    with closing(Connections(limit=TimeLimit(options.time_limit or None, io.clock))) as connections:
        if solution is not None and not options.offline:
            from nogilcheck.index.pages.revalidate import are_unchanged
            from nogilcheck.inputs.configuration import configured

            if are_unchanged(
                solution.pages,
                settings=configured(options.settings),
                cache=cache,
                connections=connections,
                policy=policy,
            ):
                return _again(solution)
        with _checked(options, io, cache, connections, policy) as session:
            return CheckAnswer(session.report, session.solution, session.witnesses)


def _again(solution: SolutionRecord) -> CheckAnswer:
    return CheckAnswer(Report.from_json(solution.report), solution, solution.witnesses)


@contextmanager
def _checked(
    options: Options, io: RunIO, cache: Cache, connections: Connections, policy: PagePolicy
) -> Iterator[Session]:
    """Resolve and judge everything, and keep the report."""
    from nogilcheck.index.fetcher import IndexFetcher
    from nogilcheck.inputs.text.input_fingerprint import FILE, witness_of
    from nogilcheck.jobs.evidence import ledger_of
    from nogilcheck.jobs.reading import read_asked
    from nogilcheck.jobs.target_judging import judge_targets
    from nogilcheck.judge.assemble import assemble
    from nogilcheck.resolve.walk.prefetch_policy import Ahead

    targets, allowed, inputs = read_asked(options, io.stdin, connections.limit)
    inputs = replace(inputs, notes=(*inputs.notes, *_notes_on(targets)))
    builds = tuple({target.installer.id: target.installer for target in targets}.values())
    ahead = Ahead(inputs, builds, targets=targets, exclude_newer=options.exclude_newer)
    with IndexFetcher(
        settings=inputs.settings,
        cache=cache,
        connections=connections,
        policy=policy,
        files_to_prefetch=ahead.files_to_prefetch,
        names_to_prefetch=ahead.names_to_prefetch,
        on_progress=io.progress,
    ) as fetcher:
        judged = judge_targets(targets, inputs, fetcher, exclude_newer=options.exclude_newer, offline=options.offline)
        scanned, lasting, scanning = None, True, None
        shared_state: Mapping[tuple[str, str], SharedStateReading] = {}
        if options.scan:
            from nogilcheck.jobs.scan import scan
            from nogilcheck.jobs.scanning.scan_advice import ScanAdviser

            scanning = partial(scan, fetcher=fetcher, cache=cache, limit=options.scan_limit, on_progress=io.progress)
            adviser = ScanAdviser(inputs, fetcher, exclude_newer=options.exclude_newer)
            found = scanning(judged, adviser=adviser, sources=True)
            judged, scanned, lasting = list(found.judged), found.scanned, found.lasting
            shared_state = found.shared_state
        if connections.limit.was_reached:
            judged, lasting = [_cut_off(one, connections.limit) for one in judged], False
        evidence = ledger_of({node.name for one in judged for node in one.graph.nodes.values()}, options.evidence)
        report = assemble(
            replace(inputs, notes=(*inputs.notes, *fetcher.record.notes, *fetcher.notes)),
            judged,
            allowed=allowed,
            options=for_the_record(options),
            tool_version=__version__,
            scanned=scanned,
            evidence=evidence,
            shared_state=shared_state,
        )
        solution = witnesses = None
        if fetcher.record.replayable and lasting and inputs.witnesses is not None:
            read = (*fetcher.record.files, *map(os.path.abspath, options.evidence))
            witnesses = (*inputs.witnesses, *(witness_of(FILE, path) for path in read))
        if cache.keeps and witnesses is not None:
            solution = keep(
                cache, options, report.to_json(compact=True), witnesses=witnesses, pages=fetcher.record.pages
            )
        yield Session(
            options=options,
            targets=targets,
            inputs=inputs,
            fetcher=fetcher,
            judged=tuple(judged),
            report=report,
            solution=solution,
            witnesses=witnesses,
            scan=scanning,
        )


def _cut_off(judged: TargetResult, limit: TimeLimit) -> TargetResult:
    """The result of a run that had no time for everything."""
    from nogilcheck.model.graph import GapKind, GraphGap

    gap = GraphGap(kind=GapKind.CUT_OFF, text=f"{limit.text}; what was still unknown then is not judged")
    return replace(judged, graph=replace(judged.graph, gaps=(gap, *judged.graph.gaps)))


def _notes_on(targets: Sequence[Target]) -> Iterator[str]:
    """What the user may not have meant by the targets."""
    from nogilcheck.targets.builds import NEWEST_PATCH

    if not any(target.free_threaded for target in targets):
        name = targets[0].version
        yield f"no free-threaded build was checked: {name} is the regular build; did you mean {name}t?"
    for version in dict.fromkeys(target.version for target in targets if target.python > max(NEWEST_PATCH)):
        yield f"Python {version} was not yet released when this nogilcheck was, so its wheels are unknown"
