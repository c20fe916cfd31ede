"""The ordered decision: files of one version and a target -> `Verdict` (total and exclusive)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from nogilcheck.classify import reasons
from nogilcheck.classify.wheels import (
    Contents,
    fitting_wheels,
    free_threaded_tags,
    is_compiled,
    is_tied,
    judge_members,
    judge_scan,
    same_python,
    sdists,
    tag_kind,
)
from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Missing, ProjectPage, ReleaseFile, SourceEvidence
from nogilcheck.model.graph import Node, Refusal
from nogilcheck.model.rules.table import severity_of
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.target import Target, expand_tags
from nogilcheck.model.verdict import Cause, Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict, WheelKind

_BY_KIND: Mapping[WheelKind, Status] = {
    WheelKind.FREE_THREADED: Status.FREE_THREADED,
    WheelKind.ABI3T: Status.ABI3T,
    WheelKind.GIL: Status.COMPILED,
    WheelKind.ABI3: Status.COMPILED,
    WheelKind.NO_ABI: Status.NO_ABI,
    WheelKind.PURE: Status.PURE,
}


@frozen
class Archives:
    """What had to be read inside archives; see `archives_needed`."""

    listings: Mapping[str, tuple[str, ...] | Missing] = field(default_factory=dict)
    """By file name: the members of ``cp3XY-none-<platform>`` wheels."""
    scans: Mapping[str, WheelScan] = field(default_factory=dict)
    """By file name: what was read of the modules in such wheels."""
    source: SourceEvidence | Missing | None = None
    """What the sdist shows; ``None`` when it was not read."""


@frozen
class Fits:
    """The wheel that a build installs."""

    wheel: ReleaseFile
    status: Status
    """What the wheel alone amounts to."""
    compiled: bool
    """It holds code for an ABI or a platform."""
    mistagged: tuple[Reason, ...]
    """Wheels that were passed over, because the build cannot load what they hold."""


@frozen
class Unclear:
    """The wheel that a build prefers, of which nobody can tell whether it can be loaded."""

    reason: Reason


@frozen
class NoWheel:
    """No wheel fits a build."""

    mistagged: tuple[Reason, ...]
    """As in `Fits`."""


Choice = Fits | Unclear | NoWheel
"""What a build gets of the wheels of a version."""


@frozen
class ArchivesNeeded:
    """The archives whose contents decide."""

    wheels: tuple[ReleaseFile, ...] = ()
    sdist: ReleaseFile | None = None


def archives_needed(files: Sequence[ReleaseFile], target: Target) -> ArchivesNeeded:
    """What must be read before `decide` can tell: usually nothing."""
    wheels: dict[str, ReleaseFile] = {}
    fits = False
    for build in (target, target.installer):
        for file in fitting_wheels(files, build):
            fits = True
            if is_tied(build.best_tag(file.tags)):
                wheels.setdefault(file.filename, file)  # several places may list it: the one that an installer takes
    sources = sdists(files, target.installer)
    sdist = sources[-1] if sources and not fits and not _compiled_elsewhere(files) else None
    return ArchivesNeeded(wheels=tuple(wheels.values()), sdist=sdist)


def decide(node: Node, target: Target, *, page: ProjectPage | None, archives: Archives) -> Verdict:
    """What ``target`` gets for a chosen distribution.

    ``page`` is the whole project, for what other releases offer; ``None`` where it is not known.
    """
    verdict = _decide(node, target, page=page, archives=archives)
    if not node.unanswered:
        return verdict
    indexes = tuple(missing.index for missing in node.unanswered)
    return replace(verdict, reasons=(*verdict.reasons, Reason(code=ReasonCode.UNANSWERED_INDEX, detail=indexes)))


def _decide(node: Node, target: Target, *, page: ProjectPage | None, archives: Archives) -> Verdict:
    if node.version is None:
        missing = node.missing and filter(None, (node.missing.kind.value, node.missing.index, node.missing.text))
        return _verdict(
            Status.UNKNOWN, RegularBuildGets.NONE, reasons=(Reason(code=ReasonCode.GAP, detail=tuple(missing or ())),)
        )
    # A Requires-Python that only the metadata tells excludes every file of the version.
    files = () if node.requires_python else node.files
    refused = _refused_wheels(node, target)
    choice = _choose(_without_refused(files, node.refused), target, archives)
    regular = _choose(files, target.installer, archives)
    sources = sdists(files, target.installer)
    twin = _twin(regular, has_sdist=bool(sources))
    unclear = tuple(dict.fromkeys(each.reason for each in (choice, regular) if isinstance(each, Unclear)))
    if unclear or isinstance(choice, Unclear):
        return _verdict(Status.UNKNOWN, twin, sdist=bool(sources), reasons=unclear)
    if isinstance(choice, Fits):
        return _fits(choice, regular, twin, sdist=bool(sources))
    status, evidence = _refused(files, target, twin, archives.source)
    if twin is not RegularBuildGets.WHEEL:
        refused = node.refused
    elif refused:
        status = Status.OTHER_PYTHON if any(each.for_python for each in refused) else Status.GIL_ONLY
    others = replace(node, files=tuple(_without_refused(node.files, refused)))
    told = [Reason(code=ReasonCode.REFUSED_WHEEL, detail=(one.filename, one.why)) for one in refused]
    why = (*told, *choice.mistagged, *evidence, *reasons.explain(status, others, target, page))
    cause = _cause(node, target, twin) if severity_of(status) is Severity.BLOCKER else None
    return _verdict(status, twin, cause=cause, sdist=bool(sources), reasons=why)


def _twin(regular: Choice, *, has_sdist: bool) -> RegularBuildGets:
    if isinstance(regular, Fits):
        return RegularBuildGets.WHEEL
    return RegularBuildGets.SOURCE if has_sdist else RegularBuildGets.NONE


def _fits(choice: Fits, regular: Choice, twin: RegularBuildGets, *, sdist: bool) -> Verdict:
    """Rows 3 to 8: a wheel fits, and the one that the installer prefers names the status."""
    status, why = choice.status, choice.mistagged
    if status is Status.PURE and isinstance(regular, Fits) and regular.compiled:
        status = Status.PURE_FALLBACK
        why += (Reason(code=ReasonCode.TWIN_WHEEL, detail=(regular.wheel.filename,)),)
    return _verdict(status, twin, wheel=choice.wheel.filename, sdist=sdist, reasons=why)


def _refused(
    files: Sequence[ReleaseFile], target: Target, twin: RegularBuildGets, source: SourceEvidence | Missing | None
) -> tuple[Status, tuple[Reason, ...]]:
    """Rows 9 to 14: no wheel fits the target."""
    if twin is RegularBuildGets.NONE:
        return Status.UNAVAILABLE, ()
    if twin is RegularBuildGets.SOURCE:
        return _source(files, source)
    elsewhere = free_threaded_tags(files)
    if any(same_python(tag, target) for tag in elsewhere):
        return Status.OTHER_PLATFORM, ()
    return (Status.OTHER_PYTHON if elsewhere else Status.GIL_ONLY), ()


def _source(files: Sequence[ReleaseFile], source: SourceEvidence | Missing | None) -> tuple[Status, tuple[Reason, ...]]:
    """Rows 10 and 11: an sdist is all there is, and it compiles or does not."""
    if _compiled_elsewhere(files):
        return Status.SOURCE_ONLY, (Reason(code=ReasonCode.COMPILED_ELSEWHERE),)
    if isinstance(source, SourceEvidence) and source.compiles:
        return Status.SOURCE_ONLY, (Reason(code=ReasonCode.NATIVE_SOURCES, detail=source.signs),)
    if isinstance(source, SourceEvidence) and source.compiles is False:
        return Status.SOURCE_PURE, (Reason(code=ReasonCode.PURE_SOURCES),)
    why = source.text if isinstance(source, Missing) else "it shows neither compiled code nor its absence"
    return Status.UNKNOWN, (Reason(code=ReasonCode.NO_SOURCE_EVIDENCE, detail=(why,)),)


def _refused_wheels(node: Node, target: Target) -> tuple[Refusal, ...]:
    """The wheels that installers refuse on a target for their metadata, or for the Requires-Python on the page."""
    refused = {each.filename: each for each in node.refused}
    for file in node.files:
        if file.kind == "wheel" and target.best_tag(file.tags) and not target.admits_python(file.requires_python):
            why = f"its Requires-Python is {file.requires_python}"
            refused.setdefault(file.filename, Refusal(filename=file.filename, why=why, for_python=True))
    return tuple(refused.values())


def _without_refused(files: Sequence[ReleaseFile], refused: Iterable[Refusal]) -> Sequence[ReleaseFile]:
    """The files that are left."""
    names = {each.filename for each in refused}
    return [file for file in files if file.filename not in names] if names else files


def _cause(node: Node, target: Target, twin: RegularBuildGets) -> Cause:
    """What causes the blocker: free-threading, this Python, or that there are no wheels at all."""
    if twin is RegularBuildGets.WHEEL:
        return Cause.FREE_THREADING
    return Cause.PYTHON if any(_for_other_python(node, target)) else Cause.SOURCE


def _for_other_python(node: Node, target: Target) -> Iterator[ReleaseFile]:
    """Wheels that some other CPython 3 installs on this platform."""
    platforms = reasons.platforms_of(target)
    for file in node.files:
        tags = [tag for tag in expand_tags(file.tags) if tag[2] == "any" or tag[2] in platforms]
        if any(tag_kind(*tag) is not WheelKind.FOREIGN for tag in tags):
            yield file


def _choose(files: Sequence[ReleaseFile], build: Target, archives: Archives) -> Choice:
    """The first of the fitting wheels whose contents the build can load."""
    mistagged: list[Reason] = []
    for file in fitting_wheels(files, build):
        tag = build.best_tag(file.tags) or ""
        if not is_tied(tag):
            kind = tag_kind(*tag.split("-"))
            compiled = kind is not WheelKind.PURE
            return Fits(wheel=file, status=_BY_KIND[kind], compiled=compiled, mistagged=tuple(mistagged))
        contents, why = _contents(file.filename, build, archives)
        if contents is Contents.UNCLEAR:
            return Unclear(reason=Reason(code=ReasonCode.ARCHIVE_NOT_READ, detail=(file.filename, why)))
        if contents is Contents.FOREIGN_ABI:
            mistagged.append(Reason(code=ReasonCode.MISTAGGED, detail=(file.filename,)))
            continue
        own = Status.FREE_THREADED if build.free_threaded else Status.COMPILED
        status = own if contents is Contents.LOADABLE else Status.NO_ABI
        return Fits(wheel=file, status=status, compiled=True, mistagged=tuple(mistagged))
    return NoWheel(mistagged=tuple(mistagged))


def _contents(filename: str, build: Target, archives: Archives) -> tuple[Contents, str]:
    listing, scan = archives.listings.get(filename), archives.scans.get(filename)
    if isinstance(listing, Missing):
        return Contents.UNCLEAR, listing.text
    if listing is None:
        return Contents.UNCLEAR, "its contents were not read"
    if scan is None:
        return judge_members(
            listing, build
        ), "it may hold an extension module whose name does not tell its ABI (--scan reads it)"
    if scan.missing is not None:
        return Contents.UNCLEAR, scan.missing.text
    holds = any(module.declaration and module.declaration.hooks for module in scan.modules)
    verb = "holds" if holds else "may hold"
    why = f"it {verb} extension modules despite its ABI tag, none, and they do not tell theirs"
    return judge_scan(listing, scan, build), why


def _compiled_elsewhere(files: Sequence[ReleaseFile]) -> bool:
    """Compiled wheels of this version exist, whoever they are for: so its sdist compiles."""
    return any(file.kind == "wheel" and is_compiled(file.tags) for file in files)


def _verdict(
    status: Status,
    twin: RegularBuildGets,
    *,
    cause: Cause | None = None,
    wheel: str | None = None,
    sdist: bool = False,
    reasons: tuple[Reason, ...] = (),
) -> Verdict:
    return Verdict(
        status=status, severity=severity_of(status), cause=cause, twin=twin, wheel=wheel, sdist=sdist, reasons=reasons
    )
