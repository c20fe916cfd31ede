"""Baselines: the blockers that were there when the line was drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from nogilcheck.errors import InputError
from nogilcheck.judge.counting import Counting
from nogilcheck.model.json_format.kinds import Array, Mismatch, Object, integer, read_key, text
from nogilcheck.model.policy import Baseline
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.verdict import Severity

VERSION = 1
"""Of the file format."""

_KEY = "nogilcheck-baseline"

_FINGERPRINT = re.compile(r"[a-z0-9-]+:[a-z0-9_-]+:.+", re.DOTALL)
"""Rule family, target family, project; see `nogilcheck.judge.findings`."""

_TAGS = (
    (re.compile(r"manylinux(?:1|2010|2014|_\d+_\d+)_(.+)"), "linux"),
    (re.compile(r"musllinux_\d+_\d+_(.+)"), "musllinux"),
    (re.compile(r"macosx_\d+_\d+_(.+)"), "macos"),
    (re.compile(r"win32"), "windows-x86"),
)
"""Platforms that are called by a tag, and their families."""


def parse_baseline(content: str, path: str) -> Baseline:
    """Read a baseline file back. Raises `InputError` for anything that is none, with what to do."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _not_one(path, f"not JSON ({error})") from None
    if not isinstance(data, dict) or _KEY not in data:
        raise _not_one(path, f"it does not begin with {_KEY!r}")
    try:
        return _read(data, path)
    except Mismatch as problem:
        raise _not_one(path, str(problem)) from None


def _read(data: Object, path: str) -> Baseline:
    if (version := read_key(data, _KEY, integer())) != VERSION:
        raise Mismatch(f"version {VERSION}", version, _KEY)
    fingerprints, targets = (read_key(data, key, Array(text())) for key in ("blockers", "targets"))
    for position, fingerprint in enumerate(fingerprints):
        if not _FINGERPRINT.fullmatch(fingerprint):
            raise Mismatch("a fingerprint", fingerprint, "blockers", position)
    return Baseline(path=path, targets=frozenset(targets), fingerprints=frozenset(fingerprints))


def _not_one(path: str, what: str) -> InputError:
    hint = "restore it from version control, or remove it and draw the line again with --write-baseline"
    return InputError(f"not a baseline of nogilcheck: {what}", where=path, hint=hint)


def baseline_text(baseline: Baseline) -> str:
    """The file: sorted, one blocker to a line, so that it can be reviewed and merged; the same for equal baselines."""
    data = {
        _KEY: VERSION,
        "targets": sorted(baseline.targets),
        "blockers": sorted(baseline.fingerprints, key=lambda one: (one.split(":", 2)[1:], one)),
    }
    return json.dumps(data, indent=2) + "\n"


def draw_line(report: Report, counting: Counting, path: str, known: Baseline | None) -> Baseline:
    """The baseline of a report to which a policy without one was applied.

    Whatever fails a run and is not waived belongs to it, also on targets that are allowed, and every other blocker:
    what does not count today may count tomorrow, and is not new then. Of targets that were not checked, it keeps what
    is ``known``.
    """
    families = {family_of(target) for target in report.targets}
    kept = [] if known is None else [one for one in known.fingerprints if _family_in(one) not in families]
    found = (
        finding.fingerprint
        for finding in report.findings
        if finding.suppressed_by is None and (finding.severity is Severity.BLOCKER or counting.is_failing(finding))
    )
    return Baseline(
        path=path,
        targets=frozenset(families | (known.targets if known else frozenset())),
        fingerprints=frozenset(one for one in (*kept, *found) if _FINGERPRINT.fullmatch(one)),
    )


def not_covered(baseline: Baseline, report: Report) -> list[TargetSummary]:
    """The targets that were not checked when the line was drawn."""
    return [target for target in report.targets if family_of(target) not in baseline.targets]


def gone(baseline: Baseline, report: Report, findings: Iterable[Finding]) -> Iterator[tuple[str, str, TargetSummary]]:
    """What blocks no more, sorted: fingerprint, project and target; nothing of targets with a gap that counts.

    What could not be looked at may well be there still.
    """
    present = {finding.fingerprint for finding in findings}
    unsure = {gap.target for gap in report.gaps if gap.suppressed_by is None}
    told: set[str] = set()
    for target in report.targets:
        if target.id in unsure or None in unsure:
            continue
        family = family_of(target)
        for one in sorted(baseline.fingerprints - present - told):
            if _family_in(one) == family:
                told.add(one)
                yield one, one.split(":", 2)[2], target


def _family_in(fingerprint: str) -> str:
    return fingerprint.split(":", 2)[1]


def family_of(target: TargetSummary) -> str:
    """`Target.family_id` of a target in a report."""
    minor = "".join(target.python.split(".")[:2])
    return f"cp{minor}{'t' if target.free_threaded else ''}-{_platform_family(target.platform).replace('-', '_')}"


def _platform_family(platform: str) -> str:
    for pattern, family in _TAGS:
        if found := pattern.fullmatch(platform):
            return "-".join((family, *found.groups()))
    return platform
