"""What the page of a project offers to a target that does not get it as it should.

Nothing is resolved here, and nothing is asked for: every step is what the page and the requirements say, and none is
verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from packaging.version import Version

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.reasons import platforms_of
from nogilcheck.classify.release_history import Offers, Release, day_of
from nogilcheck.classify.wheels import FREE_THREADED, tag_kind
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.report.finding import Advice, AdviceKind, Cap
from nogilcheck.model.target import expand_tags
from nogilcheck.model.verdict import ReasonCode, Severity, Status, Verdict, WheelKind

_GIL = frozenset({WheelKind.GIL, WheelKind.ABI3})


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The oldest Python that the user's own project is for, which every release in its lock has to admit."""

    cap: Cap
    oldest: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceContext:
    """A distribution on a target, and what is known of its project."""

    chosen: Version
    verdict: Verdict
    offers: Offers
    """Of the files that the user's options admit."""
    caps: tuple[Cap, ...]
    """Every requirement on the project that counts."""
    admits: Callable[[str, Version], bool]
    """Whether a specifier set (PEP 440) admits a version, pre-releases included."""
    locked: bool = False
    """A lock or an environment is followed: another version means to lock again."""
    floor: Floor | None = None
    excluded: Sequence[ReleaseFile] = ()
    """The files of the chosen version that exist and that an option other than a hash excludes."""


def ways_out(situation: AdviceContext) -> tuple[Advice, ...]:
    """Every step that the page offers; none where the very version has a wheel that fits, which a lock leaves out.

    And none about modules that turn the GIL back on, of which no page tells.
    """
    later = any(reason.code is ReasonCode.LATER_UPLOAD for reason in situation.verdict.reasons)
    if later or situation.verdict.status is Status.GIL_ENABLED:
        return ()
    newer = _newer(situation)
    wait = None if newer else _wait(situation)
    found = (
        newer,
        _admit(situation),
        _downgrade(situation),
        wait,
        _other_python(situation),
        _build(situation),
    )
    return tuple(filter(None, found))


def regression(chosen: Version, offers: Offers) -> Release | None:
    """The newest final release before the chosen one that had a wheel made for the target; its day is the wheel's."""
    if offers.made(chosen):  # a lock, or a hash, leaves it out
        return None
    for version in offers.page.versions:
        if version < chosen and not version.is_prerelease and (files := offers.made(version)):
            return Release(version=version, uploaded=day_of(files))
    return None


def _newer(situation: AdviceContext) -> Advice | None:
    """The newest release that fits, of those that the least keeps out."""
    fitting = [(version, _in_the_way(situation, version)) for version in _final(situation, newer=True)]
    if not fitting:
        return None
    least = min(map(_resistance, (caps for _, caps in fitting)))
    alike = [(version, caps) for version, caps in fitting if _resistance(caps) == least]
    newest, caps = alike[0]
    made = bool(situation.offers.made(newest))
    oldest = next(
        version for version, found in reversed(alike) if found == caps and bool(situation.offers.made(version)) is made
    )
    since = None if oldest == newest else _wheel_of(situation, oldest)
    latest = _wheel_of(situation, newest)
    return Advice(
        kind=AdviceKind.RELAX if caps else AdviceKind.UPGRADE,
        project=situation.offers.page.name,
        version=str(newest),
        uploaded=latest.uploaded,
        since=str(since.version) if since else None,
        since_uploaded=since.uploaded if since else None,
        caps=caps,
        held_back_by=caps[0].by if caps else None,
        text=texts.newer(latest, since, caps, what=_what(situation), locked=situation.locked),
    )


def _resistance(caps: tuple[Cap, ...]) -> tuple[bool, int]:
    """What others say weighs more than what the user may change."""
    return any(cap.location is None for cap in caps), len(caps)


def _in_the_way(situation: AdviceContext, version: Version) -> tuple[Cap, ...]:
    """What keeps a version out; what the user may change first."""
    found = [cap for cap in situation.caps if not situation.admits(cap.specifier, version)]
    if situation.floor and not _admits_python(situation, version, situation.floor.oldest):
        found.append(situation.floor.cap)
    return tuple(dict.fromkeys(sorted(found, key=lambda cap: cap.location is None)))


def _admits_python(situation: AdviceContext, version: Version, python: Version) -> bool:
    said = {file.requires_python for file in _wheels(situation, version)}
    return any(not text or situation.admits(text, python) for text in said)


