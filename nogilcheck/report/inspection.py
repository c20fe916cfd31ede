"""An inspection as text for people, and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from nogilcheck.model.declaration import Declared
from nogilcheck.model.inspection import (
    SCHEMA_VERSION,
    ArtifactKind,
    Inspected,
    InspectedModule,
    InspectedSource,
    Inspection,
)
from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.verdict import WORST_FIRST, Severity
from nogilcheck.report.evidence import DECLARED_WORDS, evidence
from nogilcheck.report.terminal.evidence import draw_shared_state, draw_source
from nogilcheck.report.terminal.labels import paragraphs
from nogilcheck.report.terminal.layout import MIN_WIDTH, pad, wrap
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, begun, lines_of, text_of
from nogilcheck.report.terminal.summary import DOT
from nogilcheck.report.words import CAVEAT_DECLARED, counted, safe

MAX_NAMED: Final = 10
"""Files that one finding names where the report is not verbose."""

_KINDS: Final = {
    ArtifactKind.WHEEL: "wheel",
    ArtifactKind.INSTALLED: "distribution",
    ArtifactKind.FILES: "place",
}
_ROLES: Final = {
    Declared.NOT_USED: Severity.READY,
    Declared.USED: Severity.BLOCKER,
    Declared.NONE: Severity.BLOCKER,
    Declared.UNKNOWN: Severity.GAP,
    Declared.NOT_A_MODULE: FAINT,
}
_SAID: Final = {
    Declared.NOT_USED: ("runs without the GIL", "run without the GIL"),
    Declared.USED: ('declares "used"', 'declare "used"'),
    Declared.NONE: ("without a declaration",) * 2,
    Declared.UNKNOWN: ("unknown", "unknown"),
}
"""Of one module, and of several."""
_WORDS: Final = {Severity.BLOCKER: "blocker", Severity.WARNING: "warning", Severity.GAP: "unknown"}
_COLUMN: Final = max(map(len, DECLARED_WORDS.values())) + 2


def render_inspection(found: Inspection, *, width: int, colour: bool, verbose: bool) -> str:
    """The text, which ends with a newline. ``verbose`` adds every module with its evidence."""
    width = max(width, MIN_WIDTH)
    declared = {module.declaration.declared for each in found.artifacts for module in each.modules}
    blocks = [
        _header(found, width),
        *(
            _artifact(each, width, verbose=verbose)
            for each in found.artifacts
            if verbose or each.findings or each.shared_state
        ),
        *(_source(each, width) for each in found.sources),
        _lines("Not inspected", [f"{each.path}: {each.text}" for each in found.unusable], width),
        _lines("Notes", found.notes, width),
        lines_of(wrap(CAVEAT_DECLARED, width), FAINT) if Declared.NOT_USED in declared else [],
    ]
    return text_of(blocks, colour=colour)


def verdict(found: Inspection) -> str:
    """``2 blockers``, ``1 unknown``, or ``no blockers``; of source alone that it was read."""
    if found.sources and not found.artifacts:
        return "source read, not built"
    counts = Counter(finding.severity for each in found.artifacts for finding in each.findings)
    if not counts[Severity.BLOCKER] and counts[Severity.GAP]:
        return f"{counts[Severity.GAP]} unknown"
    return counted(counts[Severity.BLOCKER], "blocker") if counts[Severity.BLOCKER] else "no blockers"


def _header(found: Inspection, width: int) -> list[Line]:
    kinds = Counter(_KINDS[each.kind] for each in found.artifacts)
    told_of = [(each, module) for each in found.artifacts for module in each.modules]
    foreign = sum(each.free_threaded and not module.abi.endswith("t") for each, module in told_of)
    answers = Counter(
        module.declaration.declared for each, module in told_of if module.abi.endswith("t") or not each.free_threaded
    )
    libraries = answers.pop(Declared.NOT_A_MODULE, 0)
    told = [
        f"{answers[declared]} {words[answers[declared] > 1]}" for declared, words in _SAID.items() if answers[declared]
    ]
    modules = counted(answers.total(), "extension module") if told else "no extension module"
    parts = [
        *(counted(number, kind) for kind, number in kinds.items()),
        *([counted(len(found.sources), "sdist")] if found.sources else []),
        modules + (f" ({', '.join(told)})" if told else ""),
    ]
    if libraries:
        parts.append(f"{libraries} plain {'library' if libraries == 1 else 'libraries'}")
    if foreign:
        parts.append(f"{foreign} for other builds")
    title = f"nogilcheck {safe(found.tool_version)}"
    return begun(wrap(", ".join(parts), width, first=f"{title} {DOT} ", rest="  "), title, TITLE)


def _artifact(one: Inspected, width: int, *, verbose: bool) -> list[Line]:
    lines = lines_of(wrap(one.path, width, rest="  "), NAME)
    for module in one.modules if verbose else ():
        lines += _module(module, width)
    for finding in sorted(one.findings, key=lambda each: WORST_FIRST.index(each.severity)):
        named = finding.modules if verbose else finding.modules[:MAX_NAMED]
        more = [f"and {len(finding.modules) - len(named)} more"] if len(named) < len(finding.modules) else []
        reasons = [line for path in named for line in _why(one, path, width)] if not verbose else []
        names = f": {', '.join([*named, *more])}" if named and not reasons else ""
        head = f"  {_WORDS[finding.severity]} {finding.rule}: "
        lines += begun(wrap(finding.text + names, width, first=head, rest="    "), head, finding.severity)
        lines += [*reasons, *(lines_of([f"    {more[0]} (-v lists them)"], FAINT) if more and reasons else [])]
    return [*lines, *draw_shared_state(one.shared_state, width)] if one.shared_state else lines


def _source(one: InspectedSource, width: int) -> list[Line]:
    title = lines_of(wrap(f"{one.path} (read, not built)", width, rest="  "), NAME)
    return [*title, *draw_source(one.readings, width)]


def _module(module: InspectedModule, width: int) -> list[Line]:
    declared = module.declaration.declared
    tests = " (tests only)" if module.for_tests else ""
    lines: list[Line] = [
        [("  ", PLAIN), (pad(DECLARED_WORDS[declared], _COLUMN), _ROLES[declared]), (safe(module.path) + tests, PLAIN)]
    ]
    return lines + lines_of(wrap(evidence(module.declaration), width, first="      ", rest="      "), FAINT)


def _why(one: Inspected, path: str, width: int) -> list[Line]:
    """What the declaration of a file that a finding names rests on."""
    for module in one.modules:
        if module.path == path and (said := evidence(module.declaration)):
            text = f"{path} {DECLARED_WORDS[module.declaration.declared]}: {said}"
            return lines_of(wrap(text, width, first="    ", rest="      "), FAINT)
    return []


def _lines(title: str, texts: Any, width: int) -> list[Line]:
    return [[(title, TITLE)], *paragraphs(texts, width)] if texts else []


def render_inspection_json(found: Inspection) -> str:
    """An inspection as JSON, version 1, with a final newline."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "nogilcheck", "version": found.tool_version},
        "exit_status": int(found.exit_status),
        "artifacts": [
            {**to_json(each), "modules": list(map(_module_as_json, each.modules))} for each in found.artifacts
        ],
        "sources": list(map(to_json, found.sources)),
        "unusable": list(map(to_json, found.unusable)),
        "notes": list(found.notes),
    }
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _module_as_json(module: InspectedModule) -> dict[str, Any]:
    return {
        "path": module.path,
        "abi": module.abi,
        "for_tests": module.for_tests,
        "says": evidence(module.declaration),
        **module.declaration.as_json(),
    }
