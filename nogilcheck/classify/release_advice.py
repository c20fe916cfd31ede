"""What the page of a project offers to a target that does not get it as it should.

Nothing is resolved here, and nothing is asked for: every step is what the page and the requirements say, and none is
verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from packaging.version import Version

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.reasons import platforms_of
from nogilcheck.classify.release_history import Offers, Release, day_of
from nogilcheck.classify.wheels import FREE_THREADED, is_tied, sdists, tag_kind
from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.graph import ExcludedBy
from nogilcheck.model.report.finding import Advice, AdviceKind, Cap
from nogilcheck.model.target import expand_tags
from nogilcheck.model.verdict import ReasonCode, Severity, Status, Verdict, WheelKind

_GIL = frozenset({WheelKind.GIL, WheelKind.ABI3})


@frozen
class Floor:
    """The oldest Python that the user's own project is for, which every release in its lock has to admit."""

    cap: Cap
    oldest: Version


@frozen
class AdviceContext:
    """A distribution on a target, and what is known of its project."""

    chosen: Version
    verdict: Verdict
    offers: Offers
    """Of the files that the user's options admit."""
    caps: tuple[Cap, ...]
    """Every requirement on the project that counts."""
    conflicts: Callable[[Version], tuple[Cap, ...]]
    """What keeps out what another version requires."""
    admits: Callable[[str, Version], bool]
    """Whether a specifier set (PEP 440) admits a version, pre-releases included."""
    relock: str | None = None
    """The command by which the lock that is followed takes another version; empty: not known; ``None``: no lock is."""
    floor: Floor | None = None
    excluded: Sequence[tuple[ReleaseFile, ExcludedBy]] = ()
    """The files of the chosen version that exist, and that the user excludes."""


def release_advice(context: AdviceContext) -> tuple[Advice, ...]:
    """Every step that the page offers; none where the very version has a wheel that fits, which a lock leaves out.

    And none about modules that turn the GIL on, of which no page tells.
    """
    later = any(reason.code is ReasonCode.LATER_UPLOAD for reason in context.verdict.reasons)
    if later or context.verdict.status is Status.GIL_ENABLED:
        return ()
    newer = _newer(context)
    wait = None if newer else _wait(context)
    found = (
        newer,
        _admit(context),
        _downgrade(context),
        _newer_floor(context),
        wait,
        _other_python(context),
        _build(context),
    )
    return tuple(filter(None, found))


def _newer(context: AdviceContext) -> Advice | None:
    """The newest release that fits, of those that the least keeps out."""
    fitting = [(version, in_the_way(context, version)) for version in _final(context, newer=True)]
    while fitting and any(cap.by == context.offers.page.name for cap in context.conflicts(fitting[0][0])):
        del fitting[0]  # what it requires does not exist
    if not fitting:
        return None
    least = min(map(_resistance, (caps for _, caps in fitting)))
    alike = [(version, caps) for version, caps in fitting if _resistance(caps) == least]
    newest, caps = alike[0]
    oldest = next(version for version, found in reversed(alike) if found == caps)
    conflicts = {version: context.conflicts(version) for version in dict.fromkeys((newest, oldest))}
    if _resistance(conflicts[oldest]) < _resistance(conflicts[newest]):
        newest = oldest
    elif conflicts[oldest] != conflicts[newest]:
        oldest = newest
    caps = tuple(sorted(dict.fromkeys((*caps, *conflicts[newest])), key=lambda cap: cap.location is None))
    since = None if oldest == newest else _wheel_of(context, oldest)
    latest = _wheel_of(context, newest)
    made = [version for version, _ in alike if oldest < version < newest and context.offers.made(version)]
    lesser = since and made and context.offers.made(newest) and not context.offers.made(oldest)
    return Advice(
        kind=AdviceKind.RELAX if caps else AdviceKind.UPGRADE,
        project=context.offers.page.name,
        version=str(newest),
        uploaded=latest.uploaded,
        since=str(since.version) if since else None,
        since_uploaded=since.uploaded if since else None,
        caps=caps,
        held_back_by=caps[0].by if caps else None,
        text=texts.newer(
            latest,
            since,
            caps,
            made=_wheel_of(context, made[-1]) if lesser else None,
            what=_what(context),
            relock=context.relock,
        ),
    )


def _resistance(caps: tuple[Cap, ...]) -> tuple[bool, int]:
    """What others say weighs more than what the user may change."""
    return any(cap.location is None for cap in caps), len(caps)


def in_the_way(context: AdviceContext, version: Version) -> tuple[Cap, ...]:
    """What keeps a version out; what the user may change first."""
    found = [cap.against(version) for cap in context.caps if not context.admits(cap.specifier, version)]
    if context.floor and not _admits_python(context, version, context.floor.oldest):
        found.append(context.floor.cap)
    return tuple(dict.fromkeys(sorted(found, key=lambda cap: cap.location is None)))


def _admits_python(context: AdviceContext, version: Version, python: Version) -> bool:
    said = {file.requires_python for file in _wheels(context, version)}
    return any(not text or context.admits(text, python) for text in said)


def _downgrade(context: AdviceContext) -> Advice | None:
    for version in _final(context, newer=False):
        if not in_the_way(context, version) and not context.conflicts(version):
            offers = context.offers
            back = offers.between(version, context.chosen)
            day = offers.release(version).uploaded
            return Advice(
                kind=AdviceKind.DOWNGRADE,
                project=offers.page.name,
                version=str(version),
                uploaded=day,
                releases=back.releases,
                months=back.months,
                text=texts.downgrade(Release(version=version, uploaded=day), back, what=_what(context)),
            )
    return None


