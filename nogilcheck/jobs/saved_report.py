"""Read saved reports."""

from __future__ import annotations

import sys

from nogilcheck.errors import InputError
from nogilcheck.inputs.text.pipes import read_up_to
from nogilcheck.model.report.report import Report

MAX_REPORT_BYTES = 256 * 2**20
"""A report of a thousand distributions on two dozen targets has a tenth of it."""


def read_report(path: str) -> Report:
    """The report in a file, or on standard input for ``-``. Raises `InputError`."""
    where = "standard input" if path == "-" else path
    try:
        if path == "-":  # noqa: SIM108  one line is too long
            content = sys.stdin.buffer.read(MAX_REPORT_BYTES + 1)
        else:
            content = read_up_to(path, MAX_REPORT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = "`nogilcheck --format json -o report.json` writes one."
        raise InputError(f"the report cannot be read: {reason}", where=where, hint=hint) from None
    if len(content) > MAX_REPORT_BYTES:
        raise InputError(f"it is larger than {MAX_REPORT_BYTES // 2**20} MiB, too large for a report", where=where)
    try:
        return Report.from_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(
            "not a nogilcheck report: not UTF-8", where=where, hint="`nogilcheck --format json` writes a report."
        ) from None
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from None
