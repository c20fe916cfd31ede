"""`Report` <-> the JSON report, version 1.

Written by hand rather than by reflection: a replayed run decodes a report before it prints anything,
and may import nothing heavy for it. A reader of 1.0 ignores keys that a later 1.x adds.
"""

from __future__ import annotations

import json
from typing import NoReturn

from nogilcheck.errors import InputError
from nogilcheck.model.report import shape
from nogilcheck.model.report.json_reader import read_report
from nogilcheck.model.report.json_writer import TOOL_NAME, report_object
from nogilcheck.model.report.report import SCHEMA_VERSION, Report
from nogilcheck.model.report.shape import Mismatch, Object

_HINT = f"`{TOOL_NAME} --format json` writes a report."


def encode(report: Report, *, compact: bool = False) -> str:
    """The JSON report, ASCII, with a final newline; the same text for equal reports.

    Two spaces of indent for people; ``compact`` is for the cache, a tenth of the work to write and
    half of it to read.
    """
    indent, separators = (None, (",", ":")) if compact else (2, None)
    return json.dumps(report_object(report), indent=indent, separators=separators, allow_nan=False) + "\n"


def decode(text: str) -> Report:
    """Read a JSON report; the inverse of `encode`.

    Raises `InputError`, with the JSON path of the first value that is wrong, for anything that is not a
    report of schema version 1.
    """
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a {TOOL_NAME} report: not JSON ({error})", hint=_HINT) from None
    if not isinstance(data, dict):
        raise InputError(f"not a {TOOL_NAME} report: the document is not an object", hint=_HINT)
    try:
        _check_schema_version(data)
        return read_report(data)
    except Mismatch as problem:
        raise InputError(f"not a {TOOL_NAME} report: {problem}", hint=_HINT) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _check_schema_version(data: Object) -> None:
    version = shape.text(data, "schema_version")
    major, dot, minor = version.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise Mismatch("a version such as 1.0", version, "schema_version")
    if major != SCHEMA_VERSION.partition(".")[0]:
        raise InputError(
            f"the report has schema version {version}, and this {TOOL_NAME} reads version 1",
            hint=f"Use a {TOOL_NAME} of the release that wrote it.",
        )
