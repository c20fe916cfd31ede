"""Pictures of what a command prints: text with colours (SGR, ECMA-48 8.3.117) to SVG.

The same text gives the same bytes. Every piece of text is stretched to its number of columns, so that columns meet
in whatever monospaced font the reader has; colours follow the reader's light or dark scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

_COLUMN, _ROW, _MARGIN = 8.4, 19, 16
"""Pixels."""

_SGR = re.compile(r"\x1b\[([0-9;]*)m")

_CLASSES = {"1": "bold", "2": "faint", "31": "red", "32": "green", "33": "yellow", "35": "magenta"}
"""SGR parameter -> CSS class. Others are refused, so that a new colour gets one."""

_STYLE = """\
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328; white-space: pre }
rect { fill: #f6f8fa; stroke: #d0d7de }
.bold { font-weight: bold } .faint { fill: #57606a }
.red { fill: #b42318 } .green { fill: #116329 } .yellow { fill: #7d4e00 } .magenta { fill: #6639ba }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } rect { fill: #0d1117; stroke: #30363d } .faint { fill: #8b949e }
.red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .magenta { fill: #d2a8ff }
}"""


def terminal_picture(title: str, text: str) -> str:
    """An SVG document of the text. Raises `KeyError` for a colour that has no class."""
    lines = text.rstrip("\n").split("\n")
    columns = max(len(_SGR.sub("", line)) for line in lines)
    width, height = round(columns * _COLUMN) + 2 * _MARGIN, len(lines) * _ROW + 2 * _MARGIN
    drawn = "\n".join(element for row, line in enumerate(lines) for element in _elements(line, row))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve" '
        f'viewBox="0 0 {width} {height}" width="{width}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>\n{drawn}\n</svg>\n'
    )


def _elements(line: str, row: int) -> Iterator[str]:
    column = 0
    for text, role in _spans(line):
        bare = text.strip(" ")
        if bare:
            x = _MARGIN + (column + len(text) - len(text.lstrip(" "))) * _COLUMN
            y = _MARGIN + row * _ROW + 14
            named = f' class="{role}"' if role else ""
            yield (
                f'<text x="{x:.1f}" y="{y}" textLength="{len(bare) * _COLUMN:.1f}" lengthAdjust="spacingAndGlyphs"'
                f"{named}>{escape(bare)}</text>"
            )
        column += len(text)


def _spans(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line, each with its classes."""
    first, *rest = _SGR.split(line)
    yield first, ""
    role = ""
    for parameters, text in zip(rest[::2], rest[1::2], strict=True):
        codes = parameters.split(";")
        role = "" if codes[0] in {"", "0"} else " ".join([*role.split(), *(_CLASSES[code] for code in codes)])
        yield text, role