def _wait(context: AdviceContext) -> Advice | None:
    """What a cool-down holds; or when the last release was, and whether a pre-release that could be admitted fits."""
    offers = context.offers
    for reason in context.verdict.reasons:
        if reason.code is ReasonCode.COOLING_DOWN:
            return _wait_for_cool_down(context, *reason.detail)
    last = offers.newest
    if last is None or any(by.option == "no-binary" for _, by in context.excluded):  # no wheel would be taken
        return None
    pre_release = next(
        (
            Release(version=version, uploaded=offers.release(version).uploaded)
            for version in offers.page.versions
            if version > context.chosen and version.is_prerelease and _wheels(context, version)
        ),
        None,
    )
    return Advice(
        kind=AdviceKind.WAIT,
        project=offers.page.name,
        version=str(last.version),
        uploaded=last.uploaded,
        pre_release=str(pre_release.version) if pre_release else None,
        text=texts.wait(last, pre_release, chosen=context.chosen, status=offers.page.status, what=_what(context)),
    )


def _wait_for_cool_down(context: AdviceContext, version: str, uploaded: str, until: str, origin: str) -> Advice:
    release = Release(version=Version(version), uploaded=uploaded or None)
    # What its files ask of Python is not known here.
    caps = tuple(cap for cap in in_the_way(context, release.version) if not cap.floor)
    return Advice(
        kind=AdviceKind.WAIT,
        project=context.offers.page.name,
        version=version,
        uploaded=release.uploaded,
        until=until or None,
        held_back_by=origin,
        caps=caps,
        text=texts.wait_for_cool_down(release, until, origin, caps),
    )


def _admit(context: AdviceContext) -> Advice | None:
    target = context.offers.target
    excluded = [(file, by.said) for file, by in context.excluded if by.option != "hash"]
    files = [file for file, _ in excluded if file.kind == "wheel" and target.best_tag(file.tags)]
    files = files or sdists(tuple(file for file, _ in excluded), target.installer)
    if not files:
        return None
    said = next(said for file, said in excluded if file is files[0])
    what = "which fits" if files[0].kind == "wheel" else "an sdist, to be built"
    return Advice(
        kind=AdviceKind.ADMIT,
        project=context.offers.page.name,
        version=str(context.chosen),
        held_back_by=said,
        text=f"let {said} admit {files[0].filename}, {what}",
    )


def _newer_floor(context: AdviceContext) -> Advice | None:
    """The same platform with a newer libc, or a newer macOS, where a wheel of the chosen version is for that."""
    for reason in context.verdict.reasons:
        if reason.code is ReasonCode.NEWER_FLOOR:
            floor, _, platform, *_ = reason.detail
            return Advice(
                kind=AdviceKind.NEWER_FLOOR,
                project=context.offers.page.name,
                version=str(context.chosen),
                held_back_by=f"--platform {platform}",
                text=f"check with `--platform {platform}`, if your machines have {floor}",
            )
    return None


def _other_python(context: AdviceContext) -> Advice | None:
    """Other Pythons, as free-threaded as the target, that get a wheel of the chosen version here."""
    target = context.offers.target
    kinds, sign = (FREE_THREADED, "t") if target.free_threaded else (_GIL, "")
    platforms = platforms_of(target)
    minors: set[int] = set()
    for file in context.offers.files(context.chosen):
        for python, abi, platform in expand_tags(file.tags):
            digits = python.removeprefix("cp3")
            if platform in platforms and digits.isdecimal() and tag_kind(python, abi, platform) in kinds:
                said = file.requires_python
                if not said or context.admits(said, Version(f"3.{digits}")):
                    minors.add(int(digits))
    pythons = tuple(f"3.{minor}{sign}" for minor in sorted(minors - {target.python[1]}))
    if not pythons:
        return None
    return Advice(
        kind=AdviceKind.OTHER_PYTHON,
        project=context.offers.page.name,
        version=str(context.chosen),
        pythons=pythons,
        text=texts.other_python(pythons, what=_what(context)),
    )


def _build(context: AdviceContext) -> Advice | None:
    if not context.verdict.sdist or context.verdict.status is Status.PURE_FALLBACK:
        return None
    languages = tuple(context.verdict.details(ReasonCode.NATIVE_SOURCES))
    return Advice(
        kind=AdviceKind.BUILD,
        project=context.offers.page.name,
        version=str(context.chosen),
        languages=languages,
        text=texts.build(languages, pure=context.verdict.status is Status.SOURCE_PURE),
    )


def _final(context: AdviceContext, *, newer: bool) -> Iterator[Version]:
    """The final releases on one side of the chosen one that have what the target should get, newest first."""
    for version in context.offers.page.versions:
        beyond = version > context.chosen if newer else version < context.chosen
        if beyond and not version.is_prerelease and _wheels(context, version):
            yield version


def _wheels(context: AdviceContext, version: Version) -> list[ReleaseFile]:
    """The wheels of a version that would do: where a wheel fits already, only one that is made for the target."""
    offers = context.offers
    wheels = offers.made(version) if _has_lesser_wheel(context) else offers.fitting(version)
    if not any(reason.code is ReasonCode.MISTAGGED for reason in context.verdict.reasons):
        return wheels
    # What is tagged as the mis-tagged one is no better, as far as anyone knows.
    return [file for file in wheels if not is_tied(offers.target.best_tag(file.tags))]


def _has_lesser_wheel(context: AdviceContext) -> bool:
    return context.verdict.severity is Severity.WARNING and context.verdict.wheel is not None


def _what(context: AdviceContext) -> texts.What:
    return texts.What.ACCELERATOR if _has_lesser_wheel(context) else texts.What.WHEEL


def _wheel_of(context: AdviceContext, version: Version) -> Release:
    return Release(version=version, uploaded=day_of(_wheels(context, version)))
