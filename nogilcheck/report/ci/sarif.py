"""SARIF 2.1.0 (OASIS), as code hosts read it to show alerts on lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import Report
from nogilcheck.model.rules.table import BY_CODE
from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.repository_paths import file_of, is_absolute
from nogilcheck.report.entries import ReportEntry, digest, entries, target_name
from nogilcheck.report.rows import NOT_APPLICABLE
from nogilcheck.report.rule_pages import anchor, help_markdown, help_text
from nogilcheck.report.words import safe

SCHEMA_URI: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT: Final = "%SRCROOT%"
"""What code hosts call the root of the repository."""

_LEVELS: Final = {Severity.BLOCKER: "error", Severity.GAP: "warning", Severity.WARNING: "note"}
"""Section 3.27.10."""
_QUIET: Final = "note"
"""On targets that are merely watched."""

SOURCE: Final = "Source"
DOCUMENTATION: Final = "Documentation"
"""Labels of addresses in the metadata of the installed distribution; whoever builds the package decides where it
lives. The address of the folder ``docs``. Both are well-known labels (PyPA, "Well-known Project URLs in Metadata")."""

_Object = dict[str, Any]


def render(report: Report, *, prefix: str = "") -> str:
    """One run; ``prefix`` leads from the root of the repository to the working directory."""
    found = entries(report)
    used = sorted({entry.rule for entry in found})
    positions = {code: position for position, code in enumerate(used)}
    uses_root = False
    results = []
    for entry in found:
        result = _result(entry, report, positions[entry.rule], prefix)
        uses_root = uses_root or ROOT in str(result["locations"])
        results.append(result)
    run: _Object = {
        "tool": {"driver": _driver(report, used)},
        "invocations": [
            {
                "executionSuccessful": report.exit_status not in {ExitStatus.UNUSABLE, ExitStatus.INTERRUPTED},
                "exitCode": report.exit_status,
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if uses_root:
        run["originalUriBaseIds"] = {ROOT: {"description": {"text": "The root of the repository."}}}
    return json.dumps({"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(report: Report, used: Sequence[str]) -> _Object:
    """The tool and its rules (section 3.19); an address that is not known is left out."""
    documentation = _project_url(DOCUMENTATION)
    driver: _Object = {
        "name": "nogilcheck",
        "semanticVersion": safe(report.tool_version),
        "rules": [_rule(code, documentation) for code in used],
    }
    if (source := _project_url(SOURCE)) is not None:
        driver["informationUri"] = source
    return driver


def _project_url(label: str) -> str | None:
    """The address under this label; None when the metadata has no such label, or nothing is installed."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        lines = metadata("nogilcheck").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    urls = dict(line.split(", ", 1) for line in lines if ", " in line)
    return urls.get(label)


def _rule(code: str, documentation: str | None) -> _Object:
    page = BY_CODE.get(code)
    if page is None:  # a report of a later version may know more rules
        return {"id": safe(code)}
    rule: _Object = {
        "id": page.code,
        "name": "".join(part.capitalize() for part in page.name.split("-")),
        "shortDescription": {"text": page.meaning},
        "fullDescription": {"text": f"{page.meaning} {page.detail}"},
        "help": {"text": help_text(page), "markdown": help_markdown(page)},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
        "properties": {"tags": ["free-threading", page.severity.value]},
    }
    if documentation is not None:
        rule["helpUri"] = f"{documentation.rstrip('/')}/reference/rules.md#{anchor(page)}"
    return rule


def _result(entry: ReportEntry, report: Report, rule: int, prefix: str) -> _Object:
    result: _Object = {
        "ruleId": safe(entry.rule),
        "ruleIndex": rule,
        "level": _QUIET if entry.allowed else _LEVELS.get(entry.severity, _QUIET),
        "message": {"text": safe(entry.message)},
        "locations": [_location(entry, report, prefix)],
        "partialFingerprints": {
            # Code hosts tell alerts apart by this one, and many blockers may share a line.
            "primaryLocationLineHash": f"{digest(entry.fingerprint)[:16]}:1",
            "nogilcheck/v1": safe(entry.fingerprint),
        },
        "properties": {
            "severity": entry.severity.value,
            "targets": [target_name(target, report.targets) for target in entry.targets],
        },
    }
    if entry.name == NOT_APPLICABLE:
        result |= {"kind": "notApplicable", "level": "none"}
    if entry.suppressed_by is not None:
        result["suppressions"] = [{"kind": "external", "justification": safe(entry.suppressed_by)}]
    return result


def _location(entry: ReportEntry, report: Report, prefix: str) -> _Object:
    location: _Object = {}
    if (place := file_of(entry.location, report, prefix)) is not None:
        path, line = place
        artifact = {"uri": _uri(path)} if is_absolute(path) else {"uri": _uri(path), "uriBaseId": ROOT}
        location["physicalLocation"] = {"artifactLocation": artifact}
        if line is not None:
            location["physicalLocation"]["region"] = {"startLine": line}
    if entry.subject:
        location["logicalLocations"] = [{"name": safe(entry.subject), "kind": "package"}]
    elif not location:
        location["message"] = {"text": "The command line."}
    return location


def _uri(path: str) -> str:
    """A URI reference (RFC 3986); a colon in the first segment of a relative one would read as a scheme."""
    if path[1:2] == ":":  # C:/...
        return f"file:///{quote(path, safe='/:')}"
    return f"file://{quote(path)}" if path.startswith("/") else quote(path, safe="/")
