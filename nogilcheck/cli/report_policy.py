"""The policy that a report goes through, and the file of its baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from nogilcheck.errors import InputError
from nogilcheck.frozen import frozen
from nogilcheck.inputs.text.pipes import read_up_to
from nogilcheck.judge.baseline import baseline_text, draw_line, parse_baseline
from nogilcheck.judge.counting import Counting
from nogilcheck.judge.policy import apply_policy
from nogilcheck.model.policy import Baseline, Policy
from nogilcheck.model.report.report import Report

if TYPE_CHECKING:
    from nogilcheck.config.effective import EffectiveSettings

MAX_BASELINE_BYTES = 16 * 1024 * 1024
"""Bytes of a baseline."""


@frozen
class ReportPolicy:
    """What a report goes through before it is shown."""

    policy: Policy
    write_to: str | None = None
    """The file of the baseline to be written."""
    previous: Baseline | None = None
    """What that file holds so far."""

    @classmethod
    def of(cls, settings: EffectiveSettings, write_to: str | None) -> ReportPolicy:
        """The policy that the settings ask for.

        Raises `UsageError` for a policy that makes no sense, `InputError` for a baseline that cannot be read.
        """
        from nogilcheck.config.policy import read_policy

        path = settings.value("baseline")
        policy = read_policy(settings, has_baseline=bool(path or write_to))
        previous = None if write_to is None else _read(write_to, "--write-baseline")
        if isinstance(path, str):
            baseline = previous if path == write_to else _read(path, "--baseline")
            if baseline is None and path != write_to:
                raise InputError("no such baseline", where=path, hint=f"write it first: --write-baseline {path}")
            policy = replace(policy, baseline=baseline)
        return cls(policy=policy, write_to=write_to, previous=previous)

    def apply(self, report: Report, *, warn: Callable[[str], None], today: date | None = None) -> Report:
        """Apply the policy to a report, and write the baseline where that was asked for."""
        today = today or datetime.now(UTC).date()
        judged = apply_policy(report, self.policy, today=today)
        if self.write_to is None:
            return judged
        allowed = {target.id for target in report.targets if target.allowed}
        unsure = [gap for gap in judged.gaps if gap.suppressed_by is None and gap.target not in allowed]
        if unsure:
            things = "1 unknown" if len(unsure) == 1 else f"{len(unsure)} unknowns"
            warn(f"the baseline {self.write_to} was not written: {things} may hide blockers")
            return judged
        counting = Counting.of(report, self.policy)
        bare = apply_policy(report, replace(self.policy, baseline=None), today=today)
        drawn = draw_line(bare, counting, self.write_to, self.previous)
        _write(drawn)
        held = apply_policy(report, replace(self.policy, baseline=drawn), today=today)
        return replace(held, notes=(*held.notes, _told(drawn, self.previous)))


def _read(path: str, option: str) -> Baseline | None:
    """The baseline in a file; ``None`` where there is none. Raises `InputError`."""
    try:
        data = read_up_to(path, MAX_BASELINE_BYTES + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"the baseline cannot be read: {why}", where=path, hint=f"name another {option}") from None
    if len(data) > MAX_BASELINE_BYTES:
        raise InputError(f"not a baseline: more than {MAX_BASELINE_BYTES >> 20} MiB", where=path)
    return parse_baseline(data.decode("utf-8", "replace"), path)


def _write(drawn: Baseline) -> None:
    from nogilcheck.cli.outputs import write_file

    write_file(drawn.path, baseline_text(drawn), what="baseline", option="--write-baseline")


def _told(drawn: Baseline, before: Baseline | None) -> str:
    number = len(drawn.fingerprints)
    told = f"Wrote baseline {drawn.path}: {number} blocker{'' if number == 1 else 's'} recorded"
    if before is None:
        return told
    new, gone = len(drawn.fingerprints - before.fingerprints), len(before.fingerprints - drawn.fingerprints)
    return f"{told} ({new} more, {gone} fewer than before)"
