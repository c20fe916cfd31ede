"""Explain one project: a check tells why it is installed, and the index which releases would fit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.classify.release_history import Offers, Release
from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.errors import InputError, UsageError
from nogilcheck.jobs.check import RunIO, Session, checking
from nogilcheck.judge.finding_advice import after_reading
from nogilcheck.judge.project_presence import names, presences
from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.explanation import Dated, Listed, Offer, Presence, ProjectExplanation, SourceBuild, Upstream
from nogilcheck.model.options import Options
from nogilcheck.model.target import Target
from nogilcheck.model.urls import without_credentials
from nogilcheck.model.verdict import Severity
from nogilcheck.resolve.admission import Admission

if TYPE_CHECKING:
    from nogilcheck.model.evidence import SourceReading
    from nogilcheck.model.graph import Node

MAX_SUGGESTIONS = 3
"""Similar names that are suggested for a project that nothing requires."""

_NAME_FIRST = "the name of the project comes first: nogilcheck why NAME {}"


def explain(name: str, options: Options, io: RunIO | None = None) -> ProjectExplanation:
    """Run a check, and explain one project of it.

    Raises `UsageError` for an invalid name, `InputError` when nothing requires the project, and whatever
    `nogilcheck.jobs.check.check` raises.
    """
    wanted = _project(name)
    with checking(options, io) as session:
        present = presences(wanted, session.judged, session.report.findings)
        left_out = _left_out(wanted, session)
        if not present and not left_out:
            raise _not_required(name, wanted, session)
        explanation = ProjectExplainer(wanted, session, present).explanation()
        return replace(explanation, left_out=left_out, reached_limit=session.fetcher.reached_limit)


def _left_out(name: str, session: Session) -> tuple[int, ...]:
    """The positions of requirements on the project that do not apply to some target."""
    roots = zip(session.inputs.all_roots, session.report.roots, strict=True)
    return tuple(position for position, (root, told) in enumerate(roots) if root.name == name and told.left_out_on)


def _project(name: str) -> str:
    try:
        return canonicalize_name(name.strip(), validate=True)
    except InvalidName:
        hint = _NAME_FIRST.format(name) if _is_there(name) else "name the project alone, without version or extras"
        raise UsageError(f"{name!r} is not a valid project name", hint=hint) from None


def _not_required(typed: str, name: str, session: Session) -> InputError:
    report = session.report
    close = get_close_matches(name, names(session.judged), n=MAX_SUGGESTIONS)
    hint = f"did you mean {' or '.join(close)}?" if close else "`nogilcheck check -v` lists what is required"
    if _is_there(typed):
        hint = _NAME_FIRST.format(typed)
    message = f"nothing requires {name} on {', '.join(target.python_name for target in report.targets)}"
    if report.gaps:
        unknown = "1 unknown" if len(report.gaps) == 1 else f"{len(report.gaps)} unknowns"
        message += f", as far as is known ({unknown}: see `nogilcheck check`)"
    if reached := session.fetcher.reached_limit:
        message += f"; {reached}"
    return InputError(message, where=", ".join(file.path for file in report.inputs) or None, hint=hint)


def _is_there(typed: str) -> bool:
    try:
        return os.path.exists(typed)
    except (OSError, ValueError):  # too long, or holds a null
        return False


class ProjectExplainer:
    """Asks the index about one project."""

    def __init__(self, name: str, session: Session, present: Sequence[Presence]) -> None:
        self._name = name
        self._session = session
        self._presences = tuple(present)
        self._targets = {target.id: target for target in session.targets}
        self._admission = Admission(session.inputs.settings, exclude_newer=session.options.exclude_newer, roots=())
        answer = session.fetcher.page(name) if any(map(_is_listed, filter(None, map(self._node, present)))) else None
        self._page = answer if isinstance(answer, ProjectPage) else None
        self._not_listed = answer.text if isinstance(answer, Missing) else None

    def explanation(self) -> ProjectExplanation:
        """Collect the whole explanation; blocks."""
        sources = tuple(self._sources())
        said = {(source.file, reading.python): reading for source in sources for reading in source.readings}
        return ProjectExplanation(
            name=self._name,
            report=self._session.report,
            presences=tuple(self._after_reading(presence, said) for presence in self._presences),
            listed=self._listed(self._page) if self._page else None,
            not_listed=self._not_listed,
            sources=sources,
            upstream=self._upstream(),
        )

    def _listed(self, page: ProjectPage) -> Listed:
        offers = [
            Offers(page, self._targets[target], existing=lambda version: self._admission.existing(page, version))
            for target in dict.fromkeys(presence.target for presence in self._presences)
        ]
        newest = offers[0].newest  # the same for every target, as are its files
        return Listed(
            indexes=page.indexes,
            status=page.status,
            newest=_dated(newest),
            ships=tuple(offers[0].ships(newest.version)) if newest else (),
            sdist=newest is not None and offers[0].has_sdist(newest.version),
            offers=tuple(map(_offer, offers)),
        )

    def _sources(self) -> Iterator[SourceBuild]:
        """What the sdists of blocked versions show: how they are built, and what their source says."""
        found = filter(None, map(self._sdist, self._presences))
        sdists = {sdist.filename: sdist for sdist in found}
        for sdist in sdists.values():
            self._session.fetcher.prefetch_metadata(sdist)
        pythons = {target.python for target in self._targets.values() if target.free_threaded}
        said = self._session.fetcher.readings(sdists.values(), tuple(sorted(pythons)))
        for sdist in sdists.values():
            readings = said[sdist.filename]
            read = self._session.fetcher.metadata(sdist)
            if isinstance(read, Missing):
                yield SourceBuild(file=sdist.filename, problem=read.text)
            else:
                known = () if isinstance(readings, Missing) else readings
                yield SourceBuild(file=sdist.filename, evidence=read.source, readings=known)

    def _sdist(self, presence: Presence) -> ReleaseFile | None:
        """The sdist of a blocked version."""
        if not presence.verdict or presence.verdict.severity is not Severity.BLOCKER:
            return None
        return next((file for file in self._files(presence) if file.kind == "sdist"), None)

    def _after_reading(self, presence: Presence, said: Mapping[tuple[str, str], SourceReading]) -> Presence:
        """The presence as a scan of blockers tells it."""
        sdist, python = self._sdist(presence), ".".join(map(str, self._targets[presence.target].python))
        source = said.get((sdist.filename, python)) if sdist else None
        if source is None or presence.verdict is None:
            return presence
        findings = (replace(finding, advice=after_reading(finding.advice, source)) for finding in presence.findings)
        return replace(presence, verdict=replace(presence.verdict, source=source), findings=tuple(findings))

    def _upstream(self) -> Upstream | None:
        """Links and classifiers from the metadata of the newest chosen version."""
        chosen = [
            (node.version, presence) for presence in self._presences if (node := self._node(presence)) and node.version
        ]
        if not chosen:
            return None
        version, newest = max(chosen, key=lambda pair: pair[0])
        file = _metadata_file(self._files(newest), self._targets[newest.target])
        metadata = self._session.fetcher.metadata(file) if file else None
        if not isinstance(metadata, Metadata):
            return None
        return Upstream(
            version=str(version),
            links=tuple((label, without_credentials(url)) for label, url in metadata.links),
            free_threading=metadata.free_threading,
        )

    def _node(self, presence: Presence) -> Node | None:
        graph = next(judged.graph for judged in self._session.judged if judged.target.id == presence.target)
        own = (node for node in graph.nodes.values() if node.name == self._name and not node.local)
        return next((node for node in own if str(node.version) == presence.version), None)

    def _files(self, presence: Presence) -> tuple[ReleaseFile, ...]:
        """The files of the version as the index lists them, because a lock need not have their URLs."""
        node = self._node(presence)
        if node is None or node.version is None:
            return ()
        if self._page is None or not _is_listed(node):
            return tuple(file for file in node.files if file.url)
        return self._admission.existing(self._page, node.version)


def _is_listed(node: Node) -> bool:
    """Whether a distribution comes from an index; if not, the index may have another project of the same name."""
    if node.files or node.missing is None:
        return not node.files or any(file.index for file in node.files)
    return node.missing.kind is not MissingKind.DIRECT_URL


def _offer(offers: Offers) -> Offer:
    later = offers.pre_release
    if later and offers.newest and later.version < offers.newest.version:
        later = None  # older than the newest release
    return Offer(
        target=offers.target.id,
        first=_dated(offers.first_made),
        last=_dated(offers.newest_made),
        fitting=_dated(offers.newest_fitting),
        pre_release=_dated(later),
    )


def _dated(release: Release | None) -> Dated | None:
    return None if release is None else Dated(version=str(release.version), uploaded=release.uploaded)


def _metadata_file(files: Sequence[ReleaseFile], target: Target) -> ReleaseFile | None:
    """The file that an installer takes, if any, because the check has read its metadata already; else a wheel."""
    wheels = fitting_wheels(files, target.installer) or [file for file in files if file.kind == "wheel"]
    return next(iter((*wheels, *files)), None)
