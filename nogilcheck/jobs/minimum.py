"""For each requirement of the user's the first release from which on every one fits. Nothing is resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.classify.release_history import Offers
from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.errors import ExitStatus
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.connections import Connections
from nogilcheck.jobs.check import RunIO, settle_host
from nogilcheck.jobs.reading import Asked, read_asked
from nogilcheck.jobs.surroundings import open_cache, page_policy
from nogilcheck.model.artifact import Missing, ProjectPage
from nogilcheck.model.options import Options
from nogilcheck.model.report.minimum import Minimums, RequirementMinimum, Support, TargetMinimum
from nogilcheck.model.source import Root, Unread
from nogilcheck.model.target import Target
from nogilcheck.model.time_limit import TimeLimit
from nogilcheck.model.verdict import WheelKind
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import specifier_set

_COMPILED = frozenset(WheelKind) - {WheelKind.PURE, WheelKind.FOREIGN}
_LOWER = frozenset({">=", ">"})
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_WORST_FIRST = (ExitStatus.UNUSABLE, ExitStatus.BLOCKED, ExitStatus.UNDECIDED)


def minimum(options: Options, io: RunIO | None = None) -> Minimums:
    """Ask the indexes about the projects that the user's own requirements name, and about no other.

    Raises what `nogilcheck.jobs.check.check` raises.
    """
    io = io or RunIO()
    options = settle_host(options)
    limit = TimeLimit(options.time_limit or None, io.clock)
    with closing(open_cache(options, io.warn)) as cache, closing(Connections(limit=limit)) as connections:
        asked = read_asked(options, io.stdin, limit)
        with IndexFetcher(
            settings=asked.inputs.settings,
            cache=cache,
            connections=connections,
            policy=page_policy(options),
            on_progress=io.progress,
        ) as fetcher:
            roots = asked.inputs.all_roots
            fetcher.prefetch(dict.fromkeys(root.name for root in roots if root.name and root.url is None))
            admission = Admission(asked.inputs.settings, exclude_newer=options.exclude_newer, roots=())
            found = tuple(_of_requirement(root, asked, fetcher, admission) for root in roots)
    idle = [one for one in asked.targets if one.id not in asked.allowed and not any(_applies(r, one) for r in roots)]
    unread = [one for one in asked.inputs.unread if not one.setting]
    statuses = {one.exit_status for one in found} | set(map(_status, unread))
    if idle and (roots or not asked.inputs.requires_nothing):
        statuses.add(ExitStatus.UNDECIDED)
    return Minimums(
        requirements=found,
        not_read=tuple(f"{one.location}: {one.text}" for one in unread),
        idle=tuple(_label(one, asked) for one in idle) if roots else (),
        exit_status=next((status for status in _WORST_FIRST if status in statuses), ExitStatus.READY),
    )


def _status(unread: Unread) -> ExitStatus:
    return ExitStatus.UNDECIDED if unread.needs_build else ExitStatus.UNUSABLE


def _of_requirement(root: Root, asked: Asked, fetcher: IndexFetcher, admission: Admission) -> RequirementMinimum:
    targets = [one for one in asked.targets if _applies(root, one)]
    told: list[TargetMinimum] = []
    ready, least, unknown, kept_out = root.with_marker, None, None, None
    if targets:
        page = fetcher.page(root.name) if root.name and root.url is None else None
        if isinstance(page, ProjectPage):
            offers = [Offers(page, one, existing=lambda version: admission.admitted(page, version)) for one in targets]
            told = [_of_target(one, asked) for one in offers]
            counting = [one for one in targets if one.id not in asked.allowed]
            bounds = [*asked.inputs.constraints, *asked.inputs.overrides]
            outside = [one for one in bounds if one.name == root.name and any(_applies(one, t) for t in counting)]
            ready, least, kept_out = _ready(root, offers[0], [one for one in told if not one.allowed], outside)
        else:
            unknown = page.text if isinstance(page, Missing) else "a direct reference, of which no index tells"
    return RequirementMinimum(
        requirement=root.with_marker,
        specifier=root.specifier,
        path=root.location.path,
        line=root.location.line,
        ready=ready,
        minimum=least,
        targets=tuple(told),
        unknown=unknown,
        kept_out=kept_out,
    )


def _applies(root: Root, target: Target) -> bool:
    return MarkerEvaluator(target.environment).holds(root.marker) is not False


def _label(target: Target, asked: Asked) -> str:
    several = len({one.platform for one in asked.targets}) > 1
    return f"{target.python_name} on {target.platform}" if several else target.python_name


def _of_target(offers: Offers, asked: Asked) -> TargetMinimum:
    newest, first = offers.newest, offers.steady
    support, release = Support.NONE, offers.pre_release
    if first is not None and newest is not None:
        compiled = not _COMPILED.isdisjoint(offers.ships(newest.version))
        otherwise = Support.FALLBACK if compiled else Support.PURE
        support, release = Support.MADE if offers.made(newest.version) else otherwise, first
    elif offers.newest_fitting is not None:
        support, release = Support.LOST, offers.newest_fitting
    interrupted = support is Support.MADE and offers.first_made != first
    return TargetMinimum(
        target=_label(offers.target, asked),
        allowed=offers.target.id in asked.allowed,
        support=support,
        version=None if release is None else str(release.version),
        uploaded=None if release is None else release.uploaded,
        yanked=_yanked_before(offers, first.version) if first is not None else None,
        earlier=str(offers.first_made.version) if interrupted and offers.first_made is not None else None,
        gap=str(_before(offers, first.version)) if interrupted and first is not None else None,
    )


def _yanked_before(offers: Offers, first: Version) -> str | None:
    """The release right before the first that fits, where it would fit as well and is yanked."""
    before = _before(offers, first)
    if before is None or offers.files(before):
        return None
    return str(before) if fitting_wheels(offers.page.files(before), offers.target) else None


def _before(offers: Offers, version: Version) -> Version | None:
    return next((one for one in offers.page.versions if one < version and not one.is_prerelease), None)


def _ready(
    root: Root, offers: Offers, told: Sequence[TargetMinimum], outside: Sequence[Root]
) -> tuple[str, str | None, str | None]:
    """The requirement with the least version that does for all targets, that version, and what keeps it out.

    ``outside``: bounds on the project that stand elsewhere.
    """
    if not told or any(one.support in {Support.LOST, Support.NONE} or one.version is None for one in told):
        return root.with_marker, None, None
    first = max(Version(one.version) for one in told if one.version)
    specifiers = specifier_set(root.specifier)
    lower = SpecifierSet(",".join(str(one) for one in specifiers if one.operator in _LOWER))
    existing = [one for one in offers.page.versions if offers.files(one)]
    pre = bool(lower.prereleases)
    above = [one for one in existing if one >= first and lower.contains(one, prereleases=pre or one == first)]
    if not above:
        return root.with_marker, None, f"no release is {lower}"
    least = min(above)
    for one in outside:
        if not specifier_set(one.specifier).contains(least, prereleases=True):
            return root.with_marker, None, f"{one.location} excludes {least}: {one.with_marker}"
    admitted = [one for one in existing if specifiers.contains(one)]
    if admitted and min(admitted) >= first:
        return root.with_marker, str(first), None
    extras = f"[{','.join(root.extras)}]" if root.extras else ""
    marker = f" ; {root.marker}" if root.marker else ""
    name = _NAME.match(root.requirement)
    return f"{name[0] if name else root.name}{extras}{','.join(_clauses(specifiers, least))}{marker}", str(least), None


def _clauses(specifiers: SpecifierSet, least: Version) -> Iterator[str]:
    """The least version, and what else the requirement says and admits it."""
    yield f">={least}"
    for clause in sorted(specifiers, key=str):
        if clause.operator not in _LOWER and clause.contains(least, prereleases=True):
            yield str(clause)