def _downgrade(situation: AdviceContext) -> Advice | None:
    for version in _final(situation, newer=False):
        if not _in_the_way(situation, version):
            offers = situation.offers
            back = offers.between(version, situation.chosen)
            day = offers.release(version).uploaded
            return Advice(
                kind=AdviceKind.DOWNGRADE,
                project=offers.page.name,
                version=str(version),
                uploaded=day,
                releases=back.releases,
                months=back.months,
                text=texts.downgrade(Release(version=version, uploaded=day), back, what=_what(situation)),
            )
    return None


def _wait(situation: AdviceContext) -> Advice | None:
    """When the last release was, and whether a pre-release that the user could admit fits."""
    offers = situation.offers
    last = offers.newest
    if last is None:
        return None
    pre_release = next(
        (
            Release(version=version, uploaded=offers.release(version).uploaded)
            for version in offers.page.versions
            if version > situation.chosen and version.is_prerelease and _wheels(situation, version)
        ),
        None,
    )
    return Advice(
        kind=AdviceKind.WAIT,
        project=offers.page.name,
        version=str(last.version),
        uploaded=last.uploaded,
        pre_release=str(pre_release.version) if pre_release else None,
        text=texts.wait(last, pre_release, chosen=situation.chosen, status=offers.page.status, what=_what(situation)),
    )


def _admit(situation: AdviceContext) -> Advice | None:
    target = situation.offers.target
    files = [file for file in situation.excluded if file.kind == "wheel" and target.best_tag(file.tags)]
    options = [option for option in _detail(situation.verdict, ReasonCode.NOT_ADMITTED) if option != "hash"]
    if not files or not options:
        return None
    return Advice(
        kind=AdviceKind.ADMIT,
        project=situation.offers.page.name,
        version=str(situation.chosen),
        held_back_by=f"--{options[0]}",
        text=f"let --{options[0]} admit {files[0].filename}, which fits",
    )


def _other_python(situation: AdviceContext) -> Advice | None:
    """Other Pythons, as free-threaded as the target, that get a wheel of the chosen version here."""
    target = situation.offers.target
    kinds, sign = (FREE_THREADED, "t") if target.free_threaded else (_GIL, "")
    platforms = platforms_of(target)
    minors: set[int] = set()
    for file in situation.offers.files(situation.chosen):
        for python, abi, platform in expand_tags(file.tags):
            digits = python.removeprefix("cp3")
            if platform in platforms and digits.isdecimal() and tag_kind(python, abi, platform) in kinds:
                said = file.requires_python
                if not said or situation.admits(said, Version(f"3.{digits}")):
                    minors.add(int(digits))
    pythons = tuple(f"3.{minor}{sign}" for minor in sorted(minors - {target.python[1]}))
    if not pythons:
        return None
    return Advice(
        kind=AdviceKind.OTHER_PYTHON,
        project=situation.offers.page.name,
        version=str(situation.chosen),
        pythons=pythons,
        text=texts.other_python(pythons, what=_what(situation)),
    )


def _build(situation: AdviceContext) -> Advice | None:
    if not situation.verdict.sdist or situation.verdict.status is Status.PURE_FALLBACK:
        return None
    languages = tuple(_detail(situation.verdict, ReasonCode.NATIVE_SOURCES))
    return Advice(
        kind=AdviceKind.BUILD,
        project=situation.offers.page.name,
        version=str(situation.chosen),
        languages=languages,
        text=texts.build(languages, pure=situation.verdict.status is Status.SOURCE_PURE),
    )


def _final(situation: AdviceContext, *, newer: bool) -> Iterator[Version]:
    """The final releases on one side of the chosen one that have what the target should get, newest first."""
    for version in situation.offers.page.versions:
        beyond = version > situation.chosen if newer else version < situation.chosen
        if beyond and not version.is_prerelease and _wheels(situation, version):
            yield version


def _wheels(situation: AdviceContext, version: Version) -> list[ReleaseFile]:
    """The wheels of a version that would do: where a wheel fits already, only one that is made for the target."""
    offers = situation.offers
    return offers.made(version) if _has_lesser_wheel(situation) else offers.fitting(version)


def _has_lesser_wheel(situation: AdviceContext) -> bool:
    return situation.verdict.severity is Severity.WARNING and situation.verdict.wheel is not None


def _what(situation: AdviceContext) -> texts.What:
    return texts.What.ACCELERATOR if _has_lesser_wheel(situation) else texts.What.WHEEL


def _wheel_of(situation: AdviceContext, version: Version) -> Release:
    return Release(version=version, uploaded=day_of(_wheels(situation, version)))


def _detail(verdict: Verdict, code: ReasonCode) -> list[str]:
    return [item for reason in verdict.reasons if reason.code is code for item in reason.detail]
