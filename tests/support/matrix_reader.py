"""A matrix read back from the text of a report, as a person reads it: heads, signs and legend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nogilcheck.model.report.report import TargetSummary
from nogilcheck.model.verdict import Status
from nogilcheck.report.words import word_of
from tests.support.scope_reader import targets_meant

_FAMILIES = {"lin": "linux", "mus": "musllinux", "mac": "macos", "win": "windows"}
_ARCHITECTURES = {"x": {"x86_64", "amd64"}, "a": {"aarch64", "arm64"}}

_WORDS = {*map(word_of, Status), "ready", "-"}

Cells = dict[tuple[str, str], str]
"""(title, target id) -> the word of the legend."""


def read_matrix(text: str, title: str, targets: Sequence[TargetSummary]) -> Cells:
    """Every sign of one section. Raises `KeyError` or `ValueError` where the text leaves a doubt."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    block = lines[start : lines.index("", start)]
    block[0] = " " * len(title) + block[0][len(title) :]
    legend_at = next(number for number, line in enumerate(block) if re.match(r"  \S = ", line))
    legend = dict(re.findall(r"(\S) = (.+?)(?:, (?=\S = )|$)", " ".join(line.strip() for line in block[legend_at:])))
    first_row = next(number for number, line in enumerate(block) if re.match(r"  \S", line))
    heads = [line for line in block[:first_row] if line.strip()]
    name, found = "", Cells()
    for line in block[first_row:legend_at]:
        if match := re.match(r"  (\S+(?: \S+)*)", line):
            name = match[1]
        python = next((t.python_name for t in targets if re.search(rf" {re.escape(t.python_name)}  ", line)), "")
        for target, column in _columns(heads, targets, python).items():
            if column < len(line) and line[column] != " ":
                found[name, target] = legend[line[column]]
    return found


def read_lines(text: str, title: str, targets: Sequence[TargetSummary]) -> Cells:
    """The same of a terminal that is too narrow for a matrix, from lines such as ``GIL-only: 3.14t everywhere``."""
    section = re.split(r"\n\n(?=\S)", text.partition(f"{title}\n\n")[2])[0]
    found = Cells()
    for row in re.split(r"^  (?=\S)", section, flags=re.MULTILINE)[1:]:
        name, _, rest = row.partition("\n")
        for line in re.sub(r"\n {6}", " ", rest).split("\n"):
            word, colon, meant = line.strip().partition(": ")
            if colon and word in _WORDS:
                found |= {(name, target): word for target in targets_meant(meant, targets)}
    return found


def _columns(heads: Sequence[str], targets: Sequence[TargetSummary], python: str) -> Mapping[str, int]:
    by_place = {(target.python_name, target.platform): target.id for target in targets}
    pythons = list(dict.fromkeys(python for python, _ in by_place))
    platforms = list(dict.fromkeys(platform for _, platform in by_place))
    tokens = [[(match.start(), match[0]) for match in re.finditer(r"\S+", head)] for head in heads]
    starts = tokens.pop(0) if tokens and tokens[0][0][1] in pythons else [(0, python or pythons[0])]
    if len(platforms) == 1:
        return {by_place[name, platforms[0]]: start for start, name in starts}
    families, architectures = tokens[0], tokens[1] if len(tokens) > 1 else []
    found: dict[str, int] = {}
    for start, head in families:
        if head.startswith("#"):
            place = _last(starts, start), platforms[int(head[1:]) - 1]
            found |= {by_place[place]: start} if place in by_place else {}
    for start, sign in architectures:
        family = _FAMILIES[_last(families, start)]
        (platform,) = (p for p in platforms if p in {f"{family}-{arch}" for arch in _ARCHITECTURES[sign]})
        place = _last(starts, start), platform
        found |= {by_place[place]: start} if place in by_place else {}
    return found


def _last(starts: Sequence[tuple[int, str]], column: int) -> str:
    return [name for start, name in starts if start <= column][-1]
