"""Every rule: its code, its name, how much it counts. The only home of the codes."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.model.verdict import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding or gap."""

    code: str
    """``NGC0xx`` blockers, ``NGC1xx`` warnings, ``NGC2xx`` gaps; never given to another rule."""
    name: str
    """A status (`Status`), or the name of a finding without a status."""
    severity: Severity
    meaning: str
    """One sentence."""
    unusable: bool = False
    """The input itself is at fault: exit status 2 rather than 3."""


def _rule(code: str, name: str, meaning: str, *, unusable: bool = False) -> Rule:
    severity = {"0": Severity.BLOCKER, "1": Severity.WARNING, "2": Severity.GAP}[code[3]]
    return Rule(code=code, name=name, severity=severity, meaning=meaning, unusable=unusable)


RULES = (
    _rule("NGC001", "gil-enabled", "An extension module in the wheel turns the GIL back on when it is imported."),
    _rule("NGC002", "unavailable", "Nothing fits the target, and no file fits the GIL-enabled build either."),
    _rule("NGC003", "source-only", "Only an sdist is left, and it compiles native code."),
    _rule("NGC004", "other-platform", "Free-threaded wheels for this Python exist, on other platforms only."),
    _rule("NGC005", "other-python", "Free-threaded wheels exist, for other Python versions only."),
    _rule("NGC006", "gil-only", "Compiled wheels exist, and none of them is free-threaded."),
    _rule("NGC007", "own-requires-python", "The project, or its lock, says itself that it is not for this target."),
    _rule("NGC101", "pure-fallback", "A pure wheel installs, without the accelerator that the GIL-enabled build gets."),
    _rule("NGC102", "source-pure", "Only an sdist exists; it is shown to be pure Python."),
    _rule("NGC103", "held-back", "A newer permitted release has no file for this Python, or excludes it."),
    _rule("NGC104", "odd-tag", "A wheel bears tags that no interpreter accepts, so that nothing ever installs it."),
    _rule("NGC105", "missing-extra", "An extra is asked for that the chosen version does not provide."),
    _rule("NGC106", "assumed", "It comes from version control; the index's files of the same version are judged."),
    _rule("NGC107", "two-indexes", "Several indexes that are merged have the project: any of them could provide it."),
    _rule("NGC108", "waiver-expired", "A waiver has expired, so that what it was for counts again."),
    _rule("NGC109", "baseline-stale", "A blocker of the baseline is gone: the baseline can be tightened."),
    _rule("NGC201", "unknown", "What the target gets for a distribution could not be determined."),
    _rule("NGC202", "unread", "A file or a line of the input could not be read.", unusable=True),
    _rule("NGC203", "unknown-project", "No index that was asked knows the project, or none lists a file of it."),
    _rule("NGC204", "unreachable", "An index or a file did not answer."),
    _rule("NGC205", "offline", "The cache does not hold what is needed, and the network must not be used."),
    _rule("NGC206", "direct-reference", "A direct reference is not looked into."),
    _rule("NGC207", "conflict", "The requirements contradict one another, or match no version.", unusable=True),
    _rule("NGC208", "dependencies-unknown", "The dependencies of a distribution are not fully known."),
    _rule("NGC209", "marker-unknown", "A marker rests on a value that the target cannot know."),
    _rule("NGC210", "cut-off", "A bound of the resolution was hit."),
    _rule("NGC211", "nothing-applies", "No requirement of the input applies to the target."),
    _rule("NGC212", "upload-time-unknown", "An upload date could not be applied to every file."),
    _rule("NGC213", "hash-missing", "Hashes are required, and a requirement has none or no pin.", unusable=True),
)

BY_NAME = {rule.name: rule for rule in RULES}
BY_CODE = {rule.code: rule for rule in RULES}
