"""What a target gets for one distribution."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated

from nogilcheck.frozen import frozen
from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.json_format.kinds import Choice
from nogilcheck.model.source import Count


class Severity(StrEnum):
    """How much a status or a finding counts."""

    READY = "ready"
    WARNING = "warning"
    GAP = "gap"
    BLOCKER = "blocker"


WORST_FIRST = tuple(reversed(Severity))


class Status(StrEnum):
    """What the target gets, in the order in which the decision is taken; the first that holds."""

    UNKNOWN = "unknown"
    GIL_ENABLED = "gil-enabled"
    FREE_THREADED = "free-threaded"
    ABI3T = "abi3t"
    COMPILED = "compiled"
    NO_ABI = "no-abi"
    PURE_FALLBACK = "pure-fallback"
    PURE = "pure"
    UNAVAILABLE = "unavailable"
    SOURCE_PURE = "source-pure"
    SOURCE_ONLY = "source-only"
    OTHER_PLATFORM = "other-platform"
    OTHER_PYTHON = "other-python"
    GIL_ONLY = "gil-only"


READY_STATUSES = (Status.PURE, Status.FREE_THREADED, Status.ABI3T, Status.COMPILED, Status.NO_ABI)
"""The statuses that are ready, in the order in which people are told of them. Every other one has a rule."""


class RegularBuildGets(StrEnum):
    """What the regular build of the same Python gets for the distribution."""

    WHEEL = "wheel"
    SOURCE = "source"
    NONE = "none"


class Cause(StrEnum):
    """Which decision of whose a blocker comes from."""

    FREE_THREADING = "free-threading"
    """The twin gets a wheel."""
    PYTHON = "python"
    """Neither build of this Python gets a wheel, others do."""
    SOURCE = "source"
    """Nobody gets a wheel on this platform."""
    LOCK = "lock"
    """Neither build of this Python gets a wheel from the lock; the release has one, or no index was asked."""


class WheelKind(StrEnum):
    """What a wheel's tags say, whatever the target."""

    PURE = "pure"
    NO_ABI = "no-abi"
    FREE_THREADED = "cp3XYt"
    ABI3T = "abi3t"
    GIL = "cp3XY"
    ABI3 = "abi3"
    FOREIGN = "foreign"
    """No CPython 3 tag: PyPy, Python 2, or tags that no interpreter accepts."""


class ReasonCode(StrEnum):
    """Facts that a status rests on. `Reason.detail` is listed with each."""

    GIL_WHEELS = "gil-wheels"
    """Wheels of this version that need the GIL: the distinct ``python-abi`` pairs."""
    FREE_THREADED_PYTHONS = "free-threaded-pythons"
    """Pythons (``3.13``) for which free-threaded wheels of this version exist on this platform."""
    FREE_THREADED_PLATFORMS = "free-threaded-platforms"
    """Platforms (``manylinux x86_64``, ``macOS``) with free-threaded wheels of this version for this Python."""
    NEVER_FREE_THREADED = "never-free-threaded"
    """No release of the project has a free-threaded wheel. No detail."""
    NOT_YET = "not-yet"
    """Its free-threaded wheels are for older Pythons alone, and no release has one for this: a matter of time. No
    detail."""
    COOLING_DOWN = "cooling-down"
    """A release fits, and a cool-down keeps it out: the newest such version, and the day of its upload if known."""
    FREE_THREADED_RELEASES = "free-threaded-releases"
    """Other releases have free-threaded wheels for this target: the newest such version."""
    WHEELS_FOR_PYTHONS = "wheels-for-pythons"
    """No wheel of this version for this Python; Pythons that get one on this platform."""
    WHEELS_FOR_PLATFORMS = "wheels-for-platforms"
    """No wheel of this version for this platform; platforms that get one."""
    REQUIRES_PYTHON = "requires-python"
    """Files are refused by Requires-Python: the specifier."""
    NEWER_FLOOR = "newer-floor"
    """Wheels of this version for this Python need a newer libc or macOS than the target has: which (``glibc 2.35``),
    the target's, the platform tag, and ``GIL-only`` where no such wheel is free-threaded and the target is."""
    STAND_IN = "stand-in"
    """No file is for this build; the file whose metadata tell its dependencies."""
    SDIST = "sdist"
    """An sdist of this version exists. No detail."""
    SDIST_EXCLUDED = "sdist-excluded"
    """An sdist of this version exists, and its Requires-Python excludes this Python: the specifier."""
    NO_SDIST = "no-sdist"
    """No sdist of this version exists. No detail."""
    NO_FILES = "no-files"
    """The version has no file that may be used. No detail."""
    NOT_LOCKED = "not-locked"
    """A lock leaves files of this version out, so that what it lacks is not what the release lacks: the status of the
    release with all its files (empty where no index was asked), then the Pythons of the lock's wheels."""
    LATER_UPLOAD = "later-upload"
    """A wheel of this version fits and is not among the locked files: its name, the day of its upload."""
    REFUSED_WHEEL = "refused-wheel"
    """A wheel that fits the target by its tags, and that installers do not take there: its name, why in a clause."""
    NOT_ADMITTED = "not-admitted"
    """Files that would fit are excluded by an option: ``hash``, ``only-binary``, ``no-binary``."""
    TWIN_WHEEL = "twin-wheel"
    """The compiled wheel that the twin gets instead: its file name."""
    COMPILED_ELSEWHERE = "compiled-elsewhere"
    """Compiled wheels of this version exist elsewhere, so the sdist compiles. No detail."""
    NATIVE_SOURCES = "native-sources"
    """The sdist needs a compiler: its languages and native build backends."""
    PURE_SOURCES = "pure-sources"
    """The sdist shows no compiled code. No detail."""
    NO_SOURCE_EVIDENCE = "no-source-evidence"
    """Nothing shows whether the sdist compiles: why, in a sentence."""
    MISTAGGED = "mistagged"
    """A fitting ``cp3XY-none`` wheel holds extension modules that this target cannot load: file name, members."""
    ARCHIVE_NOT_READ = "archive-not-read"
    """A ``cp3XY-none`` wheel fits and its contents could not be told: file name, why."""
    REGRESSED = "regressed"
    """An earlier final release had a free-threaded wheel that fits: the newest such version, the day of the wheel."""
    ODD_TAG = "odd-tag"
    """Wheel tags for CPython 3 that no interpreter accepts: ``cp315t-abi3t-manylinux_2_28_x86_64``."""
    DECLARES_GIL = "declares-gil"
    """Extension modules of the wheel that declare that they need the GIL: their names."""
    DECLARES_NOTHING = "declares-nothing"
    """Extension modules that declare nothing, which the interpreter takes for the same: their names."""
    DELEGATED_GIL = "delegated-gil"
    """Extension modules that another module makes, which does not declare it either: that one, then their names."""
    TEST_MODULES_GIL = "test-modules-gil"
    """Modules that turn the GIL on and that only a test suite imports: their names."""
    MODULES_NOT_READ = "modules-not-read"
    """Further modules were not read, for those that were decide: how many."""
    NOT_SCANNED = "not-scanned"
    """The wheel, or a part of it, was not scanned: its file name, why."""
    SCAN_UNKNOWN = "scan-unknown"
    """What extension modules declare is unknown: their names, and at last why, in a sentence."""
    UNLOADABLE_MODULES = "unloadable-modules"
    """Files with a suffix for another interpreter, which this target never loads: their names."""
    GAP = "gap"
    """The distribution itself is unknown: the kind of gap, the index that failed (if that is why), and at
    last the sentence."""
    UNANSWERED_INDEX = "unanswered-index"
    """It rests on what other indexes have, since these did not answer: their URLs."""


