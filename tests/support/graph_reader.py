"""Readers of what is drawn, as strict as the languages: mermaid's flowcharts and Graphviz' DOT.

Written from the documentation of the two languages, and without a look at what writes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class Drawn:
    """A graph as a reader sees it."""

    labels: dict[str, list[str]] = field(default_factory=dict)
    """Node id -> the lines of its label."""
    roles: dict[str, str] = field(default_factory=dict)
    """Node id -> its class, or the colour of its border."""
    edges: list[tuple[str, str, str]] = field(default_factory=list)
    """From, to, label; by id."""

    @property
    def named_edges(self) -> set[tuple[str, str, str]]:
        """By the first line of each label."""
        return {(self.labels[p][0], self.labels[c][0], label) for p, c, label in self.edges}

    def role(self, title: str) -> str:
        (name,) = (name for name, lines in self.labels.items() if lines[0] == title)
        return self.roles[name]

    def lines(self, title: str) -> list[str]:
        (found,) = (lines for lines in self.labels.values() if lines[0] == title)
        return found


_QUOTED = r'"([^"\n]*)"'
_NODE = re.compile(rf"([A-Za-z][A-Za-z0-9]*)(?:\[{_QUOTED}\]|\(\[{_QUOTED}\]\)|\{{\{{{_QUOTED}\}}\}}|>{_QUOTED}\])")
_EDGE = re.compile(rf"([A-Za-z][A-Za-z0-9]*) -->(?:\|{_QUOTED}\|)? ([A-Za-z][A-Za-z0-9]*)")
_REFERENCE = re.compile(r"#([0-9]+);")
_UNSAFE = re.compile(r"[\"<>&;`*_~|{}\[\]:$%\\@]|(?<!&)#|[^\x20-\x7e]|^[-+] |^[0-9]+\. ")
"""What mermaid, its markdown or HTML might act upon."""


def read_mermaid(text: str) -> Drawn:
    """The graph; `AssertionError` for a line that is none of the language, or holds more than text."""
    drawn = Drawn()
    head, *lines, end = text.split("\n")
    assert (head in {"flowchart LR", "flowchart TB"}, end) == (True, "")
    for line in lines:
        assert line.startswith("  "), line
        said = line.strip()
        if match := _NODE.fullmatch(said):
            label = next(group for group in match.groups()[1:] if group is not None)
            assert match[1] not in drawn.labels
            drawn.labels[match[1]] = [_text(part) for part in label.split("<br/>")]
        elif match := _EDGE.fullmatch(said):
            drawn.edges.append((match[1], match[3], " ".join(map(_text, (match[2] or "").split("<br/>")))))
        elif match := re.fullmatch(r"class ([A-Za-z0-9,]+) ([a-z]+)", said):
            drawn.roles |= dict.fromkeys(match[1].split(","), match[2])
        else:
            assert re.fullmatch(r"classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}", said), said
    return _checked(drawn)


def _text(label: str) -> str:
    assert not _UNSAFE.search(_REFERENCE.sub("", label)), label
    return _REFERENCE.sub(lambda match: chr(int(match[1])), label)


_TOKEN = re.compile(r'\s+|"((?:[^"\\]|\\.)*)"|->|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[{}\[\];,=]', re.DOTALL)


def read_dot(text: str) -> Drawn:
    """The graph; `AssertionError` for what is none of the language."""
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match, text[at : at + 40]
        at = match.end()
        if not match[0].isspace():
            tokens.append(match[0])
    assert tokens[0] == "digraph"
    assert tokens[2] == "{"
    assert tokens[-1] == "}"
    drawn = Drawn()
    statement: list[str] = []
    for token in tokens[3:-1]:
        if token != ";":
            statement.append(token)
            continue
        _read_statement(statement, drawn)
        statement = []
    assert not statement
    return _checked(drawn)


def _read_statement(statement: list[str], drawn: Drawn) -> None:
    attributes: dict[str, str] = {}
    if "[" in statement:
        assert statement[-1] == "]"
        opening = statement.index("[")
        inside, statement = statement[opening + 1 : -1], statement[:opening]
        while inside:
            name, equals, value, *rest = inside
            assert equals == "="
            attributes[name] = value
            assert not rest or rest[0] == ","
            inside = rest[1:]
    match statement:
        case ["rankdir", "=", "LR" | "TB"] | ["node"] | ["edge"]:
            pass
        case [parent, "->", child]:
            drawn.edges.append((parent, child, " ".join(_lines(attributes.get("label", '""')))))
        case [name]:
            assert name not in drawn.labels
            drawn.labels[name] = _lines(attributes["label"])
            drawn.roles[name] = attributes["color"].strip('"')
        case _:
            raise AssertionError(statement)


def _lines(quoted: str) -> list[str]:
    """Escapes of labels: a new line, and the character itself; and the entities of HTML."""
    assert quoted[0] == quoted[-1] == '"'
    found = [""]
    escaped = iter(quoted[1:-1])
    for char in escaped:
        if char == "\\":
            char = next(escaped)
            assert char in 'n"\\', char
            if char == "n":
                found.append("")
                continue
        assert char.isprintable()
        found[-1] += char
    assert all(re.fullmatch(r"(?:[^&]|&amp;)*", line) for line in found)
    return [line.replace("&amp;", "&") for line in found]


def _checked(drawn: Drawn) -> Drawn:
    assert set(drawn.roles) == set(drawn.labels)
    assert {end for parent, child, _ in drawn.edges for end in (parent, child)} <= set(drawn.labels)
    assert len({(parent, child) for parent, child, _ in drawn.edges}) == len(drawn.edges)
    return drawn
