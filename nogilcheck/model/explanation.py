"""Why a project is there, and what would free it: the answer of ``nogilcheck why``."""

from __future__ import annotations

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import SourceEvidence
from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.report.finding import Finding, Path
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Verdict


@frozen
class Direct:
    """A distribution that the user asks for."""

    name: str
    version: str | None
    roots: tuple[int, ...]
    """Positions in `Report.roots` of the requirements that do."""
    extras: tuple[str, ...] = ()
    """The extras of it that alone need the project; empty where it needs the project without any."""


@frozen
class Presence:
    """The project at one version in the graph of one target."""

    target: str
    """`Target.id`."""
    version: str | None
    verdict: Verdict | None
    """``None``: a project on the disk, of which nothing is judged."""
    findings: tuple[Finding, ...] = ()
    paths: tuple[Path, ...] = ()
    """Every shortest chain from each requirement of the user's that leads here, the shortest first; bounded."""
    more_paths: int = 0
    """Such chains that are left out."""
    needed_by: int = 0
    """Distributions, itself left out, that cannot be installed without it, with the extras that are asked for."""
    direct: tuple[Direct, ...] = ()
    """Those among them, or itself, that the user asks for."""
    markers: tuple[str, ...] = ()
    """The markers under which it is required; empty where something requires it without one."""


@frozen
class Dated:
    """A release and the day (UTC) of its upload, where the index tells."""

    version: str
    uploaded: str | None = None


@frozen
class Offer:
    """What the index has for one target. Final releases, where nothing else is said; nothing yanked."""

    target: str
    first: Dated | None = None
    """The oldest release with a wheel that is made for the target; see `nogilcheck.classify.release_history.Offers`."""
    last: Dated | None = None
    """The newest such release."""
    fitting: Dated | None = None
    """The newest release of which any wheel fits."""
    pre_release: Dated | None = None
    """The newest pre-release of which a wheel fits, where it is newer than every release."""


@frozen
class Listed:
    """What the index says of the project."""

    indexes: tuple[str, ...]
    """No credentials."""
    status: str = "active"
    """The project status marker (PEP 792)."""
    newest: Dated | None = None
    """The newest release."""
    ships: tuple[str, ...] = ()
    """The kinds of its wheels (`WheelKind`)."""
    sdist: bool = False
    """Whether it has an sdist."""
    offers: tuple[Offer, ...] = ()
    """One for each target that has the project in its graph."""


@frozen
class SourceBuild:
    """What the sdist of the chosen version shows of what it takes to build it. Nothing was built."""

    file: str
    evidence: SourceEvidence | None = None
    problem: str | None = None
    """Why it could not be read."""
    readings: tuple[SourceReading, ...] = ()
    """What its source says about the GIL, for each free-threaded Python of the targets."""


@frozen
class Upstream:
    """What the metadata of one version say of the project itself."""

    version: str
    links: tuple[tuple[str, str], ...] = ()
    """Well-known labels (PEP 753) with their URLs; no credentials."""
    free_threading: tuple[str, ...] = ()
    """The classifiers on free threading: what the project claims, which is no verdict."""


@frozen
class ProjectExplanation:
    """Everything there is to say about one project in one check."""

    name: str
    """Normalized (PEP 503)."""
    report: Report
    """The whole check."""
    presences: tuple[Presence, ...]
    """By target, in the report's order; a target may have several versions, one for each lock."""
    left_out: tuple[int, ...] = ()
    """Positions in `Report.roots` of the requirements on it that do not apply to some target."""
    listed: Listed | None = None
    """``None``: no index tells."""
    not_listed: str | None = None
    """Why no index tells, in a sentence."""
    sources: tuple[SourceBuild, ...] = ()
    """Of the blocked versions that have an sdist."""
    upstream: Upstream | None = None
    reached_limit: str = ""
    """The time limit, in a sentence, where the run reached it: there may be more to tell."""
