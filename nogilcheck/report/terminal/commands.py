"""What to run next: commands that can be pasted into a shell as they stand, with a few words each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from nogilcheck.report.next_steps import NextCommand
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN
from nogilcheck.report.terminal.style import FAINT, PLAIN, TITLE, Line
from nogilcheck.report.words import safe

_GAP = "    "


def draw_commands(commands: Sequence[NextCommand], width: int) -> list[Line]:
    """A section; no lines without commands. A command wider than the terminal goes on after a backslash."""
    lines: list[Line] = [[("Next", TITLE)]] if commands else []
    told = [(safe(shlex.join(one.words)), safe(one.about)) for one in commands]
    column = max((len(MARGIN) + cells(command) for command, _ in told), default=0)
    beside = all(column + len(_GAP) + cells(about) <= width for _, about in told)
    for one, (command, about) in zip(commands, told, strict=True):
        if beside:
            lines.append([(MARGIN + pad(command, column - len(MARGIN)), PLAIN), (_GAP + about, FAINT)])
            continue
        *firsts, last = wrap(list(map(shlex.quote, one.words)), width - 2, first=MARGIN, rest=INDENT)
        lines += [[(f"{line} \\", PLAIN)] for line in firsts]
        lines.append([(last, PLAIN)])
        lines += [[(line, FAINT)] for line in wrap(about, width, first=f"{INDENT}# ")]
    return lines
