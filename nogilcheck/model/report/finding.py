"""What a report says about a distribution, and what it could not find out."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from nogilcheck.frozen import frozen
from nogilcheck.model.json_format.kinds import integer, text
from nogilcheck.model.source import COMMAND_LINE, Location
from nogilcheck.model.verdict import Cause, Severity

if TYPE_CHECKING:
    from packaging.version import Version

RuleCode = Annotated[str, text(pattern="^NGC[0-9]{3}$")]

RuleName = Annotated[str, text()]

RootPosition = Annotated[int, integer(minimum=0, description="A position in roots.")]


@frozen
class Step:
    """One edge of a path, named after the distribution it leads to."""

    name: str
    version: str | None
    specifier: str = ""
    extra: str | None = None
    """The extra of the distribution before it that brings it in."""
    marker: str | None = None


@frozen
class Path:
    """A chain from a requirement the user wrote to a distribution."""

    root: RootPosition
    steps: tuple[Step, ...] = field(metadata={"key": "edges"})
    """The first step is the distribution that the root asks for."""


@frozen
class Cap:
    """Something that keeps a release of a project out."""

    by: str
    """Who says so: a distribution (``celery 5.3.1``), or where the user does (``r.txt:3``)."""
    specifier: str
    """A specifier set (PEP 440) on the project; of a floor the Requires-Python that the release does not admit."""
    location: Location | None = None
    """Where the user says so, and may change it; ``None``: a distribution does."""
    floor: bool = False
    """It is about Python: the release needs a newer one than the oldest that the user's own project is for."""
    project: str | None = field(default=None, metadata={"added": True})
    """The project that it limits, where that may be another than the finding is about."""

    def against(self, version: Version) -> Cap:
        """What it is for a version: the user's own exclusion (``!=``) has its reasons, and is no line to relax."""
        from packaging.specifiers import SpecifierSet  # which a replay does without

        clauses = (clause for clause in SpecifierSet(self.specifier) if clause.operator == "!=")
        if self.location is None or all(clause.contains(version, prereleases=True) for clause in clauses):
            return self
        by = "the command line" if self.location.path == COMMAND_LINE else self.by
        return replace(self, by=by, location=None)


class AdviceKind(StrEnum):
    """What to do about a finding, the most useful first. The fields of `Advice` that each has are listed with it."""

    UPGRADE = "upgrade"
    """A newer release fits, and nothing keeps it out: `Advice.version`, ``uploaded``, ``since``, ``since_uploaded``. Of
    another ``project``: as with ``downgrade``."""
    RELOCK = "relock"
    """A wheel of the same version fits, and was uploaded after the lock was written: ``version``. Without it:
    the lock is for other Pythons."""
    ADMIT = "admit"
    """A wheel of the same version fits, and an option of the user's keeps it out: ``version``, ``held_back_by``."""
    RELAX = "relax"
    """Another release fits, and something keeps it out: as with ``upgrade``, and ``caps``, ``held_back_by``. Without
    ``version``: the releases that are kept out do not require it."""
    DROP = "drop"
    """Nothing else brings it in than an extra, or a requirement of the user's: ``project`` and ``extra`` name it."""
    DOWNGRADE = "downgrade"
    """An older release fits, and nothing keeps it out: ``version``, ``uploaded``, ``releases``, ``months``. Of another
    ``project``, which requires it: that one has no need of it, or takes a release that fits."""
    SEARCH = "search"
    """Other releases of what requires it, or of what holds it back (``caps``), may do: only a plan tells."""
    NEWER_FLOOR = "newer-floor"
    """A wheel of the chosen version is for a newer libc or macOS: ``version``, and ``held_back_by`` the option."""
    WAIT = "wait"
    """No newer release fits: ``version`` and ``uploaded`` are the last one's, ``pre_release`` one that fits.
    Or a cool-down holds ``version``, which fits: ``held_back_by`` and ``until``, and ``caps`` beside it."""
    OTHER_PYTHON = "other-python"
    """The chosen version fits another Python: ``version``, ``pythons``."""
    BUILD = "build"
    """An sdist of the chosen version exists: ``version``, ``languages``."""
    PIN_INDEX = "pin-index"
    """Say which index it comes from."""
    REPORT = "report"
    """Its authors may not know: tell them."""


@frozen
class Advice:
    """A next step computed from the index."""

    kind: str
    """See `AdviceKind`."""
    project: str
    version: str | None = None
    uploaded: str | None = None
    """The day (UTC) of ``version``, ``2024-08-18``, where the index tells."""
    since: str | None = None
    """The oldest release above the chosen one that fits, with no more in its way than ``version`` has."""
    since_uploaded: str | None = None
    releases: int | None = None
    """How many final releases ``version`` is behind the chosen one."""
    months: int | None = None
    """How many whole months its upload is before that of the chosen one."""
    pre_release: str | None = None
    pythons: tuple[str, ...] = ()
    """``3.14t``."""
    languages: tuple[str, ...] = ()
    """What the sdist is known to need: ``C``, ``C++``, ``Rust``, ``Cython``, ``Fortran``, a native build backend."""
    extra: str | None = None
    held_back_by: str | None = None
    """The first of ``caps``, in a word; of ``admit`` the option; of ``wait`` the cool-down and its place."""
    caps: tuple[Cap, ...] = ()
    """Everything that keeps ``version`` out, what the user may change first."""
    until: str | None = field(default=None, metadata={"added": True})
    """The day (UTC) on which the cool-down that holds ``version`` lets it through, where it moves with the clock."""
    verified: bool = False
    """True only when a second resolution proved it."""
    text: str = ""
    """A short sentence without a full stop, in which the project goes without saying."""


@frozen
class Finding:
    """One rule that holds for one distribution on one target."""

    rule: RuleCode
    status: RuleName
    """The rule's name: the distribution's status, or the name of a rule without one."""
    severity: Severity
    cause: Cause | None = None
    target: str
    """`Target.id`."""
    distribution: str
    version: str | None
    paths: tuple[Path, ...] = ()
    """Shortest first, one for each root line that leads here."""
    location: Location | None = None
    """Where the shortest path starts."""
    advice: tuple[Advice, ...] = ()
    detail: tuple[str, ...] = ()
    """Data of findings without a status: for ``held-back`` the newer version and what holds it back."""
    suppressed_by: str | None = None
    """What keeps it from counting, in words: ``waived until 2027-01-31: no release yet``."""
    fingerprint: str = ""
    """Stable across releases of the distribution: rule family, target family and project."""


@frozen
class Gap:
    """Something that could not be known. Never ends in exit status 0 unless allowed by name."""

    rule: RuleCode
    distribution: str | None = None
    target: str | None = None
    """`Target.id`; ``None`` when it concerns every target."""
    text: str
    """What could not be known and why, in a sentence; no credentials."""
    location: Location | None = None
    # The first reports had none.
    suppressed_by: str | None = field(default=None, metadata={"added": True})
    """As for a finding."""