PAGES_OF = "pages of {} could not be read"
"""How the gap of an index begins of which several pages failed."""

SCAN_GAPS = frozenset({ReasonCode.NOT_SCANNED, ReasonCode.SCAN_UNKNOWN})
"""What a scan leaves open; the rules about it have the same names."""


@frozen
class Reason:
    """One fact behind a status, as data; `nogilcheck.report.reasons` puts it into words."""

    code: ReasonCode
    detail: tuple[str, ...] = ()


FallbackReason = Annotated[str, Choice(["older", "newer", "pre-release"])]


@frozen
class Fallback:
    """Another permitted version of a blocked project that fits the target. Never verified here."""

    version: str
    reason: FallbackReason
    silent: bool
    """pip takes it without a word (no sdist of a preferred version is permitted)."""
    uploaded: str | None = None
    """The day (UTC) of its first upload, ``2024-08-18``, where the index tells."""
    months: int | None = None
    """How many whole months before the chosen version it was uploaded; ``None`` where it was not, or nobody tells."""


class Offered(StrEnum):
    """What a release has for a target; the first that holds."""

    MADE = "made"
    """A wheel that is made for it: for a free-threaded target one with a free-threaded ABI."""
    FITTING = "fitting"
    """Another wheel that fits, such as a pure one."""
    ELSEWHERE = "elsewhere"
    """Wheels, none of which fits, and free-threaded ones for other Pythons or platforms among them."""
    OTHERS = "others"
    """Wheels, none of which fits."""
    SOURCE = "source"
    """No wheel."""


@frozen
class ReleaseSpan:
    """Final releases of a project, one after another, that have the same for a target."""

    offered: Offered
    first: str
    """The oldest version."""
    first_day: str | None = None
    """The day (UTC) of its first upload, ``2024-08-18``, where the index tells."""
    last: str
    last_day: str | None = None
    releases: Count


@frozen
class Verdict:
    """What one target gets for one distribution: the decision and what it rests on."""

    status: Status
    severity: Severity
    cause: Cause | None = None
    """Set for blockers only."""
    twin: RegularBuildGets
    wheel: str | None = None
    """File name of the wheel that the target would install."""
    sdist: bool = False
    """An sdist of this version is admitted."""
    reasons: tuple[Reason, ...] = ()
    fallback: Fallback | None = None
    extensions: tuple[str, ...] = ()
    """Extension modules that turn the GIL on; set by a scan."""
    # The first reports had none.
    releases: tuple[ReleaseSpan, ...] | None = field(default=None, metadata={"added": True})
    """Of a blocker, what the releases of the project have for the target, the oldest first; of many spans the newest.
    ``None`` where no index was asked."""

    source: SourceReading | None = field(default=None, metadata={"added": True})
    """What the source in its sdist says of a build for the target; set by a scan of blockers. Evidence, no more."""

    def details(self, code: ReasonCode) -> list[str]:
        """The details of every reason with this code."""
        return [item for reason in self.reasons if reason.code is code for item in reason.detail]
