"""What ``nogilcheck inspect`` finds in wheels, directories and environments on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum

from nogilcheck.errors import ExitStatus
from nogilcheck.frozen import frozen
from nogilcheck.model.declaration import Declaration
from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.model.verdict import Severity

SCHEMA_VERSION = "1.0"
"""Of an inspection as JSON."""


class ArtifactKind(StrEnum):
    """What holds extension modules."""

    WHEEL = "wheel"
    INSTALLED = "installed"
    """A distribution in an environment, by its RECORD."""
    FILES = "files"
    """Files that no distribution claims: a directory, a single file, what lies beside the distributions."""


@frozen
class Artifact:
    """One wheel, installed distribution or set of files, ready to be looked into."""

    path: str
    """As the user would type it."""
    kind: ArtifactKind
    filename: str = ""
    """Of a wheel."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """The files in it, as they would lie below site-packages, and their bytes; sorted. Of an environment or a directory
    only those of native code."""
    sources: Mapping[str, int] = field(default_factory=dict)
    """The Python sources in a directory, and their bytes; sorted."""
    wheel_tags: tuple[str, ...] = ()
    """The ``Tag`` lines of its WHEEL file, as they stand (PEP 427)."""
    metadata: bytes | None = field(default=None, repr=False)
    """Its core metadata."""
    abi: str | None = None
    """The ABI of the environment that it is in: ``cp314t``; ``None``: not in one, or in one that does not tell."""
    read: Callable[[str], bytes] = field(repr=False, compare=False)
    """The content of a member. Raises `InputError`, which says why it cannot be had."""

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the files in it."""
        return tuple(self.sizes)


@frozen
class InspectedModule:
    """One file that may be an extension module, and what it declares."""

    path: str
    abi: str
    """The interpreter for which it was judged: ``cp314t``, ``abi3t``."""
    declaration: Declaration
    for_tests: bool = False
    """Only a test suite imports it."""


@frozen
class InspectionFinding:
    """One thing that is wrong, or not known, about an artifact."""

    rule: str
    """``NGC3xx``; see `nogilcheck.model.rules`."""
    name: str
    severity: Severity
    """``blocker``, ``warning``, or ``gap`` for an unknown."""
    text: str
    """In a sentence, with foreign text in it."""
    modules: tuple[str, ...] = ()
    """The files that it is about."""


@frozen
class Inspected:
    """One artifact and what was found in it."""

    path: str
    kind: ArtifactKind
    name: str | None = None
    """The project, normalized (PEP 503)."""
    version: str | None = None
    tags: str = ""
    """The compressed tag set of a wheel's file name."""
    free_threaded: bool = False
    """Free-threaded interpreters install it, or it is in an environment of one."""
    claims: tuple[str, ...] | None = None
    """The levels of its ``Free Threading ::`` classifiers (``2 - Beta``, or nothing); ``None``: it has none."""
    modules: tuple[InspectedModule, ...] = ()
    findings: tuple[InspectionFinding, ...] = ()
    shared_state: SharedStateReading | None = None
    """What the Python sources of a directory share between threads; ``None``: there are none. It is no finding."""


@frozen
class InspectedSource:
    """One sdist, and what its source says: evidence, which is neither passed nor failed."""

    path: str
    readings: tuple[SourceReading, ...]
    """One for each free-threaded Python that it was read for."""


@frozen
class Unusable:
    """A path that cannot be looked into."""

    path: str
    text: str
    """Why, in a sentence."""


@frozen
class Inspection:
    """Everything that was looked into."""

    tool_version: str
    artifacts: tuple[Inspected, ...] = ()
    unusable: tuple[Unusable, ...] = ()
    notes: tuple[str, ...] = ()
    """What was passed over, in sentences."""
    sources: tuple[InspectedSource, ...] = ()

    @property
    def exit_status(self) -> ExitStatus:
        """2 for a path that cannot be inspected, else 1 for a blocker, else 3 for an unknown, else 0.

        Source alone leaves unknown what a build of it does.
        """
        severities = {finding.severity for artifact in self.artifacts for finding in artifact.findings}
        if self.unusable:
            return ExitStatus.UNUSABLE
        if Severity.BLOCKER in severities:
            return ExitStatus.BLOCKED
        source_alone = bool(self.sources) and not self.artifacts
        return ExitStatus.UNDECIDED if source_alone or Severity.GAP in severities else ExitStatus.READY
